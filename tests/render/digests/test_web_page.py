"""A digest as part of a page: for nobody, without inline styles, scripts or links of readers."""

from dataclasses import replace

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from dispatch.model.editions.picture import read_picture
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.variant import Reading
from dispatch.render.digests.web_page import WebPage, file_of, web_page
from dispatch.render.local_renderer import LocalRenderer
from dispatch.render.templates.links import LinksView
from dispatch.testing.samples import a_png
from render.render_samples import OURS, PLAIN, Page, an_edition


def page(body: str, head: str = "", *, locale: str = "en", **content) -> WebPage:
    """The page of a digest with this in its MJML."""
    mjml = f"<mjml><mj-head>{head}</mj-head><mj-body><mj-raw>{body}</mj-raw></mj-body></mjml>"
    edition = replace(an_edition({**PLAIN, "digest.mjml": mjml}, locale=locale), **content)
    return web_page(DigestRenderer(edition), edition, "/archive/weekly/2026-11-24/pictures")


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_our_templates_make_whole_pages(template, locale):
    edition = replace(an_edition(template, locale=locale), page="")

    made = web_page(DigestRenderer(edition), edition, "/p")

    found = Page(made.body)
    assert made.has_heading
    assert made.lang == locale
    assert not [tag for tag, attrs in found.elements if "style" in attrs]
    assert all("alt" in image for image in found.all("img"))
    assert "links.invalid" not in made.body
    assert not any(word in made.body for word in ("Unsubscribe", "Se désabonner", "your address"))
    assert {"script", "link", "meta", "base", "title"}.isdisjoint(dict(found.elements))


@pytest.mark.parametrize("template", OURS)
def test_mails_lead_to_the_page_in_both_ways_of_making_them(template):
    edition = replace(an_edition(template), page="2026-11-24")
    reader = Subscriber(1, "ada@example.org", "Ada", public_id="1" * 32)
    renderer, address = LocalRenderer(), "https://news.example.org/archive/weekly/2026-11-24"

    made = renderer.variant(edition, reader, Reading(), LinksView("https://news.example.org/l/"))
    one = renderer.digest(edition, reader, LinksView("https://news.example.org/l/1"))
    without = renderer.digest(replace(edition, page=""), reader, LinksView("https://n.example/l"))

    assert made.digest is not None
    assert not made.differs
    for part in (made.digest.html, made.digest.text):
        assert address in "".join(text for text in part if isinstance(text, str))
    assert f'href="{address}"' in one.html
    assert address in one.text
    assert "/archive/" not in without.html + without.text


def test_a_style_becomes_a_class_that_is_as_strong():
    made = page('<p class="x" style="color: red">a</p><p style="color:red">b</p>')

    assert '<p class="x _d' in made.body
    assert made.styles.count("color: red") == 1
    assert ":not(#_){color: red}" in made.styles


@pytest.mark.parametrize(
    "style",
    ["color: red} body{display: none", "color: red</style><script>", "/* color", "color: red */"],
)
def test_a_style_that_would_leave_its_rule_is_left_out(style):
    made = page(f'<p style="{style}">a</p>')

    assert "display: none" not in made.styles
    assert "script" not in made.styles + made.body


def test_what_runs_or_fetches_is_left_out():
    made = page(
        '<p onclick="x()">a</p><a href=" java\nscript:x()">b</a><iframe src="https://x.example">c'
        "</iframe><script>d()</script><form action='/x'><input></form><!-- e -->",
        '<mj-style>@import url("https://x.example/a.css"); @media print { .k { color: red } }'
        "</mj-style>",
    )

    assert "<p>a</p>" in made.body
    assert "<a>b</a>" in made.body
    for one in ("onclick", "script", "iframe", "<form", "<input", "<!--"):
        assert one not in made.body, one
    assert "x.example" not in made.styles
    assert ".k" in made.styles


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<p>Bye <a href="{{ links.unsubscribe }}">Leave <b>now</b></a>.</p>', "<p>Bye .</p>"),
        ('<p><a href="{{ links.unsubscribe }}">Leave</a> · Hi</p>', "<p> Hi</p>"),
        ('<p>Hi | <a href="{{ links.cadence }}?a=b">Often</a></p>', "<p>Hi | </p>"),
        ("<p>{{ links.unsubscribe }}</p>", "<p></p>"),
        ("<p>{% if links.unsubscribe %}Leave{% else %}Join{% endif %}</p>", "<p>Join</p>"),
        ('<p><img src="{{ links.unsubscribe }}"> a</p>', "<p> a</p>"),
        ("<p>{{ links.browser }}{{ links.archive }}</p>", "<p></p>"),
        ("<p>{{ links.unsubscribe | urlencode }}{{ links.archive | upper }}</p>", "<p></p>"),
        (
            "<p>Hi <a href=\"/s?u={{ links.unsubscribe | replace('/', '%2F') }}\">Share</a></p>",
            "<p>Hi </p>",
        ),
    ],
)
def test_links_of_readers_are_taken_out(written, read):
    assert read in page(written).body


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Dear {{ subscriber.name }}", "Dear reader"),
        ("{% if subscriber.name %}A{% else %}B{% endif %}", "B"),
        ("{{ subscriber.name or 'friend' }}", "friend"),
        ("{{ subscriber.name | fallback('friend') }}", "friend"),
        ("{{ subscriber.name | upper }}", "READER"),
        ("to {{ subscriber.email }}", "to your address"),
        ("<{{ subscriber.fields.city }}>", "<>"),
        ("{{ subscriber.topics | length }}", "0"),
        ("{{ 'yes' if 'ai' in subscriber.topics else 'no' }}", "no"),
        ("{{ subscriber.locale }} {{ subscriber.cadence }}.", "en weekly."),
    ],
)
def test_the_reader_is_nobody_in_particular(written, read):
    offer = CadenceOffer("letter", Cadence.WEEKLY, Cadence.WEEKLY, (Cadence.WEEKLY,))
    edition = an_edition({**PLAIN, "subject.txt": written}, locale="en")
    edition = replace(edition, email=replace(edition.email, offer=offer))

    assert web_page(DigestRenderer(edition), edition, "/p").subject == read


def test_what_cannot_do_without_a_name_fails_with_its_place():
    with pytest.raises(TemplateFailed, match=r"templates/own/digest\.mjml:1"):
        page("{{ subscriber.name.split()[1] }}")


def test_pictures_of_the_template_are_found_on_the_web():
    picture = read_picture("header.png", a_png())

    made = page(
        '<img src="header.png" alt=""><p style="background: url(header.png)">a</p>',
        pictures={"header.png": picture},
    )

    address = f"/archive/weekly/2026-11-24/pictures/{file_of(picture)}"
    assert f'src="{address}"' in made.body
    assert f"url({address})" in made.styles
    assert made.pictures == (picture,)
    assert "cid:" not in made.body + made.styles
