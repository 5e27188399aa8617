"""Posts to LinkedIn, as a member and as a page."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from dispatch.errors import (
    CredentialsRefused,
    NotAllowed,
    OutcomeUnknown,
    ProviderUnavailable,
)
from dispatch.model.delivery.message import Accepted, Card, Refused, SocialPicture
from dispatch.model.delivery.published import Published
from dispatch.model.delivery.tokens import Tokens
from dispatch.providers.linkedin import LinkedinOptions
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_png, a_snippet
from vendors.networks.linkedin import NETWORK, POST, UPLOAD

ADDRESS = f"https://www.linkedin.com/feed/update/{POST}"
PICTURE = SocialPicture(a_png(9), "image/png", 9, 9, "Une aquarelle bleue")
SINCE = datetime(2026, 11, 24, tzinfo=UTC)
DUPLICATE = {
    "message": "com.linkedin.content.common.exception.BadRequestResponseException:"
    f" Content is a duplicate of {POST}",
    "errorDetails": {
        "inputErrors": [{"description": "Duplicate post is detected", "code": "DUPLICATE_POST"}]
    },
    "status": 422,
}


class TestLinkedin(ProviderContract):
    def provider(self, http, secret, **options):
        return NETWORK.provider(http, secret, **options)

    def accepted(self, request):
        return NETWORK.answer(request)

    def prepares(self, request):
        return NETWORK.prepares(request)

    def having(self, answers=(), **options):
        """The provider, whose service answers so by path, and the requests that come there."""

        def service(request):
            requests.append(request)
            answer = dict(answers).get(request.url.path)
            return self.accepted(request) if answer is None else answer

        requests = []
        http = httpx.Client(transport=httpx.MockTransport(service))
        secret = options.pop("token", SecretStr("an-access-token-of-theirs"))
        return self.provider(http, secret, **options), requests

    def test_posts_as_a_page_with_an_address(self):
        provider, _ = self.having()

        assert provider.send([a_snippet()]) == [Accepted(POST, ADDRESS)]

    def test_posts_as_the_member_who_agreed(self):
        provider, requests = self.having(organization="")

        provider.send([a_snippet(text="Une (seule) fois #ia")])
        provider.send([a_snippet(2)])

        paths = [one.url.path for one in requests]
        assert paths == ["/v2/userinfo", "/rest/posts", "/rest/posts"]
        said = json.loads(requests[1].content)
        assert said["author"] == "urn:li:person:782bbtaQ"
        assert said["commentary"] == r"Une \(seule\) fois {hashtag|\#|ia}"
        assert said["visibility"] == "PUBLIC"

    def test_each_request_says_its_version(self):
        provider, requests = self.having(version="202610")

        provider.send([a_snippet()])

        assert requests[0].headers["linkedin-version"] == "202610"
        assert requests[0].headers["x-restli-protocol-version"] == "2.0.0"
        assert requests[0].headers["authorization"] == "Bearer an-access-token-of-theirs"

    def test_uploads_a_picture_before_it_posts(self):
        provider, requests = self.having()

        provider.send([a_snippet(picture=PICTURE)])

        assert [one.method for one in requests] == ["POST", "PUT", "POST"]
        assert str(requests[1].url) == UPLOAD
        assert requests[1].content == PICTURE.data
        assert json.loads(requests[2].content)["content"] == {
            "media": {"id": "urn:li:image:C4E10AQFoyyAjHPMQuQ", "altText": "Une aquarelle bleue"}
        }

    def test_shows_the_card_of_a_link(self):
        provider, requests = self.having()
        card = Card("https://blog.example.org/posts/1", "Des (images)", "Une aquarelle", PICTURE)

        provider.send([a_snippet(card=card)])

        assert json.loads(requests[-1].content)["content"] == {
            "article": {
                "source": "https://blog.example.org/posts/1",
                "title": "Des (images)",
                "description": "Une aquarelle",
                "thumbnail": "urn:li:image:C4E10AQFoyyAjHPMQuQ",
                "thumbnailAltText": "Une aquarelle bleue",
            }
        }

    def test_shows_no_token_to_another_place_for_pictures(self):
        elsewhere = {"image": "urn:li:image:1", "uploadUrl": "https://evil.example/linkedin.com"}
        answers = {"/rest/images": httpx.Response(200, json={"value": elsewhere})}
        provider, requests = self.having(answers)

        with pytest.raises(ProviderUnavailable):
            provider.send([a_snippet(picture=PICTURE)])

        assert len(requests) == 1

    @pytest.mark.parametrize("path", ["/rest/images", httpx.URL(UPLOAD).path])
    def test_a_lost_upload_leaves_no_doubt(self, path):
        provider, _ = self.having({path: httpx.Response(500)})

        with pytest.raises(ProviderUnavailable, match="nothing was posted"):
            provider.send([a_snippet(picture=PICTURE)])

    @pytest.mark.parametrize("path", ["/rest/images", httpx.URL(UPLOAD).path])
    def test_a_picture_that_is_not_taken_is_refused_with_its_post(self, path):
        provider, _ = self.having({path: httpx.Response(400, json={"message": "Too large"})})

        assert provider.send([a_snippet(picture=PICTURE)]) == [Refused("its picture: Too large")]

    def test_leaves_in_doubt_what_is_there_already(self):
        provider, _ = self.having({"/rest/posts": httpx.Response(422, json=DUPLICATE)})

        with pytest.raises(OutcomeUnknown, match=f"duplicate of {POST}"):
            provider.send([a_snippet()])

    def test_leaves_in_doubt_what_got_no_name(self):
        provider, _ = self.having({"/rest/posts": httpx.Response(201)})

        with pytest.raises(OutcomeUnknown):
            provider.send([a_snippet()])

    @pytest.mark.parametrize("status", [426, 400])
    def test_says_that_its_version_has_ended(self, status):
        ended = {"code": "NONEXISTENT_VERSION", "message": "Requested version is not active"}
        provider, _ = self.having({"/rest/posts": httpx.Response(status, json=ended)})

        with pytest.raises(CredentialsRefused, match="a newer version into the option 'version'"):
            provider.send([a_snippet()])

    def test_says_that_an_access_has_ended(self):
        expired = httpx.Response(401, json={"message": "The token used has expired"})
        provider, _ = self.having({"/rest/posts": expired}, token=None)
        provider.use_tokens(lambda: Tokens("kept"))

        with pytest.raises(CredentialsRefused, match="dispatch channels connect"):
            provider.send([a_snippet()])

    def test_finds_its_own_post(self):
        posts = [
            {"id": "urn:li:share:1", "commentary": "Another", "publishedAt": 1_795_600_000_000},
            {
                "id": POST,
                "commentary": r"Une \(seule\)  fois {hashtag|\#|ia}",
                "publishedAt": 1_795_600_000_000,
            },
        ]
        answers = {"/rest/posts": httpx.Response(200, json={"elements": posts})}
        provider, requests = self.having(answers)
        message = a_snippet(text="Une (seule) fois #ia")

        assert provider.find(message, SINCE) == Accepted(POST, ADDRESS)
        assert provider.find(message, SINCE + timedelta(days=9)) is None
        assert provider.find(a_snippet(), SINCE) is None
        assert requests[0].url.params["author"] == "urn:li:organization:2414183"

    def test_cannot_know_where_it_may_not_read(self):
        denied = httpx.Response(403, json={"message": "Not enough permissions"})
        provider, _ = self.having({"/rest/posts": denied})

        with pytest.raises(NotAllowed):
            provider.find(a_snippet(), SINCE)

    def test_changes_the_text_of_a_post(self):
        provider, requests = self.having()

        outcome = provider.edit(Published((POST,), ADDRESS), a_snippet(text="Corrigé (bis)"))

        assert outcome == Accepted(POST, ADDRESS)
        [request] = requests
        assert request.url.raw_path.decode() == "/rest/posts/urn%3Ali%3Ashare%3A7141138937766391808"
        assert json.loads(request.content) == {
            "patch": {"$set": {"commentary": r"Corrigé \(bis\)"}}
        }

    def test_takes_a_post_away(self):
        provider, requests = self.having()

        provider.delete(Published((POST,), ADDRESS))

        assert [one.method for one in requests] == ["DELETE"]

    @pytest.mark.parametrize(("status", "error"), [(404, None), (403, NotAllowed)])
    def test_what_is_gone_is_no_error(self, status, error):
        answer = httpx.Response(status, json={"message": "not there"})
        provider, _ = self.having({f"/rest/posts/{POST}": answer})

        if error is None:
            provider.delete(Published((POST,)))
        else:
            with pytest.raises(error):
                provider.delete(Published((POST,)))

    def test_names_the_page(self):
        provider, _ = self.having(token=None)
        ends = datetime(2027, 1, 20, tzinfo=UTC)
        scopes = ("r_organization_social", "w_organization_social")
        provider.use_tokens(lambda: Tokens("kept", ends=ends, scopes=scopes))

        account = provider.check()

        assert account.name == "Acme, page 2414183 on LinkedIn"
        assert (account.can, account.ends, account.notes) == (scopes, ends, ())

    def test_names_the_member_and_what_is_missing(self):
        provider, _ = self.having(organization="", token=None)
        year = datetime(2027, 11, 20, tzinfo=UTC)
        tokens = Tokens("kept", "refresh", SINCE, year, ("openid", "profile"))
        provider.use_tokens(lambda: tokens)

        account = provider.check()

        assert account.name == "Ada Lovelace on LinkedIn"
        assert account.ends == year
        assert account.notes == ("it may not do what needs w_member_social - connect it again",)

    def test_names_a_page_that_it_may_not_look_at(self):
        denied = httpx.Response(403, json={"message": "Not enough permissions"})
        paths = ("/rest/organizations/2414183", "/rest/posts")
        provider, _ = self.having(dict.fromkeys(paths, denied))

        account = provider.check()

        assert account.name == "page 2414183 on LinkedIn"
        assert "a lost answer is left to a person" in account.notes[0]

    def test_says_that_its_page_is_not_there(self):
        gone = httpx.Response(404, json={"message": "Could not find the entity"})
        paths = ("/rest/organizations/2414183", "/rest/posts")
        provider, _ = self.having(dict.fromkeys(paths, gone))

        with pytest.raises(ProviderUnavailable, match="check the option 'organization'"):
            provider.check()

    def test_asks_when_a_token_of_ones_own_ends(self):
        told = {
            "active": True,
            "expires_at": 1_797_497_620,
            "scope": "w_organization_social,openid",
        }
        path = "/oauth/v2/introspectToken"
        app = {"client_id": "app", "client_secret": SecretStr("secret-of-the-app")}
        provider, requests = self.having({path: httpx.Response(200, json=told)}, **app)

        account = provider.check()

        assert account.ends == datetime.fromtimestamp(1_797_497_620, UTC)
        assert account.can == ("w_organization_social", "openid")
        assert requests[-1].url.host == "www.linkedin.com"

    def test_says_that_a_token_of_ones_own_has_ended(self):
        told = {"active": False, "status": "expired"}
        path = "/oauth/v2/introspectToken"
        app = {"client_id": "app", "client_secret": SecretStr("secret-of-the-app")}
        provider, _ = self.having({path: httpx.Response(200, json=told)}, **app)

        with pytest.raises(CredentialsRefused, match=r"not valid any more \(expired\)"):
            provider.check()

    def test_says_that_its_version_may_end_soon(self):
        provider, _ = self.having(version="202512")

        assert "version 202512 of the API may end soon" in provider.check().notes[0]

    def test_a_page_asks_for_other_scopes_than_a_member(self):
        app = {"client_id": "app", "client_secret": SecretStr("secret-of-the-app"), "token": None}
        page, _ = self.having(**app)
        member, _ = self.having(**app, organization="")

        assert "scope=r_organization_social%20w_organization_social" in page.consent_address(
            "https://news.example.org/back", "state", "challenge"
        )
        assert "scope=openid%20profile%20w_member_social" in member.consent_address(
            "https://news.example.org/back", "state", "challenge"
        )

    def test_proves_itself_by_a_secret_or_by_pkce(self):
        secretly, asked = self.having(token=None, client_id="app", client_secret=SecretStr("s" * 9))
        openly, asked_openly = self.having(token=None, client_id="app")

        one = secretly.consent_address("https://news.example.org/back", "state", "challenge")
        two = openly.consent_address("https://news.example.org/back", "state", "challenge")
        for provider in (secretly, openly):
            with pytest.raises(ProviderUnavailable):  # as it is answered something else
                provider.trade("code", "a-verifier", "https://news.example.org/back")

        assert "/oauth/v2/authorization?" in one
        assert "challenge" not in one
        assert "/oauth/native-pkce/authorization?" in two
        assert "code_challenge=challenge&code_challenge_method=S256" in two
        assert b"code_verifier" not in asked[0].content
        assert b"code_verifier=a-verifier" in asked_openly[0].content


@pytest.mark.parametrize(
    "wrong", [{"organization": "acme"}, {"version": "2026"}, {"version": "202613"}]
)
def test_options_are_looked_at(wrong):
    with pytest.raises(ValidationError):
        LinkedinOptions(**wrong)
