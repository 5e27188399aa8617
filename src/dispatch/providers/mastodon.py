"""Mastodon, through its REST API (https://docs.joinmastodon.org/methods/statuses/)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Api,
    Capabilities,
    Carries,
    Clock,
    Counting,
    Extra,
    Outcome,
    ProviderUnavailable,
    Refused,
    SocialMessage,
    WebAddress,
)


class MastodonOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    server: WebAddress = Field(
        description="the server's address", examples=["https://social.example"]
    )
    token: SecretStr = Field(
        description="access token with the scopes write:statuses and read:accounts"
    )
    visibility: Literal["public", "unlisted", "private"] = Field(
        default="public", description="who sees the posts"
    )
    extra: Extra = {}


class Mastodon:
    """Posts to one account on one server."""

    Options: ClassVar[type[BaseModel]] = MastodonOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        idempotent_for=timedelta(hours=1),
        max_text=500,  # by default; a server may allow more
        link_cost=23,
        counting=Counting.FEDIVERSE,
        source="https://docs.joinmastodon.org/user/posting/",
        evidence="documented",
    )

    def __init__(self, options: MastodonOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="mastodon",
            url=options.server,
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {options.token.get_secret_value()}"},
            secrets=(options.token,),
            reset_header="X-RateLimit-Reset",  # a moment in ISO 8601
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message; its text already holds its link."""
        [message] = batch
        status = {
            **self._options.extra,
            "status": message.text,
            "visibility": self._options.visibility,
        }
        if message.language:
            status["language"] = message.language.replace("_", "-").partition("-")[0].lower()
        reply = self._api.call(
            "POST", "/api/v1/statuses", headers={"Idempotency-Key": message.id}, json=status
        )
        if reply.refused:
            return [Refused(reply.text("error"))]
        return [Accepted(reply.text("id"))]

    def check(self) -> str:
        """The account, such as "@acme on https://social.example"."""
        reply = self._api.call("GET", "/api/v1/accounts/verify_credentials")
        if reply.refused:
            host = urlsplit(self._options.server).netloc
            raise ProviderUnavailable(
                f"mastodon: {host} does not answer like a Mastodon server"
                f" ({reply.text('error')}) - check the option 'server'"
            )
        return f"@{reply.text('acct')} on {self._options.server}"
