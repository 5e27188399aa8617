"""Access by OAuth 2: asked for, traded, renewed, and never shown."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.http.calls import Api
from dispatch.channels.http.oauth import Access, ConnectedOptions, OAuth, s256
from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.http import new_client
from dispatch.model.delivery.tokens import Tokens
from dispatch.testing.clock import FakeClock

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
APP_SECRET = "the-secret-of-the-app"
BACK = "https://news.example.org/team/channels/x/connected"
OLD = Tokens("old-access", "old-refresh", NOW, NOW + timedelta(days=300), ("read", "write"))
NEW = {"access_token": "new-access", "token_type": "bearer", "expires_in": 7200}


def an_app(answer, *, with_basic=False, **options):
    def service(request):
        asked.append(request)
        return answer if isinstance(answer, httpx.Response) else answer(request)

    asked = []
    named = {"client_id": "the-app", "client_secret": SecretStr(APP_SECRET), **options}
    app = OAuth(
        name="network",
        sign_in="https://network.example/authorize",
        url="https://api.network.example/token",
        options=ConnectedOptions(**named),
        http=new_client(transport=httpx.MockTransport(service)),
        clock=FakeClock(),
        with_basic=with_basic,
    )
    return app, asked


def renewed(**said):
    app, _ = an_app(httpx.Response(200, json={**NEW, **said}))
    return app.renew(OLD)


def test_a_challenge_is_that_of_the_rfc():
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert s256(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_consent_is_asked_for_with_state_and_challenge():
    app, _ = an_app(httpx.Response(500))

    address = app.consent_address(BACK, "a state & more", ("read", "write"), "a-challenge")

    assert " " not in address
    assert "+" not in address
    assert parse_qs(urlsplit(address).query) == {
        "response_type": ["code"],
        "client_id": ["the-app"],
        "redirect_uri": [BACK],
        "scope": ["read write"],
        "state": ["a state & more"],
        "code_challenge": ["a-challenge"],
        "code_challenge_method": ["S256"],
    }
    assert "code_challenge" not in app.consent_address(BACK, "s", ("read",))


def test_consent_needs_an_application():
    app, _ = an_app(httpx.Response(500), client_id="")

    with pytest.raises(CredentialsRefused, match="client_id"):
        app.consent_address(BACK, "s", ())


def test_a_code_is_traded():
    app, _ = an_app(httpx.Response(200, json={**NEW, "refresh_token": "r", "scope": "read"}))

    tokens = app.trade("the-code", BACK, ("read", "write"), "the-verifier")

    assert tokens == Tokens("new-access", "r", NOW + timedelta(hours=2), None, ("read",))


def test_a_code_is_traded_by_a_form():
    app, asked = an_app(httpx.Response(200, json=NEW))

    app.trade("the-code", BACK, ("read",), "the-verifier")

    [request] = asked
    assert dict(parse_qsl(request.content.decode())) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": BACK,
        "code_verifier": "the-verifier",
        "client_id": "the-app",
        "client_secret": APP_SECRET,
    }


def test_an_application_may_say_who_it_is_in_a_header():
    app, asked = an_app(httpx.Response(200, json=NEW), with_basic=True)

    app.renew(OLD)

    [request] = asked
    both = base64.b64decode(request.headers["authorization"].removeprefix("Basic "))
    assert both == f"the-app:{APP_SECRET}".encode()
    assert APP_SECRET.encode() not in request.content


def test_an_application_without_a_secret_says_its_name_alone():
    app, asked = an_app(httpx.Response(200, json=NEW), client_secret=None, with_basic=True)

    app.renew(OLD)

    [request] = asked
    assert "authorization" not in request.headers
    assert dict(parse_qsl(request.content.decode())) == {
        "grant_type": "refresh_token",
        "refresh_token": "old-refresh",
        "client_id": "the-app",
    }


def test_what_an_answer_leaves_out_stays_as_it_was():
    assert renewed() == Tokens(
        "new-access", "old-refresh", NOW + timedelta(hours=2), OLD.refresh_ends, OLD.scopes
    )


def test_a_refresh_token_that_comes_again_is_no_secret_of_ours_to_hide():
    tokens = renewed(refresh_token=OLD.refresh, refresh_token_expires_in=86_400)

    assert tokens.refresh == OLD.refresh
    assert tokens.refresh_ends == NOW + timedelta(days=1)


def test_another_refresh_token_has_an_end_of_its_own():
    assert renewed(refresh_token="another").refresh_ends is None


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        ("read write", ("read", "write")),
        ("read,write", ("read", "write")),
        (["read", "write"], ("read", "write")),
        (["read", 7, None], ("read",)),
        ("", OLD.scopes),
        (7, OLD.scopes),
        ({"read": True}, OLD.scopes),
    ],
)
def test_scopes_are_a_list_or_a_text(said, scopes):
    assert renewed(scope=said).scopes == scopes


@pytest.mark.parametrize(
    "said", [None, True, "", "soon", -1, 0, [7200], {}, 1e300, "9" * 5000, "-5", 4e9]
)
def test_an_end_that_is_none_is_not_known(said):
    assert renewed(expires_in=said).ends is None


def test_an_end_may_be_written_in_quotes():
    assert renewed(expires_in="3600").ends == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>Sign in</html>", b"null", b"[]", b"{}", b"\xff", b"[" * 9999, b'{"access'),
        *(b'{"access_token": 7}', b'{"access_token": ""}', b'{"access_token": {"a": 1}}'),
        *(b'{"access_token": "two words"}', b'{"access_token": "a\\r\\nX: b"}'),
        '{"access_token": "clé"}'.encode(),
    ],
)
def test_an_answer_without_a_token_gives_none(body):
    app, _ = an_app(httpx.Response(200, content=body))

    with pytest.raises(ProviderUnavailable, match="without an access token"):
        app.renew(OLD)


@pytest.mark.parametrize("said", [None, 7, "", "two words", ["r"]])
def test_a_refresh_token_of_another_kind_is_none(said):
    assert renewed(refresh_token=said).refresh == OLD.refresh


AGAIN, APP = "dispatch channels connect", "client_id and client_secret"
SPENT = "Value passed for the token was invalid."


@pytest.mark.parametrize(
    ("status", "said", "advice"),
    [
        (400, {"error": "invalid_grant", "error_description": "It expired"}, AGAIN),
        (400, {"error": "invalid_request", "error_description": SPENT}, AGAIN),
        (401, {"error": "invalid_client"}, APP),
        (400, {"error": "unauthorized_client"}, APP),
        (
            400,
            {"error": "invalid_request", "error_description": "redirect_uri"},
            "redirect address",
        ),
        (400, {"error": {"message": "Session has expired", "code": 190}}, AGAIN),
        (403, {}, AGAIN),
        (404, "<html>", AGAIN),
    ],
)
def test_a_refusal_needs_a_person(status, said, advice):
    app, _ = an_app(httpx.Response(status, json=said))

    with pytest.raises(CredentialsRefused, match=advice):
        app.renew(OLD)


def test_what_gives_nothing_to_renew_with_needs_a_person():
    app, asked = an_app(httpx.Response(200, json=NEW))

    with pytest.raises(CredentialsRefused, match="dispatch channels connect"):
        app.renew(Tokens("access", ends=NOW))

    assert asked == []


def _lost(request):
    raise httpx.ReadTimeout("simulated", request=request)


@pytest.mark.parametrize("answer", [_lost, httpx.Response(500), httpx.Response(503)])
def test_a_lost_answer_has_posted_nothing(answer):
    app, _ = an_app(answer)

    with pytest.raises(ProviderUnavailable) as raised:
        app.renew(OLD)

    assert not isinstance(raised.value, OutcomeUnknown)
    assert "look there" not in str(raised.value)


def test_a_service_may_ask_for_patience():
    app, _ = an_app(httpx.Response(429, headers={"Retry-After": "7"}))

    with pytest.raises(RateLimited) as raised:
        app.renew(OLD)

    assert raised.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_no_secret_is_shown(status):
    secrets = ("the-code-of-them", "the-verifier-of-ours", APP_SECRET, OLD.refresh, OLD.access)
    app, _ = an_app(httpx.Response(status, json={"error": " ".join(secrets)}))
    shown = [repr(app), repr(OLD)]

    for use in (
        lambda: app.trade(secrets[0], BACK, (), secrets[1]),
        lambda: app.renew(OLD),
    ):
        with pytest.raises((CredentialsRefused, ProviderUnavailable, RateLimited)) as raised:
            use()
        shown.append(f"{raised.value} {raised.value.__cause__!r}")

    own = {0: secrets[:3], 1: secrets[2:]}
    assert not any(one in " ".join(shown[:2]) for one in secrets)
    assert not any(one in shown[2] for one in own[0])
    assert not any(one in shown[3] for one in own[1])


def an_api(answer):
    seen = []

    def service(request):
        seen.append(request.headers.get("authorization"))
        return answer

    http = new_client(transport=httpx.MockTransport(service))
    return Api(
        name="network", url="https://api.network.example", http=http, clock=FakeClock()
    ), seen


def test_each_call_shows_the_token_of_that_moment():
    api, seen = an_api(httpx.Response(200, json={}))
    given = iter(["first", "second"])
    access = Access("network", None, lambda: Tokens(next(given)))

    access.open(api).call("GET", "/")
    access.open(api).call("GET", "/")

    assert seen == ["Bearer first", "Bearer second"]


def test_a_token_of_ones_own_goes_before():
    access = Access("network", SecretStr("own"), lambda: Tokens("kept"))

    assert access.tokens() == Tokens("own")


def test_whom_nobody_has_let_in_is_told_so():
    with pytest.raises(CredentialsRefused, match="dispatch channels connect"):
        Access("network", None).tokens()


@pytest.mark.parametrize(
    ("own", "advice"), [(None, "dispatch channels connect"), ("own", "issue a new token")]
)
def test_an_access_that_is_not_believed_any_more_says_what_to_do(own, advice):
    api, _ = an_api(httpx.Response(401, json={"message": "Expired, said: a-kept-token"}))
    access = Access("network", SecretStr(own) if own else None, lambda: Tokens("a-kept-token"))

    with pytest.raises(CredentialsRefused, match=advice) as raised:
        access.open(api).call("POST", "/")

    assert own or "a-kept-token" not in str(raised.value)
