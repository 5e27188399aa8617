"""Telegram: a bot that posts to a channel or a group (https://core.telegram.org/bots/api).

Looked at on 2026-11-30 (Bot API 10.1), with how often a bot may write
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): 20 messages a
minute in one group.

A text is sent as it is, without `parse_mode`: so no character of it is a mark, nothing has to be
escaped, and Telegram links addresses, hashtags and "@name" by itself (ADR 0110). It has no key
against repeats and lists no posts of a bot, so that a lost answer stays unknown.

The bot's token is a part of every address that is called: `Api` shows no more than the host.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlencode

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from dispatch.plugin import (
    ERROR_KEYS,
    Accepted,
    Account,
    Api,
    ApiAddress,
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
    SocialMessage,
    SocialPicture,
    one_line,
    retry_after,
)

MOST_CAPTION = 1024
"""UTF-16 code units below a picture; a longer text goes out with the preview of its link."""

CHAT = re.compile(r"@[A-Za-z]\w{3,31}|-?\d{1,19}", re.ASCII)

OF_THE_CHAT = re.compile(
    r"chat not found|bot was (kicked|blocked)|not a member|not enough rights"
    r"|administrator rights|no rights to|chat_write_forbidden|chat_admin_required"
    r"|group chat was (upgraded|deactivated)|user is deactivated",
    re.IGNORECASE,
)
"""What it says of every message alike, as its server has it:
https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp."""

SHAPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class TelegramOptions(BaseModel, extra="forbid", frozen=True, coerce_numbers_to_str=True):
    """What schedules.yaml says under `options:`."""

    token: SecretStr = Field(description="the bot's token, from @BotFather")
    chat: str = Field(
        description="where it posts: @name of a public channel or group, or a number",
        examples=["@example_news", "-1001234567890"],
    )
    preview: Literal["large", "small", "off"] = Field(
        default="large", description="how the page that a post links to is shown"
    )
    silent: bool = Field(default=False, description="tell nobody's phone by a sound")
    api: ApiAddress = Field(
        default="https://api.telegram.org", description="where the Bot API is, if you run your own"
    )
    extra: Extra = {}

    @field_validator("chat")
    @classmethod
    def _is_a_chat(cls, chat: str) -> str:
        if not CHAT.fullmatch(chat):
            raise ValueError("is no chat - write @ and its name, or its number such as -100123456")
        return chat


class Telegram:
    """Posts to one channel or group."""

    Options: ClassVar[type[BaseModel]] = TelegramOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=4096,
        counting=Counting.UTF16,
        spacing=timedelta(seconds=3),  # 20 a minute
        # Width and height together are at most 10,000 pixels; there is no place for an alt text.
        pictures=PictureLimits(
            kinds=("image/jpeg", "image/png"), most_bytes=10_000_000, most_side=5000
        ),
        mentions_by_text=True,
        account_options=("chat",),
        source="https://core.telegram.org/bots/api#sendmessage",
        evidence="documented",
    )

    def __init__(self, options: TelegramOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        token = options.token.get_secret_value()
        self._api = Api(
            name="telegram",
            url=f"{options.api}/bot{quote(token, safe=':')}",
            http=http,
            clock=clock,
            secrets=(options.token,),
            error_keys=("description", *ERROR_KEYS),
            judge=self._judge,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message: below its picture where there is one and the text is short."""
        [message] = batch
        fields = {
            **self._options.extra,
            "chat_id": self._options.chat,
            "disable_notification": self._options.silent,
        }
        picture = _picture_of(message)
        if picture is None:
            fields |= {"text": message.text, **self._preview(message)}
            return [self._outcome(self._api.call("POST", "/sendMessage", json=fields))]
        name = f"picture.{SHAPES.get(picture.kind, 'jpg')}"
        reply = self._api.call(
            "POST",
            "/sendPhoto",
            form=_form({**fields, "caption": message.text}),
            files={"photo": (name, picture.data, picture.kind)},
        )
        return [self._outcome(reply)]

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Change the text, or what stands below the picture; the picture stays as it is."""
        chat, number = _names(published, self._options.chat)
        fields = {"chat_id": chat, "message_id": number}
        text = ("/editMessageText", {"text": message.text, **self._preview(message)})
        caption = ("/editMessageCaption", {"caption": message.text})
        first, other = (caption, text) if _picture_of(message) else (text, caption)
        reply = self._api.call("POST", first[0], json={**fields, **first[1]})
        if reply.refused and "there is no" in reply.words:  # text, or caption, in the message
            reply = self._api.call("POST", other[0], json={**fields, **other[1]})
        if reply.refused and "message is not modified" in reply.words:
            return Accepted(published.ids[0], published.address)
        return self._outcome(reply)

    def delete(self, published: Published) -> None:
        """Take the post away, which Telegram allows for 48 hours."""
        chat, number = _names(published, self._options.chat)
        asked = {"chat_id": chat, "message_id": number}
        reply = self._api.call("POST", "/deleteMessage", json=asked)
        reply.check_done()
        if reply.refused and "not found" not in reply.words:
            raise ProviderError(
                f"telegram: the post cannot be deleted from here ({reply.words})"
                " - after 48 hours delete it in Telegram, by hand"
            )

    def check(self) -> Account:
        """The bot and its chat, once it is sure that the bot may post there."""
        bot = self._ask("getMe")
        chat = self._ask("getChat", chat_id=self._options.chat)
        number, name = bot.text("result.id"), bot.text("result.username")
        title = one_line(chat.word("result.title")) or self._options.chat
        member = self._ask("getChatMember", chat_id=self._options.chat, user_id=number)
        if not _may_post(member, chat.word("result.type")):
            raise CredentialsRefused(
                f"telegram: @{name} may not post to {title}"
                " - make it an administrator of it who may post messages"
            )
        can = ("post messages", "edit messages", "delete messages for 48 hours")
        return Account(f"@{name} in {title}", can=can)

    def _ask(self, method: str, **said: str) -> Reply:
        reply = self._api.call("GET", f"/{method}?{urlencode(said)}" if said else f"/{method}")
        if reply.refused:
            raise ProviderUnavailable(
                f"telegram: does not answer like the Bot API ({reply.words})"
                " - check the option 'api'"
            )
        return reply

    def _preview(self, message: SocialMessage) -> dict[str, Any]:
        size = self._options.preview
        if size == "off":
            return {"link_preview_options": {"is_disabled": True}}
        if not message.link:
            return {}
        return {"link_preview_options": {"url": message.link, f"prefer_{size}_media": True}}

    def _outcome(self, reply: Reply) -> Outcome:
        if reply.refused:
            return Refused(reply.words)
        number = reply.text("result.message_id")
        chat = reply.word("result.chat.id") or self._options.chat
        # With the chat, so that nothing else is edited once the channel leads elsewhere.
        return Accepted(f"{chat}:{number}", _address(reply, chat, number))

    def _judge(self, reply: Reply) -> None:
        """Raise what a refusal says of every message alike."""
        words = reply.words
        if reply.status == 429:
            asked = {"Retry-After": reply.word("parameters.retry_after")}
            if (wait := retry_after(asked, now=self._api.clock())) is not None:
                raise RateLimited(f"telegram: {words} - it goes on by itself", retry_after=wait)
        if moved := reply.word("parameters.migrate_to_chat_id"):
            raise CredentialsRefused(
                f"telegram: the group {self._options.chat} has become a supergroup"
                f" - write {moved} as the option 'chat'"
            )
        if reply.status == 401 or (reply.status == 404 and reply.read("ok") is False):
            raise CredentialsRefused(
                f"telegram: the token is not known ({words}) - copy it from @BotFather again"
            )
        if reply.status in {400, 403} and OF_THE_CHAT.search(words):
            raise CredentialsRefused(
                f"telegram: the bot cannot post to {self._options.chat} ({words}) - check the"
                " option 'chat', and make the bot an administrator who may post messages"
            )


def _may_post(member: Reply, kind: str) -> bool:
    status = member.text("result.status")
    if status == "creator":
        return True
    if kind == "channel":
        return status == "administrator" and member.read("result.can_post_messages") is True
    if status == "restricted":
        return member.read("result.can_send_messages") is True
    return status in {"administrator", "member"}


def _address(reply: Reply, chat: str, number: str) -> str:
    """Where people see a post: everybody in a public chat, its members in another.

    A group that is no supergroup has no such addresses.
    """
    if name := reply.word("result.chat.username"):
        return f"https://t.me/{quote(name)}/{number}"
    inner = re.fullmatch(r"-100(\d+)", chat)
    return f"https://t.me/c/{inner[1]}/{number}" if inner else ""


def _names(published: Published, chat: str) -> tuple[str, int]:
    """The chat that a post is in, and its number there."""
    place, _, number = published.ids[0].rpartition(":")
    return place or chat, int(number) if number.isdecimal() else 0


def _picture_of(message: SocialMessage) -> SocialPicture | None:
    """The picture that the text stands below, where it is short enough for that."""
    return message.picture if _units(message.text) <= MOST_CAPTION else None


def _form(fields: Mapping[str, Any]) -> dict[str, str]:
    return {key: one if isinstance(one, str) else json.dumps(one) for key, one in fields.items()}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
