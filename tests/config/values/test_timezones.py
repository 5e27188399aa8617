"""A time zone is what was meant: advice names a city, and never the other side of the world."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values.timezones import (
    CITIES,
    CLOCKS,
    easily_mistaken,
    timezone,
    timezone_of_person,
)

GIVEN = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / (
    "field/zone-advice-reversed.txt"
)


def advice(written: str) -> str:
    with pytest.raises(InvalidValueError) as caught:
        timezone(written)
    return caught.value.advice


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("GMT+2", "Europe/Athens"),
        ("UTC+2", "Europe/Athens"),
        ("+02:00", "Europe/Athens"),
        ("+2", "Europe/Athens"),
        ("utc +0200", "Europe/Athens"),
        ("GMT-5", "America/New_York"),
        ("UTC-05:00", "America/New_York"),
        ("UTC\u22125", "America/New_York"),
        ("GMT+5:30", "Asia/Kolkata"),
        ("-03:30", "America/St_Johns"),
        ("UTC\u20135", "America/New_York"),
        ("(UTC+01:00) Brussels, Madrid", "Europe/Paris"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("Central", "America/Chicago"),
        ("Samoa", "Pacific/Apia"),
        ("GMT+1", "Europe/Paris"),
        ("UTC-8", "America/Los_Angeles"),
        ("CEST", "Europe/Paris"),
        ("MESZ", "Europe/Berlin"),
        ("EDT", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("BST", "Europe/London"),
        ("JST", "Asia/Tokyo"),
    ],
)
def test_what_people_call_their_clock_gets_a_city_on_that_clock(written, city):
    assert f"'{city}'" in advice(written)
    assert "Etc/" not in advice(written)


@pytest.mark.skipif(not GIVEN.is_file(), reason="DISPATCH_TEST_DATA names no folder with test data")
def test_the_zone_that_was_reported_gets_no_advice_that_says_the_opposite():
    written = re.search(r'timezone: "([^"]+)"', GIVEN.read_text())

    assert written
    assert "'Europe/Athens'" in advice(written[1])
    assert "Etc/" not in advice(written[1])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("europe/paris", "did you mean 'Europe/Paris'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("Europe/Pariss", "did you mean 'Europe/Paris'?"),
        ("Tokio", "did you mean 'Asia/Tokyo'?"),
        ("Mars", "write a name such as Europe/Paris"),
        ("Europe", "write a name such as Europe/Paris"),
        ("GMT+25", "write a name such as Europe/Paris"),
        ("+00:07", "write a name such as Europe/Paris"),
        ("Mumbai", "write a name such as Europe/Paris"),
        ("Asia/Mumbai", "write a name such as Europe/Paris"),
        ("Geneva", "write a name such as Europe/Paris"),
        ("Milano", "write a name such as Europe/Paris"),
        ("Oran", "write a name such as Europe/Paris"),
        ("WST", "write a name such as Europe/Paris"),
        ("ECT", "write a name such as Europe/Paris"),
        ("Romance Standard Time", "write a name such as Europe/Paris"),
        ("São Paulo", "did you mean 'America/Sao_Paulo'?"),
        ("Europe/Rom", "did you mean 'Europe/Rome'?"),
        ("Europe/Rome/", "did you mean 'Europe/Rome'?"),
        ("Amerika/New York", "did you mean 'America/New_York'?"),
        ("Asia/Melbourne", "did you mean 'Australia/Melbourne'?"),
        ("Europe-Paris", "did you mean 'Europe/Paris'?"),
    ],
)
def test_a_city_is_enough_for_a_guess_at_its_zone(written, meant):
    assert advice(written) == meant


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("europe/zurich", "Europe/Zurich"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        (" Asia/Tokyo ", "Asia/Tokyo"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("us/eastern", "US/Eastern"),
        ("utc", "UTC"),
    ],
)
def test_other_products_write_zones_in_any_letter_case(written, zone):
    assert timezone_of_person(written) == zone


@pytest.mark.parametrize(
    ("zone", "meaning", "city"),
    [
        ("Etc/GMT+2", "is always 2 hours behind UTC (UTC-2)", "Europe/Athens"),
        ("Etc/GMT-5", "is always 5 hours ahead of UTC (UTC+5)", "America/New_York"),
        ("Etc/GMT+1", "is always 1 hour behind UTC (UTC-1)", "Europe/Paris"),
        ("EST", "is always UTC-5, also in summer", "America/New_York"),
        ("HST", "is always UTC-10, also in summer", "Pacific/Honolulu"),
        ("CET", "is the clock of a region, with its summer time", "Europe/Paris"),
        ("EST5EDT", "is the clock of a region, with its summer time", "America/New_York"),
    ],
)
def test_a_zone_that_is_easily_mistaken_has_its_meaning_spelt_out(zone, meaning, city):
    found = easily_mistaken(timezone(zone))

    assert found
    assert found[0] == f"'{zone}' {meaning}"
    assert f"'{city}'" in found[1]


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "UTC", "GMT", "Etc/UTC", "Etc/GMT+0", "Asia/Tokyo"]
)
def test_other_zones_say_what_they_say(zone):
    assert easily_mistaken(zone) is None


def test_the_cities_that_are_named_have_the_clocks_that_they_stand_for():
    for offset, cities in CITIES.items():
        size = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
        for city in cities:
            clocks = [datetime(2026, month, 1, tzinfo=ZoneInfo(city)) for month in (1, 7)]
            without_summer = min(clock.utcoffset() or timedelta() for clock in clocks)
            assert without_summer == (size if offset[0] == "+" else -size), city
    assert all(ZoneInfo(city) for cities in CLOCKS.values() for city in cities)


def test_a_zone_in_other_letters_that_is_easily_mistaken_is_spelt_out_at_once():
    told = advice("etc/gmt+2")

    assert told.startswith("'Etc/GMT+2' is always 2 hours behind UTC (UTC-2); if that is meant")
    assert "for UTC+2 write the city that is meant, such as 'Europe/Athens'" in told
