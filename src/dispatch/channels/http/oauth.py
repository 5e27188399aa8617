"""Access to somebody's account by OAuth 2: consent, what its code is worth, and renewing.

RFC 6749 says how, and RFC 7636 (PKCE) how a code is worth nothing to who overhears it. Nothing is
posted by these calls: what is lost of them is never in doubt.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.channels.http.calls import Api, preparing
from dispatch.channels.http.reply import Reply
from dispatch.channels.options import Extra
from dispatch.clock import Clock
from dispatch.errors import CredentialsRefused, ProviderUnavailable
from dispatch.model.delivery.tokens import Tokens

CONNECT = "dispatch channels connect NAME"

LONGEST = timedelta(days=3_650)
"""An access that is said to last longer has an end that nobody needs to know."""

WHAT_IS_WRONG = ("error_description", "error.message", "error_message", "error", "message")
"""Where such services say it; Meta's have an object in the place of the RFC's word."""


def s256(verifier: str) -> str:
    """What is shown of a secret of PKCE before it is told (RFC 7636, 4.2).

    >>> s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")  # its appendix B
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class ConnectedOptions(BaseModel, extra="forbid", frozen=True):
    """The options that all providers have which somebody connects."""

    client_id: str = Field(default="", description="the app's Client ID")
    client_secret: SecretStr | None = Field(
        default=None, description="the app's Client Secret, where it has one"
    )
    token: SecretStr | None = Field(
        default=None, description="an access token of your own, which is never renewed"
    )
    extra: Extra = {}

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        """What no message shows, besides the tokens."""
        return () if self.client_secret is None else (self.client_secret,)


@dataclass(frozen=True, slots=True)
class OAuth:
    """One application at a network, as a channel's options name it.

    `sign_in` is where people agree, and `url` where codes and refresh tokens are turned in. The
    application says who it is in a header `with_basic`, or else among the fields.
    """

    name: str
    sign_in: str
    url: str
    options: ConnectedOptions
    http: httpx.Client
    clock: Clock
    with_basic: bool = False

    def consent_address(
        self, redirect: str, state: str, scopes: Sequence[str], challenge: str = "", **more: str
    ) -> str:
        """Where a person agrees; without a `challenge` there is no PKCE."""
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect,
            "scope": " ".join(scopes),
            "state": state,
            **({"code_challenge": challenge, "code_challenge_method": "S256"} if challenge else {}),
            **more,
        }
        return f"{self.sign_in}?{urlencode(asked, quote_via=quote)}"

    def trade(self, code: str, redirect: str, scopes: Sequence[str], verifier: str = "") -> Tokens:
        """What a code is worth; `scopes` are what was asked for, where the service tells none."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            **({"code_verifier": verifier} if verifier else {}),
        }
        return self.tokens(Tokens("", scopes=tuple(scopes)), form, (code, verifier))

    def renew(self, tokens: Tokens) -> Tokens:
        """The next tokens; raises CredentialsRefused where a person has to agree once more."""
        if not tokens.refresh:
            raise CredentialsRefused(
                f"{self.name}: its access has ended, and the network gave nothing to renew it with"
                f" - connect it again: {CONNECT}"
            )
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return self.tokens(tokens, form, (tokens.refresh, tokens.access))

    def tokens(self, before: Tokens, form: Mapping[str, str], secrets: Sequence[str]) -> Tokens:
        """What the service gives for a form; what it leaves out stays as it was `before`."""
        said = {**form, "client_id": self._client_id}
        headers = {}
        secret = self.options.client_secret
        if secret is not None and self.with_basic:
            both = f"{quote(self._client_id)}:{quote(secret.get_secret_value())}"
            headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        elif secret is not None:
            said["client_secret"] = secret.get_secret_value()
        with preparing():
            reply = self.api(*secrets).call("POST", headers=headers, form=said)
        return self.read(reply, before)

    def read(self, reply: Reply, before: Tokens) -> Tokens:
        """The tokens of an answer; raises CredentialsRefused where it is a refusal."""
        if reply.refused:
            raise CredentialsRefused(
                f"{self.name}: access not given ({reply.words}) - {_advice(reply)}"
            )
        return _tokens_in(reply, before, self.clock())

    def api(self, *secrets: str, url: str = "") -> Api:
        """Where tokens are asked for; none of the secrets is shown, though a service repeats it."""
        return Api(
            name=self.name,
            url=url or self.url,
            http=self.http,
            clock=self.clock,
            secrets=(*self.options.secrets, *(SecretStr(one) for one in secrets if one)),
            error_keys=WHAT_IS_WRONG,
            judge=lambda reply: 400 <= reply.status < 500 and reply.status not in {408, 429},
        )

    @property
    def _client_id(self) -> str:
        if not self.options.client_id:
            raise CredentialsRefused(
                f"{self.name}: no application is named - give the channel's option client_id"
            )
        return self.options.client_id


def _advice(reply: Reply) -> str:
    if reply.word("error") in {"invalid_client", "unauthorized_client"} or reply.status == 401:
        return "check the options client_id and client_secret"
    if "redirect" in reply.words.lower():
        return "enter the redirect address among the application's own there, letter by letter"
    return f"connect it again: {CONNECT}"


def _tokens_in(reply: Reply, before: Tokens, now: datetime) -> Tokens:
    said = _said(reply.body)  # as it came: a reply hides what we know already, such as old tokens
    access = said.get("access_token")
    if not _is_token(access):
        raise ProviderUnavailable(
            f"{reply.provider}: answered {reply.status}, but without an access token that can be"
            " read - check its address, and try again later"
        )
    refresh, ends = said.get("refresh_token"), _end(said, "expires_in", now)
    refresh_ends = _end(said, "refresh_token_expires_in", now)
    if not _is_token(refresh) or refresh == before.refresh:
        refresh, refresh_ends = before.refresh, refresh_ends or before.refresh_ends
    scopes = _scopes(said.get("scope")) or before.scopes
    return Tokens(str(access), str(refresh), ends, refresh_ends, scopes)


def _said(body: bytes | None) -> dict[str, Any]:
    try:
        said = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _is_token(value: object) -> bool:
    """Whether a header can carry it (RFC 6750, 2.1)."""
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and " " not in value != ""
    )


def _end(said: Mapping[str, Any], key: str, now: datetime) -> datetime | None:
    """When so many seconds are over; None where it is no number of seconds, or nearly endless."""
    value = said.get(key)
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < LONGEST.total_seconds():  # neither is what is no number
        return None
    return now + timedelta(seconds=int(value))


def _scopes(value: Any) -> tuple[str, ...]:
    """A list, or one text with spaces (RFC 6749, 3.3) or commas between them."""
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    found = value if isinstance(value, list) else []
    return tuple(one for one in found if isinstance(one, str) and one)


@dataclass(slots=True)
class Access:
    """What lets a provider in: the token of its options, or else those that it was given to use."""

    name: str
    own: SecretStr | None
    source: Callable[[], Tokens] | None = field(default=None, repr=False)

    def tokens(self) -> Tokens:
        """Those that hold now; raises a ProviderError where there are none."""
        if self.own is not None:
            return Tokens(self.own.get_secret_value())
        if self.source is None:
            raise CredentialsRefused(f"{self.name}: nobody has let us into the account - {CONNECT}")
        return self.source()

    def open(self, api: Api) -> Api:
        """The same, and each call shows the token; a 401 says how to come by another one."""
        token = self.tokens().access
        return replace(
            api,
            headers={**api.headers, "Authorization": f"Bearer {token}"},
            secrets=(*api.secrets, SecretStr(token)),
            judge=partial(self._judge, api.judge),
        )

    def refused(self, reply: Reply) -> CredentialsRefused:
        """What is true where the service does not believe the token."""
        again = (
            "issue a new token there" if self.own is not None else f"connect it again: {CONNECT}"
        )
        return CredentialsRefused(f"{self.name}: access not accepted ({reply.words}) - {again}")

    def _judge(self, further: Callable[[Reply], bool | None] | None, reply: Reply) -> bool | None:
        if reply.status == 401:
            raise self.refused(reply)
        return further(reply) if further is not None else None
