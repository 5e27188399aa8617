"""What may stand beside `on: new post`, and beside `when_empty: send`."""

from datetime import date, time, timedelta

import pytest

from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours

CAMPAIGN = """\
feeds: {{blog: {{url: "file:feeds/blog.xml"}}, other: {{url: "file:feeds/blog.xml"}}}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{{template: weekly, each: {each}}}]
    schedule: {{{schedule}}}
    posts: {{{posts}}}
"""


def written(schedule: str, posts: str = "at_most: 12", each: str = "edition") -> str:
    return CAMPAIGN.format(schedule=schedule, posts=posts, each=each)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("on: new post", NewPosts("UTC")),
        (
            "on: New Post, debounce: 5m, per_day: 3, spacing: 2h, timezone: Europe/Paris",
            NewPosts("Europe/Paris", timedelta(minutes=5), 3, timedelta(hours=2)),
        ),
        ("on: new post, debounce: 0m", NewPosts("UTC", timedelta(0))),
        (
            "on: new post, from: 2026-12-01, until: 2026-12-31, except: [2026-12-24]",
            NewPosts(
                "UTC",
                first=date(2026, 12, 1),
                last=date(2026, 12, 31),
                days_off=frozenset({date(2026, 12, 24)}),
            ),
        ),
    ],
)
def test_a_campaign_may_run_on_new_posts(load, text, rule):
    campaign = load(written(text)).campaigns["weekly"]

    assert campaign.new_posts == rule
    assert campaign.schedule is None


def test_quiet_hours_and_business_days_count_for_editions_and_for_what_leaves(load):
    text = 'on: new post, quiet: "22:00-07:00", business_days: true, except: [2026-12-24]'
    campaign = load(written(text)).campaigns["weekly"]

    hours = SendingHours(QuietHours(time(22), time(7)), True, frozenset({date(2026, 12, 24)}))
    assert campaign.new_posts.hours == hours
    assert campaign.sending.hours == hours


def test_each_readers_own_hour_needs_an_hour(problems):
    email = "    email: {audience: readers, template: weekly, local_time: true}\n"
    text = written("on: new post").replace("    schedule", email + "    schedule")

    assert any(
        "email.local_time: does not go with on: new post, which comes at no hour" in one
        for one in problems(text)
    )


def test_only_feeds_of_such_a_campaign_are_asked_often(load):
    feeds = load(written("on: new post")).feeds

    assert [name for name, feed in feeds.items() if feed.eager] == ["blog"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("on: new post, every: day", ["every: does not go with on: new post, which comes on any "]),
        ('on: new post, at: "9:00"', ["at: does not go with on: new post, which comes at any tim"]),
        (
            'on: new post, cron: "0 9 * * *"',
            ["cron: does not go with on: new post, which comes at any time - remove one of"],
        ),
        (
            "on: new post, late: 6h",
            ["late: does not go with on: new post, which is never late - r"],
        ),
        (
            "on: new post, from: 2026-12-01, until: 2026-11-01",
            ["until: is before its first day, 2026-12-01 - write a later date"],
        ),
        ("on: new posts", ["on: unknown day 'new posts' - write on: new post"]),
        ("on: new_post", ["on: unknown day 'new_post' - write on: new post"]),
        (
            'every: month, on: [new post, 15th], at: "9:00"',
            ["on: unknown day 'new post' - write on: new post, without other days"],
        ),
        (
            'every: day, at: "9:00", debounce: 5m, per_day: 3, spacing: 2h',
            [
                "debounce: goes with on: new post only - remove it",
                "per_day: goes with on: new post only - remove it",
                "spacing: goes with on: new post only - remove it",
            ],
        ),
        ("on: new post, per_day: 0", ["per_day: must be 1 or more"]),
        ("on: new post, ahead: 2h", ["ahead: goes with every or cron, whose times are known"]),
        ("on: new post, spacing: soon", ["spacing: 'soon' is not a length of time"]),
    ],
)
def test_what_does_not_go_together_is_told_with_its_line(problems, text, said):
    place = "schedules.yaml:6: campaigns.weekly.schedule."

    found = [one.removeprefix(place) for one in problems(written(text))]

    assert len(found) == len(said)
    assert all(one.startswith(begin) for one, begin in zip(found, said, strict=True))


def test_a_campaign_may_go_out_without_any_post(load):
    campaign = load(written('every: day, at: "9:00"', "when_empty: send")).campaigns["weekly"]

    assert campaign.posts.at_least == 0


def test_without_a_word_a_campaign_needs_a_post(load):
    campaign = load(written('every: day, at: "9:00"', "when_empty: skip")).campaigns["weekly"]

    assert campaign.posts.at_least == 1


@pytest.mark.parametrize(
    ("schedule", "posts", "each", "said"),
    [
        (
            'every: day, at: "9:00"',
            "when_empty: send, at_least: 1",
            "edition",
            "at_least: does not go with when_empty: send, which needs no post - remove one of the",
        ),
        (
            "on: new post",
            "when_empty: send",
            "edition",
            "when_empty: does not go with on: new post, which runs only when there is one - remov",
        ),
        (
            'every: day, at: "9:00"',
            "when_empty: send",
            "post",
            "when_empty: has no effect: without a post there is no snippet for it, and no email -",
        ),
        (
            'every: day, at: "9:00"',
            "when_empty: sent",
            "post",
            "when_empty: unknown value 'sent' - did you mean 'send'?",
        ),
    ],
)
def test_what_an_empty_edition_contradicts_is_told(problems, schedule, posts, each, said):
    [found] = problems(written(schedule, posts, each))

    assert found.startswith(f"schedules.yaml:7: campaigns.weekly.posts.{said}")
