"""schedules.yaml as values, and everything that can be wrong with it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from dispatch.config.workspace import Workspace
from dispatch.model.campaigns.campaign import (
    Campaign,
    ChannelPlan,
    DkimPlan,
    Each,
    EmailPlan,
    Publisher,
    SocialPlan,
)
from dispatch.model.campaigns.days import Weekdays
from dispatch.model.campaigns.pace import Pace, WarmUp
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.delivery.message import Address
from dispatch.model.intake.feed import Backfill, Feed
from dispatch.model.intake.post import PostRule
from dispatch.model.people.form import Form
from schedule_files import FULL, SMALL, with_campaign


class TestValues:
    def test_a_small_file_is_filled_up_with_defaults(self, load):
        workspace = load(SMALL)

        assert workspace.campaigns == {
            "weekly": Campaign(
                name="weekly",
                feeds=("blog",),
                title="Weekly",
                social=(SocialPlan("outbox", "weekly", Each.POST),),
            )
        }
        assert workspace.feeds == {"blog": Feed("blog", "file:feeds/blog.xml")}
        assert workspace.publisher == Publisher(Address(""), "", "UTC", "en")

    def test_a_full_file_becomes_model_values(self, load, folder):
        workspace = load(FULL)

        assert workspace == Workspace(
            folder=folder,
            publisher=Publisher(
                Address("lettre@example.org", "La Lettre"),
                "https://news.example.org",
                "Europe/Paris",
                "fr-CA",
            ),
            feeds={
                "blog": Feed("blog", "https://blog.example.org/feed.xml", title="Le blog"),
                "culture": Feed(
                    "culture",
                    "file:feeds/blog.xml",
                    Backfill(since=datetime(2026, 1, 31, tzinfo=UTC)),
                ),
            },
            channels={
                "mail": ChannelPlan(
                    "mail",
                    "smtp",
                    {
                        "host": "smtp.example.org",
                        "port": 587,
                        "password": "env:SMTP_PASSWORD",
                        "nothing": None,
                    },
                ),
                "backup": ChannelPlan("backup", "smtp"),
                "outbox": ChannelPlan("outbox", "outbox"),
            },
            campaigns={
                "la-lettre_du_mardi": Campaign(
                    name="la-lettre_du_mardi",
                    feeds=("blog", "culture"),
                    title="La Lettre",
                    posts=PostRule(2, 12, timedelta(minutes=30), frozenset({"ia", "arts"})),
                    schedule=Schedule(
                        Weekdays(frozenset({1})), (time(9),), "Europe/Paris", timedelta(hours=2)
                    ),
                    sending=SendingRule(late=timedelta(hours=2)),
                    approval_needed=True,
                    email=EmailPlan("readers", "weekly", "mail", "locale == 'fr'"),
                    social=(SocialPlan("outbox", "weekly", Each.EDITION),),
                )
            },
            forms={"readers": Form("readers", ("readers",), via="mail")},
        )

    def test_a_later_finder_of_problems_can_name_the_line(self, load):
        workspace = load(FULL)

        assert workspace.lines.of("channels", "mail", "options", "port") == 13
        assert workspace.lines.of("channels", "mail", "options", "user") == 11

    def test_a_channel_named_outbox_may_be_configured(self, load):
        channels = "channels: {outbox: {provider: outbox, options: {folder: mails}}}\n"

        workspace = load(channels + SMALL)

        assert workspace.channels == {
            "outbox": ChannelPlan("outbox", "outbox", {"folder": "mails"})
        }

    def test_a_channel_may_sign_its_mails(self, load):
        dkim = "{domain: Example.org, selector: news, key: 'file:dkim.pem'}"

        workspace = load(f"channels: {{mail: {{provider: smtp, dkim: {dkim}}}}}\n{SMALL}")

        assert workspace.channels["mail"] == ChannelPlan(
            "mail", "smtp", dkim=DkimPlan("example.org", "news", "file:dkim.pem")
        )
        assert "dkim.pem" not in repr(workspace)  # somebody may have written the key itself

    def test_a_channel_may_have_a_pace(self, load):
        limits = (
            "per_second: 50, per_day: 20000, per_domain: {Gmail.com: 5, bücher.example: 0.5},"
            " connections: 10, warm_up: {first: 200, days: 14}"
        )

        workspace = load(f"channels: {{mail: {{provider: smtp, pace: {{{limits}}}}}}}\n{SMALL}")

        assert workspace.channels["mail"].pace == Pace(
            per_second=50,
            per_day=20_000,
            per_domain={"gmail.com": 5, "xn--bcher-kva.example": 0.5},
            connections=10,
            warm_up=WarmUp(200, 14),
        )

    def test_a_pace_has_no_limit_that_is_not_written(self, load):
        workspace = load(f"channels: {{mail: {{provider: smtp, pace: {{}}}}}}\n{SMALL}")

        assert workspace.channels["mail"].pace == Pace()

    @pytest.mark.parametrize(
        ("written", "via", "failover"),
        [
            ("mail", "mail", ()),
            ("[mail]", "mail", ()),
            ("[mail, backup, outbox]", "mail", ("backup", "outbox")),
        ],
    )
    def test_a_digest_may_have_channels_that_step_in(self, load, written, via, failover):
        workspace = load(FULL.replace("via: mail", f"via: {written}"))

        plan = workspace.campaigns["la-lettre_du_mardi"].email
        assert (plan.via, plan.failover) == (via, failover)

    @pytest.mark.parametrize(
        ("written", "share"),
        [("10%", 0.1), ("2.5 %", 0.025), ('"100%"', 1.0), ("never", 1.0), ("Never", 1.0)],
    )
    def test_the_share_at_which_an_edition_pauses_is_written_in_percent(self, load, written, share):
        workspace = load(FULL.replace("via: mail", f"via: mail, pause_at: {written}"))

        assert workspace.campaigns["la-lettre_du_mardi"].email.pause_at == share

    @pytest.mark.parametrize(
        ("every", "days"),
        [
            ("day", {0, 1, 2, 3, 4, 5, 6}),
            ("weekday", {0, 1, 2, 3, 4}),
            ("Sunday", {6}),
            ("[monday, friday]", {0, 4}),
        ],
    )
    def test_days_are_words(self, load, every, days):
        workspace = load(with_campaign(f'schedule: {{every: {every}, at: "9:05"}}'))

        schedule = workspace.campaigns["weekly"].schedule
        assert schedule == Schedule(Weekdays(frozenset(days)), (time(9, 5),), "UTC")

    @pytest.mark.parametrize(
        ("word", "backfill"),
        [("none", Backfill(newest=0)), ("5", Backfill(newest=5)), ("all", Backfill())],
    )
    def test_backfill_is_a_word_or_a_number(self, load, word, backfill):
        workspace = load(SMALL.replace('blog.xml"}', f'blog.xml", backfill: {word}}}'))

        assert workspace.feeds["blog"].backfill == backfill

    def test_at_most_none_is_no_limit(self, load):
        workspace = load(with_campaign("posts: {at_most: none}"))

        assert workspace.campaigns["weekly"].posts.at_most is None

    def test_a_provider_may_have_a_snippet_of_its_own(self, load, folder):
        own = folder / "templates" / "toots"
        own.mkdir()
        (own / "snippet.mastodon.txt").write_text("x")
        channels = "channels: {m: {provider: mastodon}}\n"

        workspace = load(
            channels + SMALL.replace("{template: weekly}", "{via: m, template: toots}")
        )

        assert workspace.campaigns["weekly"].social == (SocialPlan("m", "toots"),)
