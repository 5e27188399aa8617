"""Posts to Threads, in two steps of which only the second one shows anything."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.provider import Quota
from dispatch.errors import (
    CredentialsRefused,
    NotAllowed,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_snippet
from vendors.networks.threads import ADDRESS, CONTAINER, NETWORK, POST

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PREPARE, PUBLISH = ("POST", "/v1.0/me/threads"), ("POST", "/v1.0/me/threads_publish")
STATUS, LOOK = ("GET", f"/v1.0/{CONTAINER}"), ("GET", "/v1.0/me/threads")
APP = {"client_id": "990602627938098", "client_secret": SecretStr("secret-of-the-app")}


def form(request):
    return dict(parse_qsl(request.content.decode()))


def a_status(status, **more):
    return httpx.Response(200, json={"status": status, "id": CONTAINER, **more})


def an_error(status, code, subcode=0, message="no"):
    said = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}
    return httpx.Response(status, json={"error": said})


class TestThreads(ProviderContract):
    def provider(self, http, secret, **options):
        return NETWORK.provider(http, secret, **options)

    def accepted(self, request):
        return NETWORK.answer(request)

    def prepares(self, request):
        return NETWORK.prepares(request)

    def having(self, answers=(), **options):
        """The provider, whose service answers so, and the requests that come there.

        Of a list each call takes the first one, and the last one stays.
        """

        def service(request):
            requests.append(request)
            found = waiting.get((request.method, request.url.path))
            if isinstance(found, list):
                found = found.pop(0) if len(found) > 1 else found[0]
            return found or self.accepted(request)

        requests, waiting = [], dict(answers)
        http = httpx.Client(transport=httpx.MockTransport(service))
        secret = options.pop("token", SecretStr("an-access-token-of-theirs"))
        return self.provider(http, secret, **options), requests

    def test_makes_a_container_and_publishes_it(self):
        provider, requests = self.having()

        [outcome] = provider.send([a_snippet(text="Bonjour")])

        assert outcome == Accepted(POST, ADDRESS)
        assert [(one.method, one.url.path) for one in requests] == [
            PREPARE,
            STATUS,
            PUBLISH,
            ("GET", f"/v1.0/{POST}"),
        ]
        assert form(requests[0]) == {
            "media_type": "TEXT",
            "text": "Bonjour",
            "link_attachment": "https://blog.example.org/posts/1",
        }
        assert form(requests[2]) == {"creation_id": CONTAINER}
        assert all(
            one.headers["authorization"] == "Bearer an-access-token-of-theirs"
            and "an-access-token" not in str(one.url)
            for one in requests
        )

    def test_shows_a_picture_where_it_is_told_to(self):
        provider, requests = self.having(pictures=True, topic="Art")

        provider.send([a_snippet(text="Bonjour", thread=("Deux",))])

        first, second = [form(one) for one in requests if one.url.path == PREPARE[1]]
        assert first == {
            "media_type": "IMAGE",
            "text": "Bonjour",
            "image_url": "https://blog.example.org/images/1.jpg",
            "alt_text": "Une aquarelle bleue",
            "topic_tag": "Art",
        }
        assert second == {"media_type": "TEXT", "text": "Deux", "reply_to_id": POST}

    def test_a_post_stands_where_its_address_cannot_be_learnt(self):
        provider, _ = self.having({("GET", f"/v1.0/{POST}"): httpx.Response(500)})

        assert provider.send([a_snippet()]) == [Accepted(POST)]

    @pytest.mark.parametrize(
        "answer", [httpx.Response(500), httpx.Response(200, text="<html>"), an_error(500, 2)]
    )
    def test_a_container_that_is_lost_leaves_no_doubt(self, answer):
        provider, requests = self.having({PREPARE: answer})

        with pytest.raises(ProviderUnavailable, match="nothing was posted"):
            provider.send([a_snippet()])

        assert len(requests) == 1

    def test_a_publication_that_is_lost_is_in_doubt(self):
        provider, _ = self.having({PUBLISH: httpx.Response(500)})

        with pytest.raises(OutcomeUnknown):
            provider.send([a_snippet()])

    def test_a_publication_that_is_lost_is_settled_by_its_container(self):
        post = {"id": POST, "text": "Bonjour", "permalink": ADDRESS}
        answers = {
            PUBLISH: httpx.Response(500),
            STATUS: [a_status("FINISHED"), a_status("PUBLISHED")],
            LOOK: httpx.Response(200, json={"data": [post]}),
        }
        provider, _ = self.having(answers)

        assert provider.send([a_snippet(text="Bonjour")]) == [Accepted(POST, ADDRESS)]

    def test_waits_for_a_picture_in_bounds(self):
        waiting = [a_status("IN_PROGRESS")] * 3 + [a_status("FINISHED")]
        provider, _ = self.having({STATUS: waiting}, pictures=True)

        assert provider.send([a_snippet()]) == [Accepted(POST, ADDRESS)]

    def test_goes_on_later_with_the_container_that_it_has(self):
        answers = {STATUS: a_status("IN_PROGRESS")}
        provider, requests = self.having(answers, pictures=True)
        with pytest.raises(TryLater):
            provider.send([a_snippet()])
        looks = sum(one.method == "GET" for one in requests)
        with pytest.raises(TryLater):
            provider.send([a_snippet()])

        assert looks == 10  # and no more of them
        assert [one.url.path for one in requests if one.method == "POST"] == [PREPARE[1]]

    def test_makes_another_container_where_the_one_that_waited_has_ended(self):
        waiting = [a_status("IN_PROGRESS")] * 10 + [a_status("EXPIRED"), a_status("FINISHED")]
        provider, requests = self.having({STATUS: waiting})
        with pytest.raises(TryLater):
            provider.send([a_snippet()])

        assert provider.send([a_snippet()]) == [Accepted(POST, ADDRESS)]
        assert [one.url.path for one in requests if one.method == "POST"] == [
            PREPARE[1],
            PREPARE[1],
            PUBLISH[1],
        ]

    def test_a_container_that_is_not_there_yet_is_tried_later(self):
        provider, requests = self.having({PUBLISH: [an_error(400, 24, 4279009), None]})
        with pytest.raises(TryLater):
            provider.send([a_snippet()])

        assert provider.send([a_snippet()]) == [Accepted(POST, ADDRESS)]
        assert [one.url.path for one in requests if one.method == "POST"] == [
            PREPARE[1],
            PUBLISH[1],
            PUBLISH[1],
        ]

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (a_status("ERROR", error_message="FAILED_DOWNLOADING"), "FAILED_DOWNLOADING"),
            (a_status("EXPIRED"), "its container is EXPIRED"),
        ],
    )
    def test_refuses_what_cannot_become_a_post(self, answer, reason):
        provider, _ = self.having({STATUS: answer})

        assert provider.send([a_snippet()]) == [Refused(reason)]

    @pytest.mark.parametrize("step", [PREPARE, PUBLISH])
    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (an_error(400, 190, 463, "Session has expired"), CredentialsRefused),
            (an_error(400, 4, message="Application request limit reached"), RateLimited),
            (an_error(400, 10), NotAllowed),
            (an_error(403, 200), NotAllowed),
        ],
    )
    def test_sorts_by_the_codes_of_meta(self, step, answer, error):
        provider, _ = self.having({step: answer})

        with pytest.raises(error):
            provider.send([a_snippet()])

    @pytest.mark.parametrize("step", [PREPARE, PUBLISH])
    def test_refuses_what_meta_does_not_take(self, step):
        provider, _ = self.having({step: an_error(400, 100, message="Too many links")})

        assert provider.send([a_snippet()]) == [Refused("Too many links")]

    def test_takes_back_a_thread_that_is_not_taken_to_its_end(self):
        prepared = httpx.Response(200, json={"id": CONTAINER})
        answers = {PREPARE: [prepared, an_error(400, 100, message="no")]}
        provider, requests = self.having(answers)

        assert provider.send([a_snippet(thread=("Deux",))]) == [Refused("no")]
        assert (requests[-1].method, requests[-1].url.path) == ("DELETE", f"/v1.0/{POST}")

    def test_finds_its_own_thread(self):
        first = {"id": "1", "text": "Un", "permalink": ADDRESS}
        old = {"id": "0", "text": "Vieux", "timestamp": "2026-11-01T08:00:00+0000"}
        answers = {
            LOOK: httpx.Response(200, json={"data": [first, old]}),
            ("GET", "/v1.0/me/replies"): httpx.Response(
                200, json={"data": [{"id": "2", "text": "Deux"}]}
            ),
        }
        provider, requests = self.having(answers)

        assert provider.find(a_snippet(text="Un", thread=("Deux",)), NOW) == Accepted(
            "1", ADDRESS, ("2",)
        )
        assert provider.find(a_snippet(text="Vieux"), NOW) is None
        assert requests[0].url.params["since"] == str(int(NOW.timestamp()))

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (httpx.Response(404, json={"error": {"message": "gone"}}), None),
            (an_error(400, 100, 33), None),
            (an_error(400, 100), NotAllowed),
        ],
    )
    def test_what_is_gone_is_no_error(self, answer, error):
        provider, _ = self.having({("DELETE", f"/v1.0/{POST}"): answer})

        if error is None:
            provider.delete(Published((POST,)))
        else:
            with pytest.raises(error):
                provider.delete(Published((POST,)))

    def test_names_the_profile_and_what_is_left_of_its_day(self):
        provider, _ = self.having(token=None)
        ends = NOW + timedelta(days=59)
        provider.use_tokens(lambda: Tokens("kept", "kept", ends, ends, ("threads_basic",)))

        account = provider.check()

        assert account.name == "@acme on Threads"
        assert account.quota == Quota(246, 250, "24 hours")
        assert (account.can, account.ends) == (("threads_basic",), ends)

    def test_names_the_profile_where_its_limit_is_not_told(self):
        limit = ("GET", "/v1.0/me/threads_publishing_limit")
        for answer in (an_error(403, 10), httpx.Response(200, json={"data": [{}]})):
            provider, _ = self.having({limit: answer})

            assert provider.check().quota is None

    def test_asks_for_consent_without_pkce(self):
        provider, _ = self.having(**APP)

        address = provider.consent_address("https://news.example.org/b", "state", "challenge")

        assert address.startswith("https://threads.com/oauth/authorize?")
        assert "challenge" not in address
        assert "threads_basic,threads_content_publish" in dict(
            parse_qsl(urlsplit(address).query)
        ).get("scope", "")

    def test_trades_a_code_for_an_access_that_lasts(self):
        answers = {
            ("POST", "/oauth/access_token"): httpx.Response(
                200, json={"access_token": "for-an-hour", "user_id": 17841405793187218}
            ),
            ("GET", "/access_token"): httpx.Response(
                200,
                json={"access_token": "lasting", "token_type": "bearer", "expires_in": 5_183_944},
            ),
        }
        provider, requests = self.having(answers, **APP, token=None)

        tokens = provider.trade("a-code#_", "", "https://news.example.org/b")

        ends = NOW + timedelta(seconds=5_183_944)
        assert tokens == Tokens("lasting", "lasting", ends, ends, provider.scopes)
        assert form(requests[0])["code"] == "a-code"
        assert requests[1].url.params["access_token"] == "for-an-hour"

    def test_renews_an_access_by_itself(self):
        answer = httpx.Response(200, json={"access_token": "next", "expires_in": 5_184_000})
        provider, requests = self.having({("GET", "/refresh_access_token"): answer}, **APP)
        old = Tokens("lasting", "lasting", NOW, NOW, ("threads_basic",))

        tokens = provider.renew(old)

        ends = NOW + timedelta(days=60)
        assert tokens == Tokens("next", "next", ends, ends, ("threads_basic",))
        assert dict(requests[0].url.params) == {
            "grant_type": "th_refresh_token",
            "access_token": "lasting",
        }

    def test_an_access_that_has_ended_needs_a_person(self):
        answer = an_error(400, 190, 463, "Session has expired")
        provider, _ = self.having({("GET", "/refresh_access_token"): answer}, **APP)

        with pytest.raises(CredentialsRefused, match="dispatch channels connect"):
            provider.renew(Tokens("lasting", "lasting"))

    def test_nobody_is_let_in_without_the_secret_of_the_app(self):
        provider, requests = self.having(client_id="990602627938098")

        with pytest.raises(CredentialsRefused, match="client_secret"):
            provider.trade("code", "", "https://news.example.org/b")

        assert requests == []
