"""Whom a post is by, where it is from and how it may be used: always at hand for templates."""

from dataclasses import replace

import pytest

from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.text.limits import TextLimits
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.snippet import render_snippets
from dispatch.render.templates.context import view_post
from dispatch.testing.samples import SUBSCRIBERS, a_post
from render.render_samples import LEAVE, OURS, Page, an_edition

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("facts", "credit"),
    [
        ({"licence_link": BY}, "Ada Lovelace, The Blog, CC BY 4.0"),
        ({"licence_link": BY, "rights": "© Ada"}, "Ada Lovelace, The Blog, CC BY 4.0"),
        (
            {"rights": "© Ada. All rights reserved."},
            "Ada Lovelace, The Blog, © Ada. All rights reserved",
        ),
        ({"licence_link": "https://blog.example.org/terms"}, "Ada Lovelace, The Blog"),
        ({}, "Ada Lovelace, The Blog"),
        ({"authors": ()}, "The Blog"),
        ({"authors": ("The Blog",)}, "The Blog"),
        ({"authors": ("Ada", "Grace\r\nBcc: x")}, "Ada, Grace Bcc: x, The Blog"),
    ],
)
def test_the_credit_line_says_what_is_known(facts, credit):
    assert view_post(a_post(**facts), "The Blog").credit == credit


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (BY, "CC BY 4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/fr/", "CC BY-NC-SA 3.0 FR"),
        ("https://creativecommons.org/licenses/by-nd/4.0/deed.de", "CC BY-ND 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
        ("https://creativecommons.org/", ""),
        ("https://example.org/creativecommons.org/licenses/by/4.0/", ""),
    ],
)
def test_creative_commons_licences_have_their_name(link, name):
    view = view_post(a_post(licence_link=link), "The Blog")

    assert (view.licence, view.licence_link) == (name, link)


def test_a_link_that_is_none_never_reaches_a_reader():
    view = view_post(a_post(licence_link="javascript:x()", comments_link="data:,x"), "The Blog")

    assert (view.licence_link, view.comments_link) == ("", "")


def test_the_bulletin_gives_credit_and_leads_to_the_licence():
    content = an_edition("bulletin", [a_post(licence_link=BY)], locale="en")

    digest = DigestRenderer(content).render(SUBSCRIBERS[0], unsubscribe_url=LEAVE)

    assert "Ada Lovelace, Le Blog, CC BY 4.0, 23 Nov" in digest.text
    assert BY in Page(digest.html).links()


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize(
    ("licence", "name"), [(BY, "CC BY 4.0"), ("https://blog.example.org/terms", "licence")]
)
def test_every_template_of_ours_gives_credit_in_both_parts(template, licence, name):
    content = an_edition(template, [a_post(1, licence_link=licence), a_post(2)], locale="en")

    digest = DigestRenderer(content).render(
        replace(SUBSCRIBERS[0], locale="en"), unsubscribe_url=LEAVE
    )

    for text in (Page(digest.html).text, digest.text):
        assert "Ada Lovelace" in text
        assert "Le Blog" in text
        assert name in text.replace("Licence", "licence")
    assert licence in Page(digest.html).links()
    assert licence in digest.text


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("each", list(Each))
def test_every_snippet_of_ours_gives_credit(template, each):
    content = an_edition(template, [a_post(licence_link=BY, summary="word " * 300)], locale="en")
    plan = SocialPlan("account", template, each)

    [snippet] = render_snippets(content, plan, provider="mastodon", limits=TextLimits(500, 23))

    assert "Ada Lovelace, Le Blog, CC BY 4.0" in snippet.text
    assert snippet.text.endswith("https://blog.example.org/posts/1")


@pytest.mark.parametrize("template", OURS)
@pytest.mark.parametrize("each", list(Each))
def test_who_posts_their_own_gives_no_credit_to_themselves(template, each):
    content = an_edition(template, [a_post(authors=())], locale="en", title="Le Blog")

    [snippet] = render_snippets(content, SocialPlan("account", template, each))

    assert "(Le Blog)" not in snippet.text
