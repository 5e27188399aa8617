"""`dispatch simulate`: what would have gone out, told to people and to programs."""

import sqlite3
from contextlib import closing

import pytest

AUTUMN = ("--from", "2026-10-14", "--to", "2026-11-16")


def poll(dispatch):
    dispatch("feeds", "poll")


@pytest.fixture
def polled(dispatch, begin_with):
    begin_with(poll)
    return dispatch


def test_it_shows_each_slot_with_its_posts_and_totals(polled):
    seen = polled("simulate", "weekly", *AUTUMN).out.splitlines()

    assert seen[0] == (
        "The Atelier Letter: tuesday at 09:00 Europe/Paris. Nothing is kept, nothing is sent."
    )
    assert seen[1:4] == [
        "2026-10-20 09:00 Europe/Paris (07:00 UTC): 2 posts",
        "  notebook: The apprentice problem",
        "  atelier: La lumière ne se demande pas, elle s'attend",
    ]
    assert "4 slots: 4 editions with 11 posts, 0 skipped" in seen


def test_as_json_it_has_everything(polled):
    polled.edit("posts: {at_least: 1, at_most: 12}", "posts: {at_least: 3, at_most: 3}")

    found = polled("simulate", "weekly", *AUTUMN, "--json").json

    first, second, *_ = found["runs"]
    assert (found["slots"], found["editions"], found["told"]) == (4, 3, 9)
    assert first["skipped"] == "there are 2 new posts, at least 3 are needed"
    assert {post["why"] for post in first["out"]} == {"waits: this slot has no edition"}
    assert (len(second["posts"]), second["waiting"]) == (3, 1)
    assert second["moment"] == "2026-10-27T08:00:00+00:00"
    assert sum(found["never_told"].values()) == len(found["in_no_edition"]) == 20 - 9


def test_with_verbose_it_says_why_posts_are_out(polled):
    polled.edit("posts: {at_least: 1, at_most: 12}", "posts: {at_most: 1}")

    brief = polled("simulate", "weekly", *AUTUMN).out
    verbose = polled("simulate", "weekly", *AUTUMN, "--verbose").out

    why = " - waits for the next edition: 1 at most"
    assert why in verbose
    assert why not in brief
    assert "(07:00 UTC): 1 post, 1 more waits" in brief


def test_nothing_of_it_is_kept(polled, workspace):
    def kept() -> list[str]:
        with closing(sqlite3.connect(workspace / "dispatch.db")) as connection:
            return list(connection.iterdump())

    before = kept()

    polled("simulate", "weekly", *AUTUMN)

    assert kept() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("weekl", "campaign weekl: not in schedules.yaml - did you mean 'weekly'?"),
        ("weekly --from 2999-01-01", "--from: 2999-01-01 is still to come - say --to, too"),
        ("weekly --from 2026-12-02 --to 2026-12-01", "--to: 2026-12-01 is before 2026-12-02 - gi"),
        ("weekly --to 9999-12-31 --from 1800-01-01", "--from, --to: there are more than 10,000 sl"),
    ],
)
def test_what_cannot_be_simulated_is_said(polled, words, sentence):
    ended = polled("simulate", *words.split())

    assert (ended.code, ended.err[: len(sentence)]) == (2, sentence)


def test_feeds_that_were_never_polled_are_said_so(dispatch):
    ended = dispatch("simulate", "weekly")

    assert ended.code == 2
    assert "its feeds have no post yet - try 'dispatch feeds poll'" in ended.err
