"""The encoding of a feed: by header, prolog, byte order mark and content, also where these lie."""

import codecs

import pytest

from dispatch.feeds.parse.document import parse

URL = "https://feeds.example/x.xml"
WORDS = "Żółw “cité” déjà"
FRENCH = "L’été “déjà” là"


def feed(title, *, prolog=""):
    label = f"<?xml version='1.0' encoding='{prolog}'?>" if prolog else ""
    return f"{label}<rss version='2.0'><channel><title>{title}</title></channel></rss>"


def title_of(body, content_type=""):
    return parse(body, url=URL, content_type=content_type).title


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "us-ascii", "utf-8"])
@pytest.mark.parametrize("prolog", ["", "windows-1252", "ISO-8859-1", "UTF-8"])
def test_utf_8_is_utf_8_whatever_its_labels_say(charset, prolog):
    body = feed(WORDS, prolog=prolog).encode()

    assert title_of(body, f'text/xml; charset="{charset}"') == WORDS
    assert title_of(body, "text/xml") == WORDS
    assert title_of(body) == WORDS


@pytest.mark.parametrize("label", ["utf-8", "us-ascii", ""])
def test_windows_1252_is_found_out_behind_a_wrong_label(label):
    body = feed(FRENCH, prolog=label).encode("windows-1252")

    assert title_of(body, f"application/xml; charset={label}") == FRENCH
    assert title_of(body) == FRENCH


@pytest.mark.parametrize("charset", ["iso-8859-2", "windows-1250"])
def test_the_header_decides_before_the_prolog(charset):
    body = feed("Żółw", prolog="windows-1251").encode(charset)

    assert title_of(body, f"application/rss+xml; charset={charset}") == "Żółw"


def test_the_prolog_decides_where_the_header_is_silent():
    body = feed("Привет", prolog="koi8-r").encode("koi8-r")

    assert title_of(body, "application/xml") == "Привет"
    assert title_of(body, "text/html") == "Привет"


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
@pytest.mark.parametrize("prolog", ["", "utf-16", "iso-8859-1"])
def test_a_byte_order_mark_is_believed(mark, charset, prolog):
    label = prolog if charset != "utf-8" or prolog != "utf-16" else "utf-8"

    assert title_of(mark + feed(WORDS, prolog=label).encode(charset)) == WORDS


def test_a_damaged_character_does_not_change_the_encoding_of_all_others():
    body = feed(f"{WORDS} X {WORDS}", prolog="utf-8").encode().replace(b"X", b"\xff")

    assert title_of(body) == f"{WORDS} \ufffd {WORDS}"


def test_a_feed_cut_off_within_a_character_keeps_its_encoding():
    item = f"<item><title>{WORDS}</title></item>"
    body = feed("T").replace("</channel>", item * 3 + "<item><title>é").encode()
    cut = body[: body.rindex("é".encode()) + 1]

    entries = parse(cut, url=URL, content_type="text/xml; charset=utf-8").entries

    assert [entry.title for entry in entries[:3]] == [WORDS] * 3


@pytest.mark.parametrize("label", ["utf-7", "x-unknown", "zip", "unicode_escape"])
def test_a_label_nobody_knows_does_not_matter(label):
    assert title_of(feed("Plain", prolog=label).encode(), f"text/xml; charset={label}") == "Plain"
