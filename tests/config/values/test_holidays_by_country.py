"""Holidays of a country, by its letters."""

from datetime import date

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values import holidays_by_country
from dispatch.config.values.holidays_by_country import Country, country, days_of

GOOD_FRIDAY, BASTILLE = date(2027, 3, 26), date(2027, 7, 14)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("holidays:FR", Country("FR")),
        (" holidays:fr ", Country("FR")),
        ("holidays:FRA", Country("FR")),
        ("holidays:UK", Country("GB")),
        ("holidays:FR-57", Country("FR", "57")),
        ("holidays:FR-moselle", Country("FR", "57")),
        ("holidays:DE-by", Country("DE", "BY")),
    ],
)
def test_a_country_and_its_parts_have_letters(word, meant):
    assert country(word) == meant


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("holidays:France", "unknown country 'France' - did you mean 'holidays:FR'?"),
        ("holidays:Untied States", "unknown country 'Untied States' - did you mean 'holidays:US'?"),
        ("holidays:FRX", "unknown country 'FRX' - write the two letters of the country"),
        ("holidays:EU", "unknown country 'EU' - write the two letters of the country"),
        ("holidays:Deutschland", "unknown country 'Deutschland' - write the two letters"),
        (
            "holidays:Austrlia",
            "unknown country 'Austrlia' - did you mean 'holidays:AU' or 'holidays:AT'?",
        ),
        ("holidays:", "unknown country '' - write the two letters of the country (ISO 3166), such"),
        ("holidays:FR-57X", "unknown part of FR '57X' - did you mean '57'?"),
        ("holidays:DE-Bayerm", "unknown part of DE 'Bayerm' - did you mean 'Bayern'?"),
        ("holidays:MC-1", "the holidays of MC are the same everywhere - write holidays:MC"),
    ],
)
def test_an_unknown_one_is_told(word, said):
    with pytest.raises(InvalidValueError) as error:
        country(word)

    assert str(error.value).startswith(said)


def test_without_the_extra_its_name_is_told(monkeypatch):
    monkeypatch.setattr(holidays_by_country, "find_spec", lambda _: None)

    with pytest.raises(InvalidValueError) as error:
        country("holidays:FR")

    assert str(error.value) == (
        "'holidays:FR' needs the extra 'holidays', which is not installed"
        " - run pip install 'dispatch-digest[holidays]', or name a calendar: file:holidays.ics"
    )


def test_a_part_of_a_country_has_holidays_of_its_own():
    assert BASTILLE in days_of(Country("FR"))
    assert GOOD_FRIDAY not in days_of(Country("FR"))
    assert {BASTILLE, GOOD_FRIDAY} <= days_of(Country("FR", "57"))


def test_where_the_moon_decides_the_years_that_are_known_are_enough():
    assert date(2026, 1, 26) in days_of(Country("IN"))


CAMPAIGN = """\
feeds: {blog: {url: "file:feeds/blog.xml"}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{template: weekly}]
    schedule: {every: day, at: "09:00", except: [2027-07-15, "holidays:FR-57"]}
"""


def test_a_campaign_takes_days_off_from_dates_and_countries(load):
    days_off = load(CAMPAIGN).campaigns["weekly"].schedule.days_off

    assert {GOOD_FRIDAY, BASTILLE, date(2027, 7, 15)} <= days_off


def test_problems_of_a_country_come_with_their_line(problems):
    [said] = problems(CAMPAIGN.replace("FR-57", "XX"))

    assert said.startswith(
        "schedules.yaml:6: campaigns.weekly.schedule.except: unknown country 'XX' - write the two"
    )
