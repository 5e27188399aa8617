"""Posts reach Mastodon once, however often they are tried."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.provider import Account
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.providers.mastodon import Mastodon, MastodonOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_png, a_snippet
from loopback import free_port, running
from losing_answers import LosingAnswers


class TestMastodon(ProviderContract):
    def provider(self, http, secret):
        options = MastodonOptions(server="https://social.example/", token=secret)
        return Mastodon(options, http, FakeClock())

    def accepted(self, request):
        if request.url.path == "/api/v1/accounts/verify_credentials":
            return httpx.Response(200, json={"id": "1", "acct": "acme"})
        return httpx.Response(200, json={"id": "103704874086360371"})

    def test_refuses_what_the_server_calls_too_long(self):
        too_long = httpx.Response(422, json={"error": "Text limit of 500 exceeded"})

        [outcome] = self.answering(lambda _: too_long).send([a_snippet(text="…")])

        assert outcome == Refused("Text limit of 500 exceeded")

    def test_names_the_account_and_its_server(self):
        account = self.answering(self.accepted).check()

        assert account == Account("@acme on https://social.example")

    def test_sends_text_visibility_and_language(self):
        sent = []

        def service(request):
            sent.append(json.loads(request.content))
            return self.accepted(request)

        self.answering(service).send([a_snippet(text="Bonjour", language="fr_CA")])

        assert sent == [{"status": "Bonjour", "visibility": "public", "language": "fr"}]

    def test_waits_until_the_moment_the_server_names(self):
        reset = {"X-RateLimit-Reset": "2026-11-24T08:05:00.019685Z"}
        provider = self.answering(lambda _: httpx.Response(429, headers=reset))

        with pytest.raises(RateLimited) as raised:
            provider.send([a_snippet()])

        assert round(raised.value.retry_after.total_seconds()) == 300

    def test_says_that_the_address_is_not_a_mastodon(self):
        provider = self.answering(lambda _: httpx.Response(404, text="<h1>Shop</h1>"))

        with pytest.raises(ProviderUnavailable, match="does not answer like a Mastodon server"):
            provider.check()


@pytest.fixture(scope="module")
def server():
    """Somebody else's idea of a Mastodon server, as a process of its own."""
    port = free_port()
    command = str(Path(sys.executable).with_name("mastodon_mock"))
    arguments = ["serve", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    with running([command, *arguments], port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def account(server):
    with new_client() as http:
        options = MastodonOptions(server=server, token=SecretStr("mock_token"))
        yield Mastodon(options, http, FakeClock())


@pytest.fixture
def fault(server):
    """Lets the server fail at the next post."""
    with new_client() as http:
        faults = f"{server}/api/v1/_mock/faults"

        def fault(**effect):
            match = {"path": "/api/v1/statuses", "methods": ["POST"]}
            http.post(
                faults, json={"match": match, "effect": effect, "count": 1}
            ).raise_for_status()

        yield fault
        http.delete(faults)


def posted(server, text):
    """How many posts with this text the account has."""
    with new_client() as http:
        auth = {"Authorization": "Bearer mock_token"}
        me = http.get(f"{server}/api/v1/accounts/verify_credentials", headers=auth).json()["id"]
        posts = http.get(f"{server}/api/v1/accounts/{me}/statuses", headers=auth).json()
    return sum(text in post["content"] for post in posts)


def status(server, name):
    with new_client() as http:
        auth = {"Authorization": "Bearer mock_token"}
        return http.get(f"{server}/api/v1/statuses/{name}", headers=auth).json()


def test_posts_to_a_server(server, account):
    [outcome] = account.send([a_snippet(id="p1", text="Un premier message", language="fr")])

    assert isinstance(outcome, Accepted)
    assert outcome.id.isdecimal()
    assert posted(server, "Un premier message") == 1
    told = account.check()
    assert (told.name, told.max_text) == (f"@testuser on {server}", 500)


def test_posts_once_when_tried_again(server, account):
    first = account.send([a_snippet(id="p2", text="Une seule fois")])

    again = account.send([a_snippet(id="p2", text="Une seule fois")])

    assert again == first
    assert posted(server, "Une seule fois") == 1


def test_does_not_know_what_a_broken_answer_means(account, fault):
    fault(type="malformed")

    with pytest.raises(OutcomeUnknown):
        account.send([a_snippet(id="p3")])


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"type": "status", "status": 500}, OutcomeUnknown),
        ({"type": "status", "status": 503}, ProviderUnavailable),
        ({"type": "status", "status": 401}, CredentialsRefused),
        ({"type": "ratelimit"}, RateLimited),
    ],
)
def test_sorts_what_a_server_does(account, fault, effect, error):
    fault(**effect)

    with pytest.raises(error):
        account.send([a_snippet(id=f"p-{effect}".replace(" ", ""))])


def test_is_told_that_a_token_is_wrong(server):
    with new_client() as http:
        options = MastodonOptions(server=server, token=SecretStr("not-a-token"))

        with pytest.raises(CredentialsRefused, match="account not accepted"):
            Mastodon(options, http, FakeClock()).check()


def test_answers_in_a_thread_and_takes_all_of_it_away(server, account):
    message = a_snippet(id="p4", text="Erster Teil", thread=("Zweiter Teil", "Dritter Teil"))

    [outcome] = account.send([message])
    [again] = account.send([message])
    found = account.find(message, datetime(2000, 1, 1, tzinfo=UTC))

    assert again == outcome == found
    assert outcome.address.endswith(f"/@testuser/{outcome.id}")
    assert [status(server, one)["in_reply_to_id"] for one in (outcome.id, *outcome.others)] == [
        None,
        outcome.id,
        outcome.others[0],
    ]
    account.delete(Published((outcome.id, *outcome.others), outcome.address))
    account.delete(Published((outcome.id, *outcome.others), outcome.address))
    assert posted(server, "Teil") == 0


def test_a_thread_that_broke_off_goes_on_where_it_did(server):
    message = a_snippet(id="p5", text="Anfang", thread=("Mitte", "Ende"))
    line = LosingAnswers(lambda request: b"Mitte" in request.content)
    with new_client(transport=line) as http:
        options = MastodonOptions(server=server, token=SecretStr("mock_token"))
        account = Mastodon(options, http, FakeClock())
        with pytest.raises(OutcomeUnknown, match="1 of 3 posts"):
            account.send([message])

        [outcome] = account.send([message])

    assert len(outcome.others) == 2
    assert [posted(server, one) for one in ("Anfang", "Mitte", "Ende")] == [1, 1, 1]


def test_shows_a_picture_with_the_words_for_it_and_a_warning(server, account):
    picture = SocialPicture(a_png(8), "image/png", 8, 8, "Une aquarelle")

    [outcome] = account.send([a_snippet(id="p6", warning="Spoiler", picture=picture)])

    there = status(server, outcome.id)
    assert there["spoiler_text"] == "Spoiler"
    assert [one["description"] for one in there["media_attachments"]] == ["Une aquarelle"]


def test_changes_what_a_post_says(server, account):
    picture = SocialPicture(a_png(8), "image/png", 8, 8, "Une aquarelle")
    [outcome] = account.send([a_snippet(id="p7", text="Faux pas", picture=picture)])

    edited = account.edit(
        Published((outcome.id,), outcome.address), a_snippet(id="p7", text="Un pas")
    )

    assert edited == outcome
    there = status(server, outcome.id)
    assert "Un pas" in there["content"]
    assert len(there["media_attachments"]) == 1


def test_has_the_server_wait_with_a_post_until_its_time(server, account):
    then = datetime(2100, 1, 1, tzinfo=UTC)

    [outcome] = account.send([a_snippet(id="p8", text="Plus tard", appears=then)])

    assert outcome.address == ""
    assert posted(server, "Plus tard") == 0
    account.delete(Published((outcome.id,)))
    with pytest.raises(ProviderError, match="no longer"):
        account.delete(Published((outcome.id,)))
