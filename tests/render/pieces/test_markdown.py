"""Markdown of the team: what it becomes, and what it never becomes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model.editions.piece import MOST_WORDS
from dispatch.model.text.nesting import is_deeper
from dispatch.render.pieces.markdown import (
    DEEPEST,
    first_words,
    html_of,
    named_html,
    named_plain,
    plain_of,
    word_count,
)
from dispatch.render.pieces.names import ReadersName, named_line

TEXT = """\
# Friends

Some **bold** and *slanted* words\\
on two lines, [a place](https://example.org/a?b=1&c=2 "title").

- one
- two
  1. inner
- three

> They said
> > that.
"""


def test_gives_what_a_text_may_hold_as_html():
    assert html_of(TEXT) == (
        "<h3>Friends</h3><p>Some <strong>bold</strong> and <em>slanted</em> words<br>on two lines, "
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener">a place</a>.</p>'
        "<ul><li>one</li><li>two<ol><li>inner</li></ol></li><li>three</li></ul>"
        "<blockquote><p>They said</p><blockquote><p>that.</p></blockquote></blockquote>"
    )


def test_gives_it_as_plain_text():
    assert plain_of(TEXT) == (
        "Friends\n\nSome bold and slanted words\n"
        "on two lines, a place (https://example.org/a?b=1&c=2).\n\n"
        "- one\n- two\n  1. inner\n- three\n\n> They said\n>\n> > that."
    )


def test_breaks_lines_of_plain_text_between_words_and_never_an_address():
    address = "https://example.org/" + "long-" * 30

    lines = plain_of(f"{'word ' * 30}<{address}>").splitlines()

    assert lines[-1] == address
    assert max(map(len, lines[:-1])) <= 72
    assert plain_of("word " * 30, width=0) == ("word " * 30).strip()


@pytest.mark.parametrize(
    "written",
    [
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "[press](javascript:alert(1))",
        "[press](data:text/html,x)",
        "[press](//example.org)",
        "[press](https://xn--a)",
        "<https://a:99999>",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\ncode\n```",
        "`code`",
        "~~gone~~",
        "{{ subscriber.email }}",
        "{{ subscriber.name | upper }}",
        "{% raw %}",
        "---",
        "[a]: https://example.org",
    ],
)
def test_shows_anything_else_as_it_is_written(written):
    shown = html_of(written)

    assert set(re.findall(r"<[^>]*>", shown)) <= {"<p>", "</p>", "<br>"}
    assert plain_of(written) == written


@pytest.mark.parametrize("nothing", ["#", "- ", "1.", ">", "> - #", "#\n\n##\n\n-\n- "])
def test_leaves_out_headings_items_and_quotations_that_say_nothing(nothing):
    assert html_of(f"{nothing}\n\nwords") == "<p>words</p>"
    assert html_of(nothing) == plain_of(nothing) == ""


def test_a_link_without_a_label_shows_where_it_leads():
    shown = html_of("[](https://a.example/) [](mailto:a@b.c)")

    assert shown == (
        '<p><a href="https://a.example/" rel="noopener">https://a.example/</a> '
        '<a href="mailto:a@b.c" rel="noopener">a@b.c</a></p>'
    )


def test_shows_no_picture_but_leads_to_it():
    assert "<img" not in html_of("![A sea](https://example.org/sea.png)")
    assert 'href="https://example.org/sea.png"' in html_of("![A sea](https://example.org/sea.png)")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("{{ subscriber.name }}", ReadersName()),
        ("{{subscriber.name}}", ReadersName()),
        ('{{ subscriber.name or "friend" }}', ReadersName("friend")),
        ("{{ subscriber.name or 'dear *friend*' }}", ReadersName("dear *friend*")),
    ],
)
def test_finds_the_readers_name_and_what_is_said_to_who_has_none(written, name):
    text = f"Dear **{written}**, come!"

    assert named_html(text) == ("<p>Dear <strong>", name, "</strong>, come!</p>")
    assert named_plain(text) == ("Dear ", name, ", come!")
    assert named_line(f"Dear {written}") == ("Dear ", name)
    assert plain_of(text) == f"Dear {name.fallback}, come!"


def test_escapes_what_is_said_to_who_has_no_name():
    assert html_of('{{ subscriber.name or "<b> & you" }}') == "<p>&lt;b&gt; &amp; you</p>"


def test_takes_no_mark_of_its_own_from_a_text():
    assert plain_of("a\ufdd00\ufdd1 {{ subscriber.name or 'b' }}") == "a0 b"


def test_says_how_it_begins_and_how_many_words_it_has():
    assert first_words(TEXT, 6) == "Friends Some bold and slanted words…"
    assert word_count("**Come** to [us](https://example.org), on 24 May – all") == 7
    assert word_count("日本語 です") == 5


def test_shows_what_is_too_deep_as_it_is_written():
    deep = "> " * 60 + "words"

    assert html_of(deep) == f"<p>{'&gt; ' * 60}words</p>"
    assert "words" in html_of("\n".join("  " * deep + "- words" for deep in range(60)))


def test_reads_no_more_than_a_text_may_have():
    assert len(plain_of("word " * 100_000)) <= MOST_WORDS


@settings(max_examples=60)
@given(st.text(alphabet="*_[]()<>{}!`#->\\1. \n\tab&;\u202eא\ufdd0", max_size=200))
def test_never_gives_anything_but_safe_balanced_html_on_one_line(text):
    html = html_of(text)

    assert "\n" not in html
    tags = re.findall(r"<(/?)([a-z0-9]+)[^<>]*>", html)
    opened = [tag for end, tag in tags if not end and tag != "br"]
    assert sorted(opened) == sorted(tag for end, tag in tags if end)
    assert set(opened) <= {"a", "blockquote", "em", "h3", "h4", "li", "ol", "p", "strong", "ul"}
    assert re.sub(r"<[^<>]*>", "", html).count("<") == 0
    assert not is_deeper(html, DEEPEST + 10)
    plain_of(text)


@pytest.mark.parametrize("sign", ["[", "!["])
def test_ends_soon_whatever_is_opened_and_never_closed(sign):
    assert html_of(sign * 2_000).startswith("<p>[" if sign == "[" else "<p>!")


@pytest.mark.parametrize("label", ["", " ", "&nbsp;", "\u200b", "\n"])
def test_a_link_whose_label_nobody_sees_shows_where_it_leads(label):
    said = f"[{label}](https://example.org/)"

    assert ">https://example.org/" in html_of(said)
    assert plain_of(said) == "https://example.org/"
