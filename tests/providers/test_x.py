"""Posts to X, as threads and with pictures, and what it charges for."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import (
    CredentialsRefused,
    NotAllowed,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_png, a_snippet
from vendors.networks.x import NETWORK, POST

ADDRESS = f"https://x.com/i/status/{POST}"
PICTURE = SocialPicture(a_png(9), "image/png", 9, 9, "Une aquarelle bleue")
SINCE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
}
CAPPED = {
    "product_name": "standard-basic",
    "title": "UsageCapExceeded",
    "period": "Monthly",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": "https://api.twitter.com/2/problems/usage-capped",
}


class TestX(ProviderContract):
    def provider(self, http, secret, **options):
        return NETWORK.provider(http, secret, **options)

    def accepted(self, request):
        return NETWORK.answer(request)

    def prepares(self, request):
        return NETWORK.prepares(request)

    def having(self, *answers, path="/2/tweets", **options):
        """The provider, whose service answers so at a path, and the requests that come there."""

        def service(request):
            requests.append(request)
            if request.url.path == path and request.method != "DELETE" and waiting:
                return waiting.pop(0)
            return self.accepted(request)

        requests, waiting = [], list(answers)
        http = httpx.Client(transport=httpx.MockTransport(service))
        secret = options.pop("token", SecretStr("an-access-token-of-theirs"))
        return self.provider(http, secret, **options), requests

    def test_posts_with_an_address(self):
        provider, requests = self.having()

        assert provider.send([a_snippet(text="Bonjour")]) == [Accepted(POST, ADDRESS)]
        assert json.loads(requests[0].content) == {"text": "Bonjour"}

    def test_posts_a_thread_with_its_picture_first(self):
        names = ["11", "12"]
        provider, requests = self.having(
            *(httpx.Response(201, json={"data": {"id": one}}) for one in names)
        )

        [outcome] = provider.send([a_snippet(text="Un", thread=("Deux",), picture=PICTURE)])

        assert outcome == Accepted("11", "https://x.com/i/status/11", ("12",))
        paths = [one.url.path for one in requests]
        assert paths == ["/2/media/upload", "/2/media/metadata", "/2/tweets", "/2/tweets"]
        assert json.loads(requests[2].content)["media"] == {"media_ids": ["1146654567674912769"]}
        assert json.loads(requests[3].content) == {
            "text": "Deux",
            "reply": {"in_reply_to_tweet_id": "11"},
        }
        assert PICTURE.data in requests[0].content

    def test_takes_back_a_thread_that_is_not_taken_to_its_end(self):
        no = {"title": "Forbidden", "detail": "Reply to this conversation is not allowed"}
        first = httpx.Response(201, json={"data": {"id": "11"}})
        provider, requests = self.having(first, httpx.Response(403, json=no))

        [outcome] = provider.send([a_snippet(text="Un", thread=("Deux",))])

        assert outcome == Refused("Reply to this conversation is not allowed")
        assert (requests[-1].method, requests[-1].url.path) == ("DELETE", "/2/tweets/11")

    @pytest.mark.parametrize("path", ["/2/media/upload", "/2/media/metadata"])
    def test_a_lost_upload_leaves_no_doubt(self, path):
        provider, requests = self.having(httpx.Response(500), path=path)

        with pytest.raises(ProviderUnavailable, match="nothing was posted"):
            provider.send([a_snippet(picture=PICTURE)])

        assert "/2/tweets" not in {one.url.path for one in requests}

    @pytest.mark.parametrize("path", ["/2/media/upload", "/2/media/metadata"])
    def test_a_picture_that_is_not_taken_is_refused_with_its_post(self, path):
        no = httpx.Response(400, json={"title": "Invalid Request", "detail": "no picture"})
        provider, _ = self.having(no, path=path)

        [outcome] = provider.send([a_snippet(picture=PICTURE)])

        assert "picture: no picture" in outcome.reason

    def test_leaves_in_doubt_what_is_there_already(self):
        provider, _ = self.having(httpx.Response(403, json=DUPLICATE))

        with pytest.raises(OutcomeUnknown, match="is there already"):
            provider.send([a_snippet()])

    def test_refuses_what_is_there_already_in_a_thread(self):
        first = httpx.Response(201, json={"data": {"id": "11"}})
        provider, requests = self.having(first, httpx.Response(403, json=DUPLICATE))

        [outcome] = provider.send([a_snippet(thread=("Deux",))])

        assert isinstance(outcome, Refused)
        assert requests[-1].method == "DELETE"

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({"title": "Forbidden", "detail": "Your Tweet text is too long."}, Refused),
            ({"title": "Forbidden", "detail": "At most 1 cashtag is allowed"}, Refused),
            ({"title": "Forbidden", "detail": "You are not permitted to do this."}, None),
            ({"title": "Client Forbidden", "detail": "Replies need another product"}, None),
        ],
    )
    def test_tells_a_post_that_is_not_taken_from_an_account(self, said, expected):
        provider, _ = self.having(httpx.Response(403, json=said))

        if expected is None:
            with pytest.raises(CredentialsRefused):
                provider.send([a_snippet()])
        else:
            assert provider.send([a_snippet()]) == [Refused(said["detail"])]

    def test_stops_where_there_are_no_credits(self):
        said = {"title": "CreditsDepleted", "detail": "Your account has no credits to post."}
        provider, _ = self.having(httpx.Response(402, json=said))

        with pytest.raises(CredentialsRefused, match="has to be paid for"):
            provider.send([a_snippet()])

    def test_waits_for_the_end_of_a_month_day_by_day(self):
        provider, _ = self.having(httpx.Response(429, json=CAPPED))

        with pytest.raises(RateLimited, match="raise the cap") as raised:
            provider.send([a_snippet()])

        assert raised.value.retry_after == timedelta(days=1)

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"x-rate-limit-reset": "{}"}, 300),
            (
                {
                    "x-rate-limit-reset": "1",
                    "x-user-limit-24hour-remaining": "0",
                    "x-user-limit-24hour-reset": "{}",
                },
                300,
            ),
            ({"x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": "{}"}, 300),
        ],
    )
    def test_waits_until_the_limit_that_is_used_up_ends(self, headers, seconds):
        moment = int(datetime(2026, 11, 24, 8, 0, tzinfo=UTC).timestamp()) + seconds
        headers = {name: value.format(moment) for name, value in headers.items()}
        provider, _ = self.having(httpx.Response(429, headers=headers))

        with pytest.raises(RateLimited) as raised:
            provider.send([a_snippet()])

        assert raised.value.retry_after == timedelta(seconds=seconds)

    def test_finds_its_own_thread_with_links_and_signs_as_they_were(self):
        short = {"url": "https://t.co/abc", "expanded_url": "https://blog.example.org/posts/1"}
        picture = {"url": "https://t.co/pic", "expanded_url": "https://x.com/p", "media_key": "3_1"}
        posts = [
            {"id": "12", "text": "Deux"},
            {
                "id": "11",
                "text": "A &amp; B https://t.co/abc https://t.co/pic",
                "entities": {"urls": [short, picture]},
            },
        ]
        path = "/2/users/2244994945/tweets"
        provider, requests = self.having(httpx.Response(200, json={"data": posts}), path=path)
        message = a_snippet(text="A & B https://blog.example.org/posts/1", thread=("Deux",))

        found = provider.find(message, SINCE)

        assert found == Accepted("11", "https://x.com/i/status/11", ("12",))
        assert requests[-1].url.params["start_time"] == "2026-11-24T07:00:00Z"
        assert provider.find(message, SINCE) is None  # the service has none of them any more

    def test_takes_a_thread_away_from_its_end(self):
        provider, requests = self.having()

        provider.delete(Published(("11", "12")))

        assert [one.url.path for one in requests] == ["/2/tweets/12", "/2/tweets/11"]

    @pytest.mark.parametrize(("status", "error"), [(404, None), (400, NotAllowed)])
    def test_what_is_gone_is_no_error(self, status, error):
        answer = httpx.Response(status, json={"title": "Not Found Error", "detail": "no such"})
        provider = self.answering(lambda _: answer)

        if error is None:
            provider.delete(Published(("11",)))
        else:
            with pytest.raises(error):
                provider.delete(Published(("11",)))

    def test_names_the_account_and_what_is_missing(self):
        provider, _ = self.having(token=None)
        tokens = Tokens("kept", "refresh", SINCE, None, ("tweet.read", "tweet.write", "users.read"))
        provider.use_tokens(lambda: tokens)

        account = provider.check()

        assert account.name == "@acme on X"
        assert account.can == tokens.scopes
        assert account.ends is None  # it is renewed for as long as X wants
        assert [note.split()[6] for note in account.notes] == ["media.write", "offline.access"]

    def test_says_that_an_access_of_two_hours_is_soon_over(self):
        provider, _ = self.having(token=None)
        provider.use_tokens(lambda: Tokens("kept", ends=SINCE))

        account = provider.check()

        assert account.ends == SINCE
        assert "cannot be renewed" in account.notes[0]

    def test_asks_for_consent_with_pkce(self):
        provider, _ = self.having(client_id="app")

        address = provider.consent_address("https://news.example.org/b", "state", "challenge")

        assert address.startswith("https://x.com/i/oauth2/authorize?")
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["code_challenge"] == "challenge"
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "tweet.read tweet.write users.read media.write offline.access"

    @pytest.mark.parametrize("secret", [None, SecretStr("secret-of-the-app")])
    def test_trades_as_a_public_or_a_confidential_client(self, secret):
        said = {"access_token": "a", "refresh_token": "r", "expires_in": 7200, "scope": "a b"}
        answer = httpx.Response(200, json=said)
        provider, requests = self.having(
            answer, path="/2/oauth2/token", client_id="app", client_secret=secret, token=None
        )

        tokens = provider.trade("code", "verifier", "https://news.example.org/b")

        now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        assert tokens == Tokens("a", "r", now + timedelta(hours=2), None, ("a", "b"))
        assert ("authorization" in requests[0].headers) is (secret is not None)
        assert dict(parse_qsl(requests[0].content.decode()))["client_id"] == "app"

    def test_a_spent_refresh_token_needs_a_person(self):
        spent = {
            "error": "invalid_request",
            "error_description": "Value passed for the token was invalid.",
        }
        answer = httpx.Response(400, json=spent)
        provider, _ = self.having(answer, path="/2/oauth2/token", client_id="app", token=None)

        with pytest.raises(CredentialsRefused, match="dispatch channels connect"):
            provider.renew(Tokens("a", "spent"))
