"""Mastodon, through its REST API (https://docs.joinmastodon.org/methods/statuses/).

Pleroma, GoToSocial, Pixelfed and others speak it as well, each with gaps: what a server does not
know is asked for once, and done without.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    Capabilities,
    Carries,
    Clock,
    Counting,
    Extra,
    Outcome,
    PictureLimits,
    ProviderError,
    ProviderUnavailable,
    Published,
    Refused,
    Reply,
    SocialMessage,
    SocialPicture,
    WebAddress,
    find_thread,
    iso_moment,
    language_tag,
    objects_at,
    post_keyed_thread,
    preparing,
    text_at,
    value_at,
)

LINK_COST = 23

AHEAD = timedelta(minutes=5)
"""What is scheduled nearer than that is posted at once
(https://docs.joinmastodon.org/methods/statuses/#create)."""

MOST_LOOKS = 20
BETWEEN_LOOKS = 1.0
"""How often, and after how many seconds, a picture is looked at that the server still works on."""

LATEST = 40
"""Posts that one call lists at most
(https://docs.joinmastodon.org/methods/accounts/#statuses)."""

SKEW = timedelta(minutes=5)
"""How much the server's clock may differ from ours."""

GONE = (404, 410)


class MastodonOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    server: WebAddress = Field(
        description="the server's address", examples=["https://social.example"]
    )
    token: SecretStr = Field(
        description="access token with the scopes write:statuses, write:media, read:accounts and"
        " read:statuses"
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
        max_text=500,  # by default; a server may allow more, and `check` says so
        link_cost=LINK_COST,
        counting=Counting.FEDIVERSE,
        spacing=timedelta(minutes=1),
        threads=True,
        # Servers of today take 16 MB, those before version 4.2 and some others less.
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/webp", "image/gif"),
            most_bytes=8_000_000,
            most_side=3840,
            most_alt=1500,
        ),
        warnings=True,
        mentions_by_text=True,
        account_options=("server", "token"),
        source="https://docs.joinmastodon.org/user/posting/",
        evidence="recorded",
    )

    def __init__(
        self,
        options: MastodonOptions,
        http: httpx.Client,
        clock: Clock,
        *,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """`wait` is called with the seconds to wait until a picture is looked at again."""
        self._options = options
        self._clock = clock
        self._wait = wait or Event().wait
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
        appears = self._scheduled(message)
        if appears and message.thread:
            # The next one would answer to a post that has no name yet.
            return [Refused("a thread cannot be scheduled there - post it when its time has come")]
        media = self._upload(message.picture) if message.picture else []
        if isinstance(media, Refused):
            return [media]

        def post(text: str, key: str, before: str) -> Outcome:
            status = {**self._options.extra, **self._words(message, text)}
            status["visibility"] = self._options.visibility
            if appears:
                status["scheduled_at"] = appears.isoformat()
            if before:
                status["in_reply_to_id"] = before
            elif media:
                status["media_ids"] = media
            reply = self._api.call(
                "POST", "/api/v1/statuses", headers={"Idempotency-Key": key}, json=status
            )
            return self._outcome(reply)

        return [post_keyed_thread("mastodon", message, post, self._delete)]

    def check(self) -> Account:
        """The account, such as "@acme on https://social.example", and what its server takes."""
        reply = self._account()
        instance = self._told("/api/v2/instance") or self._told("/api/v1/instance")
        statuses = value_at(instance, "configuration", "statuses") or {}
        limits = (value_at(statuses, "max_characters"), value_at(instance, "max_toot_chars"))
        scopes = value_at(self._told("/api/v1/apps/verify_credentials"), "scopes")
        can = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
        return Account(
            f"@{reply.text('acct')} on {self._options.server}",
            can=can,
            max_text=next((one for one in limits if _is_count(one)), None),
            notes=tuple(_notes(can, value_at(statuses, "characters_reserved_per_url"))),
        )

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """What of the account's latest posts is shown as the same words."""
        me = self._account().text("id")
        listed = self._api.call(
            "GET", f"/api/v1/accounts/{me}/statuses?limit={LATEST}&exclude_reblogs=true"
        )
        if not isinstance(listed.json, list):
            raise ProviderUnavailable(
                f"mastodon: the latest posts cannot be read ({listed.words}) - look there"
            )
        posts = [
            (_shown(one.get("content")), Accepted(text_at(one, "id"), text_at(one, "url")))
            for one in objects_at(listed.json)
            if (at := iso_moment(text_at(one, "created_at"))) and at >= since - SKEW
        ]
        texts = message.texts
        return find_thread("mastodon", [_to_be_shown(one) for one in texts], posts)

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Change the text of each post; its pictures stay."""
        texts = message.texts
        if len(texts) != len(published.ids):
            return Refused(
                f"there it is {len(published.ids)} posts, and now it would be {len(texts)}"
                " - delete it, and post it again"
            )
        if not published.address:
            return Refused("it was scheduled, and cannot be changed until it has appeared")
        changed: list[Accepted] = []
        for name, text in zip(published.ids, texts, strict=True):
            there = self._api.call("GET", f"/api/v1/statuses/{name}")
            if there.refused:
                return Refused(there.text("error"))
            status = {**self._words(message, text), "sensitive": there.read("sensitive") is True}
            # Whatever is not named is taken away: app/services/update_status_service.rb.
            if media := [text_at(one, "id") for one in there.objects("media_attachments")]:
                status["media_ids"] = media
            outcome = self._outcome(self._api.call("PUT", f"/api/v1/statuses/{name}", json=status))
            if isinstance(outcome, Refused):
                return outcome
            changed.append(outcome)
        return replace(changed[0], others=published.ids[1:])

    def delete(self, published: Published) -> None:
        """Take away the last of a thread first."""
        for name in reversed(published.ids):
            self._delete(name, scheduled=not published.address)

    def _delete(self, name: str, *, scheduled: bool = False) -> None:
        kind = "scheduled_statuses" if scheduled else "statuses"
        reply = self._api.call("DELETE", f"/api/v1/{kind}/{name}")
        reply.check_done()
        if scheduled and reply.status in GONE:
            raise ProviderError(
                "mastodon: it was scheduled and is no longer - where it has appeared since, it has"
                " another name: delete it there"
            )
        if reply.refused and reply.status not in GONE:
            raise ProviderError(f"mastodon: not deleted ({reply.words}) - delete it there")

    def _words(self, message: SocialMessage, text: str) -> dict[str, Any]:
        """What a post says, new or changed."""
        status: dict[str, Any] = {"status": text}
        if message.warning:
            status["spoiler_text"] = message.warning
        if language := language_tag(message.language):
            status["language"] = language.partition("-")[0]
        return status

    def _outcome(self, reply: Reply) -> Outcome:
        if reply.refused:
            return Refused(reply.text("error"))
        return Accepted(reply.text("id"), reply.word("url"))  # what is scheduled has no address

    def _scheduled(self, message: SocialMessage) -> datetime | None:
        appears = message.appears
        return appears if appears and appears - self._clock() >= AHEAD else None

    def _upload(self, picture: SocialPicture) -> list[str] | Refused:
        """The name of a picture that the server is done with; no post shows it yet."""
        file = f"picture.{picture.kind.rpartition('/')[2]}"
        said: dict[str, Any] = {
            "files": {"file": (file, picture.data, picture.kind)},
            "form": {"description": picture.alt} if picture.alt else None,
        }
        with preparing():
            # Who knows no such address says so without words.
            newer = replace(self._api, judge=lambda reply: reply.status in {404, 405})
            reply = newer.call("POST", "/api/v2/media", **said)
            if reply.status in {404, 405}:
                reply = self._api.call("POST", "/api/v1/media", **said)
            name = "" if reply.refused else reply.text("id")
        looks = 0
        while reply.status in {202, 206}:  # taken, and still worked on
            if looks >= MOST_LOOKS:
                raise ProviderUnavailable(
                    "mastodon: the server still works on the picture - sending is tried again"
                )
            looks += 1
            self._wait(BETWEEN_LOOKS)
            reply = self._api.call("GET", f"/api/v1/media/{name}")
        return Refused(f"its picture: {reply.words}") if reply.refused else [name]

    def _account(self) -> Reply:
        reply = self._api.call("GET", "/api/v1/accounts/verify_credentials")
        if reply.refused:
            host = urlsplit(self._options.server).netloc
            raise ProviderUnavailable(
                f"mastodon: {host} does not answer like a Mastodon server"
                f" ({reply.text('error')}) - check the option 'server'"
            )
        return reply

    def _told(self, path: str) -> Any:
        """What a server says at a place that not every one has; None where it says nothing."""
        try:
            reply = self._api.call("GET", path)
        except ProviderError:
            return None
        return None if reply.refused else reply.json


def _notes(can: Sequence[str], link_cost: object) -> Iterator[str]:
    lacking = [
        one
        for one in ("write:statuses", "write:media", "read:statuses")
        if can and one not in can and one.partition(":")[0] not in can
    ]
    if lacking:
        yield f"its application lacks {', '.join(lacking)} - give it these, and take a new token"
    if _is_count(link_cost) and link_cost != LINK_COST:
        yield f"a link counts {link_cost} there"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _shown(content: object) -> str:
    """The letters of a post, as its HTML shows them: lines and spaces are the server's own."""
    words = html.unescape(re.sub(r"<[^>]*>", "", content)) if isinstance(content, str) else ""
    return "".join(unicodedata.normalize("NFC", words).split())


def _to_be_shown(text: str) -> str:
    """The same of a text that was handed over; a mention is shown without its server."""
    text = re.sub(r"(?<![\w/])(@\w[\w.-]*)@[\w.-]*\w", r"\1", text)
    return "".join(unicodedata.normalize("NFC", text).split())
