"""Where somebody is on the page after a button that moves a part, takes it out or puts it in."""

import pytest

from dispatch.web.team.form import Form
from dispatch.web.team.review.moves import Landing, landing

WAS = ("1", "p1", "2")


@pytest.mark.parametrize(
    ("button", "now", "expected"),
    [
        (("down", "1"), ("p1", "1", "2"), Landing("down-1", "part_moved", 2)),
        (("up", "p1"), ("p1", "1", "2"), Landing("down-p1", "part_moved", 1)),
        (("down", "p1"), ("1", "2", "p1"), Landing("up-p1", "part_moved", 3)),
        (("pin", "2"), ("2", "1", "p1"), Landing("pin-2", "part_moved", 1)),
        (("remove", "p1"), ("1", "2"), Landing("row-2", "part_taken_out")),
        (("drop", "2"), ("1", "p1"), Landing("row-p1", "part_taken_out")),
        (("remove", "p1"), (), Landing("posts", "part_taken_out")),
        (("add", "3"), (*WAS, "3"), Landing("row-3", "part_added", 4)),
        (("order", "1"), WAS, Landing()),
    ],
)
def test_who_presses_a_button_goes_on_where_they_were(button, now, expected):
    name, key = button

    assert landing(Form({name: [key]}), WAS, now, picking=False) == expected


def test_who_picks_posts_goes_on_picking():
    assert landing(Form({"add": ["3"]}), WAS, (*WAS, "3"), picking=True).at == "picking"
