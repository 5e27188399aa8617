import re

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.templates.segment import compile_segment

ADA = Subscriber(
    1,
    "ada@example.org",
    "Ada",
    "fr-CA",
    "Europe/Paris",
    ("IA", "Méthode"),
    "weekly",
    {"city": "Lyon"},
)


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
    ],
)
def test_a_segment_asks_about_a_subscriber(expression: str, belongs: bool) -> None:
    segment = compile_segment(expression)

    assert segment(ADA) is belongs


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
    ],
)
def test_a_segment_that_cannot_be_read_is_told(expression: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(message)):
        compile_segment(expression)


@pytest.mark.parametrize("expression", ["email.__class__", "topics < 3", "name.nosuch"])
def test_a_segment_that_cannot_be_answered_is_told(expression: str) -> None:
    segment = compile_segment(expression)

    with pytest.raises(TemplateFailed, match="segment"):
        segment(ADA)
