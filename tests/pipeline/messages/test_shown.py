"""Snippets as their networks show them: lengths, cards, pictures, times."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from dispatch.channels.provider import Capabilities, Carries
from dispatch.channels.takes import Takes
from dispatch.model.campaigns.campaign import NoAlt, Shows, SocialPlan
from dispatch.model.campaigns.sending_hours import QuietHours
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


def shown(snippet=SNIPPET, plan=PLAN, most=None, most_bytes=None, own=()):
    declared = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        source="https://example.org",
        evidence="documented",
        most_text_bytes=most_bytes,
    )
    made = replace(an_edition(PLAIN, [a_post(1)]), snippets=own)
    [one] = shown_snippets([snippet], made, plan, Takes("bird", most), declared)
    return one


def test_what_is_too_much_is_told_in_characters_and_in_bytes():
    text = replace(SNIPPET, text="é" * 300)

    assert shown(text, most=290).too_many == 10
    assert shown(text, most=300, most_bytes=590).bytes_too_many == 10
    assert not shown(text, most=300, most_bytes=590).fits
    assert shown(text, most=300, most_bytes=600).fits
    assert shown(text).fits


def test_the_limit_that_the_account_had_counts_before_that_of_the_provider():
    assert shown(plan=replace(PLAN, max_text=5), most=500).most == 5


@pytest.mark.parametrize(
    ("plan", "host", "picture", "alt"),
    [
        (PLAN, "blog.example", PICTURE.url, "Spring"),
        (replace(PLAN, shows=Shows.PICTURE), "", PICTURE.url, "Spring"),
        (replace(PLAN, shows=Shows.TEXT), "", "", ""),
        (replace(PLAN, no_alt=NoAlt.LEAVE_OUT), "blog.example", "", ""),
        (replace(PLAN, no_alt=NoAlt.REFUSE), "blog.example", PICTURE.url, ""),
    ],
)
def test_what_stands_beside_it_is_what_the_plan_says(plan, host, picture, alt):
    one = shown(plan=plan)

    assert (one.host, one.picture, one.alt) == (host, picture, alt)


def test_a_page_has_pictures_by_https_only():
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
        ("#Été and #1, C#, a/#b &#39;", ["#Été"]),
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
