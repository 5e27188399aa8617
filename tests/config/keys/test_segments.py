"""Saved segments: a campaign writes to one by its name, and slips are told."""

import pytest

from dispatch.errors import BadInput
from schedule_files import FULL

SAVED = """\
segments:
  french-teachers: "locale == 'fr' and 'teaching' in topics"
  old: "joined < '2020'"
"""


@pytest.fixture
def saved(load):
    """The workspace of FULL with another segment, and more at the end of the file."""
    return lambda segment, more=SAVED: load(FULL.replace("\"locale == 'fr'\"", segment) + more)


def test_a_name_stands_for_the_rule_that_is_saved_under_it(saved):
    workspace = saved("french-teachers")

    [campaign] = workspace.campaigns.values()
    assert campaign.email.segment == "locale == 'fr' and 'teaching' in topics"
    assert workspace.segment_names == {campaign.name: "french-teachers"}
    assert workspace.place_of_segment(campaign) == ("segments", "french-teachers")
    assert list(workspace.segments) == ["french-teachers", "old"]


def test_a_word_of_the_language_stays_a_rule(saved):
    workspace = saved("topics")

    [campaign] = workspace.campaigns.values()
    assert campaign.email.segment == "topics"
    assert workspace.segment_names == {}


@pytest.mark.parametrize(
    ("segment", "more", "problem"),
    [
        ("french-teacher", SAVED, "none is saved under this name - did you mean 'french-teachers'"),
        ("cty", SAVED, "is no rule, and none is saved under this name"),
        ("topics", "segments: {joined: 'name'}", "segments.joined: 'joined' is a rule by itself"),
        ("topics", "segments: {a: old, old: name}", "segments.a: 'old' is no rule"),
    ],
)
def test_names_that_lead_nowhere_or_two_ways_are_told(saved, segment, more, problem):
    with pytest.raises(BadInput) as caught:
        saved(segment, more)

    assert problem in str(caught.value)
