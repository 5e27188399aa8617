"""Two channels lead to one account where what they say of it is the same."""

from types import SimpleNamespace

import pytest

from dispatch.channels.account_mark import account_mark
from dispatch.channels.provider import Capabilities, Carries
from dispatch.model.campaigns.campaign import ChannelPlan


def network(*account_options, connects=False):
    """A provider of which only that is asked."""
    capabilities = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        source="https://example.org",
        evidence="live",
        account_options=account_options,
    )
    verbs = ("consent_address", "trade", "renew", "use_tokens") if connects else ()
    more = {"scopes": ()} if connects else {}
    return SimpleNamespace(capabilities=capabilities, **more, **dict.fromkeys(verbs, print))


def mark(name="one", provider=None, **options):
    return account_mark(ChannelPlan(name, "network", options), provider or network())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"token": "env:A"}, {"token": "env:A", "name": "two"}, True),
        ({"token": "env:A"}, {"token": "env:B"}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_all_options_count_where_none_is_named(one, other, same):
    assert (mark(**one) == mark(**other)) is same


def test_only_the_named_options_count():
    by_room = network("room")

    assert mark(provider=by_room, room="a", loud=True) == mark(provider=by_room, room="a")
    assert mark(provider=by_room, room="a") != mark(provider=by_room, room="b")


def test_channels_that_people_have_connected_may_lead_to_several_accounts():
    by_oauth = network(connects=True)

    assert mark("one", by_oauth, client_id="x") != mark("two", by_oauth, client_id="x")
    assert mark("one", by_oauth, token="env:A") == mark("two", by_oauth, token="env:A")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, False),  # two members, each of whom has let a channel in
        ({"organization": ""}, {}, False),
        ({"organization": "7"}, {"organization": "7", "visibility": "public"}, True),
        ({"organization": "7"}, {"organization": "8"}, False),
        ({"organization": "7"}, {}, False),
        ({"token": "env:A"}, {"token": "env:A", "visibility": "public"}, True),
        ({"token": "env:A"}, {"token": "env:B"}, False),
    ],
)
def test_where_none_of_the_named_options_is_written_the_channel_is_who_was_let_in(one, other, same):
    linkedin = network("organization", connects=True)

    assert (mark("one", linkedin, **one) == mark("two", linkedin, **other)) is same


def test_what_a_connected_channel_posts_with_changes_nothing_of_whose_account_it_is():
    by_oauth = network(connects=True)

    assert mark("one", by_oauth, client_id="x") == mark("one", by_oauth, client_id="y")


def test_all_options_count_where_none_of_the_named_ones_is_written():
    by_room = network("room")

    assert mark(provider=by_room, url="a") != mark(provider=by_room, url="b")


def test_a_mark_shows_nothing_of_the_options():
    assert len(mark(token="env:A")) == 64
