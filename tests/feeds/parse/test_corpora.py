"""Feeds that nobody here wrote: read, or refused with a sentence; never anything else."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import FeedError
from dispatch.feeds.parse.document import parse
from feeds.feed_server import reply

DATA = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data")
HEADER = re.compile(rb"Header:\s*([\w-]+):[ \t]*([^\r\n]*)")
SENTENCE = re.compile(r"\S+: [^\n]+ - [^\n]+")
GROUPS = {  # folder: how many files it has at least
    "feeds-feedparser/encoding": 80,
    "feeds-feedparser/entities": 250,
    "feeds-feedparser/illformed": 15,
    "feeds-feedparser/json": 1,
    "feeds-feedparser/wellformed": 1_700,
    "feeds-jsonfeed": 35,
}
HEAVY = "feeds-feedparser/wellformed"  # split up, so that several processes share it


def folders():
    for group in GROUPS:
        inner = sorted(path for path in (DATA / group).glob("*") if path.is_dir())
        yield from (f"{group}/{path.name}" for path in inner) if group == HEAVY else [group]


def headers_of(body):
    # The comment at the top may be in any encoding; without its zero bytes UTF-16 reads as ASCII.
    found = HEADER.findall(body[:4_000].replace(b"\x00", b""))
    return {name.decode(): value.decode("latin-1").strip() for name, value in found}


def type_of(body):
    return next((v for name, v in headers_of(body).items() if name.lower() == "content-type"), "")


def outcome(read):
    """The document, or the sentence with which it was refused."""
    try:
        return read()
    except FeedError as refused:
        return str(refused)


def refusal(body, content_type=""):
    """The sentence with which bytes are refused; None if they are read."""
    result = outcome(lambda: parse(body, url="https://feeds.example/x", content_type=content_type))
    return result if isinstance(result, str) else None


def is_fine(result):
    return not isinstance(result, str) or SENTENCE.fullmatch(result)


needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


@needs_data
@pytest.mark.parametrize("folder", list(folders()))
def test_every_file_is_read_or_refused_with_a_sentence(get, server, folder):
    files = [path for path in sorted((DATA / folder).rglob("*")) if path.is_file()]
    bodies = {f"/{number}": path.read_bytes() for number, path in enumerate(files)}
    for path, body in bodies.items():
        server.on(path, lambda handler, b=body: reply(handler, b, headers=headers_of(b)))

    answers = {path: get(server.url(path)) for path in bodies}
    first = {path: outcome(lambda a=answer: read(a)) for path, answer in answers.items()}
    again = {path: outcome(lambda a=answer: read(a)) for path, answer in answers.items()}

    assert first
    assert [result for result in first.values() if not is_fine(result)] == []
    assert first == again


def read(answer):
    return parse(answer.body, url=answer.url, content_type=answer.content_type)


@needs_data
def test_the_corpora_are_whole_and_mostly_feeds():
    for group, at_least in GROUPS.items():
        files = [path for path in (DATA / group).rglob("*") if path.suffix in {".xml", ".json"}]
        bodies = {path.name: path.read_bytes() for path in files}
        refused = [name for name, body in bodies.items() if refusal(body, type_of(body))]

        assert len(files) >= at_least
        assert len(refused) <= len(files) / 10, refused


START = [b"", b"<rss version='2.0'><channel><item>", b"<feed xmlns='http://www.w3.org/2005/Atom'>"]
START += [
    b'{"items": [',
    b"<html>",
    b"\xff\xfe<\x00",
    b"<?xml version='1.0' encoding='utf-7'?><rss>",
]


@given(
    st.sampled_from(START), st.binary(max_size=200), st.sampled_from(["", "text/xml; charset=x"])
)
@settings(max_examples=100)
def test_any_bytes_are_a_feed_or_refused_with_a_sentence(start, body, content_type):
    assert is_fine(refusal(start + body, content_type))


PARTS = [b"<item>", b"</item>", b"<title>", b"<link>", b"&#xD800;", b"&#99999999999;", b"&lt;"]
PARTS += [b"<![CDATA[", b"]]>", b"<pubDate>", b"x", b"<author>", b"<image>", b"<!ENTITY"]
PARTS += [b"<a:b xmlns:a='u' c='d'/>"]
PARTS += [
    b"]]>",
    b"<pubDate>",
    b"x",
    b"<author>",
    b"<image>",
    b"<a:b xmlns:a='u' c='d'/>",
    b"<!ENTITY",
]
PARTS += [b"<width>", b"<media:rating>", b"<content type='x'>", b"<description>", b"<updated>9999"]


@given(st.lists(st.sampled_from(PARTS), max_size=20).map(b"".join))
@settings(max_examples=100)
def test_any_soup_of_elements_is_a_feed_or_refused_with_a_sentence(soup):
    assert is_fine(refusal(b"<rss version='2.0'><channel>" + soup))


KEYS = ["id", "url", "title", "content_html", "authors", "author", "name", "tags", "attachments"]
MORE_KEYS = ["image", "date_published", "language", "mime_type", "summary", "home_page_url"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*KEYS, *MORE_KEYS]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3), JSON)
@settings(max_examples=80)
def test_any_json_is_a_feed_whatever_its_types(items, feed):
    members = {**(feed if isinstance(feed, dict) else {}), "items": items}

    document = parse(json.dumps(members).encode(), url="https://feeds.example/x")

    assert len(document.entries) + len(document.skipped) == len(items)
