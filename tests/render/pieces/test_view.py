"""Pieces as templates see them."""

from dataclasses import replace

import pytest

from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.web_page import web_page
from dispatch.render.pieces.view import MOST_SHOWN
from dispatch.render.templates.context import view_edition
from dispatch.testing.samples import a_post
from render.piece_samples import PICTURE, heading, link, picture, text
from render.render_samples import LEAVE, OURS, PLAIN, Page, an_edition

NAMED = text('Dear **{{ subscriber.name or "friend & co" }}**, {{ subscriber.name }}')
ALL = (
    heading("For {{ subscriber.name or 'you' }}", after=0),
    NAMED,
    picture(after=1, address="https://example.org/?a=1&b=2"),
    link(after=2),
)


def edition_of(*pieces, template="weekly", posts=2, **said):
    content = an_edition(template, [a_post(number) for number in range(1, posts + 1)])
    return replace(content, posts=content.posts[:posts], pieces=pieces, **said)


def digest_for(name: str, content):
    reader = Subscriber(1, "ada@example.org", name, "fr")
    return DigestRenderer(content).render(reader, unsubscribe_url=LEAVE)


def test_parts_are_posts_and_pieces_in_the_order_of_reading():
    seen = view_edition(edition_of(*ALL))

    kinds = [part.kind for part in seen.parts]
    assert kinds == ["heading", "text", "post", "picture", "post", "link"]
    assert seen.parts[2] is seen.posts[0]
    assert seen.heading == "For you"
    assert seen.beginning == "Dear friend & co,"


def test_a_picture_is_shown_in_the_column_with_twice_the_pixels():
    [seen] = view_edition(edition_of(picture(), posts=0)).parts
    small = replace(PICTURE, width=100, height=50)
    [decoration] = view_edition(edition_of(picture(picture=small, decorates=True), posts=0)).parts

    assert (seen.image.width, seen.image.height) == (MOST_SHOWN, 300)
    assert seen.image.url == f"https://news.example.org/pictures/{PICTURE.mark}.png"
    assert (decoration.image.width, decoration.image.alt) == (100, "")


def test_a_piece_says_how_it_is_read_whatever_the_letter_around_it():
    seen = view_edition(edition_of(text("مرحبا **بك**"), text("Bonjour", 2), posts=0)).parts

    assert [(one.direction, one.language) for one in seen] == [("rtl", ""), ("ltr", "fr")]
    assert seen[0].html.startswith('<div dir="rtl"')


def test_a_link_leads_to_the_web_or_to_a_mail_and_nowhere_else():
    addresses = ("https://example.org", "mailto:a@example.org", "javascript:alert(1)")
    seen = [view_edition(edition_of(link(address=one), posts=0)).parts[0] for one in addresses]

    assert [one.link for one in seen] == [*addresses[:2], ""]


@pytest.mark.parametrize("template", OURS)
def test_our_templates_show_every_kind_to_readers_with_and_without_a_name(template):
    content = edition_of(*ALL, template=template)
    ada, nobody = digest_for("A<b>da", content), digest_for("", content)

    page = Page(ada.html)
    [shown] = [one for one in page.all("img") if PICTURE.mark in str(one["src"])]
    assert (shown["alt"], shown["width"], shown["height"]) == ("A harbour", "536", "300")
    assert {"https://example.org/?a=1&b=2", "https://example.org/a?b=1&c=2"} <= page.links()
    assert "For A<b>da" in page.text
    assert "<strong>A&lt;b&gt;da</strong>, A&lt;b&gt;da" in ada.html
    assert "Dear A<b>da, A<b>da" in ada.text
    assert "<strong>friend &amp; co</strong>, </p>" in nobody.html
    assert "For you" in nobody.text
    assert "https://example.org/a?b=1&c=2" in ada.text
    assert "A harbour" in ada.text


@pytest.mark.parametrize("template", OURS)
def test_a_letter_without_posts_says_its_own_words_and_never_that_there_is_nothing_new(template):
    made = digest_for(
        "Ada", edition_of(heading(), text("Come to see us."), template=template, posts=0)
    )

    assert made.subject == "Doors open"
    assert made.preheader.endswith("Come to see us.")
    for words in ("Rien de nouveau", "aucun texte", "est vide"):
        assert words not in made.html + made.text


@pytest.mark.parametrize("template", OURS)
def test_a_page_of_the_archive_says_what_is_said_to_who_has_no_name(template):
    content = edition_of(*ALL, template=template)
    made = web_page(DigestRenderer(content), content, "/p")

    assert "friend &amp; co</strong>" in made.body
    assert "For you" in made.body
    assert PICTURE.mark in made.body


@pytest.mark.parametrize("template", OURS)
def test_lines_of_plain_text_are_broken_between_words_whatever_piece_they_are_of(template):
    words = "word " * 50 + "{{ subscriber.name }}"
    content = edition_of(
        heading(words), text(words), picture(alt="word " * 50), link(words), template=template
    )
    made = digest_for("Ada", content)

    assert made.text.count("Ada") >= 3
    assert max(map(len, made.text.splitlines())) <= 78


@pytest.mark.parametrize("template", OURS)
def test_a_mail_of_one_picture_is_announced_by_what_it_shows(template):
    made = digest_for("Ada", edition_of(picture(alt="A harbour"), template=template, posts=0))

    assert made.preheader.endswith("A harbour")


@pytest.mark.parametrize("template", OURS)
def test_a_frame_is_read_from_the_side_of_its_language(template):
    content = edition_of(text("Bonjour"), text("مرحبا", 2), template=template)
    sources = content.templates[template]
    arabic = sources | {"words.yaml": sources["words.yaml"].replace("\nfr:", "\nar:")}
    publisher = replace(content.publisher, locale="ar")
    made = [
        digest_for("", replace(content, publisher=publisher, templates={template: files})).html
        for files in (sources, arabic)
    ]

    assert ["direction:rtl" in html for html in made] == [False, True]
    assert ["direction:ltr" in html for html in made] == [True, False]


def test_pieces_stand_where_they_were_put_and_feeds_keep_their_headings():
    posts = [a_post(n, feed=feed, title=f"P{n}") for n, feed in enumerate("aabb", 1)]
    pieces = (
        heading("first", 1, after=0),
        heading("second", 2, after=2),
        heading("last", 3, after=9),
    )
    made = digest_for("", replace(an_edition("weekly", posts), pieces=pieces))

    wanted = {"first", "second", "last", "A", "B", "P1", "P2", "P3", "P4"}
    lines = [line for line in made.text.splitlines() if line in wanted]
    assert lines == ["first", "P1", "A", "P2", "second", "B", "P3", "P4", "last"]


def test_a_template_of_somebody_sees_a_names_place_as_a_text():
    mjml = PLAIN["digest.mjml"].replace(
        "{{ edition.posts[0].title }}",
        "{% for part in edition.parts if part.kind != 'post' %}"
        "{{ part.title or part.html }}|{{ part.text }};{% endfor %}",
    )
    made = digest_for("Ada", edition_of(*ALL[:2], template=PLAIN | {"digest.mjml": mjml}, posts=1))

    assert "For Ada|For Ada;" in made.html
    assert "<strong>Ada</strong>, Ada</p></div>|Dear Ada, Ada;" in made.html


@pytest.mark.parametrize("template", OURS)
def test_a_heading_that_is_only_a_name_is_left_out_for_who_has_none(template):
    content = edition_of(heading("{{ subscriber.name }}", after=1), template=template)
    ada, nobody = (Page(digest_for(name, content).html) for name in ("Ada", ""))

    headings = [len(page.all("h1") + page.all("h2")) for page in (ada, nobody)]
    assert headings[0] == headings[1] + 1


@pytest.mark.parametrize("template", OURS)
def test_who_wrote_a_post_is_read_from_the_side_of_the_post(template):
    content = an_edition(template, [a_post(1), a_post(2, title="مرحبا", summary="مرحبا بكم")])
    lines = [
        one["dir"]
        for one in Page(digest_for("", content).html).all("p")
        if {"byline", "from", "fine"} & {*(one.get("class") or "").split()} and "dir" in one
    ]

    assert lines == ["ltr", "rtl"]
