"""Campaigns that go out also when there is no new post."""

from datetime import timedelta

import pytest

from app_stage import change, opened
from dispatch.scheduling.tick import tick

WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


@pytest.fixture
def empty(folder):
    """The workspace; its weekly goes out without posts, too."""
    change(folder, "posts: {at_least: 1, at_most: 12}", "posts: {when_empty: send}")
    return folder


def run_twice(folder, clock):
    """The first edition has all posts, the second one none; both as they are in the end."""
    with opened(folder, clock) as app:
        tick(app)
        clock.advance(MINUTE)
        tick(app)
        clock.advance(WEEK)
        tick(app)
        with app.store.read() as tx:
            return tx.editions.latest("weekly"), tx.runs.latest("weekly")


def test_an_edition_without_posts_goes_out_to_the_readers_and_to_no_account(empty, clock):
    editions, _ = run_twice(empty, clock)

    assert [(len(one.content.posts), one.state.value) for one in editions] == [
        (0, "finished"),
        (8, "finished"),
    ]
    mails = [path.read_text() for path in empty.glob("outbox/mail/new/*.eml")]
    assert sum("There is nothing new this time." in mail for mail in mails) == 5
    assert sum("Rien de nouveau cette fois." in mail for mail in mails) == 3
    assert len(list(empty.glob("outbox/social/*.json"))) == 8


def test_without_the_word_the_run_is_skipped(folder, clock):
    _, runs = run_twice(folder, clock)

    assert [run.skipped for run in runs] == ["there is no new post", ""]


def test_a_snippet_for_the_edition_is_there_without_posts_too(empty, clock):
    change(empty, "each: post", "each: edition")
    run_twice(empty, clock)

    texts = [path.read_text() for path in empty.glob("outbox/social/*.json")]
    assert sum("nothing new this time" in text for text in texts) == 1


def test_a_template_that_takes_the_first_of_no_posts_says_where(empty, clock, said):
    subject = empty / "templates/weekly/subject.txt"
    subject.write_text("{{ edition.posts[0].title }}", encoding="utf-8")

    run_twice(empty, clock)

    [problem] = [line["problem"] for line in said if line["event"] == "step.failed"]
    assert problem.startswith(
        "templates/weekly/subject.txt:1: [0] of nothing, or of too few - ask first, with 'if"
    )
