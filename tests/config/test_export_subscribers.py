"""People out as CSV, and back in."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.config.export_subscribers import write_subscribers
from dispatch.config.formulas import guarded, unguarded
from dispatch.config.subscribers import read_subscribers
from dispatch.model.subscriber import Consent, Subscriber, Subscription, SubscriptionState

ADA = Subscription(
    Subscriber(
        id=7,
        email="ada@example.org",
        name="Lovelace, Ada",
        locale="fr-CA",
        timezone="Europe/Paris",
        topics=("ia", "arts"),
        cadence="weekly",
        fields={"city": "London"},
    ),
    Consent(datetime(2026, 1, 31, 9, tzinfo=UTC), "form"),
    SubscriptionState.ACTIVE,
)
BOB = Subscription(
    Subscriber(id=8, email="bob@example.org", fields={"age": "40"}),
    Consent(None, ""),
    SubscriptionState.ENDED,
)


def exported(*people: Subscription) -> str:
    file = io.StringIO(newline="")
    assert write_subscribers(people, file) == len(people)
    return file.getvalue()


def read_back(text: str, folder: Path):
    path = folder / "readers.csv"
    path.write_bytes(text.encode())
    return read_subscribers(path)


def test_has_the_columns_of_an_import_the_state_and_everybodys_fields():
    rows = list(csv.reader(io.StringIO(exported(ADA, BOB))))

    assert rows == [
        [
            *("email", "name", "locale", "timezone", "topics", "cadence"),
            *("consented_at", "consent_source", "state", "age", "city"),
        ],
        [
            *("ada@example.org", "Lovelace, Ada", "fr-CA", "Europe/Paris", "ia|arts", "weekly"),
            *("2026-01-31T09:00:00+00:00", "form", "active", "", "London"),
        ],
        ["bob@example.org", "", "", "", "", "", "", "", "ended", "40", ""],
    ]


def test_what_goes_out_comes_back_except_who_has_left(tmp_path):
    file = read_back(exported(ADA, BOB), tmp_path)

    [row] = file.rows
    assert (row.email, row.name, row.locale) == ("ada@example.org", "Lovelace, Ada", "fr-CA")
    assert (row.topics, row.consent, row.fields) == (
        ("ia", "arts"),
        ADA.consent,
        {"city": "London"},
    )
    assert file.inactive == 1


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula_to_a_spreadsheet(sign):
    person = Subscriber(id=1, email="+a@example.org", name=f'{sign}HYPERLINK("x")')

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))

    [_, row] = csv.reader(io.StringIO(text))
    assert row[:2] == ["'+a@example.org", f'\'{sign}HYPERLINK("x")']


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(alphabet="=+-@'ab\n\"", min_size=1).map(str.strip).filter(bool))
def test_the_guard_against_formulas_is_gone_after_reading(tmp_path, value):
    person = Subscriber(id=1, email="+a@example.org", fields={"note": value})

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))
    [row] = read_back(text, tmp_path).rows

    assert row.email == "+a@example.org"
    assert row.fields == {"note": value}


@given(st.text())
def test_guarding_loses_nothing(cell):
    assert unguarded(guarded(cell)) == cell


def test_a_suppressed_address_does_not_come_back_with_the_file(tmp_path):
    suppressed = replace(ADA, suppressed=True)

    file = read_back(exported(suppressed), tmp_path)

    assert (file.rows, file.inactive) == ((), 1)
