"""Posts without a title of their own, and what programs add to texts: told once, or not at all."""

import pytest
from markupsafe import Markup

from dispatch.model.intake.feed import Image
from dispatch.model.intake.titles import is_untitled
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.limits import TextLimits
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.snippet import render_snippets
from dispatch.render.templates.filters import teaser_filter, teaser_html_filter
from dispatch.testing.samples import a_post
from render.render_samples import LEAVE, OURS, Page, an_edition

ADA = Subscriber(1, "ada@example.org", "Ada", "fr")
SNOW = "Saw the first snow on the hills, and the children were out with sledges before seven"
LONG = f"{SNOW}, as every year."
FOOTER = "The post Soup appeared first on Kitchen."


def told(template, post):
    """The digest's two parts and the snippet, white space aside."""
    edition = an_edition(template, [post])
    digest = DigestRenderer(edition).render(ADA, unsubscribe_url=LEAVE)
    [plan] = edition.social
    [snippet] = render_snippets(edition, plan, provider="mastodon", limits=TextLimits(500, 23))
    page = Page(digest.html.partition("<body")[2])
    return [" ".join(text.split()) for text in (digest.text, page.text, snippet.text)]


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Short note.", "Short note."),
        (f"{SNOW[:76]}…", LONG),
        ("Saw the first snow on the hills, and...", LONG),
    ],
)
def test_a_text_whose_title_is_made_of_it_is_told_once(template, title, text):
    for post in (
        a_post(title=title, summary=text, content=""),
        a_post(title=title, summary="", content=f"<p>{text}</p>"),
    ):
        for part in told(template, post)[::2]:
            assert part.count(text[:30]) == 1
            assert text in part


@pytest.mark.parametrize("template", OURS)
def test_a_post_with_a_title_of_its_own_shows_that(template):
    post = a_post(title="Snow", summary="Snow fell on the hills.")

    assert not is_untitled(post, post.summary)
    assert all("Snow" in part for part in told(template, post))


@pytest.mark.parametrize("template", OURS)
def test_a_picture_without_words_is_called_by_its_description_once(template):
    image = Image("https://x.example/p.jpg", "A cat on a wall")
    post = a_post(title="A cat on a wall", summary="", content="", image=image)

    assert is_untitled(post, "")
    for part in told(template, post)[::2]:
        assert part.count("A cat on a wall") == 1


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("where", ["summary", "content"])
def test_what_programs_add_is_in_no_digest_and_no_snippet(template, where):
    texts = {"summary": "", "content": "", where: f"Soup is good […] {FOOTER}"}

    for part in told(template, a_post(title="A soup for you", **texts)):
        assert "appeared first" not in part
        assert "[…]" not in part


def test_teasers_of_html_end_where_the_author_ended():
    html = Markup(f"<p>Soup is <b>good</b> [&#8230;]</p><p>{FOOTER}</p>")

    assert teaser_filter(html, 40) == "Soup is good…"
    assert teaser_html_filter(html, 40) == "Soup is <b>good…</b>"
    assert teaser_html_filter(html, 2) == "Soup is…"
