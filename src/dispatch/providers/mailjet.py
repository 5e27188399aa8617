"""Mailjet, through its Send API v3.1.

Looked at on 2026-11-29: https://dev.mailjet.com/email/guides/send-api-v31/ (50 messages in a call,
each processed by itself; headers that it refuses; error codes; variables are filled in only where
TemplateLanguage is true) and https://dev.mailjet.com/reference/email/send-emails/ (the properties).
A call of which some messages are taken may be answered by 400 nevertheless
(https://github.com/mailjet/mailjet-apiv3-java/issues/121): what counts is what it says of each.
It drops no repeats. How it answers an account whose mails are used up is not documented.

What it tells later, looked at on 2026-11-30: its guide to the Event API
(https://github.com/mailjet/api-documentation/blob/master/guides/_event-api.md), by which a login
stands in the hook's address, any answer but 200 is followed by more tries, and events of version 2
come as a list. Events have no ids.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Address,
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
    Refused,
    Reply,
    check_shared,
    events_in,
    first_at,
    header_value,
    outcome_of_each,
    person,
    some_of,
    text_at,
    unix_moment,
)

_FORBIDDEN = frozenset({"list-id", "message-id", "date", "user-agent", "x-mailer"})
"""Of the headers that it refuses (send-0011) those that have no property of their own."""

_OF_THE_ACCOUNT = {
    "mj-0001": ("the account is suspended", "ask its support"),
    "mj-0015": ("its keys are not accepted", "copy both of them again"),
    "send-0006": ("the account may not use this sender", "ask its support"),
    "send-0007": ("the sender is not confirmed", "confirm it under 'Sender domains & addresses'"),
    "send-0008": ("the sender is not confirmed", "confirm it under 'Sender domains & addresses'"),
}

_BROKE_DOWN = 500


_KINDS = {
    "blocked": EventKind.DROPPED,
    "bounce": EventKind.BOUNCED,
    "click": EventKind.CLICKED,
    "open": EventKind.OPENED,
    "sent": EventKind.DELIVERED,  # the reader's mail server has taken it
    "spam": EventKind.COMPLAINED,
    "unsub": EventKind.UNSUBSCRIBED,
}

_NOT_OF_THE_ADDRESS = frozenset({"content", "mailjet", "policy", "spam", "system"})
"""What an error may be related to besides the recipient and their domain."""

_GONE = frozenset({"mailbox inactive", "user unknown"})


class MailjetOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="API key, the public one of the two")
    secret_key: SecretStr = Field(description="secret key, the private one of the two")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="what Mailjet proves its calls with: name:password of the login in the hook's"
        " address",
    )
    url: ApiAddress = Field(
        default="https://api.mailjet.com",
        description="the API's address, where it is not the usual one",
        examples=["https://api.us.mailjet.com"],
    )
    extra: Extra = {}


class Mailjet:
    """Sends with one pair of keys."""

    Options: ClassVar[type[BaseModel]] = MailjetOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=50,
        most_bytes=15_000_000,
        most_call_bytes=15_000_000,  # it names none; too big a call is refused, and made in halves
        tracking="off",
        spf_include="spf.mailjet.com",
        dkim_selectors=("mailjet",),
        source="https://dev.mailjet.com/email/guides/send-api-v31/",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret",
        source="https://documentation.mailjet.com/hc/en-us/articles/360043578154-Event-Tracking-API",
        taken=200,
    )

    def __init__(self, options: MailjetOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        keys = options.api_key.get_secret_value(), options.secret_key.get_secret_value()
        login = base64.b64encode(":".join(keys).encode()).decode()
        self._api = Api(
            name="mailjet",
            url=options.url,
            http=http,
            clock=clock,
            headers={"Authorization": f"Basic {login}"},
            secrets=(options.secret_key, options.api_key),
            error_keys=("ErrorMessage", "Messages.0.Errors.0.ErrorMessage"),
            judge=_judge,
        )

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome | ProviderError]:
        """Hand over all of them by one call, which answers for each."""
        mails = [self._mail(one) for one in batch]
        reply = self._api.call("POST", "/v3.1/send", json={"Messages": mails})
        answers = reply.read("Messages")
        if reply.refused and not isinstance(answers, list):
            raise BatchRefused(reply.words)
        return outcome_of_each(
            reply,
            batch,
            _outcome,
            answers=answers,
            named=lambda at: reply.read(f"Messages.{at}.To.0.Email"),
        )

    def check(self) -> Account:
        """Who may be the sender, such as "sends as lettre@example.org"."""
        reply = self._api.call("GET", "/v3/REST/sender?Limit=1000")
        reply.needed("Data", list)
        active = [
            str(one["Email"])
            for one in reply.objects("Data")
            if one.get("Status") == "Active" and one.get("Email")
        ]
        if not active:
            note = "no sender is confirmed: do so under 'Sender domains & addresses'"
            return Account("an account without a sender", notes=(note,))
        return Account(f"sends as {some_of(active, 3)}")

    def verify(self, call: HookCall) -> None:
        """That the call has our login: Mailjet signs nothing."""
        check_shared(call, self._options.webhook_secret)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event or all of a group; nothing where it is a mail that came to Mailjet."""
        return events_in(call, _event)

    def _mail(self, email: EmailMessage) -> dict[str, Any]:
        mail = {
            **self._options.extra,
            "From": _mailbox(email.sender),
            "To": [_mailbox(email.to)],
            "Subject": email.subject,
            "TextPart": email.text,
            "HTMLPart": email.html,
            "TemplateLanguage": False,  # braces in our text stay as they are
            "TrackOpens": "disabled",
            "TrackClicks": "disabled",
            "CustomID": email.id,
            "Headers": {
                name: header_value(name, value)
                for name, value in email.headers
                if name.lower() not in _FORBIDDEN
            },
        }
        if email.pictures:
            mail["InlinedAttachments"] = [
                {
                    "ContentType": one.kind,
                    "Filename": one.name,
                    "ContentID": one.content_id,
                    "Base64Content": one.data,
                }
                for one in email.pictures
            ]
        return mail


def _mailbox(address: Address) -> dict[str, str]:
    return {key.capitalize(): value for key, value in person(address).items()}


def _outcome(reply: Reply, at: int) -> Outcome | ProviderError:
    status, error = (reply.read(f"Messages.{at}.{one}") for one in ("Status", "Errors.0"))
    if status == "success":
        return Accepted(reply.word(f"Messages.{at}.To.0.MessageID"))
    code = error.get("ErrorCode") if isinstance(error, dict) else None
    if status != "error" or not isinstance(code, str) or error.get("StatusCode") == _BROKE_DOWN:
        return OutcomeUnknown(
            "mailjet: its answer does not tell what became of a message"
            " - look there whether it arrived"
        )
    words = reply.word(f"Messages.{at}.Errors.0.ErrorMessage") or code
    about = error.get("ErrorRelatedTo")
    is_the_recipient = isinstance(about, list) and any(str(one).startswith("To") for one in about)
    return _trouble(code, words) or Refused(words, sure=is_the_recipient)


def _judge(reply: Reply) -> bool:
    """Whether it answers for each message, whatever its status; raises what is about them all."""
    if reply.status < _BROKE_DOWN and isinstance(reply.read("Messages"), list):
        return True
    trouble = _trouble(reply.word("ErrorCode"), reply.words)
    if trouble is not None:
        raise trouble
    return False


def _trouble(code: str, words: str) -> ProviderError | None:
    """What a code says of more than one message."""
    if code not in _OF_THE_ACCOUNT:
        return None
    problem, advice = _OF_THE_ACCOUNT[code]
    return CredentialsRefused(f"mailjet: {problem} ({words}) - {advice}")


def _event(told: Mapping[str, Any]) -> Event | None:
    said = text_at(told, "event")
    if not said and "Parts" in told:
        return None  # a mail that came to Mailjet
    return Event(
        kind=_KINDS.get(said, EventKind.OTHER),
        permanent=_is_for_good(said, told),
        at=unix_moment(text_at(told, "time")),
        delivery=text_at(told, "CustomID"),
        provider_id=first_at(told, "MessageID", "mj_message_id"),
        recipient=text_at(told, "email"),
        said=said,
        reason=first_at(told, "smtp_reply", "comment", "error", "source"),
        url=text_at(told, "url"),
    )


def _is_for_good(said: str, told: Mapping[str, Any]) -> bool:
    """Whether nothing that is sent there will ever arrive, whatever it is that is sent."""
    if text_at(told, "error_related_to") in _NOT_OF_THE_ADDRESS:
        return False
    if said == "blocked":
        return text_at(told, "error") in _GONE
    return said == "bounce" and str(told.get("hard_bounce")).lower() in {"true", "1"}
