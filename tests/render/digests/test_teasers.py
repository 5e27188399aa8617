"""Teasers of posts in templates: as text, and as HTML that is balanced and safe."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from dispatch.feeds.clean.html import clean
from dispatch.model.text.plain_text import text_of_html
from dispatch.model.text.teaser import teaser
from dispatch.render.templates.filters import teaser_filter, teaser_html_filter
from dispatch.render.templates.html_teaser import html_teaser

POST = Markup(
    '<h2>News</h2><p>See <a href="https://x.example/?a=1&amp;b=2">the <em>big</em> one</a>, '
    '1 &lt; 2 now. <a href="https://y.example/"><img src="https://x.example/i"></a>End of it.</p>'
)


def test_as_text_the_words_of_html_are_read():
    assert teaser_filter(POST, 4) == "News See the big…"
    assert teaser_filter(POST, sentences=1) == "News See the big one, 1 < 2 now."
    assert teaser_filter("1 < 2 <b>", 3) == "1 < 2…"


def test_forty_words_are_taken_where_nothing_is_said():
    assert teaser_filter("word " * 50) == "word " * 39 + "word…"


def test_as_html_links_and_emphasis_stay_and_are_closed():
    assert teaser_html_filter(POST, 4) == Markup(
        'News See <a href="https://x.example/?a=1&amp;b=2">the <em>big…</em></a>'
    )


def test_as_html_nothing_is_left_of_pictures_and_what_is_around_them():
    assert teaser_html_filter(POST).endswith("1 &lt; 2 now. End of it.")


def test_plain_text_is_escaped():
    assert teaser_html_filter("a <script>x</script>") == "a &lt;script&gt;x&lt;/script&gt;"


@pytest.mark.parametrize("link", ["javascript:x()", "data:text/html,x", "//x.example", ""])
def test_only_links_to_the_web_and_to_people_stay(link):
    assert html_teaser(f'<a href="{link}" onclick="x()">a</a>') == "a"


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in {"a", "b", "em", "del"}
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


PIECES = [
    "one ",
    "two",
    ", three.",
    " ",
    "日本語。",
    "e\u0301",
    "&amp;",
    "&lt;b&gt;",
    "<br>",
    "<p>",
]
PIECES += ["<b>", "</b>", "<em>", "</em>", "<del>", "</del>", '<a href="https://x.example/\'">']
PIECES += ["</a>", "</p>", "<img src=/x>", "<ul><li>", "<span>", "</span>", "<script>x</script>"]


@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.none() | st.integers(1, 6),
    st.none() | st.integers(1, 3),
)
def test_any_html_is_cut_as_its_text_is_and_stays_balanced(soup, words, sentences):
    content = clean(soup, base="https://blog.example/")

    short = html_teaser(content, words=words, sentences=sentences)

    balance = Balance()
    balance.feed(short)
    balance.close()
    assert balance.open == []
    assert text_of_html(short) == teaser(text_of_html(content), words=words, sentences=sentences)
    assert html_teaser(short, words=words, sentences=sentences) == short
