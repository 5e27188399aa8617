"""Files that people write are read when they have changed, and not for each page."""

from dispatch import yaml_text
from dispatch.model.team.role import Role
from dispatch.web.team.places import PLACES
from team_stage import join, signed_in

PAGES = [place.path for place in PLACES if place.method == "GET" and "{" not in place.path]
MORE = ["/forms/readers", "/campaigns/weekly/edit", "/schedules/versions"]


def test_no_page_reads_schedules_yaml_a_second_time(app, monkeypatch):
    join(app, "ada", Role.OWNER)
    read, compose = [], yaml_text._compose
    monkeypatch.setattr(yaml_text, "_compose", lambda text: read.append(text) or compose(text))
    with signed_in(app, "ada") as ada:
        answers = [ada.get(f"/team{path}") for path in (*PAGES, *MORE)]
        once = [text for text in read if "campaigns:" in text]
        for path in (*PAGES, *MORE):
            ada.get(f"/team{path}")

    assert all(answer.status_code < 400 for answer in answers[-len(MORE) :])
    assert len([text for text in read if "campaigns:" in text]) == len(once) <= 1
