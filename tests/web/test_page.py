"""The language of a page: the reader's own, or the first that their browser asks for."""

import pytest
from starlette.requests import Request

from dispatch.model.people.subscriber import Subscriber
from dispatch.web.look import Look
from dispatch.web.page import page, words_for
from dispatch.words.catalogues import Catalogues


def asking(header: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-language", header.encode("latin-1"))]})


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9", "fr"),
        ("FR", "fr"),
        ("FR-ca;q=0.9", "fr"),
        ("de, fr;q=0.9", "fr"),
        ("en;q=0.3, fr;q=0.4", "fr"),
        ("fr;q=0, en", "en"),
        ("frr", "en"),
        ("de, *;q=0.1", "en"),
        ("en; q=0.1, fr; q=0.9", "fr"),
        ("en ;Q=0.5,FR-be ; Q=0.8", "fr"),
        ("en;q=0.2;x=1, fr;q=0.3", "fr"),
        ("fr;q=nan, en", "en"),
        ("", "en"),
        ("fr;q=high", "en"),
        (";;,,;q=1", "en"),
        ("\xe9" * 3_000, "en"),
        ("x," * 50_000 + "fr", "en"),
    ],
)
def test_the_first_language_that_we_have_is_shown(header, shown):
    assert words_for(asking(header)).locale == shown


@pytest.mark.parametrize(
    ("locale", "shown"), [("fr-CA", "fr"), ("fr_FR", "fr"), ("de", "en"), ("", "fr")]
)
def test_a_reader_is_shown_their_own(locale, shown):
    reader = Subscriber(1, "ada@example.org", locale=locale)

    assert words_for(asking("fr"), reader).locale == shown


@pytest.mark.parametrize(
    ("locale", "begin"),
    [
        ("fr", '<html lang="fr">'),
        ("pt_BR", '<html lang="pt-BR">'),
        ("ar", '<html lang="ar" dir="rtl">'),
    ],
)
def test_a_page_says_which_language_it_is_in(tmp_path, locale, begin):
    (tmp_path / f"{locale}.po").write_text("")
    words = Catalogues(tmp_path).pick([locale])

    answer = page(words, Look(), title="T", heading="H", text="")

    assert begin in answer.body.decode()
