"""By which way a channel is heard follows from its provider and from what the workspace says."""

import pytest

from dispatch.channels.feedback import Feedback, feedback_of, hook_of, how_to_hear
from dispatch.model.campaigns.campaign import ChannelPlan
from pigeon_post import announce


@pytest.fixture(autouse=True)
def _pigeon(tmp_path, monkeypatch):
    announce(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("provider", "options", "mailbox", "way"),
    [
        ("pigeon", {"webhook_secret": "env:RING"}, False, Feedback.HOOK),
        ("pigeon", {"webhook_secret": ""}, True, Feedback.NO_HOOK),
        ("pigeon", {}, False, Feedback.NO_HOOK),
        ("smtp", {}, True, Feedback.MAILBOX),
        ("smtp", {}, False, Feedback.NO_MAILBOX),
        ("outbox", {}, True, Feedback.NONE),
        ("mastodon", {}, True, Feedback.NONE),
        ("is not there", {}, True, Feedback.NONE),
    ],
)
def test_a_channel_is_heard_by_its_hook_or_by_the_mailbox(provider, options, mailbox, way):
    plan = ChannelPlan("loft", provider, options)

    assert feedback_of(plan, mailbox=mailbox) is way
    assert (hook_of(plan) is not None) is (provider == "pigeon")


def test_what_is_deaf_and_could_hear_is_told_with_what_to_do():
    could = {way: how_to_hear("loft", way) for way in Feedback if way.is_shut}

    assert [way for way in Feedback if way.is_open] == [Feedback.HOOK, Feedback.MAILBOX]
    assert "under 'bounces' in schedules.yaml" in could[Feedback.NO_MAILBOX]
    assert "'dispatch channels list'" in could[Feedback.NO_HOOK]
