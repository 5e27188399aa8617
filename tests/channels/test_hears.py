"""By which way a channel is heard follows from its provider and from what the workspace says."""

import pytest

from dispatch.channels.hears import Ear, deaf_sentence, ear_of, hook_of
from dispatch.model.campaigns.campaign import ChannelPlan
from pigeon_post import announce


@pytest.fixture(autouse=True)
def _pigeon(tmp_path, monkeypatch):
    announce(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("provider", "options", "mailbox", "ear"),
    [
        ("pigeon", {"webhook_secret": "env:RING"}, False, Ear.HOOK),
        ("pigeon", {"webhook_secret": ""}, True, Ear.NO_HOOK),
        ("pigeon", {}, False, Ear.NO_HOOK),
        ("smtp", {}, True, Ear.MAILBOX),
        ("smtp", {}, False, Ear.NO_MAILBOX),
        ("outbox", {}, True, Ear.NONE),
        ("mastodon", {}, True, Ear.NONE),
        ("is not there", {}, True, Ear.NONE),
    ],
)
def test_a_channel_is_heard_by_its_hook_or_by_the_mailbox(provider, options, mailbox, ear):
    plan = ChannelPlan("loft", provider, options)

    assert ear_of(plan, mailbox=mailbox) is ear
    assert (hook_of(plan) is not None) is (provider == "pigeon")


def test_what_is_deaf_and_could_hear_is_told_with_what_to_do():
    could = {ear: deaf_sentence("loft", ear) for ear in Ear if ear.is_shut}

    assert [ear for ear in Ear if ear.is_open] == [Ear.HOOK, Ear.MAILBOX]
    assert "under 'bounces' in schedules.yaml" in could[Ear.NO_MAILBOX]
    assert "'dispatch channels list'" in could[Ear.NO_HOOK]
