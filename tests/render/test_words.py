import re

import pytest

from dispatch.errors import TemplateFailed
from dispatch.render.words import pick_locale, read_words


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (("fr-CA", "en"), "fr"),
        (("FR_ca", "en"), "fr"),
        (("pt-BR", "en"), "pt-BR"),
        (("pt", "en-US"), "en"),
        (("", "en"), "en"),
        (("ja", "de"), "fr"),
        (("", ""), "fr"),
    ],
)
def test_the_nearest_language_is_picked(wanted: tuple[str, str], locale: str) -> None:
    picked = pick_locale(wanted, ["fr", "en", "pt-BR"])

    assert picked == locale


def test_words_keep_the_order_of_the_file() -> None:
    words = read_words("weekly", "fr:\n  a: un\nen:\n  a: 'one: 1'\n")

    assert words == {"fr": {"a": "un"}, "en": {"a": "one: 1"}}
    assert list(words) == ["fr", "en"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("fr:\n  a: b: c", "words.yaml:2: "),
        ("fr:\n  a: one\n  a: two", "words.yaml:"),
        ("", "words.yaml: no languages"),
        ("- fr", "words.yaml: no languages"),
        ("fr:", "words.yaml: fr: no words"),
        ("12:\n  a: b", "words.yaml: '12' is no language"),
        ("fr:\n  a: [b]", "words.yaml: fr.a: not a text"),
        ("fr:\n  a b: c", "words.yaml: fr.a b: not a name"),
    ],
)
def test_words_that_cannot_be_used_are_told(source: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(f"templates/weekly/{message}")):
        read_words("weekly", source)
