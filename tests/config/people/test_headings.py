"""Columns are found under the names that people and products give them."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.config.people.columns import MEANINGS
from dispatch.config.people.subscribers import read_subscribers
from dispatch.config.values.columns import PROFILE

GIVEN = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
given = pytest.mark.skipif(
    not GIVEN.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str):
        path = tmp_path / "readers.csv"
        path.write_text(content, encoding="utf-8")
        return read_subscribers(path)

    return read


@given
def test_a_zone_in_small_letters_costs_nobody(read):
    file = read((GIVEN / "mailchimp-zone-costs-the-person.csv").read_text())

    [ana] = file.rows
    assert (ana.email, ana.name, ana.timezone) == ("ana@mail.example", "Ana Ruiz", "Europe/Zurich")
    assert ana.consent.at == datetime(2018, 2, 12, 17, 59, 31, tzinfo=UTC)
    assert file.problems == ()


@given
def test_addresses_come_in_without_what_nobody_sees_around_them(read):
    file = read((GIVEN / "invisible-characters.csv").read_text(encoding="utf-8"))

    assert [row.email for row in file.rows] == [
        f"{name}@mail.example" for name in ("ben", "cem", "hal")
    ]
    assert file.problems == ()


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\ufeff", "\u202a", "\u202c", "\u2069", "\xa0", "\xad", "\u2060", "\u3000"]
)
def test_what_nobody_sees_is_trimmed_or_named(read, unseen):
    file = read(
        f"{unseen}email{unseen},na\xadme\n{unseen}ada@x.example{unseen},{unseen}Ada{unseen}\n"
        f"b{unseen}o@x.example,Bo\n"
    )

    [ada] = file.rows
    assert (ada.email, ada.name) == ("ada@x.example", "Ada")
    assert file.faulty == 1
    assert f"(U+{ord(unseen):04X})" in str(file.problems[0])
    assert file.problems[0].line == 3


WHOLE, IN_PARTS = "a@x.example;Ada Byron;fr;europe/paris;", "a@x.example;Ada;Byron;fr;Europe/Paris;"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Courriel;Nom;Langue;Fuseau horaire;Thèmes", f"{WHOLE}ia|art"),
        ("Adresse e-mail;Prénom;Nom;Langue;Fuseau;Sujets", f"{IN_PARTS}ia|art"),
        ("E-Mail-Adresse;Vorname;Nachname;Sprache;Zeitzone;Themen", f"{IN_PARTS}art|IA"),
        ("E-Mail;Vorname;Name;Sprache;Zeitzone;Themen", f"{IN_PARTS}art|ia"),
        ("Correo electrónico;Nombre;Apellidos;Idioma;Zona horaria;Temas", f"{IN_PARTS}art|ia"),
        ("Correo;Nombre completo;Idioma;Huso horario;Temas", f"{WHOLE}art|ia"),
        ("Email Address;First Name;Last Name;Language;Time zone;topics", f"{IN_PARTS}art|ia|Art"),
    ],
)
def test_headings_are_read_in_four_languages(read, header, row):
    [ada] = read(f"{header}\n{row}\n").rows

    assert (ada.email, ada.name, ada.locale) == ("a@x.example", "Ada Byron", "fr")
    assert (ada.timezone, tuple(ada.topics)) == ("Europe/Paris", ("art", "ia"))


def test_a_column_of_ours_goes_before_one_that_means_the_same(read):
    [ada] = read("email,locale,language\na@x.example,fr,en\n").rows

    assert (ada.locale, ada.fields) == ("fr", {"language": "en"})


def test_a_column_that_means_one_of_ours_can_still_be_said_in_templates(read):
    [ada] = read("email,Langue\na@x.example,fr\n").rows

    assert (ada.locale, ada.fields) == ("fr", {"langue": "fr"})


def test_a_heading_with_a_slip_is_kept_and_told(read):
    file = read("email,timezon,city\na@x.example,Europe/Paris,Lyon\n")

    assert file.own_columns == ("timezon", "city")
    assert [str(one) for one in file.problems] == [
        "readers.csv:1: timezon: is kept as a column of your own - did you mean 'timezone'?"
    ]


def test_schedules_yaml_can_say_of_a_column_that_it_is_any_of_ours():
    assert tuple(MEANINGS) == PROFILE
