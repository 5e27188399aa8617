"""Calls are signed so that any Standard Webhooks library believes them."""

import base64
import json
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from svix.webhooks import Webhook as Receiver
from svix.webhooks import WebhookVerificationError

from dispatch.clock import system_clock
from dispatch.errors import CredentialsRefused, ProviderUnavailable
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Card, Refused, SocialPicture
from dispatch.providers.webhook import Webhook, WebhookOptions
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_snippet

URL = "https://hooks.example.org/services/secret-path"


class TestWebhook(ProviderContract):
    reads_answer = False

    def provider(self, http, secret):
        # The real time: the receiver's library compares the timestamp with it.
        return Webhook(WebhookOptions(url=URL, secret=secret), http, system_clock)

    def accepted(self, request):
        return httpx.Response(204)

    def sent(self, snippet):
        requests = []

        def service(request):
            requests.append(request)
            return self.accepted(request)

        outcomes = self.answering(service).send([snippet])
        return requests[0], outcomes[0]

    def test_is_believed_by_a_receiver(self):
        snippet = a_snippet()

        request, outcome = self.sent(snippet)

        Receiver(SECRET).verify(request.content, dict(request.headers))
        payload = json.loads(request.content)
        assert payload["type"] == "post.published"
        assert payload["data"] == {
            "id": snippet.id,
            "title": snippet.title,
            "text": snippet.text,
            "link": snippet.link,
            "image": {"url": snippet.image.url, "alt": snippet.image.alt},
            "language": "fr",
            "topics": ["ia", "création"],
        }
        assert outcome == Accepted(request.headers["webhook-id"])
        assert request.headers["content-type"] == "application/json"

    def test_says_what_only_some_messages_have(self):
        picture = SocialPicture(b"...", "image/png", 120, 40, "Une aquarelle")
        snippet = a_snippet(
            card=Card("https://blog.example.org/posts/1", "Des images", "En bref", picture),
            thread=("La suite",),
            warning="Peinture",
            mentions=True,
            appears=datetime(2026, 11, 24, 9, tzinfo=UTC),
        )

        request, _ = self.sent(snippet)

        data = json.loads(request.content)["data"]
        plain = json.loads(self.sent(a_snippet())[0].content)["data"]
        assert {name: data[name] for name in data.keys() - plain.keys()} == {
            "card": {"title": "Des images", "description": "En bref"},
            "picture": {"kind": "image/png", "width": 120, "height": 40, "alt": "Une aquarelle"},
            "thread": ["La suite"],
            "warning": "Peinture",
            "mentions": True,
            "appears": "2026-11-24T09:00:00+00:00",
        }

    def test_says_which_picture_goes_without_a_card(self):
        picture = SocialPicture(b"...", "image/png", 120, 40, "Une aquarelle")

        request, _ = self.sent(a_snippet(picture=picture))

        data = json.loads(request.content)["data"]
        assert "card" not in data
        assert data["picture"]["alt"] == "Une aquarelle"

    def test_is_not_believed_by_a_receiver_with_another_key(self):
        request, _ = self.sent(a_snippet())
        other = f"whsec_{base64.b64encode(b'another key' * 3).decode()}"

        with pytest.raises(WebhookVerificationError):
            Receiver(other).verify(request.content, dict(request.headers))

    def test_says_that_there_is_no_image(self):
        request, _ = self.sent(a_snippet(image=None))

        assert json.loads(request.content)["data"]["image"] is None

    def test_makes_an_id_without_a_full_stop(self):
        request, _ = self.sent(a_snippet(id="edition.42"))

        assert "." not in request.headers["webhook-id"]

    @pytest.mark.parametrize("secret", [SECRET.removeprefix("whsec_"), "/services/secret-path"])
    def test_keeps_the_bare_key_and_the_address_when_the_receiver_repeats_them(self, secret):
        provider = self.answering(lambda _: httpx.Response(422, json={"error": f"no: {secret}"}))

        [outcome] = provider.send([a_snippet()])

        assert outcome == Refused("no: ***")

    def test_stops_when_the_receiver_wants_no_more(self):
        provider = self.answering(lambda _: httpx.Response(410))

        with pytest.raises(CredentialsRefused, match="wants no more calls"):
            provider.send([a_snippet()])

    def test_passes_on_a_refusal(self):
        provider = self.answering(lambda _: httpx.Response(400, text="<h1>Bad</h1>"))

        assert provider.send([a_snippet()]) == [Refused("HTTP 400 Bad Request")]

    def test_checks_by_asking_without_delivering(self):
        methods = []

        def service(request):
            methods.append(request.method)
            return httpx.Response(405)

        account = self.answering(service).check()

        assert methods == ["HEAD"]
        assert account.startswith("hooks.example.org ")

    @pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 501])
    def test_is_content_with_a_receiver_that_wants_signatures(self, status):
        assert self.answering(lambda _: httpx.Response(status)).check()

    def test_does_not_show_the_path_which_may_be_secret(self):
        shown = self.answering(self.accepted).check()
        try:
            self.answering(lambda _: httpx.Response(500)).check()
        except ProviderUnavailable as error:
            shown += str(error)

        assert "secret-path" not in shown


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "not base64!", "whsec_é" * 9])
def test_refuses_what_is_no_key_and_does_not_repeat_it(secret):
    with pytest.raises(ValidationError) as raised:
        WebhookOptions(url=URL, secret=SecretStr(secret))

    assert "is no key of 24 to 64 bytes" in str(raised.value)
    assert "input_value=SecretStr('**********')" in str(raised.value) or not secret


def test_needs_an_address():
    with pytest.raises(ValidationError, match="no web address"):
        WebhookOptions(url="hooks.example.org", secret=SecretStr(SECRET))


def test_says_that_nobody_is_there():
    options = WebhookOptions(url="http://127.0.0.1:1", secret=SecretStr(SECRET))

    with new_client() as http, pytest.raises(ProviderUnavailable):
        Webhook(options, http, system_clock).check()
