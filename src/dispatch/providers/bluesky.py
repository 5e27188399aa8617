"""Bluesky, through the XRPC calls of the account's own server (https://docs.bsky.app/docs/get-started).

A post is a record of the account's repository. Its key is made from the delivery, and it is written
only where there is none under that key: so a repeat leaves one record.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

import httpx
from pydantic import AfterValidator, BaseModel, Field, SecretStr, TypeAdapter, ValidationError

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    Capabilities,
    Carries,
    Clock,
    Counting,
    CredentialsRefused,
    Extra,
    Facet,
    FacetKind,
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
    facets_in,
    find_thread,
    language_tag,
    objects_at,
    post_keyed_thread,
    preparing,
    text_at,
    thread_keys,
)

POSTS = "app.bsky.feed.post"
FACET = "app.bsky.richtext.facet"

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""Of the 13 that a record key has, each is five bits (https://atproto.com/specs/tid)."""

OVER = {"ExpiredToken", "InvalidToken"}
"""The session has ended, and another one may begin."""

MAY = {
    "com.atproto.access": ("everything",),
    "com.atproto.appPass": ("post",),
    "com.atproto.appPassPrivileged": ("post", "read and write direct messages"),
}
"""What the scope of a session means (https://atproto.com/specs/xrpc)."""


def _bare(handle: str) -> str:
    return handle.strip().removeprefix("@").lower()


class BlueskyOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    handle: Annotated[str, AfterValidator(_bare)] = Field(
        description="the account's handle", examples=["letter.bsky.social"], min_length=1
    )
    password: SecretStr = Field(description="app password of the account")
    server: WebAddress = Field(
        default="https://bsky.social",
        description="where the account signs in",
        examples=["https://pds.example.org"],
    )
    extra: Extra = {}


@dataclass(frozen=True, slots=True)
class Session:
    """Who has signed in: the account's own server is at `api.url`."""

    did: str
    handle: str
    refresh: SecretStr
    api: Api


class Bluesky:
    """Posts to one account, wherever in the network its server is."""

    Options: ClassVar[type[BaseModel]] = BlueskyOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        idempotent_for=timedelta(days=365),  # for ever: it is a name in the account's repository
        max_text=300,
        most_text_bytes=3000,
        counting=Counting.GRAPHEMES,
        spacing=timedelta(minutes=1),
        threads=True,
        cards=True,
        # A picture may have two million bytes, the one of a card half as many.
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/webp"), most_bytes=1_000_000, most_side=2000
        ),
        account_options=("server", "handle"),
        source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
        evidence="live",
    )

    def __init__(self, options: BlueskyOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._session: Session | None = None
        self._entry = Api(
            name="bluesky",
            url=f"{options.server}/xrpc/",
            http=http,
            clock=clock,
            secrets=(options.password,),
            reset_header="RateLimit-Reset",  # seconds since 1970
            error_keys=("message", "error"),
            judge=lambda reply: reply.word("error") in OVER,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message: a picture or else a card below its first text."""
        [message] = batch
        embed = self._embed(message)
        if isinstance(embed, Refused):
            return [embed]
        there: list[dict[str, str]] = []

        def post(text: str, key: str, _before: str) -> Outcome:
            record = {**self._options.extra, **self._words(message, text), "$type": POSTS}
            if there:
                record["reply"] = {"root": there[0], "parent": there[-1]}
            elif embed:
                record["embed"] = embed
            reply = self._write(record_key(key), record)
            if reply.refused:
                return Refused(reply.words)
            there.append({"uri": reply.text("uri"), "cid": reply.text("cid")})
            return self._accepted(there[-1]["uri"])

        return [post_keyed_thread("bluesky", message, post, self._delete)]

    def check(self) -> Account:
        """The account, such as "@letter.bsky.social on https://bsky.social"."""
        reply = self._call("GET", "com.atproto.server.getSession")
        if reply.refused:
            raise ProviderUnavailable(
                f"bluesky: another service answers there ({reply.words})"
                " - check the option 'server'"
            )
        can = MAY.get(_scope(self._signed_in()), ())
        notes = []
        if reply.read("active") is False:
            status = reply.word("status") or "not active"
            notes.append(f"the account is {status}, so that nobody sees its posts - sign in there")
        if "everything" in can:
            notes.append("this is the account's own password - make an app password instead")
        return Account(
            f"@{reply.text('handle')} on {self._options.server}", can=can, notes=tuple(notes)
        )

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:  # noqa: ARG002
        """The records under the keys that the delivery has, whenever they were written."""
        keys, found = thread_keys(message), []
        for key in keys:
            reply = self._read(record_key(key))
            if not reply.refused:
                found.append((key, self._accepted(reply.text("uri"))))
            elif reply.word("error") != "RecordNotFound":
                raise ProviderUnavailable(f"bluesky: not found out ({reply.words}) - look there")
        return find_thread("bluesky", keys, found)

    def delete(self, published: Published) -> None:
        """Take away the last of a thread first; the server minds none that is gone."""
        for uri in reversed(published.ids):
            self._delete(uri)

    def _delete(self, uri: str) -> None:
        reply = self._call(
            "POST",
            "com.atproto.repo.deleteRecord",
            json=self._place(uri.rpartition("/")[2]),
        )
        reply.check_done()
        if reply.refused:
            raise ProviderError(f"bluesky: not deleted ({reply.words}) - delete it there")

    def _words(self, message: SocialMessage, text: str) -> dict[str, Any]:
        """A post without what hangs on it."""
        now = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {"text": text, "createdAt": now}
        facets = [self._facet(one, message.mentions) for one in facets_in(text)]
        if any(facets):
            record["facets"] = [one for one in facets if one]
        if language := language_tag(message.language):
            record["langs"] = [language]
        return record

    def _facet(self, found: Facet, mentions: bool) -> dict[str, Any] | None:
        """What the network is told of a part of a text; None where it is to be nothing but words.

        What is found in a text becomes no mention unless a campaign says so.
        """
        feature: dict[str, str] = {"$type": f"{FACET}#{found.kind}"}
        match found.kind:
            case FacetKind.LINK:
                feature["uri"] = found.value
            case FacetKind.TAG:
                feature["tag"] = found.value
            case FacetKind.MENTION:
                did = self._did_of(found.value) if mentions else ""
                if not did:
                    return None
                feature["did"] = did
        return {"index": {"byteStart": found.start, "byteEnd": found.end}, "features": [feature]}

    def _did_of(self, handle: str) -> str:
        reply = self._call("GET", f"com.atproto.identity.resolveHandle?handle={quote(handle)}")
        return reply.word("did")

    def _embed(self, message: SocialMessage) -> dict[str, Any] | Refused:
        """What hangs on a post: one thing, or nothing."""
        if picture := message.picture:
            image = self._upload(picture)
            if isinstance(image, Refused):
                return image
            shown: dict[str, Any] = {"image": image, "alt": picture.alt}
            if picture.width > 0 and picture.height > 0:
                shown["aspectRatio"] = {"width": picture.width, "height": picture.height}
            return {"$type": "app.bsky.embed.images", "images": [shown]}
        if card := message.card:
            external: dict[str, Any] = {
                "uri": card.link,
                "title": card.title,
                "description": card.description,
            }
            if card.picture:
                thumb = self._upload(card.picture)
                if isinstance(thumb, Refused):
                    return thumb
                external["thumb"] = thumb
            return {"$type": "app.bsky.embed.external", "external": external}
        return {}

    def _upload(self, picture: SocialPicture) -> Any:
        """A picture's place in the repository; it is forgotten again where no record names it."""
        with preparing():
            reply = self._call(
                "POST",
                "com.atproto.repo.uploadBlob",
                content=picture.data,
                headers={"Content-Type": picture.kind},
            )
        blob = reply.read("blob")
        if reply.refused:
            return Refused(f"its picture: {reply.words}")
        if not isinstance(blob, dict):
            raise ProviderUnavailable(
                "bluesky: does not say where it has a picture - sending is tried again"
            )
        return blob

    def _write(self, key: str, record: dict[str, Any]) -> Reply:
        """Write a record, or read the one that is there already."""
        reply = self._call(
            "POST",
            "com.atproto.repo.putRecord",
            # The time of writing differs when it is tried again; null asks for there to be none.
            json={**self._place(key), "record": record, "swapRecord": None},
        )
        return self._read(key) if reply.word("error") == "InvalidSwap" else reply

    def _read(self, key: str) -> Reply:
        query = "&".join(f"{name}={quote(value)}" for name, value in self._place(key).items())
        return self._call("GET", f"com.atproto.repo.getRecord?{query}")

    def _place(self, key: str) -> dict[str, str]:
        return {"repo": self._signed_in().did, "collection": POSTS, "rkey": key}

    def _accepted(self, uri: str) -> Accepted:
        session = self._signed_in()
        who = session.did if session.handle == "handle.invalid" else session.handle
        return Accepted(uri, f"https://bsky.app/profile/{who}/post/{uri.rpartition('/')[2]}")

    # The session: who signs in anew each time is soon kept out, as a handle may do so 30 times in
    # five minutes and 300 times a day (https://docs.bsky.app/docs/advanced-guides/rate-limits).

    def _call(self, method: str, what: str, **said: Any) -> Reply:
        """One call in the account's name, once more where its session has ended."""
        reply = self._signed_in().api.call(method, what, **said)
        if reply.word("error") in OVER:
            self._renew()
            reply = self._signed_in().api.call(method, what, **said)
        if reply.word("error") in OVER:
            raise CredentialsRefused(f"bluesky: the session is not accepted ({reply.words})")
        return reply

    def _signed_in(self) -> Session:
        if self._session is None:
            who = {
                "identifier": self._options.handle,
                "password": self._options.password.get_secret_value(),
            }
            with preparing():
                reply = self._entry.call("POST", "com.atproto.server.createSession", json=who)
                if reply.refused:
                    raise CredentialsRefused(
                        f"bluesky: {self._options.handle} cannot sign in ({reply.words})"
                        " - check the handle, and make an app password"
                    )
                self._session = self._begun(reply)
        return self._session

    def _renew(self) -> None:
        """Go on with another session; where the old one is long over, with a new sign-in."""
        old, self._session = self._signed_in(), None
        api = replace(old.api, url=self._entry.url, headers=_bearer(old.refresh))
        with suppress(CredentialsRefused), preparing():
            reply = api.call("POST", "com.atproto.server.refreshSession")
            if not reply.refused:
                self._session = self._begun(reply)

    def _begun(self, reply: Reply) -> Session:
        access, refresh = (_token(reply, name) for name in ("accessJwt", "refreshJwt"))
        secrets = (*self._entry.secrets, access, refresh)
        api = replace(
            self._entry, url=f"{self._home(reply)}/xrpc/", headers=_bearer(access), secrets=secrets
        )
        return Session(reply.text("did"), reply.text("handle"), refresh, api)

    def _home(self, reply: Reply) -> str:
        """Where the account's own server is, as its identity has it; else where it signed in."""
        for one in objects_at(reply.json, "didDoc", "service"):
            if text_at(one, "id").endswith("#atproto_pds"):
                try:
                    return _ADDRESS.validate_python(text_at(one, "serviceEndpoint"))
                except ValidationError:
                    break
        return self._options.server


_ADDRESS: TypeAdapter[str] = TypeAdapter(WebAddress)


def _token(reply: Reply, name: str) -> SecretStr:
    reply.text(name)  # which says so where there is none, and is cut where it is long
    return SecretStr(str(reply.read(name)))


def _bearer(token: SecretStr) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.get_secret_value()}"}


def _scope(session: Session) -> str:
    """What a session may do, as its token says to whoever reads it."""
    token = session.api.headers["Authorization"]
    try:
        part = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return ""
    return text_at(said, "scope")


def record_key(name: str) -> str:
    """A record key (TID) that is always the same for the same name.

    As a moment it is one before September 2005: no program that takes the time of posting for its
    key ever makes the same one.

    >>> record_key("edition.1"), record_key("edition.1") == record_key("edition.2")
    ('2a7fuzhpavppc', False)
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()) >> (256 - 60)
    return "".join(LETTERS[number >> place & 31] for place in range(60, -1, -5))
