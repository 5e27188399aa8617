"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest

from dispatch.feeds.parse.dates import from_text

MOMENT = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 20 Nov 2026 08:30:00 +0100",
        "20 Nov 26 07:30 GMT",
        " Friday, 20-November-2026\n08:30:00 CET ",
        "Fr, 20. November 2026 08:30:00 MEZ",
        "Fri, 20 Nov 2026 02:30:00 EST",
        "Fri, 20 Nov 2026 08:30:00 +0100 (CET)",
        "Fri Nov 20 2026 08:30:00 GMT+0100 (Central European Standard Time)",
        "Fri Nov 20 07:30:00 2026",
        "Fri Nov 20 08:30:00 CET 2026",
        "November 20th, 2026 at 7:30 AM",
        "Nov 20, 2026 2:30 a.m. EST",
        "20 de noviembre de 2026 07:30",
        "ven., 20 nov. 2026 08:30:00 +01:00",
        "2026-11-20T07:30:00Z",
        "2026-11-20T08:30+01:00",
        "2026-11-20 08:30:00.123 +0100",
        "2026-11-20 08:30:00 Europe/Zurich",
        "2026/11/20 07:30:00",
        "2026.11.20 7:30",
        "20261120T073000Z",
    ],
)
def test_a_moment_is_read_however_it_is_written(text):
    assert from_text(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-20", "20 Nov 2026", "2026/11/20", "Nov 20, 2026"),
        *("20 ноября 2026", "20 listopada 2026", "20 Kasım 2026", "20 marraskuuta 2026"),
        *("2026年11月20日", "2026년 11월 20일", "2026年11月20日 00:00"),
        *("Fri,20 Nov 2026 00:00:00 GMT", "Freitag, 20. November 2026, 1:00 Uhr MEZ"),
        *("vendredi 20 novembre 2026 à 00:00", "20 november 2026 kl. 00:00"),
        *("Friday, November 20, 2026 - 00:00", "2026-11-20T01:00:00+01:00[Europe/Paris]"),
        *("2026-11-19 21:00:00 America/Argentina/Buenos_Aires", "2026-11-20 10:00 AEST"),
    ],
)
def test_a_day_is_its_beginning(text):
    assert from_text(text) == DAY


def test_a_month_and_a_year_are_their_beginnings():
    assert from_text("2026-11") == datetime(2026, 11, 1, tzinfo=UTC)
    assert from_text("2026") == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        *("0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT", "0026-11-20"),
        *("2026-11-20T08:30:00+15:00", "2026-11-20T08:30:00[Europe/Paris]"),
        "15:07:41",
        "20 Nov",
        "--11-20",
        "-11-20",
        "Nov 2026 soon",
        "6/29/2016",
        "29/6/2016",
        "2016/6/29 15:07:41 or later",
        "2026-11-20T08:30:00 somewhere",
        "2026-13-20",
        "2026-11-31",
        "2026-11-20 25:00:00",
        "2026-11-20 13:00 pm",
        "20 Foo 2026",
        "1970-01-01",
        "9999-12-31T23:59:59Z",
        "Fri, 20 Nov 2026 08:30:00 +9900",
        "20 Nov 2026 08:30:00 Nowhere/City",
        "1795000000",
        "20 Nov 2026 " * 20,
    ],
)
def test_what_is_no_whole_date_is_none(text):
    assert from_text(text) is None
