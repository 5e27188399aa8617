"""Past editions on the web: the same for everybody, and nobody in them."""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest
from starlette.testclient import TestClient

from app_stage import change, opened, workspace_in
from archive_stage import archive_in
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.archive.amend import Corrections, amend_edition
from dispatch.pipeline.archive.write_feed import ATOM, JSON_FEED
from dispatch.testing.samples import a_png
from dispatch.web.routes import new_web

SITE = "https://letter.atelier.example"
LIST, NEWEST, FIRST = "/archive/weekly", "/archive/weekly/2026-11-17", "/archive/weekly/2026-11-03"
BULLETIN = "/archive/bulletin/2026-11-24"
FEEDS = ("feed.xml", "atom.xml", "feed.json")
PAGES = ("/", LIST, NEWEST, FIRST, "/archive/bulletin", BULLETIN)
ALL = (*PAGES, *(f"{LIST}/{feed}" for feed in FEEDS), "/sitemap.xml", "/robots.txt")
FAMILY = """\
    cadences:
      default: weekly
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}"""
NEXT = "/archive/weekly/2026-12-01"
OF_A_READER = "{{ subscriber.email.split('@')[1].upper() }}"
SECTION = f"<mj-section><mj-column><mj-text>{OF_A_READER}</mj-text></mj-column></mj-section>"
PICTURE = """\
    <mj-section><mj-column><mj-image src="header.png" alt="" /></mj-column></mj-section>
  </mj-body>"""
MARK = "ZqMark"
PEOPLE = (
    f"{MARK}a@readers.example,{MARK}Ada,fr,Asia/Tokyo,{MARK}topic,daily,2026-09-03,"
    f"{MARK}form,{MARK}City\n{MARK}b@readers.example,{MARK}Bo,en,,,weekly,2026-09-03,form,\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("archive") / "letters"


@pytest.fixture(scope="module")
def archive(folder, migrated_sqlite):
    with archive_in(folder, migrated_sqlite) as archive:
        yield archive


@pytest.fixture
def get(archive):
    return archive.web.get


def test_an_edition_is_a_page_with_its_neighbours_and_a_way_to_get_the_next(get):
    page = get("/archive/weekly/2026-11-10")

    text = page.text
    assert page.status_code == 200
    assert f'rel="canonical" href="{SITE}/archive/weekly/2026-11-10"' in text
    assert f'<a class="d-previous" rel="prev" href="{FIRST}">' in text
    assert f'<a class="d-next" rel="next" href="{NEWEST}">' in text
    assert '<form method="post" action="/subscribe/readers">' in text
    assert 'property="og:title" content="Une signature pour deux' in text
    assert f'property="og:url" content="{SITE}/archive/weekly/2026-11-10"' in text
    assert 'property="og:description"' in text
    assert 'property="og:image" content="https://' in text
    assert "Unsubscribe" not in text
    assert text.count("<h1") == 1


def test_the_short_form_leads_to_the_whole_one_without_a_reproach(archive):
    posted = {"email": "new@somewhere.example"}

    page = archive.web.post("/subscribe/readers", data=posted)

    assert page.status_code == 200
    assert 'value="new@somewhere.example"' in page.text
    assert 'role="alert"' not in page.text


def test_the_first_has_no_previous_and_the_newest_no_next(get):
    first, newest = get(FIRST).text, get(NEWEST).text

    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in newest


def test_lists_show_the_newest_first(get):
    found = [re.findall(r'href="(/archive/weekly/[0-9-]+)"', get(one).text) for one in ("/", LIST)]

    assert '<main id="main" class="letter">' in get("/").text
    assert found == [[NEWEST, "/archive/weekly/2026-11-10", FIRST]] * 2


def test_a_long_list_has_pages(get, monkeypatch):
    monkeypatch.setattr("dispatch.web.public.archive.PER_PAGE", 2)

    first = get(f"{LIST}?lang=en").text
    second = get(f"{LIST}?before=2026-11-10").text

    assert "1 to 2 of 3" in first
    assert f'href="{LIST}?before=2026-11-10&amp;lang=en"' in first
    assert "3 to 3 of 3" in second
    assert FIRST in second
    assert NEWEST not in second
    assert f'<a class="button small" href="{LIST}">Newer</a>' in second
    assert get(f"{LIST}?before=2020-01-01").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_allows_its_own_styles_and_no_others(get, path):
    page = get(path)

    policy = page.headers["content-security-policy"]
    sheets = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in sheets]
    assert re.search(r"<[^>]*\sstyle=", page.text) is None
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert all(f"'sha256-{one}'" in policy for one in hashes)


@pytest.mark.parametrize("path", ALL)
def test_who_has_it_already_is_told_so_without_rendering(archive, path):
    first = archive.web.get(path)

    again = archive.web.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    other = archive.web.get(path, headers={"If-None-Match": '"other"'})
    head = archive.web.head(path)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.content == first.content
    assert head.headers["etag"] == first.headers["etag"]
    assert "max-age=300" in first.headers["cache-control"]
    if "last-modified" in first.headers:
        since = first.headers["last-modified"]
        assert archive.web.get(path, headers={"If-Modified-Since": since}).status_code == 304
        parsed = parsedate_to_datetime(since) - timedelta(seconds=1)
        earlier = f"{parsed:%a, %d %b %Y %H:%M:%S GMT}"
        assert archive.web.get(path, headers={"If-Modified-Since": earlier}).status_code == 200
    for odd in ("yesterday", f"Mon, 1 Jan 2090 08:00:00 +{'9' * 20}", "Mon, 99 Jan 2090 08:00:00"):
        assert archive.web.get(path, headers={"If-Modified-Since": odd}).status_code == 200, odd


def test_what_is_unlisted_has_pages_and_is_named_nowhere(get):
    page, listed = get(BULLETIN), get("/archive/bulletin")

    for one in (page, listed):
        assert one.headers["x-robots-tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in one.text
        assert "atom.xml" not in one.text
    assert "noindex" not in get(NEWEST).text
    assert "x-robots-tag" not in get(NEWEST).headers
    assert all("bulletin" not in get(one).text for one in ("/", "/sitemap.xml", "/robots.txt"))
    assert [get(f"/archive/bulletin/{feed}").status_code for feed in FEEDS] == [404] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/archive/nobody",
        "/archive/weekly/2026-11-04",
        "/archive/weekly/2026-11-03-0800",
        "/archive/weekly/..%2f..%2fetc",
        "/archive/weekly/2026-11-03/pictures/none.png",
        "/archive/nobody/feed.xml",
        "/archive/",
    ],
)
def test_what_is_not_there_is_said_so(get, path):
    page = get(path)

    assert page.status_code == 404
    assert page.headers["cache-control"] == "no-store"
    assert "There is no such letter here." in page.text


def test_search_engines_are_told_what_there_is(get):
    root = ET.fromstring(get("/sitemap.xml").content)
    robots = get("/robots.txt").text

    found = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found == [
        f"{SITE}/",
        *(f"{SITE}{one}" for one in (LIST, NEWEST, "/archive/weekly/2026-11-10", FIRST)),
    ]
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    assert "Disallow: /unsubscribe" in robots


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_read_by_programs(get, name):
    answer = get(f"{LIST}/{name}")
    text = answer.text
    if name == "feed.json":
        return
    found = feedparser.parse(answer.content)

    assert not found.bozo
    assert found.version == {"feed.xml": "rss20", "atom.xml": "atom10"}[name]
    assert found.feed.title == "The Atelier Letter"
    assert [one.link for one in found.entries] == [
        f"{SITE}{one}" for one in (NEWEST, "/archive/weekly/2026-11-10", FIRST)
    ]
    assert len({one.id for one in found.entries}) == 3
    assert all(one.published_parsed for one in found.entries)
    assert 'href="https://' in text.replace("&quot;", '"')
    assert any(one.rel == "self" and one.href == f"{SITE}{LIST}/{name}" for one in found.feed.links)


def test_rss_keeps_the_rules_of_its_format(get):
    root = ET.fromstring(get(f"{LIST}/feed.xml").content)

    channel = root.find("channel")
    assert root.attrib["version"] == "2.0"
    assert all(channel.findtext(one) for one in ("title", "link", "description", "language"))
    for item in channel.iter("item"):
        assert item.find("guid").attrib == {"isPermaLink": "false"}
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        assert item.findtext("link").startswith(f"{SITE}/")
        assert item.findtext("title")
        assert item.findtext("description")


def test_atom_keeps_the_rules_of_its_format(get):
    root = ET.fromstring(get(f"{LIST}/atom.xml").content)

    names = {"a": ATOM}
    assert all(root.findtext(f"a:{one}", namespaces=names) for one in ("id", "title", "updated"))
    assert root.findtext("a:author/a:name", namespaces=names)
    for entry in root.findall("a:entry", names):
        assert entry.findtext("a:id", namespaces=names).startswith("urn:uuid:")
        for one in ("published", "updated"):
            assert datetime.fromisoformat(entry.findtext(f"a:{one}", namespaces=names)).tzinfo
        assert entry.find("a:link", names).attrib["href"].startswith(f"{SITE}/")
        assert entry.find("a:content", names).attrib["type"] == "html"


def test_json_feed_keeps_the_rules_of_its_format(get):
    answer = get(f"{LIST}/feed.json")
    found = json.loads(answer.content)

    assert answer.headers["content-type"].startswith("application/feed+json")
    assert found["version"] == JSON_FEED
    assert found["feed_url"] == f"{SITE}{LIST}/feed.json"
    assert found["authors"] == [{"name": "The Atelier Letter"}]
    assert len({item["id"] for item in found["items"]}) == 3
    for item in found["items"]:
        assert item["url"].startswith(f"{SITE}/archive/weekly/")
        assert item["content_html"]
        assert item["title"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo


def test_the_language_is_the_publishers_unless_the_address_asks_for_another(get):
    assert "Previous edition" in get(NEWEST, headers={"Accept-Language": "fr"}).text
    assert "Numéro précédent" in get(f"{NEWEST}?lang=fr").text
    assert "S’abonner" in get("/?lang=fr").text


class TestAnother:
    """Each with a workspace of its own."""

    @pytest.fixture
    def archive(self, tmp_path, migrated_sqlite, request):
        people = getattr(request, "param", "")
        with archive_in(tmp_path / "letters", migrated_sqlite, people=people) as archive:
            yield archive

    @pytest.mark.parametrize(
        "archive",
        [
            PEOPLE,
        ],
        indirect=True,
    )
    def test_nothing_of_a_person_is_on_any_page(self, archive):
        pages = {path: archive.web.get(path) for path in ALL}
        mails = [
            path.read_bytes()
            for path in (archive.app.folder / "outbox").rglob("*")
            if path.is_file()
        ]

        assert any(MARK.encode() in mail for mail in mails)  # the template does print it
        assert {path: one.status_code for path, one in pages.items()} == dict.fromkeys(ALL, 200)
        told = {path for path, one in pages.items() if MARK.lower() in one.text.lower()}
        assert told == set()
        assert "reader|your address||" in pages[NEWEST].text
        with archive.app.store.read() as tx:
            ids = {tx.subscribers.find(f"{MARK}{one}@readers.example").public_id for one in "ab"}
        assert not any(one in page.text for one in ids for page in pages.values())

    def test_only_what_was_approved_and_went_out_is_there(self, archive):
        first, second, third = archive.ids()
        for edition_id, state in (
            (first, EditionState.CANCELLED),
            (second, EditionState.PAUSED),
            (third, EditionState.REJECTED),
        ):
            archive.set_state(edition_id, state)

        assert archive.web.get(FIRST).status_code == 404
        assert archive.web.get("/archive/weekly/2026-11-10").status_code == 200
        assert archive.web.get(NEWEST).status_code == 404
        for state in EditionState:
            archive.set_state(third, state)
            shown = {EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED}
            assert (archive.web.get(NEWEST).status_code == 200) is (state in shown), state

    def test_a_correction_is_marked_and_changes_feeds_but_not_what_was_approved(self, archive):
        [*_, newest] = archive.ids()
        before, feed = archive.web.get(NEWEST), archive.web.get(f"{LIST}/atom.xml")
        with archive.app.store.read() as tx:
            edition = tx.editions.get(newest)
        post = edition.content.posts[0].id

        amend_edition(
            newest,
            Corrections(titles={post: "Margins <know>"}, subject="Now right"),
            note="A name was wrong",
            by="marie",
            campaigns=archive.app.workspace.campaigns,
            store=archive.app.store,
            clock=archive.clock,
        )
        archive.forget()

        after = archive.web.get(NEWEST, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert "Corrected on 1 December 2026: A name was wrong" in after.text
        assert "Margins &lt;know&gt;" in after.text
        assert "<title>Now right ·" in after.text
        again = feedparser.parse(archive.web.get(f"{LIST}/atom.xml").content).entries[0]
        [was, *_] = feedparser.parse(feed.content).entries
        assert (again.id, again.published, again.title) == (was.id, was.published, "Now right")
        assert again.updated > was.updated
        with archive.app.store.read() as tx:
            kept = tx.editions.get(newest)
        assert (kept.content, kept.fingerprint) == (edition.content, edition.fingerprint)
        assert kept.approved_fingerprint == kept.fingerprint

    def test_each_mail_leads_to_its_page_and_the_page_not_to_itself(self, archive):
        outbox = archive.app.folder / "outbox"
        mails = [path.read_text() for path in outbox.rglob("*.eml")]

        for page in (NEWEST, FIRST, BULLETIN):
            assert any(f"{SITE}{page}" in mail.replace("=\n", "") for mail in mails)
        assert "Read in the browser" not in archive.web.get(NEWEST).text

    def test_what_only_a_reader_s_mail_can_say_has_a_plain_page_that_nobody_keeps(self, archive):
        for file, old in (("digest.mjml", "  </mj-body>"), ("subject.txt", "{{ lead or")):
            new = f"{OF_A_READER}{old}" if file == "subject.txt" else f"{SECTION}\n{old}"
            change(archive.app.folder, old, new, f"templates/weekly/{file}")
        archive.app.reload_if_changed()
        archive.run("weekly")
        archive.forget()
        with archive.app.store.read() as tx:
            newest = tx.editions.get(archive.ids()[-1])

        pages = [archive.web.get(NEXT) for _ in range(2)]

        title = newest.content.posts[0].title
        mails = (archive.app.folder / "outbox").rglob("*.eml")
        assert any("READERS.EXAMPLE" in mail.read_text() for mail in mails)
        for page in pages:
            assert page.status_code == 200
            assert page.headers["cache-control"] == "no-cache"
            assert "etag" not in page.headers
            assert title in page.text
            assert "default-src 'none'" in page.headers["content-security-policy"]
        assert f'href="{NEXT}"' in archive.web.get(LIST).text
        assert archive.web.get(f"{NEXT}/pictures/header.png").status_code == 404

    def test_a_picture_of_the_template_stands_on_its_page_and_stays_what_it_is(self, archive):
        templates, image = archive.app.folder / "templates", a_png()
        (templates / "weekly" / "header.png").write_bytes(image)
        change(archive.app.folder, "  </mj-body>", PICTURE, "templates/weekly/digest.mjml")
        archive.app.reload_if_changed()
        archive.run("weekly")
        archive.forget()

        [path] = set(re.findall(rf'src="({NEXT}/pictures/[^"]+)"', archive.web.get(NEXT).text))
        picture = archive.web.get(path)

        assert (picture.status_code, picture.content) == (200, image)
        assert picture.headers["content-type"] == "image/png"
        assert "immutable" in picture.headers["cache-control"]
        assert archive.web.get(path.replace(NEXT, FIRST)).status_code == 404

    def test_without_an_archive_there_is_nothing(self, archive):
        change(archive.app.folder, "    archive: public\n", "")
        archive.app.reload_if_changed()
        archive.forget()

        for path in ("/", LIST, NEWEST, f"{LIST}/feed.xml", "/sitemap.xml"):
            assert archive.web.get(path).status_code == 404
        assert archive.web.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
        assert archive.web.get(BULLETIN).status_code == 200


def test_a_family_has_one_archive_below_the_path_of_the_site(tmp_path, migrated_sqlite, clock):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    change(folder, "public_url: https://letter.atelier.example", "public_url: https://a.example/l")
    change(folder, '    schedule: {every: tuesday, at: "09:00"}', FAMILY)
    change(folder, "    social: [{template: weekly, each: post}]", "    archive: public")

    with opened(folder, clock) as app, TestClient(new_web(app), follow_redirects=False) as web:
        led = web.get("/l/archive/weekly")
        default, other = web.get("/l/archive/weekly-weekly"), web.get("/l/archive/weekly-monthly")
        sitemap, front = web.get("/l/sitemap.xml").text, web.get("/l")

    assert (led.status_code, led.headers["location"]) == (302, "/l/archive/weekly-weekly")
    assert "x-robots-tag" not in default.headers
    assert "The first edition is yet to come." in default.text
    assert 'href="https://a.example/l/archive/weekly-weekly"' in default.text
    assert other.headers["x-robots-tag"] == "noindex"
    assert "weekly-monthly" not in sitemap + front.text
    assert "<loc>https://a.example/l/archive/weekly-weekly</loc>" in sitemap
