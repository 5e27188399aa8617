"""The language of a page: the reader's own, or the first that their browser asks for."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from dispatch.model.people.subscriber import Subscriber
from dispatch.web.look import Look
from dispatch.web.page import leaf, words_for
from dispatch.web.statics import Statics
from dispatch.words.catalogues import Catalogues, words_in


def asking(header: str, query: str = "", method: str = "GET") -> Request:
    headers = [(b"accept-language", header.encode("latin-1"))]
    scope = {"type": "http", "method": method, "path": "/", "headers": headers}
    request = Request(scope | {"query_string": query.encode(), "app": Starlette()})
    request.app.state.base, request.app.state.statics = "", Statics()
    return request


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

    assert begin in shown(asking(""), words)


@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("lang=fr", "fr"),
        ("lang=FR", "fr"),
        ("lang=fr-CA", "fr"),
        ("lang=fr_CA&x=1", "fr"),
        ("lang=en", "en"),
        ("lang=frr", ""),
        ("lang=", ""),
        ("lang=*", ""),
        ("lang=%00%ff", ""),
        ("lang=" + "fr" * 50_000, ""),
        ("Lang=fr", ""),
        ("", ""),
    ],
)
def test_the_address_decides_about_the_language_before_all_else(query, tag):
    locale = "en" if tag == "fr" else "fr"
    reader = Subscriber(1, "ada@example.org", locale=locale)

    assert words_for(asking(locale, query), reader).tag == (tag or locale)


def test_a_page_leads_to_itself_in_the_other_languages_and_keeps_what_its_address_says():
    html = shown(asking("", "page=2&lang=en&q=%22%3E"), words_in("en"))

    assert '<a href="?page=2&amp;q=%22%3E&amp;lang=fr" lang="fr" hreflang="fr">Français</a>' in html
    assert ">English</a>" not in html


def test_a_query_that_none_of_ours_has_is_left_out():
    assert 'href="?lang=fr"' in shown(asking("", "a=" + "b" * 1_000), words_in("en"))


def test_the_answer_to_what_was_posted_does_not():
    assert "hreflang" not in shown(asking("", "lang=en", "POST"), words_in("en"))


@pytest.mark.parametrize(
    ("query", "address", "expected"),
    [
        ("", "/a", "/a"),
        ("lang=fr", "/a", "/a?lang=fr"),
        ("lang=fr", "https://x.example/a?b=1#c", "https://x.example/a?b=1&amp;lang=fr#c"),
        ("lang=xx", "/a", "/a"),
    ],
)
def test_the_pages_behind_its_links_are_in_the_language_that_was_asked_for(
    query, address, expected
):
    html = shown(asking("", query), words_in("en"), links=[(address, "there")])

    assert f'<a href="{expected}">there</a>' in html


def test_a_page_that_a_proxy_may_carry_says_so_and_others_do_not():
    words, said = words_in("en"), {"title": "T", "heading": "H", "text": "", "links": ()}
    look = Look(logo="https://logos.example/a.png")
    public = leaf(asking(""), "said.html", words, look=look, public=True, **said)
    private = leaf(asking(""), "said.html", words, look=look, headers={"ETag": '"1"'}, **said)

    assert public.headers["Cache-Control"].startswith("public")
    assert public.headers["Vary"] == "Accept-Language"
    assert "X-Robots-Tag" not in public.headers
    assert "img-src 'self' data: https:;" in public.headers["Content-Security-Policy"]
    assert private.headers["Cache-Control"] == "no-store"
    assert private.headers["ETag"] == '"1"'
    assert (
        "img-src 'self' data: https://logos.example;"
        in (private.headers["Content-Security-Policy"])
    )
    for answer in (public, private):
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def shown(request, words, links=()) -> str:
    said = {"title": "T", "heading": "H", "text": "", "links": links}
    return leaf(request, "said.html", words, look=Look(), **said).body.decode()
