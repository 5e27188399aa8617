"""Names that several stories of a feed have: none of them is lost, and none is told twice."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.post import Decision
from dispatch.model.intake.similarity import text_key, title_key
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import Kept, held_sentence, keep_entries
from dispatch.store.intake.posts import Newcomer
from shared_names_stage import DAY, HOME, NAMES, NOW, story

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"

needs_data = pytest.mark.skipif(
    not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


@pytest.fixture
def poll(store):
    """Keep what one poll brings, a day after the last."""
    days = iter(range(1_000))

    def poll(*entries):
        with store.begin() as tx:
            return keep_entries("blog", entries, backfill=None, tx=tx, now=NOW + next(days) * DAY)

    return poll


@pytest.fixture
def told(store):
    """The titles of posts that an edition may have, and of those that are held."""

    def told():
        with store.read() as tx:
            found = tx.posts.latest()
        usable = sorted(post.title for post in found if post.is_usable)
        return usable, sorted(post.title for post in found if post.awaits_decision)

    return told


def field(name):
    return parse((FIELD / name).read_bytes(), url=f"{HOME}feed.xml").entries


@needs_data
def test_three_polls_of_three_stories_with_one_link_and_one_date_are_nine_posts(poll, told):
    for number in (1, 2, 3):
        document = field(f"one-link-one-date.{number}.xml")

        assert poll(*document) == Kept(new=3)
        assert poll(*document) == Kept(known=3)

    usable, held = told()
    assert (len(usable), held) == (9, [])


@needs_data
def test_two_stories_with_one_guid_are_two_posts(poll, told):
    document = field("two-stories-one-guid.xml")

    assert poll(*document) == Kept(new=5)
    assert poll(*reversed(document)) == Kept(known=5)
    assert poll(document[1]) == Kept(known=1)


@needs_data
def test_a_feed_of_one_item_whose_guid_stays_has_its_second_story_held_and_not_edited(poll, told):
    poll(*field("1-constant-guid-poll1.xml"))

    kept = poll(*field("1-constant-guid-poll2.xml"))

    assert kept == Kept(held=1)
    assert held_sentence(kept) == (
        "1 of 1 new posts has the guid of one from before and another link, title and date, it is "
        "held - decide with 'dispatch posts held'"
    )
    assert told() == (["Story 1 about birds"], ["Story 2 about rivers"])
    assert poll(*field("1-constant-guid-poll2.xml")) == Kept(known=1)


def digest(day, **values):
    """One of a series of which all have one title."""
    own = {"title": "Daily digest", "content": f"All of day {day}."}
    return story(0, **{**own, "published": NOW - (9 - day) * DAY, **values})


@pytest.mark.parametrize(
    "name",
    [
        {"guid": "weather"},
        {"guid": ""},
        {"guid": "", "link": HOME},
        {"guid": "weather", "link": ""},
    ],
)
def test_the_next_of_a_series_under_one_name_is_held_and_never_an_edit(poll, told, name):
    poll(digest(1, **name))

    for day in (2, 3):
        later = digest(day, **name, published=NOW - (9 - day) * DAY + timedelta(hours=1))
        assert poll(digest(day, **name)) == Kept(held=1, reused=int(bool(name["guid"])))
        assert poll(digest(day, **name)) == Kept(known=1)
        assert poll(replace(later, content="Rain after all.")) == Kept(revised=1)

    assert told() == (["Daily digest"], ["Daily digest"] * 2)


@pytest.mark.parametrize("name", [{"guid": ""}, {"guid": "", "link": ""}])
def test_a_series_of_which_a_document_has_several_is_told_post_by_post(poll, told, name):
    for days in ((1,), (2, 1), (3, 2, 1), (4, 3, 2)):
        document = [digest(day, **name) for day in days]

        assert poll(*document).known == len(days) - 1
        assert poll(*document) == Kept(known=len(days))

    usable, held = told()
    assert len(usable) + len(held) == 4


def test_one_text_with_a_date_set_anew_is_one_post(poll, told):
    poll(digest(1))

    assert poll(digest(3, content="All of day 1.")) == Kept(known=1)
    assert told() == (["Daily digest"], [])


def test_guids_used_again_by_stories_without_links_are_held(poll, told):
    poll(*(story(number, link="") for number in (0, 1, 2)))

    again = [
        replace(story(3, link="", title=title, content=title), guid=f"guid-{number}")
        for number, title in enumerate(("Egg hunt today", "Fog by the sea", "Goats on the hill"))
    ]

    assert poll(*again) == Kept(held=3, reused=3)
    assert poll(*again) == Kept(known=3)


@pytest.mark.parametrize(
    "shared",
    [
        {"guid": "N/A"},
        {"guid": "N/A", "link": HOME},
        {"guid": "", "link": HOME},
        {"guid": "", "link": HOME, "published": NOW},
        {"guid": "", "link": "", "published": NOW},
        {"link": HOME, "published": NOW},
        {"guid": HOME, "link": HOME, "published": None, "content": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [2, 3, 4])
def test_what_all_of_a_document_share_keeps_no_two_of_them_together(poll, told, shared, size):
    document = [story(number, **shared) for number in range(size)]

    first = poll(*document)

    assert first == Kept(new=size)
    assert poll(*reversed(document)) == Kept(known=size)
    assert poll(document[1]) == Kept(known=1)
    assert told() == (sorted(NAMES[:size]), [])


@pytest.mark.parametrize(
    "shared",
    [
        {"guid": "fixed"},
        {"guid": "fixed", "published": None},
        {"guid": "fixed", "link": HOME},
        {"guid": "fixed", "link": ""},
        {"guid": "", "link": HOME},
        {"link": HOME},
        {"link": HOME, "published": NOW},
    ],
    ids=str,
)
def test_a_feed_of_one_item_at_a_time_loses_no_story(poll, told, shared):
    for number in range(3):
        assert poll(story(number, **shared)) in (Kept(new=1), Kept(held=1))
        assert poll(story(number, **shared)) == Kept(known=1)

    usable, held = told()
    assert sorted(usable + held) == sorted(NAMES[:3])


@pytest.mark.parametrize("shared", [{"guid": "fixed"}, {"guid": "", "link": HOME}], ids=str)
def test_once_a_person_has_released_a_story_its_guid_or_link_is_no_name_any_more(
    poll, store, clock, shared
):
    poll(story(0, **shared))
    poll(story(1, **shared))
    with store.read() as tx:
        [held] = tx.posts.held()

    decide_posts([held.id], Decision.RELEASED, by="marie", store=store, clock=clock)

    assert poll(story(2, **shared)) == Kept(new=1)
    assert poll(story(0, **shared), story(2, **shared)) == Kept(known=2)


@pytest.mark.parametrize(
    "edited",
    [
        {"title": "Oranges"},
        {"title": "Oranges", "content": "Other words."},
        {"title": "Oranges", "link": f"{HOME}oranges"},
        {"title": "Oranges", "published": NOW + DAY, "content": "Other words."},
        {"link": f"{HOME}oranges", "published": NOW + DAY, "content": "Other words."},
        {"title": "Apples in the far north", "link": f"{HOME}x", "published": NOW, "content": "x"},
    ],
    ids=str,
)
def test_an_edit_in_a_feed_of_many_is_an_edit(poll, edited):
    others = [story(number) for number in (1, 2, 3)]
    poll(story(0), *others)

    assert poll(story(0, **edited), *others) == Kept(revised=1, known=3)


def test_a_guid_that_is_used_again_in_a_feed_of_many_is_asked_about(poll, store):
    others = [story(number) for number in (1, 2)]
    poll(story(0), *others)

    kept = poll(story(3, guid="guid-0"), *others)

    with store.read() as tx:
        [post] = tx.posts.held()
    assert kept == Kept(held=1, known=2)
    assert post.hold.reason == (
        f"has the guid of '{NAMES[0]}' of 2026-11-24, which waits for an edition, "
        "and another link, title and date"
    )


@pytest.mark.parametrize("shared", [{"link": f"{HOME}0"}, {"link": f"{HOME}0", "guid": ""}])
def test_of_two_among_many_with_one_link_and_one_date_the_second_is_held(poll, told, shared):
    same = {**shared, "published": NOW}
    document = [story(0, **same), story(1, **same), story(2), story(3)]

    assert poll(*document) == Kept(new=3, held=1)
    assert poll(*reversed(document)) == Kept(known=4)
    assert told()[1] == [NAMES[1]]


def test_an_entry_for_which_another_one_stands_is_told_of_if_it_says_something_else(poll):
    twin = story(0, guid="another", content="Other words.")

    first = poll(story(0), twin, story(1))
    copy = poll(story(2), story(2, position=9))

    [note] = first.notes
    assert note == (
        f"1 entry tells what another one there tells, and no post was made: '{NAMES[0]}'"
    )
    assert copy == Kept(new=1, known=1)
    assert copy.notes == ()


def test_a_post_without_a_link_leads_to_the_site_which_is_no_name_of_it(store):
    bare = [story(number, guid="", link="") for number in range(2)]
    for expected in (Kept(new=2), Kept(known=2)):
        with store.begin() as tx:
            kept = keep_entries("blog", bare, backfill=None, tx=tx, now=NOW, site=HOME)

        assert kept == expected

    with store.read() as tx:
        assert {(post.link, post.link_shared) for post in tx.posts.latest()} == {(HOME, True)}


def kept_before(store, *entries):
    """Keep entries as before version 48 of the decisions: by guid, else link, else title."""
    with store.begin() as tx:
        tx.posts.add(
            "blog",
            [
                Newcomer(
                    entry,
                    entry.guid or canonical(entry.link) or title_key(entry.title),
                    canonical(entry.link),
                    link_shared=False,
                    title_key=title_key(entry.title),
                    text_key=text_key(entry.content),
                )
                for entry in entries
            ],
            first_seen=NOW - 30 * DAY,
        )


@pytest.mark.parametrize(
    "shared",
    [
        {},
        {"guid": ""},
        {"guid": "", "link": ""},
        {"link": ""},
        {"published": NOW},
        {"guid": "", "published": NOW},
        {"published": None, "guid": "", "link": ""},
    ],
    ids=str,
)
def test_what_was_kept_before_by_any_name_is_known_after_an_upgrade(store, poll, shared):
    document = [story(number, **shared) for number in range(4)]
    kept_before(store, *document)

    assert poll(*document) == Kept(known=4)


def test_what_was_kept_before_by_its_title_is_known_now_that_it_leads_to_its_file(store, poll):
    document = [story(number, guid="", link="") for number in range(4)]
    kept_before(store, *document)

    kept = poll(*(story(number, guid="", link=f"{HOME}{number}.mp3") for number in range(4)))

    assert (kept.new, kept.held) == (0, 0)


@pytest.mark.parametrize("shared", [{"guid": "N/A"}, {"guid": "", "link": HOME}], ids=str)
def test_the_one_post_that_many_stories_were_before_is_known_and_the_lost_ones_come(
    store, poll, shared
):
    document = [story(number, **shared) for number in range(3)]
    kept_before(store, document[2])

    assert poll(*document) == Kept(new=2, known=1)
