"""Moments, figures and charts as the team reads them, told apart by value."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.store.team.agenda import PastSlot
from dispatch.web.team.charts import bars, meter, spark, stack
from dispatch.web.team.days import past_path
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def times(locale="en", zone="Europe/Paris"):
    return Times(team_words_in(locale), ZoneInfo(zone), NOW)


@pytest.mark.parametrize(
    ("apart", "in_english", "in_french"),
    [
        (timedelta(hours=-2), "2 h ago", "il y a 2 h"),
        (timedelta(seconds=-45), "45 s ago", "il y a 45 s"),
        (timedelta(minutes=5), "in 5 min", "dans 5 min"),
        (timedelta(hours=16, minutes=48), "in 16 h 48 min", "dans 16 h 48 min"),
        (timedelta(days=3), "in 3 days", "dans 3 jours"),
    ],
)
def test_how_long_it_is_since_or_until_a_moment(apart, in_english, in_french):
    found = [str(times(locale).ago(NOW + apart)) for locale in ("en", "fr")]

    plain = [re.sub(r"[\u00a0\u202f]", " ", re.sub("<[^>]*>", "", one)) for one in found]
    assert plain == [in_english, in_french]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 11, 24, 14, 42, tzinfo=UTC), "today 15:42"),
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), "today 00:00"),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), "tomorrow 00:00"),
        (datetime(2026, 11, 17, 8, tzinfo=UTC), "Tue 17 Nov, 09:00"),
        (datetime(2025, 11, 17, 8, tzinfo=UTC), "Mon 17 Nov 2025, 09:00"),
    ],
)
def test_a_moment_is_told_by_the_clocks_of_the_workspace(moment, told):
    assert times().plain(moment) == told


def test_places_names_and_days_are_told_in_the_language_of_who_reads():
    english, french = times(), times("fr")

    assert [one.city for one in (english, french, times(zone="UTC"))] == ["Paris", "Paris", "UTC"]
    assert times("fr", "Europe/London").city == "Londres"
    names = ["Marie", "Jean", "Ada"]
    assert english.any_of(names) == "Marie, Jean, or Ada"
    assert french.any_of(names[:2]) == "Marie ou Jean"
    assert english.day(date(2026, 11, 17), full=True) == "Tuesday 17 November"
    assert english.clock_of(datetime(2026, 7, 1, 9, 5, tzinfo=UTC)) == "09:05"
    assert english.number(14_795) == "14,795"


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (1, 3, "33.3 %"),
        (0, 0, "0 %"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (99_999, 100_000, "99.9 %"),
        (1, 1_000, "0.1 %"),
        (1, 1_001, "<\u00a00.1 %"),
        (1, 9_000_000, "<\u00a00.1 %"),
    ],
)
def test_a_share_is_never_all_while_one_is_missing(part, whole, told):
    assert times().share(part, whole) == told


@pytest.mark.parametrize(
    ("edition", "path"),
    [("", "/campaigns/weekly/slots/2026-07-06T09:00"), ("a1", "/editions/a1")],
)
def test_a_past_slot_leads_to_its_edition_or_to_why_there_is_none(edition, path):
    key = "2026-07-06T09:00[Europe/Paris]"

    past = PastSlot(campaign="weekly", slot=key, moment=NOW, edition=edition)

    assert past_path(past) == path


def numbers(name, svg):
    """What an attribute says in each of the shapes that have it."""
    return [float(one) for one in re.findall(rf'<rect[^>]* {name}="([\d.]+)"', svg)]


def test_what_is_there_is_seen_in_a_bar_of_shares_however_little_it_is():
    svg = str(stack([("good", 9_999), ("bad", 1), ("rest", 0)], '9 < "10"', "wide"))

    assert numbers("width", svg) == [99.99, 0.6, 0.0]
    assert numbers("x", svg) == [0.0, 99.99, 100.59]
    assert 'class="stack wide"' in svg
    assert 'aria-label="9 &lt; &#34;10&#34;"' in svg
    assert numbers("width", str(stack([("good", 0)], "nothing"))) == [0.0]


@pytest.mark.parametrize(
    ("values", "edge"),
    [
        ([], "M0.0 86.0"),
        ([7], "M0.0 86.0"),
        ([5, 5], "M0.0 86.0L320.0 86.0"),
        ([0, 10, 5], "M0.0 86.0L160.0 8.0L320.0 47.0"),
    ],
)
def test_a_line_goes_from_its_least_to_its_most(values, edge):
    svg = str(spark(values, "Readers"))

    assert f'<path class="edge" d="{edge}"/>' in svg
    assert 'aria-label="Readers"' in svg


@pytest.mark.parametrize(
    ("values", "tall"),
    [([], []), ([0, 0], [1.0, 1.0]), ([1, 4, 0], [5.0, 20.0, 1.0])],
)
def test_each_week_has_a_bar_that_stands_on_the_ground(values, tall):
    svg = str(bars(values, "Editions"))

    assert numbers("height", svg) == tall
    assert [20 - height for height in tall] == numbers("y", svg)


@pytest.mark.parametrize(
    ("used", "mood", "width"),
    [(0, "set", 0), (140, "set", 50), (280, "set", 100), (281, "bad", 100)],
)
def test_a_limit_that_is_passed_is_seen(used, mood, width):
    svg = str(meter(used, 280))

    assert f'class="f-{mood}" width="{width}"' in svg
    assert f"<span data-used>{used}</span> / 280" in svg
