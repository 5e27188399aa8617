"""Letters among editions, on each database: their place in time, and what they tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS, Letter, letter_key
from dispatch.model.intake.feed import Feed
from dispatch.pipeline.editions import compose as composing
from dispatch.pipeline.intake.keep import keep_entries
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
        beside = tx.letters.beside("l1", first=clock(), until=later.moment)
        [listed] = tx.listed_editions.page(campaign=LETTERS, now=clock())

    assert draft[0] == "l1"
    assert [one for one, _, _ in beside] in ([], ["e-one"])
    assert listed.moment == later.moment
    assert (listed.edition, listed.is_letter) == ("l1", True)


def test_nobody_is_suppressed_where_nobody_is_there(store):
    with store.begin() as tx:
        assert tx.suppressions.number_in("readers") == 0
        assert tx.suppressions.number_of([1, 2, 3]) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_letter_that_is_handed_in_while_a_campaign_chooses_its_posts_stops_no_run(
    store, clock, letter, monkeypatch
):
    another = replace(CAMPAIGN, name="another", feeds=("press",))
    press = {"press": Feed("press", "https://press.example/feed.xml")}
    with store.begin() as tx:
        tx.feeds.follow("another", ["press"], now=clock())
    compose(store, clock, another, name="nothing", feeds=press)
    clock.advance(timedelta(hours=1))
    kept = letter(EditionState.DRAFT, tells=True)
    with store.begin() as tx:
        story = entry("one", guid="the same story")
        keep_entries("press", [story], backfill=None, tx=tx, now=clock())
    passes = []

    def chosen(*args, **options):
        found = choose(*args, **options)
        passes.append(found)
        if len(passes) == 2:  # the first is for the trial of its texts
            with store.begin() as tx:
                tx.editions.move(kept, EditionState.IN_REVIEW)
        return found

    choose = composing.choose_among
    monkeypatch.setattr(composing, "choose_among", chosen)
    made = compose(store, clock, another, name="second", feeds=press).edition

    assert [post.title for post in made.content.posts] == ["Title one"]
