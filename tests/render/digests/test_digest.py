import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import TemplateFailed
from dispatch.model.intake.feed import Image
from dispatch.model.intake.post import Post
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.digest import Digest, DigestRenderer
from dispatch.render.trials.samples import trial_content, trial_readers
from dispatch.testing.samples import SUBSCRIBERS, a_post
from render.render_samples import LEAVE, OURS, PLAIN, Page, an_edition

ADA = Subscriber(1, "ada@example.org", "Ada", "fr")
HOSTILE = (
    '</title><script>alert(\'x\')</script>" onload="x" {{ 7 * 7 }} <mj-text>&amp;\r\nBcc: a@b.c'
)


def rendered(*posts: Post, template: str = "weekly", reader: Subscriber = ADA) -> Digest:
    return DigestRenderer(an_edition(template, posts)).render(reader, unsubscribe_url=LEAVE)


@pytest.mark.parametrize("template", OURS)
def test_twelve_posts_stay_below_what_mail_programs_cut_off(template: str) -> None:
    posts = [a_post(number, summary="Quelques mots de plus. " * 20) for number in range(1, 13)]

    digest = rendered(*posts, template=template)

    assert len(digest.html.encode()) < 102 * 1024


@pytest.mark.parametrize("template", OURS)
def test_nothing_is_fetched_but_the_pictures_of_the_posts(template: str) -> None:
    digest = rendered(a_post(1), a_post(2), template=template)

    page = Page(digest.html)
    assert not page.all("link")
    assert not page.all("script")
    assert "@import" not in digest.html
    assert "url(" not in digest.html
    assert {attrs["src"] for attrs in page.all("img")} <= {
        "https://blog.example.org/images/1.jpg",
        "https://blog.example.org/images/2.jpg",
    }


@pytest.mark.parametrize("template", OURS)
def test_both_parts_let_the_reader_leave(template: str) -> None:
    digest = rendered(template=template)

    assert LEAVE in Page(digest.html).links()
    assert LEAVE in digest.text.splitlines()


@pytest.mark.parametrize("template", OURS)
def test_the_page_says_its_language_title_and_colour_schemes(template: str) -> None:
    digest = rendered(template=template)

    page = Page(digest.html)
    assert page.all("html")[0]["lang"] == "fr"
    assert f"<title>{digest.subject}</title>" in digest.html
    assert {"name": "color-scheme", "content": "light dark"} in page.all("meta")
    assert "prefers-color-scheme: dark" in digest.html
    assert "max-width: 479px" in digest.html


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_image_has_words_for_those_who_do_not_see_it(template: str, locale: str) -> None:
    posts = [a_post(1), a_post(2, image=Image("https://blog.example.org/i.png", ""))]

    digest = rendered(*posts, template=template, reader=replace(ADA, locale=locale))

    assert all(attrs["alt"] for attrs in Page(digest.html).all("img"))


@pytest.mark.parametrize("template", OURS)
def test_a_hostile_title_is_words_everywhere(template: str) -> None:
    post = a_post(1, title=HOSTILE, authors=(HOSTILE,), topics=(HOSTILE,), summary=HOSTILE)

    digest = rendered(post, post, template=template, reader=replace(ADA, name=HOSTILE))

    page = Page(digest.html)
    assert not page.all("script")
    assert not page.all("mj-text")
    assert not any("onload" in attrs for _, attrs in page.elements)
    assert "</title><script>alert('x')</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "49" not in digest.subject
    assert "\n" not in digest.subject
    assert "\r" not in digest.subject


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", ""])
def test_a_link_that_does_not_lead_to_the_web_is_left_out(link: str) -> None:
    post = a_post(1, link=link, image=Image(link or "file:///etc/passwd", "a picture"))

    digest = rendered(post)

    page = Page(digest.html)
    assert page.links() == {"mailto:lettre@example.org", LEAVE}
    assert not page.all("img")
    assert post.title in page.text


def test_an_address_with_quotes_and_ampersands_stays_one_attribute() -> None:
    link = "https://blog.example.org/?a=1&b=\"2\"&c='<3>'"

    digest = rendered(a_post(1, link=link))

    assert link in Page(digest.html).links()
    assert link in digest.text


@pytest.mark.parametrize("template", OURS)
def test_the_text_part_is_plain_text(template: str) -> None:
    post = a_post(
        1, title="L'été & nous", summary="", content="<p>Un &eacute;t&eacute; <b>bleu</b></p>"
    )

    text = rendered(post, template=template).text

    assert not re.search(r"&\w+;|&#\d+;|</?\w+>", text)
    assert "L'été & nous" in text
    assert "Un été bleu" in text
    assert max(map(len, text.splitlines())) <= 72


def test_a_reader_gets_the_words_and_dates_of_their_own_language() -> None:
    content = an_edition("weekly", [a_post(1), a_post(2)])
    renderer = DigestRenderer(content)

    french = renderer.render(replace(ADA, locale="fr-CA"), unsubscribe_url=LEAVE)
    english = renderer.render(replace(ADA, locale="en_GB"), unsubscribe_url=LEAVE)

    assert "mardi 24 novembre 2026" in french.html
    assert "Se désabonner" in french.html
    assert french.subject == "Des images qui parlent, numéro 1"
    assert "Tuesday, 24 November 2026" in english.html
    assert "Unsubscribe" in english.html
    assert english.subject == "Des images qui parlent, numéro 1"


def test_a_reader_of_another_language_gets_the_publishers() -> None:
    content = an_edition("weekly", locale="en")

    digest = DigestRenderer(content).render(replace(ADA, locale="ja"), unsubscribe_url=LEAVE)

    assert "Tuesday, 24 November 2026" in digest.text


def test_a_moment_is_the_day_it_was_where_the_publisher_is() -> None:
    late = a_post(1).first_seen.replace(hour=23, minute=30)  # 00:30 in Paris, a day later

    digest = rendered(a_post(1, published=late))

    assert "24 novembre" in digest.text


def test_a_style_that_a_program_may_drop_is_inlined_as_well() -> None:
    digest = rendered()

    [title] = Page(digest.html).all("h1")
    assert "font-size: 46px" in str(title["style"])


def test_a_long_subject_is_cut_between_words() -> None:
    digest = rendered(a_post(1, title="mot " * 200))

    assert len(digest.subject) <= 150
    assert digest.subject.endswith("mot…")


def test_a_template_without_a_subject_is_refused() -> None:
    content = an_edition(PLAIN | {"subject.txt": "{% if false %}x{% endif %}"})

    with pytest.raises(TemplateFailed, match=r"templates/own/subject.txt: gives nothing"):
        DigestRenderer(content).render(ADA, unsubscribe_url=LEAVE)


def test_a_campaign_without_email_has_no_digest() -> None:
    content = replace(an_edition(PLAIN), email=None)

    with pytest.raises(TemplateFailed, match="campaign weekly: no email"):
        DigestRenderer(content)


def test_the_same_renderer_gives_the_same_digest_again() -> None:
    renderer = DigestRenderer(an_edition())

    digests = {renderer.render(ADA, unsubscribe_url=LEAVE).html for _ in range(3)}

    assert len(digests) == 1


@pytest.mark.parametrize("template", OURS)
def test_every_kind_of_reader_and_post_can_be_rendered(template: str) -> None:
    sources = an_edition(template).templates[template]
    renderer = DigestRenderer(trial_content(template, sources, locale="fr"))

    digests = [
        renderer.render(reader, unsubscribe_url=LEAVE)
        for reader in (*SUBSCRIBERS, *trial_readers("ar"))
    ]

    assert all(LEAVE in Page(digest.html).links() for digest in digests)


unicode = st.text(st.characters(exclude_categories=[]), max_size=40)


@cache
def scripts_of_plain_words(with_summary: bool) -> Any:
    """Those of the digest of a post that nobody has made up."""
    plain = a_post(1, title="x", summary="x" if with_summary else "", authors=("x",))
    return Page(rendered(plain).html).all("script")


@settings(max_examples=40)
@given(title=unicode, name=unicode, summary=unicode)
def test_any_text_can_be_a_title_or_a_name(title: str, name: str, summary: str) -> None:
    post = a_post(1, title=title, summary=summary, authors=(name,))

    digest = rendered(post, template="weekly", reader=replace(ADA, name=name))

    digest.html.encode()
    digest.text.encode()
    assert Page(digest.html).all("script") == scripts_of_plain_words(bool(summary.split()))
    assert LEAVE in Page(digest.html).links()
    assert len(digest.subject.splitlines()) == 1
