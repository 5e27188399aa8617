"""Any service that takes signed calls (https://www.standardwebhooks.com).

Each message is one POST with this body, minified; `image` may be null, and what is indented
further is there only where the message has it:

    {"type": "post.published",
     "timestamp": "2026-11-24T08:00:00+00:00",
     "data": {"id": "...", "title": "...", "text": "...", "link": "https://...",
              "image": {"url": "https://...", "alt": "..."},
              "language": "fr", "topics": ["ia"],
                "card": {"title": "...", "description": "..."},
                "picture": {"kind": "image/jpeg", "width": 1200, "height": 630, "alt": "..."},
                "thread": ["..."], "warning": "...", "mentions": true,
                "appears": "2026-11-24T09:00:00+00:00"}}
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from dispatch.plugin import (
    Accepted,
    Api,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Extra,
    Outcome,
    RateLimited,
    Refused,
    SocialMessage,
    WebAddress,
)

PREFIX = "whsec_"

LONG_ENOUGH = 8
"""Characters in which an address may hide what only we are to know."""


class WebhookOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: WebAddress = Field(
        description="the address to call", examples=["https://hooks.example.org/dispatch"]
    )
    secret: SecretStr = Field(description="the key both sides know, as whsec_ and base64")

    extra: Extra = {}

    @field_validator("secret")
    @classmethod
    def _is_a_key(cls, secret: SecretStr) -> SecretStr:
        if not 24 <= len(_key(secret)) <= 64:
            raise ValueError("is no key of 24 to 64 bytes - write whsec_ and the key in base64")
        return secret


class Webhook:
    """Calls one address."""

    Options: ClassVar[type[BaseModel]] = WebhookOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        cards=True,
        warnings=True,
        threads=True,  # in one call, so that none of it can be missing
        spacing=timedelta(seconds=1),  # whoever gets it may pass it on to a network
        account_options=("url",),
        # Receivers are told to use webhook-id against repeats and, as an example, to keep it
        # for 5 minutes; nobody promises more.
        idempotent_for=timedelta(minutes=5),
        source="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        evidence="documented",
    )

    def __init__(self, options: WebhookOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._api = Api(
            name="webhook",
            url=options.url,
            http=http,
            clock=clock,
            secrets=tuple(_secrets(options)),
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Make the one call; any 2xx is a yes, whatever its body says."""
        [message] = batch
        now = self._clock()
        body = _body(message, now, self._options.extra)
        # The id must not contain a full stop, which separates the parts of what is signed.
        key = f"msg_{hashlib.sha256(message.id.encode()).hexdigest()[:32]}"
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": _signature(self._options.secret, key, now, body),
        }
        reply = self._api.call("POST", headers=headers, content=body)
        if reply.status == 410:
            raise CredentialsRefused(
                f"webhook: {self._host} wants no more calls (410) - remove the channel or its url"
            )
        if reply.refused:
            return [Refused(reply.text("error"))]
        return [Accepted(key)]

    def check(self) -> str:
        """The address, if somebody answers there: asked by HEAD, which delivers nothing."""
        # A receiver may turn down what is not signed; it is there all the same.
        with suppress(CredentialsRefused, RateLimited):
            self._api.call("HEAD")
        return f"{self._host} (it answers; the first message proves the signature)"

    @property
    def _host(self) -> str:
        # Not the whole address: with some services, who knows it may post there.
        return urlsplit(self._options.url).netloc


def _secrets(options: WebhookOptions) -> Iterator[SecretStr]:
    """The key with and without its prefix, and an address that nobody is to know."""
    yield options.secret
    yield SecretStr(options.secret.get_secret_value().removeprefix(PREFIX))
    parts = urlsplit(options.url)
    for part in (parts.path, parts.query):
        if len(part) >= LONG_ENOUGH:
            yield SecretStr(part)


def _body(message: SocialMessage, now: datetime, extra: Extra) -> bytes:
    image = message.image
    event = {
        "type": "post.published",
        "timestamp": now.isoformat(timespec="seconds"),
        "data": {
            **extra,
            "id": message.id,
            "title": message.title,
            "text": message.text,
            "link": message.link,
            "image": {"url": image.url, "alt": image.alt} if image else None,
            "language": message.language,
            "topics": list(message.topics),
            **dict(_further(message)),
        },
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _further(message: SocialMessage) -> Iterator[tuple[str, object]]:
    """What only some messages have, so that receivers of before find what they know."""
    card, picture = message.card, message.picture
    if card is not None:
        yield "card", {"title": card.title, "description": card.description}
    if picture is None and card is not None:
        picture = card.picture
    if (
        picture is not None
    ):  # facts alone: calls are meant to be small, and `image` says where it is
        yield (
            "picture",
            {
                "kind": picture.kind,
                "width": picture.width,
                "height": picture.height,
                "alt": picture.alt,
            },
        )
    if message.thread:
        yield "thread", list(message.thread)
    if message.warning:
        yield "warning", message.warning
    if message.mentions:
        yield "mentions", True
    if message.appears is not None:
        yield "appears", message.appears.isoformat(timespec="seconds")


def _signature(secret: SecretStr, key: str, now: datetime, body: bytes) -> str:
    signed = f"{key}.{int(now.timestamp())}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: SecretStr) -> bytes:
    """The bytes to sign with; none where it cannot be read."""
    try:
        return base64.b64decode(secret.get_secret_value().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
