"""Who posts to Bluesky signs in as seldom as can be, at the account's own server."""

import json
from datetime import timedelta

import httpx
import pytest

from bluesky_stage import SESSION, Server, no, token
from dispatch.channels.provider import Account
from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted
from dispatch.testing.samples import a_snippet


def test_speaks_with_the_server_of_the_account_and_signs_in_once():
    server = Server()
    account = server.account

    account.send([a_snippet(1)])
    account.send([a_snippet(2)])

    assert [one.url.host for one in server.calls] == ["bsky.social", *["shiitake.host.example"] * 2]
    assert server.asked == ["createSession", "putRecord", "putRecord"]
    assert json.loads(server.calls[0].content)["identifier"] == "letter.example"


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"service": "none"},
        {"service": [{"id": "#atproto_pds"}]},
        {"service": [{"id": "#atproto_pds", "serviceEndpoint": "http://10.0.0.1"}]},
    ],
)
def test_stays_where_it_signed_in_if_no_other_server_is_named(document):
    server = Server({"com.atproto.server.createSession": {**SESSION, "didDoc": document}})

    server.account.send([a_snippet()])

    assert {one.url.host for one in server.calls} == {"bsky.social"}


@pytest.mark.parametrize("error", ["ExpiredToken", "InvalidToken"])
def test_goes_on_by_another_session_where_one_has_ended(error):
    server = Server({"com.atproto.repo.putRecord": [no(error)]})

    [outcome] = server.account.send([a_snippet()])

    assert isinstance(outcome, Accepted)
    assert server.asked == ["createSession", "putRecord", "refreshSession", "putRecord"]
    assert server.calls[2].headers["Authorization"] == "Bearer refresh-4711"


@pytest.mark.parametrize("answer", [no("ExpiredToken"), no("AuthMissing", 401)])
def test_signs_in_anew_where_a_session_cannot_be_renewed(answer):
    over = {"com.atproto.repo.putRecord": [no("ExpiredToken")]}
    server = Server({**over, "com.atproto.server.refreshSession": answer})

    [outcome] = server.account.send([a_snippet()])

    assert isinstance(outcome, Accepted)
    assert server.asked[2:] == ["refreshSession", "createSession", "putRecord"]


def test_does_not_sign_in_for_ever():
    server = Server({"com.atproto.repo.putRecord": no("InvalidToken", 401)})

    with pytest.raises(CredentialsRefused, match="session is not accepted"):
        server.account.send([a_snippet()])

    assert len(server.calls) == 4


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (no("AuthenticationRequired", 401), CredentialsRefused),
        (no("AccountTakedown", 400), CredentialsRefused),
        (httpx.Response(500), ProviderUnavailable),
        (httpx.Response(200, text="<html>"), ProviderUnavailable),
        (httpx.Response(200, json={**SESSION, "accessJwt": None}), ProviderUnavailable),
        (httpx.Response(429, headers={"RateLimit-Reset": "1795507500"}), RateLimited),
    ],
)
def test_nothing_is_in_doubt_before_it_has_signed_in(answer, error):
    server = Server({"com.atproto.server.createSession": answer})

    with pytest.raises(error) as raised:
        server.account.send([a_snippet()])

    assert server.asked == ["createSession"]
    if isinstance(raised.value, RateLimited):
        assert raised.value.retry_after == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("scope", "can", "note"),
    [
        ("com.atproto.appPass", ("post",), ""),
        ("com.atproto.appPassPrivileged", ("post", "read and write direct messages"), ""),
        ("com.atproto.access", ("everything",), "the account's own password"),
        ("something.else", (), ""),
    ],
)
def test_says_what_its_password_may_do(scope, can, note):
    session = {**SESSION, "accessJwt": token(scope)}
    server = Server({"com.atproto.server.createSession": session})

    account = server.account.check()

    assert (account.name, account.can) == ("@letter.example on https://bsky.social", can)
    assert note in "".join(account.notes)
    assert bool(note) is bool(account.notes)


@pytest.mark.parametrize("access", ["no token", "a.b", "a.W10.c", "a.bnVsbA.c"])
def test_does_not_need_to_read_a_token(access):
    session = {**SESSION, "accessJwt": access}
    server = Server({"com.atproto.server.createSession": session})

    assert server.account.check() == Account("@letter.example on https://bsky.social")


def test_says_that_nobody_sees_the_posts_of_an_account():
    asleep = {"handle": "letter.example", "active": False, "status": "deactivated"}
    server = Server({"com.atproto.server.getSession": asleep})

    assert "the account is deactivated" in str(server.account.check())


def test_says_that_something_else_answers_there():
    server = Server({"com.atproto.server.getSession": no("MethodNotImplemented", 501)})

    with pytest.raises(ProviderUnavailable, match="check the option 'server'"):
        server.account.check()
