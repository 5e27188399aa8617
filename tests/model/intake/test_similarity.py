"""Which posts of one feed look like one story."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.intake.similarity import Looks, Similarity, similarity, text_key, title_key

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
HOURS = {hours: DAY + timedelta(hours=hours) for hours in (0, 1, 5, 14, 24, 48, 168, 480, 1000)}
LONG = "<p>" + "It was a bright cold day in the old town, and the clocks were late. " * 5 + "</p>"


def looks(title, published=DAY, *, seen=DAY, text=""):
    return Looks(title_key(title), text_key(text), published, seen)


ALIKE = [
    # title of the new one, of the old one, hours between their dates
    ("How we moved to Postgres", "How we moved to Postgres", 0),
    ("How we moved to Postgres", "How We Moved To Postgres!", 1),
    ("How we moved to Postgres", "How we moved to Postgres", 168),
    ("How we moved to Postgres", "How we moved to Postgres", 480),
    ("L’été sera chaud, très chaud", "L'ete sera chaud - tres chaud", 5),
    ("Weekly update", "Weekly update", 0),
    ("Weekly update", "Weekly update", 14),  # a zone gone wrong
    ("Podcast #12", "Podcast 12", 1),
    ("How we moved to Postgres", "How we movd to Postgres", 1),
    ("The museum opens a new wing", "Teh museum opens a new wing", 0),
    ("Update: the museum opens a new wing", "The museum opens a new wing", 5),
    ("The museum opens a new wing (with video)", "The museum opens a new wing", 5),
    ("今週のニュースまとめと来週の予定", "今週のニュースまとめと来週の予定", 480),
    ("Неделя в городе: что мы узнали", "Неделя в городе - что мы узнали", 24),
]

NOT_ALIKE = [
    ("Podcast #13", "Podcast #12", 0),
    ("Podcast #13: a talk with Ada", "Podcast #12: a talk with Ada", 0),
    ("The history of the web, part II", "The history of the web, part III", 1),
    ("The history of the web, part one", "The history of the web, part two", 1),
    ("Links", "Links", 24),
    ("Weekly update", "Weekly update", 168),
    ("How we moved to Postgres", "How we moved to Postgres", 1000),
    ("Results of the northern region", "Results of the southern region", 0),
    ("What you should know on this Monday", "What you should know on this Tuesday", 14),
    ("News of March from the old town", "News of April from the old town", 0),
    ("The museum opens a new wing", "The museum closes its old wing", 0),
    ("The museum opens a new wing", "The museum opens a new wng", 48),
    ("Museum opens", "Museum opens late", 0),
    ("Budget 2026: what changes for you", "Budget 2025: what changes for you", 0),
    ("🎉", "🎉", 0),
    ("今週のニュース", "来週のニュース", 0),
    ("की", "के", 0),
]


@pytest.mark.parametrize(("new", "old", "hours"), ALIKE)
def test_one_story_under_two_names_is_seen(new, old, hours):
    assert similarity(looks(new, HOURS[hours]), looks(old), title_is_common=False)


@pytest.mark.parametrize(("new", "old", "hours"), NOT_ALIKE)
def test_two_stories_stay_two(new, old, hours):
    assert not similarity(looks(new, HOURS[hours]), looks(old), title_is_common=False)


def test_without_dates_only_a_title_that_says_something_tells_and_not_for_ever():
    long, short = "How we moved to Postgres", "Weekly update"
    old = looks(long, None)

    assert similarity(looks(long, None), old, title_is_common=False) is Similarity.TITLE
    assert similarity(looks(long, None, seen=HOURS[480]), old, title_is_common=False)
    assert not similarity(looks(long, None, seen=HOURS[1000]), old, title_is_common=False)
    assert not similarity(looks(short, None), looks(short, None), title_is_common=False)
    assert not similarity(looks(long + " now", None), old, title_is_common=False)


def test_a_title_that_the_feed_uses_often_tells_only_with_the_very_date():
    often = "This week in the old town"

    assert similarity(looks(often), looks(often), title_is_common=True)
    assert not similarity(looks(often, HOURS[1]), looks(often), title_is_common=True)
    assert not similarity(looks(often, None), looks(often), title_is_common=True)


def test_a_feed_that_renames_what_it_holds_is_known_by_titles_alone():
    new, old = looks("Links", HOURS[480]), looks("Links", None)

    assert similarity(new, old, title_is_common=True, renewed=True)


def test_the_same_text_is_the_same_story_under_any_title_and_date():
    new = looks("A new title", HOURS[1000], text=LONG)
    old = looks("Once", text=LONG.replace("<p>", "<div class='x'>\n"))

    assert similarity(new, old, title_is_common=False) is Similarity.TEXT


def test_a_phrase_that_stands_under_each_post_is_no_text():
    phrase = "<p>Read more on our site.</p>"
    new, old = looks("One", text=phrase), looks("Two", text=phrase)

    assert not similarity(new, old, title_is_common=False)
