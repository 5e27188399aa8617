"""A provider gets tokens that hold: renewed in time, by one, and kept before they are used."""

import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from access_stage import connect, opened_with
from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited, StoreUnavailable
from dispatch.model.delivery.message import SocialMessage
from dispatch.sealing import new_key
from little_network import KEY

HOURS = timedelta(hours=1)
POST = SocialMessage(id="e.1", text="A press from the last century", link="")


def post(app, name="plaza"):
    channel = app.channels.open(name)
    try:
        return channel.provider.send([POST])
    finally:
        channel.close()


def test_without_anybody_who_let_us_in_it_says_how(app):
    with pytest.raises(CredentialsRefused, match=r"yet - dispatch channels connect plaza$"):
        post(app)


def test_what_a_network_gave_is_sealed_and_used(app, network, kept):
    check = connect(app, network)
    post(app)

    assert (check.account, check.problem, check.can) == ("@atelier", "", ("read", "write"))
    row = kept()
    assert row.by == "jean"
    assert row.scopes == ("read", "write")
    assert "token-1" not in row.sealed
    assert network.asked == {"/token": 1, "/me": 1, "/posts": 1}
    database = (app.folder / "dispatch.db").read_bytes()
    assert b"access-token" not in database
    assert b"refresh-token" not in database


def test_they_are_renewed_when_they_would_not_outlast_a_call(app, network, clock, kept):
    connect(app, network)
    clock.advance(HOURS * 1.9)
    post(app)
    before = kept()
    clock.advance(HOURS / 15)  # four minutes are left
    post(app)
    post(app)

    assert network.asked["/token"] == 2
    assert kept().sealed != before.sealed
    assert kept().ends == clock() + 2 * HOURS
    assert network.renewing == {"refresh-token-2"}


def test_many_threads_renew_once(app, network, clock):
    connect(app, network)
    clock.advance(3 * HOURS)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: post(app), range(8)))

    assert len(found) == 8
    assert network.asked["/token"] == 2


def test_while_another_process_renews_what_holds_is_used_and_what_does_not_waits(
    app, network, clock, kept
):
    connect(app, network)
    clock.advance(HOURS * 2 - timedelta(minutes=3))
    with app.store.begin() as tx:
        tx.tokens.begin_renewal(kept(), now=clock())
    post(app)
    assert network.asked["/token"] == 1
    clock.advance(timedelta(minutes=1))
    post(app)
    assert network.asked["/token"] == 1


def test_who_died_while_renewing_holds_the_others_up_for_two_minutes(app, network, clock, kept):
    connect(app, network)
    clock.advance(3 * HOURS)
    with app.store.begin() as tx:
        tx.tokens.begin_renewal(kept(), now=clock())

    with pytest.raises(RateLimited, match="another process is renewing") as waiting:
        post(app)
    clock.advance(timedelta(minutes=2))
    post(app)

    assert waiting.value.retry_after == timedelta(seconds=5)
    assert network.asked["/token"] == 2


def test_if_they_had_been_used_up_by_who_died_a_person_is_asked(app, network, clock, kept):
    connect(app, network)
    clock.advance(3 * HOURS)
    network.renewing.clear()

    with pytest.raises(CredentialsRefused, match=r"dispatch channels connect plaza$") as caught:
        post(app)

    assert str(caught.value) == kept().problem
    assert "refresh-token" not in "".join(traceback.format_exception(caught.value))


def test_a_network_that_is_away_is_asked_again_and_what_holds_is_used(app, network, clock, kept):
    connect(app, network)
    clock.advance(2 * HOURS - timedelta(minutes=3))
    network.down = True
    source = app.channels.open("plaza").tokens
    assert source().access == "access-token-1"
    assert "plaza: away - later" in kept().problem
    clock.advance(timedelta(minutes=4))

    with pytest.raises(RateLimited, match="could not be renewed: plaza: away"):
        source()
    with pytest.raises(RateLimited, match="away"):  # and asked no more than once in two minutes
        source()
    assert network.asked["/token"] == 3
    network.down = False
    clock.advance(timedelta(minutes=2))
    assert source().access == "access-token-2"
    assert kept().problem == ""


def test_what_could_not_be_written_is_written_before_it_is_used(app, network, clock, monkeypatch):
    connect(app, network)
    clock.advance(3 * HOURS)
    source = app.channels.open("plaza").tokens
    begin, calls = type(app.store).begin, []

    def begins(store):
        calls.append(1)
        if len(calls) in (2, 3):
            raise StoreUnavailable("database: its disk is full - make room")
        return begin(store)

    monkeypatch.setattr(type(app.store), "begin", begins)
    for _ in range(2):
        with pytest.raises(ProviderUnavailable, match="its disk is full"):
            source()

    assert source().access == "access-token-2"
    assert network.asked["/token"] == 2
    with app.store.read() as tx:
        assert tx.tokens.get("plaza").claimed_until is None


def test_a_new_consent_counts_at_once_in_every_process(folder, app, network, clock):
    connect(app, network)
    with opened_with(folder, clock, network) as other:
        post(other)
        connect(app, network)
        post(other)
        app.channels.access.end("plaza", by="jean")
        with pytest.raises(CredentialsRefused, match="nobody has let us in yet"):
            post(other)


def test_without_its_key_the_channel_says_so_and_nothing_is_lost(folder, app, network, clock, kept):
    connect(app, network)
    for key, words in (
        ("", "DISPATCH_TOKEN_KEY is not set"),
        (new_key(), "a key that is not there - set DISPATCH_TOKEN_KEY"),
    ):
        with opened_with(folder, clock, network, key) as other:
            with pytest.raises(CredentialsRefused, match=words):
                post(other)
            assert words in other.channels.check("plaza", by="jean").problem
    before = kept()
    other_key = new_key()
    with opened_with(folder, clock, network, f"{other_key},{KEY}") as turned:
        clock.advance(3 * HOURS)
        post(turned)
    with opened_with(folder, clock, network, other_key) as later:
        post(later)
    assert kept().sealed != before.sealed


def test_a_row_that_was_damaged_or_moved_stops_its_channel_alone(app, network, clock, kept):
    connect(app, network)
    with app.store.begin() as tx:
        tx.tokens.keep(replace(kept(), channel="other"))
        tx.tokens.keep(replace(kept(), sealed=kept().sealed[:-9] + "AAAAAAAA="))

    with pytest.raises(CredentialsRefused, match=r"damaged.* dispatch channels connect plaza"):
        post(app)
    assert app.channels.check("outbox", by="jean").problem == ""
    connect(app, network)
    post(app)


def test_a_rehearsal_uses_nothing_up(app, network, clock):
    connect(app, network)
    clock.advance(3 * HOURS)

    with app.rehearsal() as copy, pytest.raises(RateLimited):
        post(copy)
    post(app)

    assert network.asked["/token"] == 2


def test_nothing_that_is_logged_or_shown_holds_a_token(app, network, clock, kept):
    with capture_logs() as logs:
        connect(app, network)
        clock.advance(3 * HOURS)
        post(app)
        clock.advance(3 * HOURS)
        network.renewing.clear()
        with pytest.raises(CredentialsRefused):
            post(app)
    source = app.channels.open("plaza").tokens
    with app.store.read() as tx:
        audited = list(tx.audit.page())

    assert [one["event"] for one in logs] == ["access.given", "access.renewed"]
    for shown in (logs, audited, source, kept(), app.channels.access.outlook(), vars(source)):
        assert "token-" not in repr(shown)


def test_a_token_of_ones_own_is_used_as_it_is(tmp_path, app, network):
    plan = app.workspace.channels["plaza"]
    own = replace(plan, options={**plan.options, "token": "env:PLAZA_SECRET"})
    channel = app.channels._open(own)

    assert channel.tokens is None
    with pytest.raises(CredentialsRefused, match="unknown token"):
        channel.provider.send([POST])
