"""What users of other tools have run into: the smallest documents that show it, and their like."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.errors import FeedUnreadable
from dispatch.feeds.parse.document import parse
from feeds.parse.test_fields import json_feed, rss

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
URL = "https://feeds.example/x.xml"
FILE = "https://media.example/e.mp3"

needs_data = pytest.mark.skipif(
    not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


def entries_of(text, url=URL):
    return parse(text if isinstance(text, bytes) else text.encode(), url=url).entries


def item(elements):
    """A feed of one item of which only these elements are known."""
    return rss().replace("<item><title>T</title></item>", f"<item>{elements}</item>")


@needs_data
@pytest.mark.parametrize(
    ("name", "field", "values"),
    [
        ("2-mailto-author.xml", "authors", [("Rael Dornfest",)]),
        ("3-origlink.xml", "link", ["https://blog.example/a"]),
        (
            "4-title-with-tag-names.xml",
            "title",
            ["The <canvas> element and <b> too", "Why I use <b> and not <strong>"],
        ),
        ("date-invented.xml", "published", [datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)]),
        ("entities-in-topics-and-authors.xml", "topics", [("Arts & Culture",)]),
        ("entities-in-topics-and-authors.xml", "authors", [("Tom & Ana",)]),
        ("podcast-without-link.xml", "link", ["https://media.example/ep12.mp3"]),
        (
            "untitled-told-twice.xml",
            "title",
            [
                "Saw the first snow of the year on the hills behind the town this morning, and…",
                "Short note.",
                "A cat on a wall",
            ],
        ),
    ],
)
def test_a_document_from_the_field_gives_what_its_author_meant(name, field, values):
    assert [getattr(one, field) for one in entries_of((FIELD / name).read_bytes())] == values


@needs_data
def test_a_list_of_feeds_is_called_one_and_not_a_page():
    with pytest.raises(FeedUnreadable, match=r"list of feeds \(OPML\).*dispatch feeds import"):
        parse((FIELD / "6-opml-as-feed.xml").read_bytes(), url=URL)


@pytest.mark.parametrize(
    "start",
    [
        "<opml>",
        "\n<OPML version='1.0'>",
        "<?xml version='1.0'?><!-- mine --><opml version='2.0'>",
        "<?xml version='1.0'?>\n<?xml-stylesheet href='x'?>\n<opml version='2.0'>",
        "<!DOCTYPE opml><opml version='1.1'>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_of_feeds_is_known_however_it_begins(start, encoding):
    body = f"{start}<head/><body><outline text='a'/></body></opml>".encode(encoding)

    with pytest.raises(FeedUnreadable, match="list of feeds"):
        parse(body, url=URL)


@pytest.mark.parametrize(
    ("elements", "link"),
    [
        ("<guid>4de55c72-aa</guid>", ""),
        ("<guid>12</guid>", ""),
        ("<guid isPermaLink='true'>/p/1</guid>", ""),
        ("<guid>tag:b.example,2026:1</guid>", ""),
        ("<guid>https://b.example/1</guid>", "https://b.example/1"),
        ("<guid>1</guid><link>/p/1</link>", "https://b.example/p/1"),
        ("<guid>p</guid><link>p</link>", "https://b.example/p"),
        (f"<guid>1</guid><enclosure url='{FILE}' type='audio/mpeg'/>", FILE),
        (f"<guid>1</guid><enclosure url='{FILE}'/>", FILE),
        (f"<guid>1</guid><media:content url='{FILE}' type='audio/mpeg'/>", FILE),
        (f"<link>https://b.example/p</link><enclosure url='{FILE}'/>", "https://b.example/p"),
        ("<guid>1</guid><enclosure url='/i.jpg' type='image/jpeg'/>", ""),
        ("<guid>1</guid><enclosure url='javascript:x()' type='audio/mpeg'/>", ""),
    ],
)
def test_where_a_post_leads(elements, link):
    [entry] = entries_of(item(elements))

    assert entry.link == link
    assert entry.link_is_file is (link == FILE)


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("not a URL", "https://feeds.example/~r/1"),
        ("http://not a host/p", "https://feeds.example/~r/1"),
        ("/relative", "https://feeds.example/~r/1"),
        ("https://", "https://feeds.example/~r/1"),
        ("javascript:x()", "https://feeds.example/~r/1"),
        (" https://b.example/p ", "https://b.example/p"),
    ],
)
def test_a_link_that_is_none_never_beats_a_good_one(given, link):
    elements = "<link>https://feeds.example/~r/1</link>"
    elements += f"<feedburner:origLink>{given}</feedburner:origLink>"

    [entry] = entries_of(item(elements))

    assert entry.link == link


@pytest.mark.parametrize(
    ("members", "link"),
    [
        ({"id": "https://b.example/1"}, "https://b.example/1"),
        ({"id": "1"}, ""),
        ({"id": "1", "attachments": [{"url": FILE, "mime_type": "audio/mpeg"}]}, FILE),
        ({"id": "1", "attachments": [{"url": "/i.png", "mime_type": "image/png"}]}, ""),
    ],
)
def test_where_a_post_of_a_json_feed_leads(members, link):
    [entry] = entries_of(json_feed(members))

    assert entry.link == link


@pytest.mark.parametrize(
    ("elements", "title"),
    [
        ("<guid>1</guid><description>Some words.</description>", "Some words."),
        (
            (
                "<guid>1</guid><description>&lt;p>Soup. [&amp;#8230;]&lt;/p>&lt;p>The post A "
                "appeared first on B.&lt;/p></description>"
            ),
            "Soup.",
        ),
        ("<guid>1</guid><description>&lt;img src='/a.jpg' alt='A cat'></description>", "A cat"),
        (
            (
                "<guid>1</guid><description>&lt;img src='/a.jpg' alt='A cat'></description>"
                "<media:content url='/a.jpg' medium='image'/>"
            ),
            "A cat",
        ),
        ("<link>/p/1</link><description>&lt;img src='/a.jpg'></description>", "b.example/p/1"),
        ("<guid>1</guid>", "1"),
    ],
)
def test_what_has_no_title_is_called_by_its_text_its_picture_or_its_address(elements, title):
    [entry] = entries_of(item(elements))

    assert entry.title == title


@pytest.mark.parametrize(
    "text",
    [
        rss(
            "<googleplay:author xmlns:googleplay='http://www.google.com/schemas/play-podcasts/1.0'>"
            "Ada</googleplay:author>"
        ),
        rss(
            feed="<googleplay:author xmlns:googleplay="
            "'http://www.google.com/schemas/play-podcasts/1.0'>Ada</googleplay:author>"
        ),
        rss("<dc:creator>Ada (mailto:ada@b.example)</dc:creator>"),
        rss("<dc:creator><![CDATA[<b>Ada</b>]]></dc:creator>"),
        json_feed({"authors": {"name": "Ada"}}),
        json_feed(authors={"name": "Ada <ada@b.example>"}),
    ],
)
def test_who_wrote_it(text):
    [entry] = entries_of(text)

    assert entry.authors == ("Ada",)


def test_topics_and_the_names_of_feeds_are_read_as_titles_are():
    text = rss("<category>R&amp;amp;D</category><category>&lt;i>Arts&lt;/i></category>")
    tags = json.loads(json_feed({"tags": ["R&amp;D"]}, title="A <b>bold</b> feed"))

    assert entries_of(text)[0].topics == ("R&D", "Arts")
    document = parse(json.dumps(tags).encode(), url=URL)
    assert (document.title, document.entries[0].topics) == ("A bold feed", ("R&D",))
