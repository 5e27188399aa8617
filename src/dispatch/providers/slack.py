"""Slack: an app that posts to a channel, by its token or by a webhook (https://docs.slack.dev).

Looked at on 2026-11-30: https://docs.slack.dev/reference/methods/chat.postMessage, chat.update and
chat.delete beside it, webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
their errors: https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks),
texts (https://docs.slack.dev/messaging/formatting-message-text), blocks
(https://docs.slack.dev/reference/block-kit/blocks) and rate limits
(https://docs.slack.dev/apis/web-api/rate-limits: one message a second in a channel).

A post is one block with its text: a section, in which only links are marks, or rich text, which
reads no marks at all, where a section would read some (ADR 0110). What Slack calls a mention
begins with "<", which is escaped; "@here" in words tells nobody. Slack shows pages that are linked
to by itself. A picture it fetches from its public address.

By a webhook, Slack gives a post no name: it cannot be edited, deleted or found from here.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from dispatch.plugin import (
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
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    Published,
    RateLimited,
    Refused,
    Reply,
    SocialMessage,
    account_of_host,
    links_apart,
    one_line,
    secret_address,
    secrets_of,
    shorten,
)

MOST_SECTION = 3000
"""Characters of a section's text: https://docs.slack.dev/reference/block-kit/blocks/section-block."""

MOST_ALT = 2000

CHANNEL = re.compile("[CDG][A-Z0-9]{8,}")

EVENT = "dispatch_post"
"""By which a post of ours is known in its metadata: https://docs.slack.dev/messaging/message-metadata."""

MARKS = re.compile(r"[*_~`]|^[ \t]*>|:[\w+'-]+:", re.MULTILINE)
"""What a section would read besides links: emphasis, code, quotes and names of emoji."""

MENTION = re.compile(r"(<(?:@[UW]\w+|#C\w+|!(?:here|channel|everyone|subteam\^\w+))(?:\|[^<>]*)?>)")
"""What tells somebody: https://docs.slack.dev/messaging/formatting-message-text#mentioning-users."""

RENEW = "issue a new token, and put it in place"
JOIN = "check the option 'channel', and invite the app there: /invite @its-name"
POSTING = "see who may post in that channel"
NEW_HOOK = "make a new webhook, and put its address in place"

OF_THE_ACCOUNT = {
    "access_denied": RENEW,
    "account_inactive": RENEW,
    "invalid_auth": RENEW,
    "not_authed": RENEW,
    "token_expired": RENEW,
    "token_revoked": RENEW,
    "not_allowed_token_type": "take the token that begins with xoxb-",
    "missing_scope": "give the app the scope chat:write, and install it again",
    "no_permission": "give the app the scope chat:write, and install it again",
    "org_login_required": "see the state of the workspace",
    "team_access_not_granted": "have the app approved for the workspace",
    "team_disabled": "see the state of the workspace",
    "ekm_access_denied": "ask the workspace's owners, who have suspended posting",
    "channel_not_found": JOIN,
    "not_in_channel": JOIN,
    "is_archived": "name another channel, or have this one opened again",
    "channel_is_archived": "name another channel, or have this one opened again",
    "restricted_action": POSTING,
    "restricted_action_read_only_channel": POSTING,
    "restricted_action_non_threadable_channel": POSTING,
    "posting_to_general_channel_denied": POSTING,
    "action_prohibited": POSTING,
    "accesslimited": "allow this machine's address in the workspace",
    "invalid_token": NEW_HOOK,
    "no_active_hooks": NEW_HOOK,
    "no_service": NEW_HOOK,
    "no_service_id": NEW_HOOK,
    "no_team": NEW_HOOK,
}
"""Words that are the same for every message, and what to do."""

LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

IN_DOUBT = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
""""It's possible some aspect of the operation succeeded", says its page of the first two."""

OF_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
"""What it says of a picture that it cannot fetch, as well."""


class SlackOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`: `url`, or `token` and `channel`."""

    url: SecretStr | None = Field(
        default=None, description="a webhook's address, which lets in whoever knows it"
    )
    token: SecretStr | None = Field(
        default=None, description="instead: the app's bot token (xoxb-) with the scope chat:write"
    )
    channel: str = Field(
        default="",
        description="with a token: the channel's ID, at the end of its details",
        examples=["C0123456789"],
    )
    previews: bool = Field(default=True, description="show the pages that posts link to")
    pictures: bool = Field(default=False, description="show the post's picture below the text")
    api: ApiAddress = Field(default="https://slack.com", description="where Slack's API is")
    extra: Extra = {}

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: SecretStr | None) -> SecretStr | None:
        return secret_address(url) if url else None

    @field_validator("channel")
    @classmethod
    def _is_a_channel(cls, channel: str) -> str:
        if channel and not CHANNEL.fullmatch(channel):
            raise ValueError("is no channel's ID - copy it from the end of the channel's details")
        return channel

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if bool(self.url) == bool(self.token and self.channel):
            raise ValueError("needs either 'url', or 'token' and 'channel' - give one of the two")
        return self


class Slack:
    """Posts to one channel."""

    Options: ClassVar[type[BaseModel]] = SlackOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.SOCIAL}),
        max_text=MOST_SECTION,
        counting=Counting.UTF16,  # what it counts is not documented: this is never less
        spacing=timedelta(seconds=1),
        account_options=("url", "channel"),
        source="https://docs.slack.dev/reference/block-kit/blocks/section-block",
        evidence="documented",
    )

    def __init__(self, options: SlackOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._by_webhook = options.url is not None
        if options.url is not None:
            address, headers, secrets = options.url.get_secret_value(), {}, secrets_of(options.url)
        else:
            token = options.token or SecretStr("")
            address, secrets = f"{options.api}/api", (token,)
            headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        self._api = Api(
            name="slack",
            url=address,
            http=http,
            clock=clock,
            headers=headers,
            secrets=secrets,
            judge=_judge,
        )

    def send(self, batch: Sequence[SocialMessage]) -> Sequence[Outcome]:
        """Post the one message; without its picture where Slack cannot fetch that."""
        [message] = batch
        outcome = self._post(message, with_picture=self._options.pictures)
        if isinstance(outcome, Refused) and outcome.reason in OF_BLOCKS and self._options.pictures:
            outcome = self._post(message, with_picture=False)
        return [outcome]

    def edit(self, published: Published, message: SocialMessage) -> Outcome:
        """Change the text of a post that has a name."""
        if self._by_webhook:
            return Refused("a webhook cannot edit what it posted - do it in Slack, by hand")
        channel, _, ts = published.ids[0].partition(":")
        said = {"channel": channel, "ts": ts, **_said(message, self._options.pictures)}
        reply = self._api.call("POST", "/chat.update", json=said)
        if refused := _refused(reply):
            return refused
        return Accepted(f"{reply.text('channel')}:{reply.text('ts')}", published.address)

    def delete(self, published: Published) -> None:
        """Take away a post that has a name."""
        if self._by_webhook:
            raise ProviderError(
                "slack: a webhook cannot delete what it posted - do it in Slack, by hand"
            )
        channel, _, ts = published.ids[0].partition(":")
        reply = self._api.call("POST", "/chat.delete", json={"channel": channel, "ts": ts})
        reply.check_done()
        refused = _refused(reply)
        if refused and refused.reason != "message_not_found":
            raise ProviderError(
                f"slack: the post cannot be deleted from here ({refused.reason})"
                " - do it in Slack, by hand"
            )

    def find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        """Our own post among the channel's latest, by the name that it was given."""
        if self._by_webhook:
            raise ProviderError("slack: a webhook cannot read the channel - look there by hand")
        channel = self._options.channel
        asked = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "inclusive": "true",
            "include_all_metadata": "true",
            "limit": "100",
        }
        reply = self._api.call("GET", f"/conversations.history?{urlencode(asked)}")
        if reply.word("error") == "missing_scope":
            raise ProviderError(
                "slack: the token may not read the channel (missing_scope)"
                " - give the app the scope channels:history, or look there by hand"
            )
        if (refused := _refused(reply)) or reply.read("ok") is not True:
            said = refused.reason if refused else reply.words
            raise ProviderUnavailable(
                f"slack: the channel cannot be read ({said}) - try again later"
            )
        for one in reply.objects("messages"):
            if _name_of(one) == message.id and isinstance(one.get("ts"), str):
                return self._there(channel, one["ts"])
        return None

    def check(self) -> Account:
        """The app and its workspace; of a webhook only whether anybody answers there."""
        if self._by_webhook:
            return account_of_host(self._api)
        reply = self._api.call("GET", "/auth.test")
        if (refused := _refused(reply)) or reply.read("ok") is not True:
            said = refused.reason if refused else reply.words
            raise ProviderUnavailable(
                f"slack: does not answer like Slack ({said}) - check the option 'api'"
            )
        scopes = [one.strip() for one in reply.headers.get("x-oauth-scopes", "").split(",")]
        can = tuple(sorted(one for one in scopes if re.fullmatch(r"[\w.:]+", one)))
        if can and "chat:write" not in can:
            raise CredentialsRefused(
                f"slack: the token may not post - {OF_THE_ACCOUNT['missing_scope']}"
            )
        name = f"{one_line(reply.text('user'))} in {one_line(reply.text('team'))}"
        return Account(name, notes=("the first post shows whether it is in the channel",), can=can)

    def _post(self, message: SocialMessage, *, with_picture: bool) -> Outcome:
        previews = self._options.previews
        said = {
            **self._options.extra,
            **_said(message, with_picture),
            "unfurl_links": previews,
            "unfurl_media": previews,
        }
        if self._by_webhook:
            reply = self._api.call("POST", json=said)
            if reply.refused:
                return Refused(_word(reply) or reply.words)
            if (reply.body or b"").strip() != b"ok":
                raise OutcomeUnknown(
                    f"slack: answered {reply.status}, but not ok - look there whether it arrived"
                )
            return Accepted()
        named = {"event_type": EVENT, "event_payload": {"id": message.id}}
        said |= {"channel": self._options.channel, "metadata": named}
        reply = self._api.call("POST", "/chat.postMessage", json=said)
        return _refused(reply) or self._there(reply.text("channel"), reply.text("ts"))

    def _there(self, channel: str, ts: str) -> Accepted:
        """A post with where people see it, if Slack tells."""
        asked = urlencode({"channel": channel, "message_ts": ts})
        address = ""
        with suppress(ProviderError):
            address = self._api.call("GET", f"/chat.getPermalink?{asked}").word("permalink")
        return Accepted(f"{channel}:{ts}", address if address.startswith("https://") else "")


def _said(message: SocialMessage, with_picture: bool) -> dict[str, Any]:
    """The text as blocks, and as what a notification says."""
    blocks = [_block(message)]
    image = message.image
    # Slack takes no picture without words for those who do not see it.
    alt = shorten(image.alt or message.title, MOST_ALT) if image else ""
    if with_picture and image and alt and image.url.startswith("https://"):
        blocks.append({"type": "image", "image_url": image.url, "alt_text": alt})
    return {"text": _escaped(message.text, mentions=message.mentions), "blocks": blocks}


def _block(message: SocialMessage) -> dict[str, Any]:
    """The text, with every link in it."""
    text = _escaped(message.text, mentions=message.mentions)
    plain = "".join(piece for piece, is_link in links_apart(message.text) if not is_link)
    is_short = len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MOST_SECTION
    if is_short and (message.mentions or not MARKS.search(plain)):
        # Verbatim: nothing is taken for a link, a channel or a mention but what is marked as one.
        return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    elements = [
        {"type": "link", "url": piece} if is_link else _element(piece)
        for part, is_link in links_apart(message.text)
        for piece in ([part] if is_link or not message.mentions else MENTION.split(part))
        if piece
    ]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _element(piece: str) -> dict[str, str]:
    """A part of rich text: words, or whom it tells."""
    if not MENTION.fullmatch(piece):
        return {"type": "text", "text": piece}
    whom = piece.strip("<>").partition("|")[0]
    if whom.startswith("@"):
        return {"type": "user", "user_id": whom[1:]}
    if whom.startswith("#"):
        return {"type": "channel", "channel_id": whom[1:]}
    if whom.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": whom.removeprefix("!subteam^")}
    return {"type": "broadcast", "range": whom[1:]}


def _escaped(text: str, *, mentions: bool) -> str:
    """The text as a section has it: its links marked, and with `mentions` what tells somebody."""
    return "".join(
        f"<{_entities(piece).replace('|', '%7C')}>"
        if is_link
        else "".join(
            one if mentions and MENTION.fullmatch(one) else _entities(one)
            for one in MENTION.split(piece)
        )
        for piece, is_link in links_apart(text)
    )


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _refused(reply: Reply) -> Refused | None:
    """What Slack says no to, which it does by a 200 as well; raises what is of the account."""
    word = _word(reply)
    if reply.read("ok") is not False and not reply.refused:
        return None
    if word in LIMITED:
        raise RateLimited(f"slack: {word} - it goes on by itself")
    if word in IN_DOUBT:
        said = f"slack: {word} - look there whether the message arrived"
        raise ProviderUnavailable(said) if reply.harmless else OutcomeUnknown(said)
    _judge(reply)
    return Refused(word or reply.words)


def _judge(reply: Reply) -> None:
    """Raise what a refusal says of every message alike."""
    word = _word(reply)
    if advice := OF_THE_ACCOUNT.get(word):
        raise CredentialsRefused(f"slack: {word} - {advice}")


def _word(reply: Reply) -> str:
    """Slack's word for what is wrong: in JSON, or as the whole answer of a webhook."""
    if word := reply.word("error"):
        return word
    body = (reply.body or b"")[:80].decode("ascii", "replace").strip()
    return body if reply.json is None and re.fullmatch("[a-z]+(_[a-z]+)*", body) else ""


def _name_of(post: Mapping[str, Any]) -> Any:
    """Our name of a post, where it is one of ours."""
    told = post.get("metadata")
    if not isinstance(told, dict) or told.get("event_type") != EVENT:
        return None
    payload = told.get("event_payload")
    return payload.get("id") if isinstance(payload, dict) else None
