"""Editions in a list: with the slots that made none, filtered, searched, a page at a time."""

from datetime import timedelta

import pytest

from dispatch.model.editions.listed import STAGES
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.decide import reject_edition
from pipeline_samples import CAMPAIGN, REVIEWED, compose, entry, keep

HOUR = timedelta(hours=1)


@pytest.fixture
def listed(store, clock):
    """Ask for a page: titles of what is there, or why a slot made nothing."""

    def listed(**asked):
        with store.read() as tx:
            rows = tx.listed_editions.page(now=clock(), **asked)
        return [row.title or row.skipped[:5] for row in rows]

    return listed


@pytest.fixture
def history(store, clock):
    """In review under a subject of its own, skipped, approved, rejected."""
    for name, campaign in (
        ("two", REVIEWED),
        ("", REVIEWED),
        ("three", CAMPAIGN),
        ("one", REVIEWED),
    ):
        if name:
            keep(store, entry(name), now=clock())
        compose(store, clock, campaign, name=f"e-{name}")
        clock.advance(HOUR)
    changes = Changes(subject="All about spring")
    edit_edition("e-two", changes, by="ada", store=store, clock=clock)
    reject_edition("e-one", reason="dull", store=store, by="ada", clock=clock)


@pytest.mark.usefixtures("history")
def test_the_newest_come_first_with_the_slots_that_made_nothing(listed):
    assert listed() == ["Title one", "Title three", "there", "All about spring"]


@pytest.mark.usefixtures("history")
def test_they_are_filtered_by_where_they_stand(listed):
    found = {stage: listed(stage=stage) for stage in STAGES if listed(stage=stage)}

    assert found == {
        "in review": ["All about spring"],
        "approved": ["Title three"],
        "skipped": ["there"],
        "rejected": ["Title one"],
    }


@pytest.mark.usefixtures("history")
def test_they_are_searched_by_subject_and_post(listed):
    assert listed(text="SPRING") == ["All about spring"]
    assert listed(text="title two") == ["All about spring"]
    assert listed(text="title", stage="approved", campaign="weekly") == ["Title three"]
    assert listed(text="title", campaign="other") == []


@pytest.mark.usefixtures("history")
def test_a_page_begins_where_the_one_before_has_ended(store, clock, listed):
    found, before = [], 0
    for _ in range(5):
        with store.read() as tx:
            rows = tx.listed_editions.page(now=clock(), before=before, most=1)
        found += [row.title or row.skipped[:5] for row in rows]
        before = rows[-1].run if rows else before

    assert found == listed()
