"""Segments are looked at beside the people they are to pick from."""

import pytest

from app_stage import change
from dispatch.config.new_workspace import new_workspace
from dispatch.config.schedules.load import load_workspace
from dispatch.pipeline.workspace.check_segments import check_segments
from dispatch.pipeline.workspace.notices import worth_a_look
from dispatch.render.local_renderer import HERE
from pipeline_samples import bring_in, row

SAVED = "\nsegments: {lyon: \"fields.city == 'Lyon'\", old: \"joined < '2020'\"}\n"


@pytest.fixture
def workspace(tmp_path):
    """A new workspace whose bulletin goes to another segment."""

    def workspace(segment: str):
        new_workspace(tmp_path / "letters")
        file = tmp_path / "letters" / "schedules.yaml"
        change(tmp_path / "letters", "\"locale == 'fr'\"", segment)
        file.write_text(file.read_text() + SAVED)
        return load_workspace(tmp_path / "letters")

    return workspace


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        ("lyon", []),
        ("\"fields.city == 'lyon'\"", ["picks nobody of the 2 people in audience 'readers'"]),
        (
            "\"fields.cty == 'Lyon' or email\"",
            ["nobody in audience 'readers' has a column 'cty' - did you mean 'city'?"],
        ),
        ('"name < 3"', ["cannot be answered ('<' not supported between"]),
        ('"locale = 3"', ["a single = compares nothing"]),
    ],
)
def test_what_is_odd_about_a_segment_is_told(workspace, store, clock, segment, told):
    people = [row("a@x.org", fields={"city": "Lyon"}), row("b@x.org")]
    bring_in("readers", people, store=store, clock=clock)

    with store.read() as tx:
        found = [str(one) for one in check_segments(workspace(segment), tx=tx, renderer=HERE)]

    assert len(found) == len(told)
    assert all(said in one for said, one in zip(told, found, strict=True))


def test_a_saved_segment_that_no_campaign_names_is_told(workspace):
    found = [str(one) for one in worth_a_look(workspace("lyon"))]

    [told] = [one for one in found if "segments" in one]
    problem = "segments.old: no campaign writes to this segment - name it with 'segment: old'"
    assert told.endswith(problem)
