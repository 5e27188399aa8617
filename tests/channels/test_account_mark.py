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


def test_a_mark_shows_nothing_of_the_options():
    assert len(mark(token="env:A")) == 64
