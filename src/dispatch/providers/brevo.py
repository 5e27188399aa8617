"""Brevo, through its API v3 (https://developers.brevo.com/reference/send-transac-email).

Looked at on 2026-11-29, with the guides on batches
(https://developers.brevo.com/docs/batch-send-transactional-emails), on keys against repeats
(https://developers.brevo.com/docs/heterogenous-versions-batch-emails) and on the template language
(https://help.brevo.com/hc/en-us/articles/360018252080).

A version of a batch has recipients, a subject, texts and params of its own, but no headers. Each
reader needs a List-Unsubscribe of their own (RFC 8058), so that each mail is a call (ADR 0096).
Brevo tracks opens and clicks as the account says; no call can switch it off. It has no inline
pictures since its API v3: they go along as attachments.

What it tells later, looked at on 2026-11-30: https://developers.brevo.com/docs/transactional-webhooks
(the events; `id` is the webhook's, so that events have none),
https://developers.brevo.com/docs/batch-webhooks (up to 500 in a call, where that is switched on),
https://developers.brevo.com/docs/secured-webhooks (a login or a bearer token) and
https://developers.brevo.com/docs/retry-mechanism (four more tries, but none after a 4xx other than
429, or after a 5xx).
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from math import isfinite
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Address,
    Api,
    ApiAddress,
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
    Quota,
    Refused,
    Reply,
    braces_as_fields,
    check_shared,
    events_in,
    first_at,
    one_line,
    person,
    some_of,
    text_at,
    unix_moment,
    without_braces,
)

MOST_IN_NAME = 70
"""Characters of a name that Brevo takes."""

KEYS = uuid.UUID("6d0b4b6a-8f0e-5c53-9d6c-3f6f3f6f1b0e")
"""The namespace of our keys against repeats, which have to be UUIDs."""

PLAIN = re.compile(r"[ -z|}~]*")
"""Header values that Brevo sends as they are: others go out as raw UTF-8, which no header may
hold (https://anymail.dev/en/stable/esps/brevo/)."""

ABOUT_RECIPIENT = re.compile(r"\bin to\b|\bto\.|\brecipient", re.IGNORECASE)
ABOUT_SENDER = re.compile(r"(?=.*\bsender\b).*(valid|verif|activ)", re.IGNORECASE)


KINDS = {
    "blocked": EventKind.DROPPED,
    "click": EventKind.CLICKED,
    "complaint": EventKind.COMPLAINED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "error": EventKind.DROPPED,
    "hard_bounce": EventKind.BOUNCED,
    "invalid_email": EventKind.BOUNCED,
    "opened": EventKind.OPENED,
    "proxy_open": EventKind.OPENED,
    "soft_bounce": EventKind.BOUNCED,
    "spam": EventKind.COMPLAINED,
    "unique_opened": EventKind.OPENED,
    "unique_proxy_open": EventKind.OPENED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}

OF_THE_READER = re.compile(r"\buser\b", re.IGNORECASE)
"""Why a mail is blocked, where it is for whom it is to: "blocked : due to blacklist user"."""

MILLISECONDS = 10**11
"""From here on a moment is in milliseconds: in seconds that would be the year 5138."""


class BrevoOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="an API key (v3), which begins with xkeysib-")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="what Brevo proves its calls with: name:password of the login in the hook's"
        " address, or the token of its webhook",
    )
    url: ApiAddress = Field(
        default="https://api.brevo.com",
        description="the API's address, where it is not the usual one",
    )
    extra: Extra = {}


class Brevo:
    """Sends mails of one account, each by a call of its own."""

    Options: ClassVar[type[BaseModel]] = BrevoOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        headers_in_batch=False,
        calls_at_once=8,  # 1,000 calls a second are allowed
        idempotent_for=timedelta(minutes=30),
        tracking="account",
        dkim_selectors=("brevo1", "brevo2", "mail"),  # the last where it is from before 2024
        source="https://developers.brevo.com/reference/send-transac-email",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret",
        source="https://developers.brevo.com/docs/transactional-webhooks",
        taken=200,
        again=429,
    )

    def __init__(self, options: BrevoOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="brevo",
            url=f"{options.url}/v3",
            http=http,
            clock=clock,
            headers={"api-key": options.api_key.get_secret_value()},
            secrets=(options.api_key,),
            reset_header="x-sib-ratelimit-reset",
            error_keys=("message", "error", "code"),
            judge=_judge,
        )

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Hand over the one mail; a lost answer is asked for once more, by the same key."""
        [message] = batch
        mail = {**self._options.extra, **_mail(message)}
        try:
            reply = self._api.call("POST", "/smtp/email", json=mail)
        except OutcomeUnknown:
            reply = self._api.call("POST", "/smtp/email", json=mail)
            if _had_it(reply):
                return [Accepted()]  # by the first call, whose answer we lost
        if _had_it(reply):
            raise OutcomeUnknown(
                "brevo: has had this mail before and does not say what became of it"
                " - look in its logs whether it was sent"
            )
        if reply.refused:
            return [Refused(reply.words, sure=bool(ABOUT_RECIPIENT.search(reply.words)))]
        return [Accepted(reply.text("messageId"))]

    def check(self) -> Account:
        """The account, what it may still send, and senders that are not active."""
        reply = self._api.call("GET", "/account")
        name = reply.needed("email", str)
        if reply.read("relay.enabled") is False:
            raise CredentialsRefused(
                "brevo: sending is not activated for this account - ask Brevo's support for it"
            )
        return Account(name, _quota(reply), tuple(self._notes()))

    def verify(self, call: HookCall) -> None:
        """That the call has our secret: Brevo signs nothing."""
        check_shared(call, self._options.webhook_secret)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event or all of a batch; nothing where mails came to Brevo."""
        return events_in(call, _event)

    def _notes(self) -> Iterator[str]:
        reply = self._api.call("GET", "/senders")
        asleep = [
            str(one.get("email")) for one in reply.objects("senders") if one.get("active") is False
        ]
        if asleep:
            yield f"senders that are not active: {some_of(asleep)}"


def _mail(message: EmailMessage) -> dict[str, Any]:
    html = message.html or f"<pre>{escape(message.text)}</pre>"  # without it, Brevo takes no mail
    texts = (message.subject, html, message.text)
    (subject, html, text), braces = braces_as_fields(texts, "{{{{params.{}}}}}".format)
    mail: dict[str, Any] = {
        "sender": _person(message.sender),
        "to": [_person(without_braces(message.to))],
        "subject": subject,
        "htmlContent": html,
        "headers": {
            **{name: _header(value) for name, value in message.headers},
            "X-Mailin-custom": message.id,
            "idempotencyKey": str(uuid.uuid5(KEYS, message.id)),
        },
    }
    if text:
        mail["textContent"] = text
    if braces:
        mail["params"] = braces
    if message.pictures:
        mail["attachment"] = [
            {"name": _file_name(one.content_id, one.kind), "content": one.data}
            for one in message.pictures
        ]
    return mail


def _person(address: Address) -> dict[str, str]:
    found = person(address)
    if "name" in found:
        found["name"] = found["name"][:MOST_IN_NAME].strip()
    return found


def _header(value: str) -> str:
    """The value, or what is in angle brackets of a List-Id whose title Brevo would spoil."""
    value = one_line(value)
    return value if PLAIN.fullmatch(value) else value[max(value.find("<"), 0) :]


def _file_name(content_id: str, kind: str) -> str:
    return f"{content_id.partition('@')[0]}.{kind.partition('/')[2]}"


def _had_it(reply: Reply) -> bool:
    return reply.refused and reply.read("code") == "duplicate_parameter"


def _judge(reply: Reply) -> None:
    words = reply.words.rstrip(".")
    if reply.status >= 500:
        return
    if reply.status == 401 and re.search(r"\bIP\b", words):
        raise CredentialsRefused(
            f"brevo: does not take calls from this machine ({words}) - add its address there"
            " under Security, Authorized IPs"
        )
    if reply.status == 400 and ABOUT_SENDER.search(words):
        raise CredentialsRefused(
            f"brevo: the sender is not accepted ({words}) - verify the sender or its domain there"
        )
    code = reply.word("code")
    if code == "account_under_validation":
        raise CredentialsRefused(
            f"brevo: the account is still looked at ({words}) - wait for Brevo or write to them"
        )
    if code == "not_enough_credits":
        raise CredentialsRefused(
            f"brevo: no mails are left on this account ({words}) - buy some, or wait until the"
            " plan's next ones"
        )


def _quota(reply: Reply) -> Quota | None:
    """What the plans for mail leave to send; a free one begins anew each day."""
    mail = [
        one
        for one in reply.objects("plan")
        if one.get("type") != "sms"
        and isinstance(one.get("credits"), int | float)
        and isfinite(one["credits"])
    ]
    if not mail:
        return None
    free = all(one.get("type") == "free" for one in mail)
    return Quota(int(sum(one["credits"] for one in mail)), period="day" if free else "")


def _event(told: Mapping[str, Any]) -> Event | None:
    said, reason = text_at(told, "event"), text_at(told, "reason")
    if not said and "items" in told:
        return None  # mails that came to Brevo
    kind = KINDS.get(said, EventKind.OTHER)
    blocked = said == "blocked" and bool(OF_THE_READER.search(reason))
    name = text_at(told, "message-id")
    return Event(
        kind=kind,
        permanent=said in {"hard_bounce", "invalid_email"} or blocked,
        at=_moment(told),
        delivery=text_at(told, "X-Mailin-custom"),
        # Sometimes without the brackets that the answer to our call had.
        provider_id=f"<{name}>" if name and not name.startswith("<") else name,
        recipient=text_at(told, "email"),
        said=said,
        reason=reason,
        url=text_at(told, "link"),
    )


def _moment(told: Mapping[str, Any]) -> datetime | None:
    """`ts_epoch` is in milliseconds, in examples also in seconds; of the others UTC is not sure."""
    given = first_at(told, "ts_epoch", "ts_event", "ts")
    long = given.isdecimal() and int(given) >= MILLISECONDS
    return unix_moment(f"{given[:-3]}.{given[-3:]}" if long else given)
