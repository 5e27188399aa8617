"""Each field, read from each format that has it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import Image

URL = "https://feeds.example/x.xml"
BY = "https://creativecommons.org/licenses/by/4.0/"
SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": "http://www.w3.org/2005/Atom",
        "cc": "http://web.resource.org/cc/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "thr": "http://purl.org/syndication/thread/1.0",
    }.items()
)


def rss(item="", *, feed="", version="2.0"):
    return (
        f"<rss version='{version}' {SPACES}><channel><title>B</title>"
        f"<link>https://b.example/</link>{feed}<item><title>T</title>{item}</item></channel></rss>"
    )


def rdf(item="", *, feed=""):
    return (
        f"<rdf:RDF {SPACES} xmlns='http://purl.org/rss/1.0/'><channel><title>B</title>"
        f"<link>https://b.example/</link>{feed}</channel><item rdf:about='https://b.example/1'>"
        f"<title>T</title>{item}</item></rdf:RDF>"
    )


def atom(entry="", *, feed=""):
    return (
        f"<feed {SPACES} xmlns='http://www.w3.org/2005/Atom'><title>B</title>"
        f"<link href='https://b.example/'/>{feed}<entry><title>T</title>{entry}</entry></feed>"
    )


def atom_03(entry="", *, feed=""):
    return (
        f"<feed version='0.3' {SPACES} xmlns='http://purl.org/atom/ns#'><title>B</title>"
        f"<link rel='alternate' type='text/html' href='https://b.example/'/>{feed}"
        f"<entry><title>T</title>{entry}</entry></feed>"
    )


def json_feed(item=None, *, version="1.1", **feed):
    members = {"version": f"https://jsonfeed.org/version/{version}", "title": "B", **feed}
    members["home_page_url"] = "https://b.example/"
    return json.dumps({**members, "items": [{"title": "T", **(item or {})}]})


def document_of(text):
    return parse(text.encode(), url=URL)


def entry_of(text):
    [entry] = document_of(text).entries
    return entry


@pytest.mark.parametrize(
    "text",
    [
        rss("<dc:creator>Ada</dc:creator>"),
        rss("<author>ada@b.example (Ada)</author>", version="0.91"),
        rss("<itunes:author>Ada</itunes:author>"),
        rdf("<dc:creator>Ada</dc:creator>"),
        atom("<author><name>Ada</name><email>ada@b.example</email></author>"),
        atom(feed="<author><name>Ada</name></author>"),
        atom_03("<author><name>Ada</name></author>"),
        json_feed({"authors": [{"name": "Ada"}]}),
        json_feed({"author": {"name": "Ada"}}, version="1"),
        json_feed(authors=[{"name": "Ada"}]),
    ],
)
def test_authors(text):
    assert entry_of(text).authors == ("Ada",)


@pytest.mark.parametrize(
    "text",
    [
        rss("<pubDate>Fri, 20 Nov 2026 08:30:00 +0100</pubDate>"),
        rss("<dc:date>2026-11-20T07:30:00Z</dc:date>", version="0.92"),
        rdf("<dc:date>2026-11-20T08:30+01:00</dc:date>"),
        atom("<published>2026-11-20T07:30:00Z</published><updated>2026-12-01T00:00:00Z</updated>"),
        atom("<updated>2026-11-20T07:30:00Z</updated>"),
        atom_03("<issued>2026-11-20T07:30:00Z</issued>"),
        json_feed({"date_published": "2026-11-20T08:30:00+01:00"}),
    ],
)
def test_when_it_was_published(text):
    assert entry_of(text).published == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        rss("<atom:updated>2026-11-20T07:30:00Z</atom:updated>"),
        rss("<dcterms:modified>2026-11-20T07:30:00Z</dcterms:modified>"),
        rdf("<dc:date>2026-11-20T07:30:00Z</dc:date>"),
        atom("<updated>2026-11-20T07:30:00Z</updated>"),
        atom_03("<modified>2026-11-20T07:30:00Z</modified>"),
        json_feed({"date_modified": "2026-11-20T07:30:00Z"}),
    ],
)
def test_when_it_was_updated(text):
    assert entry_of(text).updated == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        rss("<description>In short.</description><content:encoded>&lt;p&gt;All</content:encoded>"),
        rdf("<description>In short.</description><content:encoded>&lt;p&gt;All</content:encoded>"),
        atom("<summary>In short.</summary><content type='html'>&lt;p&gt;All</content>"),
        atom_03(
            "<summary>In short.</summary>"
            "<content type='text/html' mode='escaped'>&lt;p&gt;All</content>"
        ),
        json_feed({"summary": "In short.", "content_html": "<p>All"}),
    ],
)
def test_summary_and_content(text):
    entry = entry_of(text)

    assert (entry.summary, entry.content) == ("In short.", "<p>All</p>")


@pytest.mark.parametrize(
    "text",
    [
        rss("<category>Bread</category><category>Tea</category>"),
        rss("<media:keywords>Bread, Tea</media:keywords>"),
        rss("<itunes:keywords>Bread,Tea</itunes:keywords>"),
        rdf("<dc:subject>Bread</dc:subject><dc:subject>Tea</dc:subject>"),
        atom("<category term='bread' label='Bread'/><category term='Tea'/>"),
        json_feed({"tags": ["Bread", "Tea"]}),
    ],
)
def test_topics(text):
    assert entry_of(text).topics == ("Bread", "Tea")


@pytest.mark.parametrize(
    "text",
    [
        rss("<media:content url='/i.jpg' medium='image'/>"),
        rss("<media:content url='/i.jpg'/>"),
        rss("<media:group><media:content url='/i.jpg' type='image/jpeg'/></media:group>"),
        rss("<media:thumbnail url='/i.jpg'/>"),
        rss("<enclosure url='/i.jpg' type='image/jpeg' length='1'/>"),
        rss("<enclosure url='/i.jpg' length='1'/>", version="0.92"),
        rss("<itunes:image href='/i.jpg'/>"),
        rss("<description>&lt;p>A &lt;img src='/i.jpg'></description>"),
        rdf("<media:content url='/i.jpg' medium='image'/>"),
        atom("<link rel='enclosure' type='image/jpeg' href='https://b.example/i.jpg'/>"),
        json_feed({"image": "/i.jpg"}),
        json_feed({"banner_image": "/i.jpg"}, version="1"),
        json_feed({"attachments": [{"url": "/i.jpg", "mime_type": "image/jpeg"}]}),
        json_feed({"content_html": "<img src='/i.jpg'>"}),
    ],
)
def test_the_picture(text):
    assert entry_of(text).image == Image("https://b.example/i.jpg")


def test_an_enclosed_sound_is_no_picture():
    assert entry_of(rss("<enclosure url='/i.mp3' type='audio/mpeg' length='1'/>")).image is None


@pytest.mark.parametrize(
    "text",
    [
        rss("<comments>/p#comments</comments>"),
        rdf("<comments>https://b.example/p#comments</comments>"),
        atom("<link rel='replies' type='text/html' href='https://b.example/p#comments'/>"),
        atom(
            "<link rel='replies' type='application/atom+xml' href='https://b.example/c.atom'/>"
            "<link rel='replies' type='text/html' href='https://b.example/p#comments'/>"
        ),
    ],
)
def test_where_readers_comment(text):
    assert entry_of(text).comments_link == "https://b.example/p#comments"


@pytest.mark.parametrize(
    "text",
    [
        rss(f"<creativeCommons:license>{BY}</creativeCommons:license>"),
        rss(feed=f"<creativeCommons:license>{BY}</creativeCommons:license>"),
        rss(f"<atom:link rel='license' href='{BY}'/>"),
        rss(f"<dcterms:license>{BY}</dcterms:license>"),
        rss(feed=f"<copyright>Free under {BY}.</copyright>"),
        rdf(f"<cc:license rdf:resource='{BY}'/>"),
        rdf(feed=f"<cc:license rdf:resource='{BY}'/>"),
        rdf(f"<dc:rights>{BY}</dc:rights>"),
        atom(f"<link rel='license' href='{BY}'/>"),
        atom(feed=f"<link rel='license' href='{BY}'/>"),
    ],
)
def test_the_licence(text):
    assert entry_of(text).licence_link == BY


@pytest.mark.parametrize(
    "text",
    [
        rss("<dc:rights>© Ada</dc:rights>"),
        rss(feed="<copyright>© Ada</copyright>"),
        rss("<media:copyright>© Ada</media:copyright>"),
        rdf("<dc:rights>© Ada</dc:rights>"),
        rdf(feed="<dc:rights>© Ada</dc:rights>"),
        atom("<rights type='html'>&amp;copy; &lt;b>Ada&lt;/b></rights>"),
        atom(feed="<rights>© Ada</rights>"),
        atom_03(feed="<copyright>© Ada</copyright>"),
    ],
)
def test_the_rights(text):
    assert entry_of(text).rights == "© Ada"


def test_an_entry_s_own_rights_come_before_the_feed_s():
    text = rss("<dc:rights>© Grace</dc:rights>", feed="<copyright>© Ada</copyright>")

    assert entry_of(text).rights == "© Grace"


@pytest.mark.parametrize(
    "text",
    [
        rss(feed="<language>fr-fr</language>"),
        rss("<dc:language>fr-fr</dc:language>", feed="<language>en</language>"),
        rdf(feed="<dc:language>fr-fr</dc:language>"),
        atom().replace("<entry>", "<entry xml:lang='fr-fr'>"),
        json_feed({"language": "fr-fr"}, language="en"),
        json_feed(language="fr-fr"),
    ],
)
def test_the_language_that_is_declared(text):
    assert entry_of(text).language == "fr-fr"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (
            "Ce que les images disent de nous, et pourquoi elles ne sont pas ce que nous voyons.",
            "fr",
        ),
        ("What we see in the pictures, and why they are not what it is that they show us.", "en"),
        ("Was wir in den Bildern sehen, und warum sie nicht das sind, was der Titel sagt.", "de"),
        ("Lo que vemos en las imágenes y por qué no son lo que el título dice de ellas.", "es"),
        ("これは短い文章です。", "ja"),
        ("Images", ""),
        ("Это не тот язык, который здесь знают.", ""),
    ],
)
def test_the_language_that_is_guessed_where_none_is_declared(words, language):
    assert entry_of(rss(f"<description>{words}</description>")).language == language


def test_an_address_that_only_counts_clicks_is_not_the_link():
    item = "<link>https://feeds.example/~r/1</link>"
    item += "<feedburner:origLink>https://b.example/p</feedburner:origLink>"

    assert entry_of(rss(item)).link == "https://b.example/p"


@pytest.mark.parametrize(
    ("text", "every"),
    [
        (rss(feed="<ttl>90</ttl>"), timedelta(minutes=90)),
        (rss(feed="<sy:updatePeriod>hourly</sy:updatePeriod>"), timedelta(hours=1)),
        (
            rdf(
                feed="<sy:updatePeriod>daily</sy:updatePeriod>"
                "<sy:updateFrequency>2</sy:updateFrequency>"
            ),
            timedelta(hours=12),
        ),
        (rss(feed="<ttl>soon</ttl>"), None),
        (rss(feed=f"<ttl>{'9' * 30}</ttl>"), None),
        (atom(), None),
        (json_feed(), None),
    ],
)
def test_how_often_it_asks_to_be_read(text, every):
    assert document_of(text).every == every


@pytest.mark.parametrize(
    "text",
    [
        atom(
            feed="<link rel='self' href='https://b.example/f'/>"
            "<link rel='hub' href='https://hub.example/'/>"
        ),
        rss(
            feed="<atom:link rel='self' type='application/rss+xml' href='https://b.example/f'/>"
            "<atom:link rel='hub' href='https://hub.example/'/>"
        ),
        json_feed(
            feed_url="https://b.example/f",
            hubs=[
                {"type": "rssCloud", "url": "x"},
                {"type": "WebSub", "url": "https://hub.example/"},
            ],
        ),
    ],
)
def test_where_a_feed_can_be_subscribed_to(text):
    document = document_of(text)

    assert (document.hub, document.self_url) == ("https://hub.example/", "https://b.example/f")


def test_a_feed_without_a_hub_names_none():
    document = document_of(rss())

    assert (document.hub, document.self_url) == ("", "")
    assert entry_of(rss()).licence_link == ""
