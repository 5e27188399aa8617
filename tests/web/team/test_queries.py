"""What a list is narrowed to goes from page to page in its address, whatever signs are in it."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

import dispatch.web
from dispatch.web.team.queries import with_query

PAGES = Path(dispatch.web.__file__).parent / "pages/team"


@pytest.mark.parametrize("text", ["a&b=c", "#1 + 1?", "100 %", "été", "https://a.example/?b=c"])
def test_what_is_asked_comes_back_as_it_was(text):
    address = with_query("/team/posts", {"q": text, "feed": ""}, before=7, after=0)

    parts = urlsplit(address)
    assert (parts.path, parts.fragment) == ("/team/posts", "")
    assert parse_qsl(parts.query) == [("q", text), ("before", "7")]


def test_no_page_puts_a_query_together_by_hand():
    by_hand = [
        path.name for path in PAGES.rglob("*.html") if "urlencode" in path.read_text("utf-8")
    ]

    assert by_hand == []
