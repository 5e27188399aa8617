"""What is found in the head of a page, however it is written."""

import time

import pytest

from dispatch.feeds.pages.head import OfferedFeed, decode, feeds_of_header, read_head

HERE = "https://blog.example/posts/"


def head(*lines):
    return read_head("<!doctype html><html><head>" + "\n".join(lines), url=HERE)


def test_finds_the_feeds_that_a_page_offers():
    found = head(
        '<link rel="stylesheet" href="style.css">',
        '<LINK HREF="/feed/" TYPE="application/rss+xml" REL="Alternate home"',
        ' TITLE="Blog &raquo; Feed">',
        "<link rel=alternate type='application/atom+xml' title='a > b' href=atom.xml>",
        '<link rel="alternate" type="application/feed+json; charset=utf-8" href="//cdn.example/f">',
        '<link rel="alternate" hreflang="fr" href="/fr/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">',
    )

    assert found.feeds == (
        OfferedFeed("https://blog.example/feed/", "Blog » Feed", "RSS"),
        OfferedFeed("https://blog.example/posts/atom.xml", "a > b", "Atom"),
        OfferedFeed("https://cdn.example/f", "", "JSON Feed"),
    )


def test_reads_addresses_from_the_pages_base():
    found = head(
        '<base href="https://other.example/x/">',
        '<link rel="alternate" type="application/rss+xml" href="feed">',
        '<meta property="og:image" content="big.jpg">',
    )

    assert found.feeds[0].url == "https://other.example/x/feed"
    assert found.images == ("https://other.example/x/big.jpg",)


def test_passes_over_comments_scripts_and_what_leads_nowhere():
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'

    found = head(
        f"<!-- {link.format('/old')} -->",
        f"<script>x = '{link.format('/script')}'</script>",
        link.format("javascript:alert(1)"),
        link.format(""),
        link.format("/feed"),
        link.format("/feed"),
    )

    assert [feed.url for feed in found.feeds] == ["https://blog.example/feed"]


def test_prefers_the_picture_that_is_meant_for_links():
    found = head(
        '<meta name="twitter:image" content="/small.jpg">',
        '<meta property="og:image" content="/big.jpg?a=1&amp;b=2">',
        '<meta property="og:image" content="data:image/png;base64,AAAA">',
    )

    assert found.images == (
        "https://blog.example/big.jpg?a=1&b=2",
        "https://blog.example/small.jpg",
    )


def test_reads_the_header_that_says_the_same():
    header = (
        '</style.css>; rel=preload, </feed.xml>; rel="alternate"; type="application/rss+xml"; '
        'title="News, daily", <https://x.example/a>; rel=alternate; type=text/html'
    )

    found = feeds_of_header(header, url=HERE)

    assert found == (OfferedFeed("https://blog.example/feed.xml", "News, daily", "RSS"),)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é".encode(), ""),
        ("é".encode("utf-16"), "text/html; charset=latin-1"),
        ("é".encode("cp1252"), "text/html"),
        ("é".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (b'<meta charset="mac_roman">\x8e', "text/html; charset=zlib"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">\xd1', ""),
    ],
)
def test_reads_pages_in_the_encoding_they_are_in(body, content_type):
    assert decode(body, content_type)[-1] in "éя"


@pytest.mark.parametrize(
    "piece", ["<link ", '<link "', "<!--", "<script", "<link '<link \"", '<meta a="', "<link a=b "]
)
def test_a_hostile_page_takes_no_longer_than_its_size(piece):
    page = piece * (2_000_000 // len(piece))
    begun = time.process_time()

    found = read_head(page, url=HERE)

    assert found.feeds == ()
    assert time.process_time() - begun < 3
