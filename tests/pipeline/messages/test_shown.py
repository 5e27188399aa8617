"""Snippets as their networks show them: lengths, cards, pictures, times."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from dispatch.channels.provider import PictureLimits
from dispatch.channels.takes import Takes
from dispatch.model.campaigns.campaign import NoAlt, Shows, SocialPlan
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.model.editions.card import PostCard
from dispatch.model.editions.edition import OwnSnippet
from dispatch.model.intake.feed import Image
from dispatch.pipeline.messages.shown import marked_parts, planned_times, shown_snippets
from dispatch.render.texts import Snippet
from dispatch.testing.samples import a_post
from render.render_samples import PLAIN, an_edition

PLAN = SocialPlan("bird", "plain")
PICTURE = Image("https://blog.example/a.jpg", "")
SNIPPET = Snippet(
    "1", "Spring https://blog.example/one", "https://blog.example/one", "Spring", PICTURE, "en", ()
)
LIMITS = PictureLimits(kinds=("image/png",), most_bytes=100_000)
CARD = PostCard(1, "Its own title", "About it", picture="a" * 64, own="b" * 64)
TAKES = Takes("bird")
WITH_CARDS = Takes("sky", cards=True, pictures=LIMITS)
WITH_PICTURES = Takes("herd", pictures=LIMITS)


def shown(snippet=SNIPPET, plan=PLAN, takes=TAKES, own=(), cards=(CARD,)):
    made = replace(an_edition(PLAIN, [replace(a_post(1), id=1)]), snippets=own, cards=cards)
    [one] = shown_snippets([snippet], made, plan, takes, lambda mark: f"/pictures/{mark[:2]}")
    return one


def test_what_is_too_much_is_what_its_rendering_says():
    assert shown(replace(SNIPPET, too_many=10)).too_many == 10
    assert not shown(replace(SNIPPET, too_many=10)).fits
    assert shown().fits


def test_of_a_thread_the_longest_counts_in_characters_and_in_bytes():
    one = shown(
        replace(SNIPPET, thread=("é" * 300,)), takes=Takes("sky", 300, most_text_bytes=3000)
    )

    assert (one.used, one.most, one.used_bytes, one.most_bytes) == (300, 300, 600, 3000)
    assert one.texts == (SNIPPET.text, "é" * 300)


def test_the_limit_that_the_account_had_counts_before_that_of_the_provider():
    assert shown(plan=replace(PLAN, max_text=5), takes=Takes("bird", 500)).most == 5


def test_a_card_is_the_one_that_is_handed_over():
    one = shown(takes=WITH_CARDS)

    assert (one.title, one.host, one.description) == ("Its own title", "blog.example", "About it")
    assert (one.picture, one.alt) == ("/pictures/aa", "Its own title")
    assert not one.is_theirs


@pytest.mark.parametrize(
    ("plan", "cards", "picture", "alt"),
    [
        (PLAN, (CARD,), "/pictures/bb", "title"),
        (replace(PLAN, no_alt=NoAlt.LEAVE_OUT), (CARD,), "", ""),
        (replace(PLAN, no_alt=NoAlt.LEAVE_OUT), (replace(CARD, own_alt="A"),), "/pictures/bb", "A"),
        (PLAN, (replace(CARD, own=""),), "", ""),
        (PLAN, (), "", ""),
    ],
)
def test_a_picture_is_the_one_that_is_handed_over(plan, cards, picture, alt):
    plan = replace(plan, shows=Shows.PICTURE)

    one = shown(plan=plan, takes=WITH_PICTURES, cards=cards)

    alt = a_post(1).title if alt == "title" else alt
    assert (one.host, one.title, one.picture, one.alt) == ("", "", picture, alt)


def test_a_network_that_makes_cards_itself_has_one_of_what_the_post_says():
    one = shown(takes=WITH_PICTURES)

    assert (one.title, one.host, one.picture) == ("Spring", "blog.example", PICTURE.url)
    assert one.is_theirs


def test_before_somebody_has_looked_for_cards_they_are_what_the_post_says():
    one = shown(takes=WITH_CARDS, cards=())

    assert (one.title, one.picture, one.is_theirs) == ("Spring", PICTURE.url, False)


@pytest.mark.parametrize(
    ("snippet", "plan"),
    [
        (SNIPPET, replace(PLAN, shows=Shows.TEXT)),
        (SNIPPET, replace(PLAN, shows=Shows.PICTURE)),
        (replace(SNIPPET, link=""), PLAN),
    ],
    ids=["text alone", "no pictures there", "no link"],
)
def test_nothing_stands_beside_it_where_nothing_will(snippet, plan):
    one = shown(snippet, plan)

    assert (one.host, one.picture) == ("", "")


def test_a_page_has_pictures_of_elsewhere_by_https_only():
    one = shown(replace(SNIPPET, image=Image("http://blog.example/a.jpg", "A")))

    assert one.picture == ""


def test_it_is_known_whether_somebody_wrote_it():
    assert shown(own=(OwnSnippet("bird", "1", "By hand"),)).written
    assert not shown(own=(OwnSnippet("herd", "1", "By hand"),)).written


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("See https://a.example/x.", ["a.example/x"]),
        ("(https://a.example/x)", ["a.example/x"]),
        ("#Été and #1, C#, a#b &#39; https://a.example/#B", ["#Été", "a.example/#B"]),
        ("nothing", []),
    ],
)
def test_links_and_hashtags_are_marked(text, marked):
    assert [part for part, is_marked in marked_parts(text) if is_marked] == marked
    assert "".join(part for part, _ in marked_parts(text)).endswith(text[-1])


def test_they_leave_apart_and_not_in_quiet_hours():
    plan = replace(PLAN, every=timedelta(hours=2), quiet=QuietHours(time(22), time(7)))

    times = planned_times(3, datetime(2026, 11, 24, 20, 30, tzinfo=UTC), plan, "UTC", timedelta(0))

    assert [f"{one:%d %H:%M}" for one in times] == ["24 20:30", "25 07:00", "25 09:00"]
