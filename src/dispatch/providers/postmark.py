"""Postmark, through its batch API.

Looked at on 2026-11-29:
https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails (500 messages and
50 MB in a call, which is answered by a code for each of them),
https://postmarkapp.com/developer/api/overview (the codes),
https://postmarkapp.com/support/article/1208-how-to-add-an-unsubscribe-link (what it adds) and
https://postmarkapp.com/support/article/managing-your-own-unsubscribe-process (how to do without).
X-PM-KeepID is documented for SMTP; with the API it is what others use.
It publishes no machine-readable description, and drops no repeats.

What it tells later, looked at on 2026-11-30:
https://postmarkapp.com/developer/webhooks/webhooks-overview (a login in the address of the hook),
https://postmarkapp.com/developer/webhooks/bounce-webhook and
https://postmarkapp.com/developer/webhooks/subscription-change-webhook. Of its kinds of
bounces (https://app.unpkg.com/postmark@4.0.2/files/dist/client/models/bounces/Bounce.d.ts) two are
for good. One call tells one event, and wants 200 for an answer
(https://skills.apis.io/skills/activecampaign/postmark-webhooks/). Only bounces and complaints have
ids.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    ApiAddress,
    BatchRefused,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    EmailMessage,
    Event,
    EventKind,
    Extra,
    Hook,
    HookCall,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    Reply,
    check_shared,
    events_in,
    first_at,
    header_value,
    iso_moment,
    outcome_of_each,
    readable_mailbox,
    text_at,
)

_FIELD = re.compile(r"(?<=\{)\{(?=\s*pm:)", re.IGNORECASE)
"""It fills in {{{ pm:unsubscribe }}} in every text, also outside of its templates: the last brace
of such a beginning."""

_INACTIVE = "406"
_INVALID = "300"

_OF_THE_ACCOUNT = {
    "10": ("its token is not accepted", "copy the server's API token again"),
    "400": ("it does not know the sender", "add the sender's domain or address there"),
    "401": ("the sender is not confirmed", "follow the link in the mail that it has sent"),
    "405": ("the account may not send", "see there whether its mails are used up"),
    "412": (
        "the account waits for approval and reaches the sender's own domain only",
        "ask for the approval",
    ),
    "413": ("the account is kept from sending", "ask its support"),
    "1226": ("there is no such message stream", "correct the option 'message_stream'"),
    "1235": ("there is no such message stream", "correct the option 'message_stream'"),
    "1236": ("the message stream does not send", "correct the option 'message_stream'"),
}


_KINDS = {
    "Click": EventKind.CLICKED,
    "Delivery": EventKind.DELIVERED,
    "Open": EventKind.OPENED,
    "SpamComplaint": EventKind.COMPLAINED,
}

_BOUNCES = {
    **dict.fromkeys(("BadEmailAddress", "HardBounce"), (EventKind.BOUNCED, True)),
    **dict.fromkeys(
        ("Blocked", "DMARCPolicy", "DnsError", "SoftBounce", "SpamNotification", "Unknown",
         "VirusNotification"),
        (EventKind.BOUNCED, False),
    ),
    **dict.fromkeys(
        ("SMTPApiError", "TemplateRenderingFailed", "Unconfirmed"), (EventKind.DROPPED, False)
    ),
    "ManuallyDeactivated": (EventKind.DROPPED, True),
    "SpamComplaint": (EventKind.COMPLAINED, False),
    "Transient": (EventKind.DEFERRED, False),
    "Unsubscribe": (EventKind.UNSUBSCRIBED, False),
}  # fmt: skip
"""What a kind of bounce means, and whether it is for good. The others, such as an automatic answer,
say nothing of how the mail fared."""

_SUPPRESSIONS = {
    "HardBounce": (EventKind.BOUNCED, True),
    "ManualSuppression": (EventKind.UNSUBSCRIBED, False),
    "SpamComplaint": (EventKind.COMPLAINED, False),
}

_OTHER = (EventKind.OTHER, False)

_MOMENTS = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")

_INBOUND = ("Attachments", "FromFull", "OriginalRecipient", "RawEmail")
"""A mail that somebody has sent to Postmark has one of these."""


class PostmarkOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    server_token: SecretStr = Field(description="API token of the server, not of the account")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="what Postmark proves its calls with: name:password of the login in the hook's"
        " address, or what it sends as the header X-Webhook-Secret",
    )
    message_stream: str = Field(
        default="broadcast",
        min_length=1,
        description="id of the message stream; newsletters have to go through a broadcast stream",
    )
    url: ApiAddress = Field(
        default="https://api.postmarkapp.com",
        description="the API's address, where it is not the usual one",
    )
    extra: Extra = {}


class Postmark:
    """Sends through one message stream of one server."""

    Options: ClassVar[type[BaseModel]] = PostmarkOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=500,
        most_bytes=10_000_000,
        most_call_bytes=40_000_000,  # of 50 MB, as JSON makes texts longer
        tracking="off",
        returns_to="pm-bounces.{sender}",  # unless the account says another
        source="https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret",
        source="https://postmarkapp.com/developer/webhooks/webhooks-overview",
        taken=200,
    )

    def __init__(self, options: PostmarkOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="postmark",
            url=options.url,
            http=http,
            clock=clock,
            headers={
                "Accept": "application/json",
                "X-Postmark-Server-Token": options.server_token.get_secret_value(),
            },
            secrets=(options.server_token,),
            error_keys=("Message",),
            judge=_judge,
        )

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome | ProviderError]:
        """Hand over all of them by one call, which answers for each."""
        reply = self._api.call("POST", "/email/batch", json=[self._mail(one) for one in batch])
        if reply.refused:
            raise BatchRefused(reply.words)
        return outcome_of_each(
            reply, batch, _outcome, answers=reply.json, named=lambda at: reply.read(f"{at}.To")
        )

    def check(self) -> Account:
        """The server and its stream, such as "Newsletter, stream broadcast (Broadcasts)"."""
        server = self._asked("/server")
        stream = self._asked(f"/message-streams/{quote(self._options.message_stream, safe='')}")
        kind = stream.text("MessageStreamType")
        notes = []
        if server.read("DeliveryType") == "Sandbox":
            notes.append("the server is a sandbox: it delivers nothing")
        if stream.read("ArchivedAt"):
            notes.append("the stream is archived: restore it before it is to send")
        if kind != "Broadcasts":
            notes.append("newsletters have to go through a broadcast stream")
        elif stream.read("SubscriptionManagementConfiguration.UnsubscribeHandlingType") != "Custom":
            notes.append(
                "the stream adds its own unsubscribe link and header in place of yours: ask"
                " Postmark's support for 'Manage unsubscribes on your own', and choose it"
            )
        name = f"{server.text('Name')}, stream {self._options.message_stream} ({kind})"
        return Account(name, notes=tuple(notes))

    def verify(self, call: HookCall) -> None:
        """That the call has our secret: Postmark signs nothing."""
        check_shared(call, self._options.webhook_secret)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event; nothing where it is a mail that came to Postmark."""
        return events_in(call, _event)

    def _asked(self, path: str) -> Reply:
        reply = self._api.call("GET", path)
        reply.needed("", dict)
        return reply

    def _mail(self, email: EmailMessage) -> dict[str, Any]:
        further = [
            ("Message-ID", email.message_id),
            ("X-PM-KeepID", "true"),  # else it writes a Message-ID of its own
            *email.headers,
        ]
        mail = {
            **self._options.extra,
            "From": readable_mailbox(email.sender),
            "To": readable_mailbox(email.to),
            "Subject": _FIELD.sub("\u2060{", email.subject),
            "TextBody": _FIELD.sub("\u2060{", email.text),  # parted by what nobody sees
            "HtmlBody": _FIELD.sub("&#123;", email.html),
            "MessageStream": self._options.message_stream,
            "TrackOpens": False,
            "TrackLinks": "None",
            "Metadata": {"delivery": email.id},
            "Headers": [
                {"Name": name, "Value": header_value(name, value)} for name, value in further
            ],
        }
        if email.pictures:
            mail["Attachments"] = [
                {
                    "Name": one.name,
                    "Content": one.data,
                    "ContentType": one.kind,
                    "ContentID": one.address,
                }
                for one in email.pictures
            ]
        return mail


def _outcome(reply: Reply, at: int) -> Outcome | ProviderError:
    try:
        code = reply.text(f"{at}.ErrorCode")
        if code == "0":
            return Accepted(reply.text(f"{at}.MessageID"))
        words = reply.text(f"{at}.Message")
    except OutcomeUnknown as error:
        return error
    is_the_recipient = code == _INACTIVE or (code == _INVALID and "'To'" in words)
    return _trouble(code, words) or Refused(words, sure=is_the_recipient)


def _judge(reply: Reply) -> None:
    code = reply.read("ErrorCode")
    trouble = _trouble(str(code), reply.words)
    if trouble is not None:
        raise trouble
    if reply.status == 403 and code is None:
        raise CredentialsRefused(
            f"postmark: a wall in front of it has stopped the call ({reply.words})"
            " - ask Postmark's support"
        )


def _trouble(code: str, words: str) -> ProviderError | None:
    """What a code says of more than one message."""
    if code in _OF_THE_ACCOUNT:
        problem, advice = _OF_THE_ACCOUNT[code]
        return CredentialsRefused(f"postmark: {problem} ({words}) - {advice}")
    if code == "429":
        return RateLimited(f"postmark: too much at once ({words}) - sending goes on later")
    if code == "100":
        return ProviderUnavailable(f"postmark: out for maintenance ({words}) - it is tried again")
    return None


def _event(told: Mapping[str, Any]) -> Event | None:
    record, kind = text_at(told, "RecordType"), text_at(told, "Type")
    if not record and any(name in told for name in _INBOUND):
        return None
    if record == "Bounce":
        found = _BOUNCES.get(kind, _OTHER)
    elif record == "SubscriptionChange":
        kind = text_at(told, "SuppressionReason")
        found = _suppression(told, kind)
    else:
        found = _KINDS.get(record, EventKind.OTHER), False
    return Event(
        kind=found[0],
        permanent=found[1],
        id=text_at(told, "ID") if record in {"Bounce", "SpamComplaint"} else "",
        at=iso_moment(first_at(told, *_MOMENTS)),
        delivery=text_at(told, "Metadata", "delivery"),
        provider_id=text_at(told, "MessageID"),
        recipient=first_at(told, "Recipient", "Email"),
        said=" ".join(filter(None, (record, kind))),
        reason=first_at(told, "Details", "Description"),
        url=text_at(told, "OriginalLink"),
    )


def _suppression(told: Mapping[str, Any], reason: str) -> tuple[EventKind, bool]:
    """Why it sends no more to somebody; what our own people do there is no wish of a reader."""
    ours = reason == "ManualSuppression" and text_at(told, "Origin") not in {"", "Recipient"}
    if ours or told.get("SuppressSending") is not True:
        return _OTHER
    return _SUPPRESSIONS.get(reason, _OTHER)
