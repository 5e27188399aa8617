"""Postmark, through its batch API.

Looked at on 2026-11-29:
https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails (500 messages and
50 MB in a call, which is answered by a code for each of them),
https://postmarkapp.com/developer/api/overview (the codes),
https://postmarkapp.com/support/article/1208-how-to-add-an-unsubscribe-link (what it adds) and
https://postmarkapp.com/support/article/managing-your-own-unsubscribe-process (how to do without).
X-PM-KeepID is documented for SMTP; with the API it is what others use.
It publishes no machine-readable description, and drops no repeats.
"""

import re
from collections.abc import Sequence
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
    Extra,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    Reply,
    header_value,
    outcome_of_each,
    readable_mailbox,
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


class PostmarkOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    server_token: SecretStr = Field(description="API token of the server, not of the account")
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
