"""There and back: only who has set out brings anything, and what went wrong is a sentence."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from access_stage import REDIRECT, connect, opened_with
from app_stage import change
from dispatch.errors import Conflict, NotFound
from dispatch.pipeline.access.consent import ConsentFailed
from dispatch.sealing import SealBroken


def test_the_address_asks_by_pkce_and_tells_neither_state_nor_verifier_twice(app, network):
    ways = [app.channels.access.way("plaza", REDIRECT) for _ in range(2)]
    asked = [dict(parse_qsl(urlsplit(address).query)) for _, address in ways]

    assert asked[0]["redirect_uri"] == REDIRECT
    assert asked[0]["code_challenge_method"] == "S256"
    for name in ("state", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    way, address = ways[0]
    assert way.verifier not in address
    assert way.verifier not in repr(way)
    assert way.state not in repr(way)


def test_who_comes_back_with_another_state_brings_nothing(app, network, kept):
    way, address = app.channels.access.way("plaza", REDIRECT)
    other, _ = app.channels.access.way("plaza", REDIRECT)
    came = network.authorize(address)

    for wrong in (came | {"state": other.state}, came | {"state": ""}, {"code": came["code"]}):
        with pytest.raises(ConsentFailed, match="not the way that was begun"):
            app.channels.access.arrive(way, wrong, by="jean")
    with pytest.raises(ConsentFailed, match="no code"):
        app.channels.access.arrive(way, {"state": way.state}, by="jean")
    assert kept() is None
    assert "/token" not in network.asked


def test_a_code_that_was_overheard_is_worth_nothing_with_another_verifier(app, network, kept):
    _, address = app.channels.access.way("plaza", REDIRECT)
    thief, _ = app.channels.access.way("plaza", REDIRECT)
    came = network.authorize(address) | {"state": thief.state}

    with pytest.raises(ConsentFailed, match=r"\*\*\* is not yours") as caught:
        app.channels.access.arrive(thief, came, by="jean")
    assert came["code"] not in str(caught.value)
    assert kept() is None


@pytest.mark.parametrize(
    ("error", "words", "denied"),
    [
        ("access_denied", "you said no there", True),
        ("user_cancelled_login", "you said no there", True),
        ("invalid_scope", "the network said: invalid_scope - see whether", False),
        ("<b>\x1b[31mred" + "x" * 900, r"the network said: <b>", False),
    ],
)
def test_what_the_network_says_instead_of_a_code_is_a_sentence(app, network, error, words, denied):
    way, address = app.channels.access.way("plaza", REDIRECT)

    with pytest.raises(ConsentFailed, match=words) as caught:
        app.channels.access.arrive(way, network.authorize(address, error=error), by="jean")

    assert caught.value.denied is denied
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert "/token" not in network.asked


def test_agreeing_once_more_replaces_what_there_was(app, network, kept):
    connect(app, network)
    first = kept()
    connect(app, network)

    assert kept().sealed != first.sealed
    with app.store.read() as tx:
        assert [one.act for one in tx.audit.page(act="channel.give")] == ["channel.give_access"] * 2


def test_nobody_is_sent_there_for_what_could_not_be_kept(folder, clock, network):
    unset = pytest.raises(SealBroken, match=r"DISPATCH_TOKEN_KEY is not set.*token-key")
    with opened_with(folder, clock, network, key="") as app, unset:
        app.channels.access.way("plaza", REDIRECT)


def test_a_channel_that_has_another_way_in_says_so(folder, app, network):
    with pytest.raises(Conflict, match="outbox needs nobody to let us in"):
        app.channels.access.way("outbox", REDIRECT)
    with pytest.raises(NotFound, match=r"channel plazza: not in schedules\.yaml"):
        app.channels.access.way("plazza", REDIRECT)
    change(folder, "client_id:", "token: env:PLAZA_SECRET, client_id:")
    app.reload_if_changed()
    with pytest.raises(Conflict, match="has a token of its own"):
        app.channels.access.way("plaza", REDIRECT)
