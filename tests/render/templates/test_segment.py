import re
from datetime import UTC, datetime

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.people.segment import asks_for_consent
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.render.templates.segment import compile_segment

ADA = Subscriber(
    1,
    "ada@example.org",
    "Ada",
    "fr-CA",
    "Europe/Paris",
    ("IA", "Méthode"),
    "weekly",
    {"city": "Lyon", "shop": ""},
)
BY_FORM = Consent(datetime(2026, 3, 14, 23, 30, tzinfo=UTC), "form newsletter")


@pytest.mark.parametrize(
    ("expression", "belongs"),
    [
        ("", True),
        ("locale == 'fr-CA'", True),
        ("locale.startswith('fr')", True),
        ("'ia' in topics and cadence == 'weekly'", True),
        ("'art' in topics", False),
        ("topics == ['méthode', 'ia']", True),
        ("topics != ['ia']", True),
        ("email.endswith('@example.org') or name", True),
        ("fields.city == 'Lyon'", True),
        ("fields.country == 'France'", False),
        ("fields.country", False),
        ("timezone in ['Europe/Paris']", True),
        ("joined >= '2026-03-14' and not joined > '2026-03-14'", True),
        ("joined.before('2026-03-14') or joined.after('2026-03')", False),
        ("'2026' == joined and joined <= '2026-03' and joined > '2025'", True),
        ("'2026-02' < joined < '2026-04' and joined != '2026-05'", True),
        ("joined in ['2026-01', '2026-03']", True),
        ("source == 'form newsletter' or source.startswith('form')", True),
        ("domain == 'Example.ORG' and domain in ['x.org', 'EXAMPLE.org']", True),
        ("domain.endswith('.Org') and 'MPLE' in domain and domain != 'x.org'", True),
        ("domain.startswith('Ex') and domain not in ['x.org']", True),
        ("has('city') and has('City') and has('name') and 'city' in fields", True),
        ("has('shop') or has('country') or 'country' in fields", False),
    ],
)
def test_a_segment_asks_about_a_subscriber(expression: str, belongs: bool) -> None:
    segment = compile_segment(expression)

    assert segment(ADA, BY_FORM) is belongs


def test_own_columns_can_be_known_by_their_bare_names() -> None:
    segment = compile_segment("city == 'Lyon'", fields=["city"])

    assert segment(ADA)
    assert not segment(Subscriber(2, "grace@example.org"))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("local == 'fr'", "unknown name 'local' - did you mean 'locale'?"),
        ("country == 'fr'", "(a column of yours is fields.country)"),
        ("locale = 'fr'", "segment 'locale = 'fr'': "),
        ("locale ==", "segment 'locale =='"),
        ("'ia' in topics }} {{ email", "segment"),
        ("locale | nosuch", "No filter named 'nosuch'"),
        ("joind > '2026'", "unknown name 'joind' - did you mean 'joined'?"),
        ("joined > 'May'", "'May' is no day - write it like joined >= '2026-01-31'"),
        ("joined < '2026-02-30' or name", "'2026-02-30' is no day"),
        ("joined == 2026", "'2026' is no day"),
        ("joined in ['2026-01', '26-02']", "'26-02' is no day"),
        ("joined > 2026-01-01", "without quotes is a sum - write it like joined >= '2026-01-31'"),
        ("source like 'fair'", "'like' is no word of rules - write it the other way round"),
        ("topics contains 'ai'", "as in '…' in topics"),
        ("source is 'fair'", "'is' compares no texts - write == or != instead"),
        ("locale <> 'fr'", "write != instead"),
        ("locale == 'fr' AND name", "write and, or, not, in: as words, in small letters"),
        ("!name || topics", "write and, or, not, in: as words"),
        ("has 'city'", "write it like has('company'), or not has('company')"),
        ("locale == ‘fr’", "quotes are to be straight"),
        ("name == 'O'Hara'", "a text in quotes does not end"),
        ("locale == 'fr", "a text in quotes does not end"),
        ("{{ locale == 'fr' }}", "stands in braces - leave them out"),
        ("subscriber.locale == 'fr'", "leave 'subscriber.' out"),
        ("locale == fr", "a text stands in quotes, as in locale == 'fr'"),
        ("domain == acme.example.org", "domain == 'acme.example.org'"),
        ("topics == 'ai'", "write 'ai' in topics"),
        ("domain != '@acme.com'", "write domain == 'acme.com', or domain.endswith('.acme.com')"),
        ("'*.acme.com' == domain", "domain.endswith('.acme.com') for all below it"),
        ("cadence == 'Daily'", "write cadence == 'daily'"),
        ("joined.befor('2026')", "joined has no 'befor' - did you mean 'before'?"),
        ("joined.before()", "'before' takes one day"),
        ("joined.after('2026-13')", "'2026-13' is no day"),
        ("joined after '2026'", "'after' stands by itself - write it with a dot, as in joined."),
        ("source.startwith('form')", "source has no 'startwith' - did you mean 'startswith'?"),
        ("name.nosuch", "name has no 'nosuch' - write it like name.startswith('…')"),
        ("email.__class__", "email has no '__class__'"),
        ("has(city)", "'has' asks for one column - write its name in quotes"),
        ("has()", "'has' asks for one column"),
    ],
)
def test_a_segment_that_cannot_be_read_is_told(expression: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(message)):
        compile_segment(expression)


@pytest.mark.parametrize("expression", ["topics < 3", "joined > name + '-'", "topics.nosuch"])
def test_a_segment_that_cannot_be_answered_is_told(expression: str) -> None:
    segment = compile_segment(expression)

    with pytest.raises(TemplateFailed, match="segment"):
        segment(ADA, BY_FORM)


def test_a_day_that_is_not_known_is_neither_before_nor_after_another() -> None:
    segment = compile_segment("joined < '2030' or joined >= '2000' or joined == '2026'")

    assert not segment(ADA)


@pytest.mark.parametrize(
    ("expression", "asks"),
    [
        ("joined >= '2026'", True),
        ("locale == 'fr' and (source)", True),
        (r"name == 'it\'s' and joined > '2026' or name == 'x'", True),
        ("name == 'joined' and fields.source == \"a source\"", False),
        ("resource", False),
    ],
)
def test_a_segment_that_names_no_consent_asks_for_none(expression: str, asks: bool) -> None:
    assert asks_for_consent(expression) is asks
