"""Asks a service of OpenID Connect who somebody is: code flow with PKCE, state and nonce.

The protocol is Authlib's. Here stand the addresses, the checks of what comes back, and one error.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlsplit

import httpx

from dispatch.errors import DispatchError
from dispatch.model.team.sign_in_rule import SignInService

if TYPE_CHECKING:
    from authlib.oauth2.client import OAuth2Client
    from joserfc.jwk import KeySet

SCOPES = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""With a key of two halves: none of them can be made with what anybody may read."""

LEEWAY = 60
"""Seconds by which clocks may differ."""

KNOWN_FOR = timedelta(hours=1)
_DISCOVERY = "/.well-known/openid-configuration"
_BASIC = "client_secret_basic"
_MOST_BYTES = 1_000_000


class ServiceFailed(DispatchError):
    """The service could not be asked, or what it said proves nothing."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is, as the service says. `email` is empty where it is not verified."""

    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    nickname: str = ""
    all: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class ServiceClient:
    """Speaks with one service; what it says of itself is known for an hour."""

    service: SignInService
    secret: str = field(repr=False)
    http: httpx.Client
    redirect: str
    _known: dict[str, Any] = field(default_factory=dict, repr=False)
    _known_at: datetime | None = None
    _keys: "KeySet | None" = None

    def address(self, *, state: str, nonce: str, verifier: str, now: datetime) -> str:
        """Where somebody goes to prove who they are; raises ServiceFailed."""
        address, _ = self._client().create_authorization_url(
            self._about(now)["authorization_endpoint"],
            state=state,
            code_verifier=verifier,
            nonce=nonce,
        )
        return str(address)

    def claims(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Claims:
        """Who has come back with this code; raises ServiceFailed."""
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an extra
        from joserfc.errors import JoseError  # noqa: PLC0415

        about = self._about(now)
        auth, proof = self._proof()
        try:
            token = self._client().fetch_token(
                about["token_endpoint"],
                code=code,
                code_verifier=verifier,
                grant_type="authorization_code",
                redirect_uri=self.redirect,
                auth=auth,
                **proof,
            )
            said = self._checked(token, nonce, now)
        except (AuthlibBaseError, JoseError, httpx.HTTPError) as error:
            raise self._failed(f"its answer proves nothing ({type(error).__name__})") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._failed("its answer cannot be read") from error
        return self._who(said)

    def _checked(self, token: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token, each of them checked; completed by what it says of a user."""
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - an extra

        read = self._decoded(token["id_token"], now)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self.service.issuer},
                "aud": {"essential": True, "value": self.service.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            params={
                "nonce": nonce,
                "client_id": self.service.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        said = dict(read.claims)
        more = self._known.get("userinfo_endpoint")
        if "email" not in said and more and token.get("access_token"):
            bearer = {"Authorization": f"Bearer {token['access_token']}"}
            info = self._get(str(more), headers=bearer)
            if info.get("sub") == said["sub"]:
                said = {**info, **said}
        return said

    def _decoded(self, id_token: str, now: datetime) -> Any:
        from joserfc import jwt  # noqa: PLC0415 - an extra
        from joserfc.errors import JoseError  # noqa: PLC0415

        if self._keys is not None:
            try:
                return jwt.decode(id_token, self._keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                pass  # it may have changed its keys
        self._keys = self._fetched_keys(now)
        return jwt.decode(id_token, self._keys, algorithms=list(ALGORITHMS))

    def _fetched_keys(self, now: datetime) -> "KeySet":
        from joserfc.jwk import KeySet  # noqa: PLC0415 - an extra

        found = self._get(self._about(now)["jwks_uri"])
        usable = [one for one in found["keys"] if one.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": usable})

    def _who(self, said: dict[str, Any]) -> Claims:
        email = str(said.get("email") or "")
        verified = said.get("email_verified") in (True, "true")
        return Claims(
            issuer=self.service.issuer,
            subject=str(said["sub"]),
            email=email if verified else "",
            name=str(said.get("name") or ""),
            nickname=str(said.get("preferred_username") or said.get("nickname") or ""),
            all=said,
        )

    def _about(self, now: datetime) -> dict[str, Any]:
        """What it says of itself. Endpoints are as safe as its own address."""
        if self._known_at is not None and now - self._known_at < KNOWN_FOR:
            return self._known
        about = self._get(self.service.issuer + _DISCOVERY)
        if str(about.get("issuer", "")).rstrip("/") != self.service.issuer:
            raise self._failed("it calls itself otherwise - write its issuer as it does")
        scheme = urlsplit(self.service.issuer).scheme
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(about.get(name, ""))).scheme not in {"https", scheme}:
                raise self._failed(f"it has no usable {name}")
        self._known, self._known_at = about, now
        return about

    def _get(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = self.http.get(address, headers=headers)
            answer.raise_for_status()
            if len(answer.content) > _MOST_BYTES:
                raise self._failed("its answer is too long")
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise self._failed(f"does not answer as it should ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise self._failed("its answer cannot be read")
        return found

    def _client(self) -> "OAuth2Client":
        try:
            from authlib.oauth2.client import OAuth2Client  # noqa: PLC0415 - an extra
        except ImportError:
            raise self._failed("the extra is missing - install dispatch-digest[oidc]") from None
        return OAuth2Client(
            self.http,
            client_id=self.service.client_id,
            scope=SCOPES,
            redirect_uri=self.redirect,
            code_challenge_method="S256",
        )

    def _proof(self) -> tuple[httpx.Auth, dict[str, str]]:
        """How we prove ourselves to it, of the ways that it takes: in a header or in the form."""
        ours = {"client_id": self.service.client_id}
        if not self.secret:
            return httpx.Auth(), ours
        taken = self._known.get("token_endpoint_auth_methods_supported", [_BASIC])
        if _BASIC not in taken:
            return httpx.Auth(), ours | {"client_secret": self.secret}
        # Each part is encoded as in a form (RFC 6749, 2.3.1).
        return httpx.BasicAuth(quote_plus(self.service.client_id), quote_plus(self.secret)), {}

    def _failed(self, problem: str) -> ServiceFailed:
        return ServiceFailed(f"sign-in service {self.service.name}: {problem}")
