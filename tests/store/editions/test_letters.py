"""Letters among editions, on each database: their place in time, and what they tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS, Letter, letter_key
from pipeline_samples import CAMPAIGN, compose, entry, keep

READERS = EmailPlan("readers", "plain", "mail")


@pytest.fixture
def letter(store, clock):
    """Keep a letter with the post of an edition, telling it or not, in a state."""

    def letter(state: EditionState, *, tells: bool):
        keep(store, entry("one"), now=clock())
        made = compose(store, clock, CAMPAIGN, name="e-one").edition
        content = replace(
            made.content, campaign=LETTERS, email=READERS, letter=Letter(tells=tells), pieces=()
        )
        slot = slot_at(clock(), "UTC")
        kept = replace(
            made,
            id="l1",
            campaign=LETTERS,
            slot_key=letter_key(slot, "l1"),
            state=state,
            content=content,
        )
        with store.begin() as tx:
            tx.editions.add(kept)
            tx.letters.add("l1", slot, now=clock())
        return kept

    return letter


@pytest.mark.parametrize(
    ("state", "tells", "free"),
    [
        (EditionState.IN_REVIEW, True, False),
        (EditionState.IN_REVIEW, False, True),
        (EditionState.DRAFT, True, True),
        (EditionState.REJECTED, True, True),
    ],
)
def test_what_a_letter_tells_is_told_for_each_campaign(store, letter, state, tells, free):
    [post] = letter(state, tells=tells).content.posts

    with store.read() as tx:
        found = [one.id for one in tx.posts.unused("another", [post.feed])]

    assert found == ([post.id] if free else [])


def test_it_is_found_at_its_time_among_drafts_and_beside_others(store, clock, letter):
    letter(EditionState.DRAFT, tells=False)
    later = slot_at(clock() + timedelta(days=3), "UTC")

    with store.begin() as tx:
        tx.letters.place("l1", later)
        [draft] = tx.letters.drafts()
        beside = tx.letters.beside("l1", "readers", first=clock(), until=later.moment)
        [listed] = tx.listed_editions.page(campaign=LETTERS, now=clock())

    assert draft[0] == "l1"
    assert [one for one, _, _ in beside] in ([], ["e-one"])
    assert listed.moment == later.moment
    assert (listed.edition, listed.is_letter) == ("l1", True)


def test_nobody_is_suppressed_where_nobody_is_there(store):
    with store.begin() as tx:
        assert tx.suppressions.number_in("readers") == 0
        assert tx.suppressions.number_of([1, 2, 3]) == 0
