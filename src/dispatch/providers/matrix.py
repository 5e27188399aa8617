"""Matrix, through the client-server API of a homeserver (https://spec.matrix.org/latest/client-server-api/)."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, ClassVar, Literal
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Extra,
    Outcome,
    OutcomeUnknown,
    PictureLimits,
    ProviderUnavailable,
    Published,
    RateLimited,
    Refused,
    Reply,
    SocialMessage,
    SocialPicture,
    WebAddress,
    one_line,
)

CLIENT = "/_matrix/client/v3"

MOST_CONTENT = 60_000
"""Bytes of a message's content: the whole event has 65,536 at most, with what the server adds."""

LOOKED_THROUGH = 100
"""Messages of ours that are looked through for one of which the answer was lost."""

_ROOM = re.compile(r"[!#]\S{1,254}")
_PERSON = re.compile(r"@[\w.=/+-]{1,200}:[\w.:\[\]-]{1,200}[\w\]]", re.ASCII)
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


class MatrixOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    server: WebAddress = Field(
        description="where the homeserver answers clients", examples=["https://matrix.example.org"]
    )
    room: str = Field(
        description="the room's alias or id; its account has to be in it",
        examples=["#news:example.org"],
    )
    token: SecretStr = Field(description="access token of the account that posts")
    kind: Literal["text", "notice"] = Field(
        default="text", description="what it posts as; bots do not answer a notice"
    )
    extra: Extra = {}

    @field_validator("room")
    @classmethod
    def _names_a_room(cls, room: str) -> str:
        if not _ROOM.fullmatch(room):
            raise ValueError("names no room - write its alias (#news:example.org) or its id (!...)")
        return room


class Matrix:
    """Posts to one room by one account."""

    Options: ClassVar[type[BaseModel]] = MatrixOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        # The specification has transaction ids without saying for how long; Synapse keeps them
        # for half an hour at least.
        idempotent_for=timedelta(minutes=30),
        max_text=10_000,
        # rc_message of Synapse: one in five seconds, after ten at once
        # (https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html).
        spacing=timedelta(seconds=5),
        most_text_bytes=20_000,  # it stands in an event twice, as text and as HTML
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/gif"),
            most_bytes=2_000_000,
            most_side=1_600,
            most_alt=200,
        ),
        picture_as_card=True,  # what a client shows for a link is each server's own setting
        account_options=("server", "room"),
        source="https://spec.matrix.org/latest/client-server-api/#size-limits",
        evidence="live",
    )

    def __init__(self, options: MatrixOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._room_id = options.room if options.room.startswith("!") else ""
        self._is_open = False
        self._api = Api(
            name="matrix",
            url=options.server,
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {options.token.get_secret_value()}"},
            secrets=(options.token,),
            judge=_judge,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message; its text already holds its link."""
        [message] = batch
        self._check_open()
        content = self._content(message)
        if message.picture is not None:
            uploaded = self._upload(message.picture)
            if isinstance(uploaded, Refused):
                return [uploaded]
            content |= _as_picture(message.picture, uploaded)
        return [self._put(f"send/m.room.message/{_key(message.id)}", content)]

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Our own message: by its transaction, which the server tells us of, or by its text."""
        only = {"senders": [self._me()], "types": ["m.room.message"]}
        query = f"dir=b&limit={LOOKED_THROUGH}&filter={quote(json.dumps(only))}"
        reply = self._api.call("GET", f"{self._room()}/messages?{query}")
        events = [one for one in reply.needed("chunk", list) if isinstance(one, dict)]
        ours = [one for one in events if _transaction(one) == _key(message.id)]
        # With another token no transactions are told of, and then the text has to do.
        same = (
            one
            for one in events
            if not _transaction(one)
            and _part(one, "content").get("body") == message.text
            and _moment(one) >= since
        )
        ids = (one.get("event_id") for one in (*ours, *same))
        found = next((one for one in ids if isinstance(one, str)), None)
        return None if found is None else self._accepted(found)

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Say something else in its place; a picture stays where it is."""
        event = published.ids[0]
        reply = self._api.call("GET", f"{self._room()}/event/{quote(event, safe='')}")
        before = _part(reply.json, "content")
        if reply.refused or "body" not in before:
            why = reply.words if reply.refused else "it was taken away there"
            return Refused(f"it says nothing any more ({why})")
        after = {**before, **self._content(message), "msgtype": before.get("msgtype", "m.text")}
        after.pop("m.relates_to", None)
        content = {
            **self._content(message),
            "body": f"* {message.text}",
            "m.new_content": after,
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        }
        outcome = self._put(f"send/m.room.message/{_key(event, message.text)}", content)
        return outcome if isinstance(outcome, Refused) else self._accepted(event)

    def delete(self, published: Published) -> None:
        """Have the server forget what it says; the place where it stood stays, as always there."""
        for event in reversed(published.ids):
            path = f"{self._room()}/redact/{quote(event, safe='')}/{_key(event, 'redact')}"
            reply = self._api.call("PUT", path, json={})
            reply.check_done()
            if reply.refused and reply.status != 404:
                raise ProviderUnavailable(
                    f"matrix: it cannot be taken away ({reply.words}) - do so in the room"
                )

    def check(self) -> Account:
        """Who posts and where, such as "@acme:example.org in #news:example.org"."""
        me = self._me()
        joined = self._api.call("GET", f"{CLIENT}/joined_rooms").needed("joined_rooms", list)
        if self._id() not in joined:
            raise CredentialsRefused(
                f"matrix: {me} is not in {self._options.room} - invite it, and have it join"
            )
        self._check_open()
        levels = self._api.call("GET", f"{self._room()}/state/m.room.power_levels/").json
        mine = _number(_part(levels, "users").get(me), _part_number(levels, "users_default"))
        needed = _number(
            _part(levels, "events").get("m.room.message"), _part_number(levels, "events_default")
        )
        # Who has made a room of version 12 may do anything, and stands in no list.
        lacks = (
            f"its power there is {mine}, and {needed} is needed to post, unless it made the room"
        )
        return Account(f"{me} in {self._options.room}", notes=(lacks,) if mine < needed else ())

    def _content(self, message: SocialMessage) -> dict[str, Any]:
        """What the message says, in text and in HTML; whom it tells, which is nobody by default."""
        told = sorted(set(_PERSON.findall(message.text))) if message.mentions else []
        content: dict[str, Any] = {
            **self._options.extra,
            "msgtype": f"m.{self._options.kind}",
            "body": message.text,
            "m.mentions": {"user_ids": told} if told else {},
        }
        formatted = {
            "format": "org.matrix.custom.html",
            "formatted_body": _html(message.text, message.link),
        }
        whole = len(json.dumps(content | formatted, ensure_ascii=False).encode())
        return content | formatted if whole <= MOST_CONTENT else content

    def _upload(self, picture: SocialPicture) -> str | Refused:
        """The address of the picture at the server. Nothing is posted by it, whatever happens."""
        try:
            reply = self._api.call(
                "POST",
                f"/_matrix/media/v3/upload?filename={quote(_name(picture))}",
                headers={"Content-Type": picture.kind},
                content=picture.data,
            )
            return (
                Refused(f"picture: {reply.words}") if reply.refused else reply.text("content_uri")
            )
        except OutcomeUnknown as lost:
            raise ProviderUnavailable(
                "matrix: the server did not take the picture - sending is tried again"
            ) from lost

    def _put(self, path: str, content: Mapping[str, Any]) -> Outcome:
        reply = self._api.call("PUT", f"{self._room()}/{path}", json=content)
        return Refused(reply.words) if reply.refused else self._accepted(reply.text("event_id"))

    def _accepted(self, event: str) -> Accepted:
        room = self._id()
        named = self._options.room if ":" in self._options.room else room
        via = f"?via={quote(named.partition(':')[2])}" if ":" in named else ""
        address = f"https://matrix.to/#/{quote(room, safe='')}/{quote(event, safe='')}{via}"
        return Accepted(event, address)

    def _check_open(self) -> None:
        """Raise CredentialsRefused where the room is encrypted: what we write there is not."""
        if self._is_open:
            return
        reply = self._api.call("GET", f"{self._room()}/state/m.room.encryption/")
        if not reply.refused and _part(reply.json, "").get("algorithm"):
            raise CredentialsRefused(
                f"matrix: {self._options.room} is encrypted, and dispatch writes in clear - "
                "post to a room without encryption, as one for news may well be"
            )
        self._is_open = True

    def _me(self) -> str:
        return self._api.call("GET", f"{CLIENT}/account/whoami").needed("user_id", str)

    def _room(self) -> str:
        return f"{CLIENT}/rooms/{quote(self._id(), safe='')}"

    def _id(self) -> str:
        if not self._room_id:
            alias = quote(self._options.room, safe="")
            reply = self._api.call("GET", f"{CLIENT}/directory/room/{alias}")
            if reply.status == 404:
                raise CredentialsRefused(
                    f"matrix: no room is called {self._options.room} - correct the option 'room'"
                )
            self._room_id = reply.needed("room_id", str)
        return self._room_id


def _judge(reply: Reply) -> bool | None:
    """What Matrix says by codes of its own (https://spec.matrix.org/latest/client-server-api/#standard-error-response)."""
    code = reply.word("errcode")
    if code == "M_LIMIT_EXCEEDED" and "retry-after" not in reply.headers:
        wait = reply.read("retry_after_ms")
        known = isinstance(wait, int) and not isinstance(wait, bool)
        raise RateLimited(
            "matrix: the server wants fewer messages - sending goes on later",
            retry_after=timedelta(milliseconds=wait) if known else None,
        )
    if code in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"}:
        raise CredentialsRefused(
            f"matrix: token not accepted ({reply.words}) - log its account in anew, for a new one"
        )
    if code == "M_FORBIDDEN":
        raise CredentialsRefused(
            f"matrix: the account may not do that in the room ({reply.words}) - "
            "have it join, and let it post"
        )
    # Such as a state that is not there: an answer, and not a wrong address.
    return True if code == "M_NOT_FOUND" else None


def _as_picture(picture: SocialPicture, uploaded: str) -> dict[str, Any]:
    """What makes a text the caption of a picture, since version 1.10 of the specification.

    A caption leaves no field for what the picture shows but its name.
    """
    return {
        "msgtype": "m.image",
        "filename": _name(picture),
        "url": uploaded,
        "info": {
            "mimetype": picture.kind,
            "size": len(picture.data),
            "w": picture.width,
            "h": picture.height,
        },
    }


def _name(picture: SocialPicture) -> str:
    name = one_line(_NO_NAME.sub(" ", picture.alt)).strip(" .") or "picture"
    return f"{name}.{picture.kind.rpartition('/')[2]}"


def _html(text: str, link: str) -> str:
    """The text as HTML with its link; other addresses in it are found by every client."""
    written = escape(text)
    if link:
        plain = escape(link)
        end = r"(?![\w/?&#=%-])"  # else a longer address only begins like it
        anchor = f'<a href="{plain}">{plain}</a>'
        written = re.sub(re.escape(plain) + end, lambda _: anchor, written)
    return written.replace("\n", "<br>")


def _key(*parts: str) -> str:
    """A transaction id: the same for the same message, and safe in an address."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _part(value: Any, name: str) -> Mapping[str, Any]:
    """The object under a name, or the value itself without one; empty where there is none."""
    found = value.get(name) if name and isinstance(value, dict) else value
    return found if isinstance(found, dict) else {}


def _transaction(event: Mapping[str, Any]) -> Any:
    """The id that we gave it, which the server tells to the session that has sent it."""
    return _part(event, "unsigned").get("transaction_id")


def _part_number(value: Any, name: str) -> int:
    return _number(_part(value, "").get(name), 0)


def _number(value: Any, default: int) -> int:
    with suppress(TypeError, ValueError):
        return int(value)
    return default


def _moment(event: Mapping[str, Any]) -> datetime:
    with suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(_number(event.get("origin_server_ts"), 0) / 1000, UTC)
    return datetime.fromtimestamp(0, UTC)
