"""Texts that are plain by their type, or by the rule of their format, keep their lines."""

import os
from pathlib import Path

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import Image
from feeds.parse.test_fields import atom, entry_of, json_feed, rss

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
LINES = "00:00 Start\n02:10 Ferry"
BROKEN = "<p>00:00 Start<br>02:10 Ferry</p>"

needs_data = pytest.mark.skipif(
    not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


@pytest.mark.parametrize(
    "text",
    [
        rss(f"<description>{LINES}</description>"),
        rss(f"<media:description>{LINES}</media:description>"),
        rss(f"<media:description type='plain'>{LINES}</media:description>"),
        rss(f"<media:group><media:description>{LINES}</media:description></media:group>"),
        atom(f"<content>{LINES}</content>"),
        atom(f"<content type='text'>{LINES}</content>"),
        atom(f"<summary>{LINES}</summary>"),
        json_feed({"content_text": LINES}),
    ],
)
def test_plain_lines_stay_lines(text):
    assert entry_of(text).content == BROKEN


@pytest.mark.parametrize(
    "text",
    [
        rss(f"<description>{LINES}</description><content:encoded>&lt;p>a</content:encoded>"),
        atom(f"<summary>{LINES}</summary><content type='html'>&lt;p>a</content>"),
        rss(
            "<description>&lt;ul>&lt;li>00:00 Start&lt;/li>&lt;li>02:10 Ferry&lt;/ul></description>"
        ),
        json_feed({"summary": LINES, "content_html": "<p>a"}),
    ],
)
def test_a_list_in_a_summary_keeps_its_separators(text):
    assert entry_of(text).summary == "00:00 Start · 02:10 Ferry"


def test_markup_is_html_whatever_its_lines():
    text = rss("<description>&lt;p>one\ntwo&lt;/p></description>")

    assert entry_of(text).content == "<p>one two</p>"


def of_field(name):
    [entry] = parse((FIELD / name).read_bytes(), url="https://blog.example/feed").entries
    return entry


@needs_data
def test_lines_of_a_film_s_description_stay():
    entry = of_field("plain-lines-joined.xml")

    assert entry.content.startswith("<p>A quiet hour on the water.</p><p>00:00 Start<br>02:10")
    assert 'href="https://example.org/support"' in entry.content
    assert "00:00 Start · 02:10 The ferry" in entry.summary


@needs_data
def test_formulas_of_a_post_are_told():
    assert "is e^(kt) after t days, 1/2 of it" in of_field("mathml-dropped.xml").content


@needs_data
def test_players_of_a_post_are_linked():
    content = of_field("players-gone.xml").content

    assert 'href="https://open.spotify.com/episode/abc"' in content
    assert "▶ Google Maps</a>" in content


@needs_data
def test_the_photograph_behind_an_emoji_leads():
    image = of_field("emoji-as-lead-picture.xml").image

    assert image == Image("https://blog.example/harbour.jpg", "The harbour")


@needs_data
def test_all_late_images_of_a_post_are_there():
    content = of_field("late-images-lost.xml").content

    assert [
        name for name in ("/a.jpg", "/c.jpg", "/f-720.jpg", "/g.jpg") if name not in content
    ] == []
    assert "f-20x12" not in content
