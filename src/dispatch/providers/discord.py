"""Discord: a channel's webhook (https://docs.discord.com/developers/resources/webhook).

Looked at on 2026-11-30, with rate limits (https://docs.discord.com/developers/topics/rate-limits),
error codes (https://docs.discord.com/developers/topics/opcodes-and-status-codes) and files
(https://docs.discord.com/developers/reference#uploading-files: 10 MiB).

Discord reads Markdown and shows pages that are linked to by itself. What a text says is to be seen
as it is, so its marks are escaped outside of links (ADR 0110). A mention tells nobody unless the
message has mentions, and @everyone never does. A webhook has no key against repeats and lists no
messages, so that a lost answer stays unknown.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

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
    Outcome,
    PictureLimits,
    ProviderError,
    ProviderUnavailable,
    Published,
    RateLimited,
    Refused,
    Reply,
    SecretAddress,
    SocialMessage,
    SocialPicture,
    WebAddress,
    links_apart,
    one_line,
    retry_after,
)

MOST_TEXT = 2000
MOST_ALT = 1024

SUPPRESS_EMBEDS = 1 << 2
"""A flag of messages: https://docs.discord.com/developers/resources/message."""

UNKNOWN_MESSAGE = "10008"

OF_THE_WEBHOOK = {
    "10003": "the thread is not there - check the option 'thread_id'",
    "10015": "the webhook is not there any more - make a new one, and put its address in place",
    "50013": "it may not post there - see what the channel allows",
    "50027": "the webhook's address is not right - copy it again",
    "160005": "the thread is locked - have it opened, or name another as 'thread_id'",
    "220001": "the channel is a forum - name one of its threads as the option 'thread_id'",
}
"""Codes that are the same for every message, and what to do."""

WEBHOOK = re.compile(r"/api(?:/v\d+)?/webhooks/(\d+)/([\w-]+)", re.ASCII)

MARKS = re.compile(
    r"[\\*_~`|]|\[(?=[^\]\n]*\]\()"
    r"|^[ ]*(?:>>>|>|-#|#{1,3}|[-+])(?=\s)|^[ ]*\d+(?=\.\s)"
    r"|<(?=[@#:/]|a:|t:|id:)",
    re.MULTILINE,
)
"""What may change how a text looks: https://support.discord.com/hc/en-us/articles/210298617, and
what stands for somebody or something: https://docs.discord.com/developers/reference#message-formatting.
"""

MENTION = re.compile(r"<(?=@[!&]?\d+>|#\d+>)")


class DiscordOptions(BaseModel, extra="forbid", frozen=True, coerce_numbers_to_str=True):
    """What schedules.yaml says under `options:`."""

    url: SecretAddress = Field(description="the webhook's address, which lets in whoever knows it")
    username: str = Field(
        default="", max_length=80, description="the name it posts by; empty: the webhook's own"
    )
    avatar_url: WebAddress | None = Field(
        default=None, description="the picture beside that name; empty: the webhook's own"
    )
    thread_id: str = Field(
        default="", pattern=r"^\d*$", description="the thread to post in, as a forum needs one"
    )
    previews: bool = Field(default=True, description="show the pages that posts link to")
    extra: Extra = {}

    @field_validator("url")
    @classmethod
    def _is_a_webhook(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if not WEBHOOK.fullmatch(parts.path) or parts.query:
            raise ValueError(
                "is no webhook - copy it from the channel's settings, Integrations, Webhooks"
            )
        return url


class Discord:
    """Posts to one channel, or to one thread of it."""

    Options: ClassVar[type[BaseModel]] = DiscordOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=MOST_TEXT,
        counting=Counting.MARKDOWN,
        # No number is promised: "rate limits should not be hard coded", says its page. Each answer
        # names its own, which is waited for.
        spacing=timedelta(seconds=1),
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png", "image/gif", "image/webp"),
            most_bytes=10 * 1024 * 1024,
            most_alt=MOST_ALT,
        ),
        account_options=("url", "thread_id"),
        source="https://docs.discord.com/developers/resources/webhook#execute-webhook",
        evidence="documented",
    )

    def __init__(self, options: DiscordOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._guild = ""
        parts = urlsplit(options.url.get_secret_value())
        number, token = WEBHOOK.fullmatch(parts.path).groups()  # type: ignore[union-attr]
        self._api = Api(
            name="discord",
            url=f"{parts.scheme}://{parts.netloc}/api/v10/webhooks/{number}/{token}",
            http=http,
            clock=clock,
            secrets=(SecretStr(token),),
            reset_header="X-RateLimit-Reset-After",  # seconds, with a fraction
            judge=self._judge,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message, and wait for its number."""
        [message] = batch
        said = {
            **self._options.extra,
            **({"username": self._options.username} if self._options.username else {}),
            **({"avatar_url": self._options.avatar_url} if self._options.avatar_url else {}),
            **self._content(message),
        }
        reply = self._post(f"?{self._query(wait='true')}", said, message.picture)
        return [self._outcome(reply)]

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Change the text; pictures stay as they are."""
        path = f"/messages/{published.ids[0]}{self._in_thread}"
        reply = self._api.call("PATCH", path, json=self._content(message))
        return self._outcome(reply)

    def delete(self, published: Published) -> None:
        """Take the message away, however old it is."""
        reply = self._api.call("DELETE", f"/messages/{published.ids[0]}{self._in_thread}")
        reply.check_done()
        if reply.refused and reply.word("code") != UNKNOWN_MESSAGE:
            raise ProviderError(
                f"discord: the post cannot be deleted from here ({reply.words})"
                " - delete it in Discord, by hand"
            )

    def check(self) -> Account:
        """The webhook's name and its channel."""
        reply = self._api.call("GET")
        if reply.refused:
            raise ProviderUnavailable(
                f"discord: does not answer like a webhook ({reply.words}) - check the option 'url'"
            )
        channel = reply.text("channel_id")
        self._guild = reply.word("guild_id")
        can = ("post messages", "edit messages", "delete messages")
        return Account(f"{one_line(reply.text('name'))} in the channel {channel}", can=can)

    def _post(self, path: str, said: Mapping[str, Any], picture: SocialPicture | None) -> Reply:
        if picture is None:
            return self._api.call("POST", path, json=said)
        name = f"picture.{picture.kind.rpartition('/')[2]}"
        file: dict[str, Any] = {"id": "0", "filename": name}
        if picture.alt:
            file["description"] = picture.alt[:MOST_ALT]
        form = {"payload_json": json.dumps({**said, "attachments": [file]}, ensure_ascii=False)}
        files = {"files[0]": (name, picture.data, picture.kind)}
        return self._api.call("POST", path, form=form, files=files)

    def _content(self, message: SocialMessage) -> dict[str, Any]:
        shown = {} if self._options.previews else {"flags": SUPPRESS_EMBEDS}
        tells = ["users", "roles"] if message.mentions else []
        return {
            "content": _escaped(message.text, mentions=message.mentions),
            "allowed_mentions": {"parse": tells},
            **shown,
        }

    def _query(self, **said: str) -> str:
        thread = {"thread_id": self._options.thread_id} if self._options.thread_id else {}
        return urlencode({**said, **thread})

    @property
    def _in_thread(self) -> str:
        query = self._query()
        return f"?{query}" if query else ""

    def _outcome(self, reply: Reply) -> Outcome:
        if reply.refused:
            return Refused(_reason(reply))
        number, channel, guild = reply.text("id"), reply.word("channel_id"), self._look_up_guild()
        known = guild.isdecimal() and channel.isdecimal()
        address = f"https://discord.com/channels/{guild}/{channel}/{number}" if known else ""
        return Accepted(number, address)

    def _look_up_guild(self) -> str:
        """The server's number, without which a post has no address; empty where it is not told."""
        if not self._guild:
            with suppress(ProviderError):
                self._guild = self._api.call("GET").word("guild_id")
        return self._guild

    def _judge(self, reply: Reply) -> None:
        """Raise what a refusal says of every message alike."""
        if reply.status == 429:
            asked = {"Retry-After": str(reply.read("retry_after"))}
            if (wait := retry_after(asked, now=self._api.clock())) is not None:
                said = f"discord: {reply.words} - it goes on by itself"
                raise RateLimited(said, retry_after=wait)
        if advice := OF_THE_WEBHOOK.get(reply.word("code")):
            raise CredentialsRefused(f"discord: {reply.words}: {advice}")


def _reason(reply: Reply) -> str:
    """Its words with those about the field that is wrong, where it names one."""
    field = reply.word("errors.content._errors.0.message")
    return f"{reply.words}: {field}" if field else reply.words


def _escaped(text: str, *, mentions: bool) -> str:
    """The text with its marks escaped outside of links, which is what its limit counts.

    As it is where that would be too long: a mark that is read is better than no post.
    """
    kept = {found.start() for found in MENTION.finditer(text)} if mentions else set()
    place, parts = 0, []
    for piece, is_link in links_apart(text):
        end = place + len(piece)
        parts.append(piece if is_link else _without_marks(text, place, end, kept))
        place = end
    escaped = "".join(parts)
    return escaped if len(escaped.encode("utf-16-le", "surrogatepass")) // 2 <= MOST_TEXT else text


def _without_marks(text: str, start: int, end: int, kept: set[int]) -> str:
    """A stretch of the text, escaped; what begins a line is looked for in all of it."""
    parts, done = [], start
    for found in MARKS.finditer(text, start, end):
        mark = found[0].lstrip()
        # Of a number that begins a line it is the full stop behind it.
        escaped = f"{mark}\\" if mark.isdecimal() else f"\\{mark}"
        parts += [text[done : found.end() - len(mark)], mark if found.start() in kept else escaped]
        done = found.end()
    return "".join((*parts, text[done:end]))
