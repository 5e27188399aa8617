"""Pairs: a sample, and what it should become."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.errors import FeedUnreadable
from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import Entry, FeedDocument, Image

SAMPLES = Path(__file__).parents[1] / "samples"
URL = "https://feeds.example/x.xml"


def sample(name):
    return parse((SAMPLES / name).read_bytes(), url=URL)


def rss(items, *, link="https://blog.example/"):
    start = f"<rss version='2.0'><channel><title>B</title><link>{link}</link>"
    return f"{start}{items}</channel></rss>".encode()


def test_rss_with_everything():
    document = sample("everything.rss")

    assert document == FeedDocument(
        title="Tea & Toast",
        link="https://tea.example/",
        language="en-GB",
        entries=(
            Entry(
                guid="tea-1",
                link="https://tea.example/posts/butter?a=1&b=2",
                title="Butter & jam",
                position=0,
                summary="Short and sweet.",
                content='<p>Long.<img src="https://tea.example/img/jam.jpg" '
                'alt="Jam &quot;jar&quot;"></p>',
                authors=("Ada Byron",),
                topics=("Bread",),
                image=Image("https://tea.example/img/jam.jpg", 'Jam "jar"'),
                language="en-GB",
                published=datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
                updated=datetime(2026, 11, 21, 10, tzinfo=UTC),
            ),
            Entry(
                guid="",
                link="",
                title="Only a description, which has to do for a title as well.",
                position=1,
                summary="Only a description, which has to do for a title as well.",
                content="Only a description, which has to do for a title as well.",
                image=Image("https://tea.example/cup.png"),
                language="en-GB",
            ),
            Entry(
                guid="https://tea.example/posts/3",
                link="",
                title="https://tea.example/posts/3",
                position=3,
                language="en-GB",
            ),
        ),
        skipped=("entry 3: left out, it has no guid, link or title - tell the feed's owner",),
    )


def test_atom_with_bases_and_languages():
    document = sample("bases.atom")

    assert document == FeedDocument(
        title="Sol & mar",
        link="https://sol.example/blog/",
        language="pt-BR",
        entries=(
            Entry(
                guid="urn:x:1",
                link="https://sol.example/blog/um.html",
                title="2 < 3 &amp; 4",
                position=0,
                content='<p>Veja <a href="https://sol.example/blog/fotos/a.html" rel="noopener">'
                "isto</a>.</p>",
                authors=("Lia Prado",),
                topics=("O mar",),
                image=Image("https://sol.example/blog/um.webp", "Onda"),
                language="pt-BR",
                published=datetime(2026, 11, 1, 3, tzinfo=UTC),
                updated=datetime(2026, 11, 1, 3, tzinfo=UTC),
            ),
            Entry(
                guid="urn:x:2",
                link="",
                title="Plain",
                position=1,
                content="<p>a &lt;b&gt; c</p><p>second line</p>",
                authors=("Lia Prado",),
                language="en",
            ),
        ),
    )


def test_rdf_in_latin_1():
    document = sample("old.rdf")

    assert document == FeedDocument(
        title="Vieux café",
        link="https://vieux.example/",
        entries=(
            Entry(
                guid="https://vieux.example/1",
                link="https://vieux.example/1",
                title="Premier",
                position=0,
                summary="Tout va bien.",
                content="Tout va bien.",
                published=datetime(2026, 10, 1, 10, tzinfo=UTC),
                updated=datetime(2026, 10, 1, 10, tzinfo=UTC),
            ),
        ),
    )


def test_json_with_wrong_types():
    document = sample("wrong-types.json")

    assert document == FeedDocument(
        title="",
        link="https://json.example/",
        language="en",
        entries=(
            Entry(
                guid="12",
                link="https://json.example/twelve",
                title="Twelve &amp; more",
                position=0,
                content="<p>One &lt; two.</p><p>Next.</p>",
                authors=("Grace",),
                topics=("a", "b"),
                image=Image("https://json.example/i.png"),
                language="en",
                published=datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
            ),
            Entry(
                guid="",
                link="https://json.example/5",
                title="json.example/5",
                position=2,
                authors=("Grace",),
                language="en",
            ),
            Entry(
                guid="xy",
                link="https://else.example/",
                title="Hello",
                position=3,
                content='<p>Hello<img src="https://json.example/p.png" alt="P"></p>',
                authors=("Old",),
                image=Image("https://json.example/p.png", "P"),
                language="en",
            ),
        ),
        skipped=("entry 2: left out, it has no guid, link or title - tell the feed's owner",),
    )


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
        b'\xef\xbb\xbf\n{"version": "https://jsonfeed.org/version/1", "items": []}',
    ],
)
def test_a_feed_without_entries_is_a_feed(body):
    assert parse(body, url=URL).entries == ()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the answer is empty"),
        (b" \n\xef\xbb\xbf"[:2], "the answer is empty"),
        (b"\xef\xbb\xbf  ", "the answer is empty"),
        (b"<!DOCTYPE html><html><p>Hello", "not a feed - try 'dispatch feeds find"),
        (b"<!-- a --> <html><head><link></head></html>", "this is a web page"),
        (b"Hello", "this is not a feed - check"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "this is not a feed"),
        (b"<sitemapindex><loc>x</loc></sitemapindex>", "this is XML, but not a feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "broken or cut off near"),
        (b'{"items": {"a": 1}}', "this is JSON, but not a JSON Feed"),
        (b"[1, 2]", "this is JSON, but not a JSON Feed"),
        (b"[" * 200_000, "broken or cut off"),
        (b"<!-- -->" * 240 + b"<x>", "this is XML, but not a feed"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(body, problem):
    with pytest.raises(FeedUnreadable, match=problem) as caught:
        parse(body, url="https://ada:s3cret@feeds.example/x.xml")

    assert str(caught.value).startswith("https://feeds.example/x.xml: ")


def test_a_feed_that_is_cut_off_gives_the_entries_before_the_cut():
    whole = rss("<item><title>One</title></item><item><title>Two</title></item><item><tit")

    document = parse(whole[: whole.index(b"<tit</") + 4], url=URL)

    assert [entry.title for entry in document.entries] == ["One", "Two"]


def test_only_the_first_thousand_entries_are_read():
    many = "".join(f"<item><guid>{number}</guid></item>" for number in range(1_002))

    document = parse(rss(many), url=URL)

    assert len(document.entries) == 1_000
    assert document.skipped == ("only the first 1000 of 1002 entries were read",)


def test_what_is_too_long_is_shortened_and_a_guid_stays_itself():
    item = "<item><guid isPermaLink='false'>{0}</guid><title>{1}</title></item>"
    items = item.format("g" * 900, "word " * 900) + item.format("g" * 901, "w" * 9_000)

    first, second = parse(rss(items), url=URL).entries

    assert first.guid.startswith("sha256:")
    assert first.guid != second.guid
    assert max(len(first.title), len(second.title)) <= 300


def test_a_title_is_one_line_without_characters_that_turn_or_control():
    [entry] = parse(rss("<item><title>a&#10;b \u202ec&#x7f;</title></item>"), url=URL).entries

    assert entry.title == "a b c"


def test_relative_addresses_without_a_site_refer_to_the_feed():
    item = "<item><guid isPermaLink='false'>1</guid><link>p</link></item>"

    [entry] = parse(rss(item, link=""), url="https://feeds.example/a/x.xml").entries

    assert entry.link == "https://feeds.example/a/p"


def test_the_header_decides_the_encoding():
    body = "<rss version='2.0'><channel><title>Żółw</title></channel></rss>".encode("iso-8859-2")

    document = parse(body, url=URL, content_type="text/xml; charset=iso-8859-2")

    assert document.title == "Żółw"


def test_a_picture_s_description_is_not_taken_for_the_post():
    item = (
        "<item><title>T</title><description>&lt;p&gt;The real text of this post.&lt;/p&gt;"
        "</description><media:content xmlns:media='http://search.yahoo.com/mrss/' url='/a.jpg' "
        "medium='image'><media:description>A cat.</media:description></media:content></item>"
    )

    [entry] = parse(rss(item), url=URL).entries

    assert entry.summary == "The real text of this post."
    assert entry.content == "<p>The real text of this post.</p>"
    assert entry.image == Image("https://blog.example/a.jpg")


def test_entities_of_a_document_type_are_not_expanded_without_end():
    levels = "".join(f'<!ENTITY x{level} "{f"&x{level - 1};" * 10}">' for level in range(1, 12))
    body = f'<!DOCTYPE rss [<!ENTITY x0 "boom">{levels}]>'.encode() + rss(
        "<item><title>&x11;</title></item>"
    )

    document = parse(body, url=URL)

    assert len(document.entries[0].title) < 100
