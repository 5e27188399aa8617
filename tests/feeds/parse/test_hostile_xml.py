"""XML that is broken or wants to do harm."""

import time

import pytest

from dispatch.errors import FeedUnreadable
from dispatch.feeds.parse.document import parse
from feeds.feed_server import FeedServer

URL = "https://feeds.example/x.xml"
ITEM = "<rss version='2.0'><channel><title>B</title><item><title>{}</title></item></channel></rss>"


def title_of(doctype, words):
    [entry] = parse(f"{doctype}{ITEM.format(words)}".encode(), url=URL).entries
    return entry.title


def test_a_file_is_never_read_into_a_feed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'

    assert "s3cret" not in title_of(doctype, "A &x; b")
    assert "root:" not in title_of(doctype.replace(secret.as_uri(), "file:///etc/passwd"), "A &x;")


def test_a_feed_makes_us_fetch_nothing(server: FeedServer):
    dtd = server.gives(b'<!ENTITY x "fetched">', "/x.dtd")
    doctypes = [
        f'<!DOCTYPE rss SYSTEM "{dtd}">',
        f'<!DOCTYPE rss PUBLIC "-//x//y" "{dtd}">',
        f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{dtd}"> %p;]>',
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{dtd}">]>',
        f'<?xml-stylesheet href="{dtd}"?>',
    ]

    titles = [title_of(doctype, "A &x; b") for doctype in doctypes]

    assert not any("fetched" in title for title in titles)
    assert server.requests == []


@pytest.mark.parametrize("kind", ["<!ENTITY {} '{}'>", '<!ENTITY {} "<b>{}</b>">'])
def test_entities_do_not_multiply(kind):
    levels = "".join(kind.format(f"x{n}", f"&x{n - 1};" * 10) for n in range(1, 12))
    doctype = f"<!DOCTYPE rss [<!ENTITY x0 'boom'>{levels}]>"

    began = time.process_time()
    title = title_of(doctype, "&x11;")

    assert len(title) < 100
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            b"<rss version='2.0'>\n<channel",
            "broken in line 2, column 1, in <rss>: it ends too early",
        ),
        (
            b"<rss version='2.0'><channel>\n<title>Tea & Toast</title>",
            "broken in line 2, column 13, in <title>: a character that may not stand there",
        ),
        (
            b"<?xml version='1.0' encoding='latin1'?>\n<feed version='0.3'><title>\xe9</tit>",
            "broken in line 2, column 31, in <title>: an element is not closed",
        ),
        (
            "<rss version='2.0'><channel><a>é</b>".encode("utf-16"),
            "broken in line 1, column 35, in <a>: an element is not closed",
        ),
        (b"<x><y></x>", "this is XML, but not a feed, and broken in line 1, column 9, in <y>"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_broken_and_where(body, problem):
    with pytest.raises(FeedUnreadable) as caught:
        parse(body, url=URL)

    assert problem in str(caught.value)


def test_what_can_be_read_of_a_broken_feed_is_read_and_the_flaw_told():
    body = ITEM.format("Tea &nbsp; Toast").encode()

    document = parse(body, url=URL)

    [sentence] = document.skipped
    assert [entry.title for entry in document.entries] == ["Tea \u00a0 Toast"]
    assert sentence == (
        "broken in line 1, column 62, in <title>: a name such as &nbsp; that XML does not know; "
        "what can be read is kept - tell the feed's owner"
    )


def test_a_broken_feed_that_is_whole_may_have_no_entries_yet():
    body = b"<rss version='2.0'><channel><title>Tea & Toast</title></channel></rss>"

    document = parse(body, url=URL)

    assert (document.title, document.entries) == ("Tea & Toast", ())
    assert document.skipped[0].startswith("broken in line 1, column 41, in <title>")


def test_the_element_is_named_as_its_author_wrote_it():
    body = (
        b"<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        b"<item><title>T</title><content:encoded>a < b</content:encoded></item></channel></rss>"
    )

    document = parse(body, url=URL)

    assert "in <content:encoded>: a character that may not stand there" in document.skipped[0]
