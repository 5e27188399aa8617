"""People out as CSV, and back in."""

import csv
import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.config.csv.formulas import guarded, unguarded
from dispatch.config.people.export_subscribers import write_subscribers
from dispatch.config.people.subscribers import read_subscribers
from dispatch.config.people.unmistakable import is_unmistakable
from dispatch.model.people.subscriber import Consent, Subscriber, Subscription, SubscriptionState
from dispatch.model.text.plain_text import printable

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


SIGNS = sorted(
    sign
    for sign in map(chr, [*range(0xD800), *range(0xE000, 0x110000)])
    if unicodedata.normalize("NFKC", sign)[:1] in {"=", "+", "-", "@", "\N{MINUS SIGN}"}
)
SEPARATORS = ",;|\t\n\r\v\f；，"
UNSEEN = [
    "",
    " ",
    "\xa0",
    "\u200b",
    "\ufeff",
    "\x00",
    "\u2060",
    '"',
    "'",
    "\u202e",
    '""',
    "\u3164 ",
]
ANYTHING = st.text(alphabet=[*"ab'\"=-@+ ", *SEPARATORS, "＝", "\u200b", "\x00", "é"]) | st.text()


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_cell_is_a_formula_to_a_spreadsheet(sign, unseen):
    person = Subscriber(id=1, email="+a@example.org", name=f'{unseen}{sign}HYPERLINK("x")')

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))

    [_, row] = csv.reader(io.StringIO(text, newline=""))
    assert row[:2] == ["'+a@example.org", f'\'{unseen}{sign}HYPERLINK("x")']


@pytest.mark.parametrize("before", ["", "Ada"])
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_piece_behind_a_separator_is_one_either(before, separator, unseen):
    person = Subscriber(
        id=1, email="a@example.org", fields={"note": f"{before}{separator}{unseen}=1"}
    )

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))

    [_, row] = csv.reader(io.StringIO(text, newline=""))
    assert row[-1].lstrip("'") == f"{before}{separator}'{unseen}=1"


@pytest.mark.parametrize("lead", ["\t", "\r", "\n", " \t", "\u200b\n"])
def test_a_break_at_the_beginning_of_a_cell_hides_nothing(lead):
    assert guarded(f"{lead}1") == f"'{lead}1"


@pytest.mark.parametrize(
    "cell", ["Jean-Luc", "a@example.org", "1+1", "Lyon, Paris; Arras", "", "'tis"]
)
def test_what_nobody_takes_for_a_formula_is_left_alone(cell):
    assert guarded(cell) == cell


def says_nothing_of_leaving(value: str) -> bool:
    """Whether no file with this word in some column would keep that person out."""
    return not is_unmistakable(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ANYTHING.map(printable).map(str.strip).filter(bool).filter(says_nothing_of_leaving))
def test_the_guard_against_formulas_is_gone_after_reading(tmp_path, value):
    person = Subscriber(id=1, email="+a@example.org", fields={"note": value})

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))
    [row] = read_back(text, tmp_path).rows

    assert row.email == "+a@example.org"
    assert row.fields == {"note": value}


def test_a_field_that_says_somebody_is_out_keeps_them_out_of_our_own_files_too(tmp_path):
    person = Subscriber(id=1, email="a@example.org", fields={"note": "SUPPRESSED"})

    text = exported(Subscription(person, Consent(None, ""), SubscriptionState.ACTIVE))

    assert not list(read_back(text, tmp_path).rows)


@given(ANYTHING)
def test_guarding_loses_nothing(cell):
    assert unguarded(guarded(cell)) == cell


@given(ANYTHING, st.sampled_from([",", ";", "\t", "|"]))
def test_no_separator_lets_a_piece_begin_with_a_sign(cell, separator):
    for line in re.split(r"[\r\n]", guarded(cell)):
        for piece in line.split(separator):
            assert not re.match(r"[\s\x00\u200b\"]*[=+\-@＝]", piece)


def test_a_cell_of_separators_is_guarded_at_once():
    assert guarded("\t" * 200_000) == "'" + "\t" * 200_000


def test_a_suppressed_address_does_not_come_back_with_the_file(tmp_path):
    suppressed = replace(ADA, suppressed=True)

    file = read_back(exported(suppressed), tmp_path)

    assert (file.rows, file.inactive) == ((), 1)
