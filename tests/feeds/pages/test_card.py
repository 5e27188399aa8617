"""What a page says of itself to those who link to it."""

import pytest

from dispatch.feeds.pages.card import read_page_card
from dispatch.model.intake.feed import Image

URL = "https://blog.example/posts/one"


def card_of(head: str):
    [entry] = read_page_card(f"<html><head>{head}</head></html>".encode(), URL).entries
    return entry


def og(name: str, content: str) -> str:
    return f'<meta property="og:{name}" content="{content}">'


def test_a_page_has_a_title_a_description_and_a_picture_with_words():
    found = card_of(
        og("title", "Tom &amp; Jerry")
        + og("description", "A cat,\n  a mouse")
        + og("image", "/a.jpg")
        + og("image:alt", "A cat")
        + og("image", "/b.jpg")
    )

    assert (found.title, found.summary) == ("Tom & Jerry", "A cat, a mouse")
    assert found.image == Image("https://blog.example/a.jpg", "A cat")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("../a.png", "https://blog.example/a.png"),
        ("//cdn.example/a.png", "https://cdn.example/a.png"),
        ("/a.png?w=1&amp;h=2", "https://blog.example/a.png?w=1&h=2"),
        ("/a b.png", "https://blog.example/a%20b.png"),
    ],
)
def test_a_picture_may_be_written_in_any_way(written, meant):
    assert card_of(og("image", written)).image.url == meant


@pytest.mark.parametrize("written", ["", "javascript:alert(1)", "data:image/png;base64,AA"])
def test_what_leads_nowhere_is_no_picture(written):
    assert card_of(og("image", written)).image is None


def test_other_names_stand_for_those_that_are_missing():
    found = card_of(
        '<meta name="twitter:title" content="Theirs">'
        '<meta name="description" content="For searchers">'
        '<meta name="twitter:image" content="/t.jpg">' + og("title", " ")
    )

    assert (found.title, found.summary) == ("Theirs", "For searchers")
    assert found.image.url == "https://blog.example/t.jpg"


def test_a_page_without_any_has_none():
    found = card_of("<title>Only this</title>")

    assert (found.title, found.summary, found.image) == ("", "", None)


def test_what_is_endless_has_an_end():
    found = card_of(og("title", "word " * 700) + og("description", "x" * 3_900))

    assert len(found.title) <= 300
    assert len(found.summary) <= 1_000
