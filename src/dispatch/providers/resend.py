"""Resend, through its batch API.

Looked at on 2026-11-29:
https://resend.com/docs/api-reference/emails/send-batch-emails (100 emails, no attachments),
https://resend.com/docs/dashboard/emails/batch-validation-modes (what is wrong with which of them),
https://resend.com/docs/dashboard/emails/idempotency-keys (one for a whole call, kept for 24 hours),
https://resend.com/docs/api-reference/errors and https://resend.com/docs/api-reference/rate-limit.
Emails of a batch have tags since 2026-07 (https://github.com/resend/resend-node/pull/1022). A key
that does not exist is answered by 400, 401 or 403, as the endpoint has it: its words tell.

It tells what came of mails by calls that Svix makes, looked at on 2026-11-30:
https://resend.com/docs/webhooks/event-types, https://resend.com/docs/webhooks/emails/bounced and
https://docs.svix.com/receiving/verifying-payloads/why (each attempt is signed with its own time).
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

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
    NotAllowed,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Reply,
    address_at,
    check_standard,
    delivery_in_tag,
    first_at,
    header_value,
    iso_moment,
    readable_mailbox,
    some_of,
    text_at,
    unless_all_failed,
    value_at,
)

_NOT_IN_A_TAG = re.compile(r"[^A-Za-z0-9_-]")

_OF_THE_ACCOUNT = (
    ("api key is invalid", "its key is not accepted", "make a new one under 'API Keys'"),
    ("only send testing emails", "it sends to your own address only", "verify a domain there"),
    ("domain is not verified", "the sender's domain is not verified", "verify it there"),
    ("not authorized to send emails from", "the key is for another domain", "use one for this"),
)
"""Words of a refusal, what they mean, and what to do."""

_QUOTAS = {
    "daily_quota_exceeded": ("day", timedelta(hours=1)),
    "monthly_quota_exceeded": ("month", timedelta(hours=6)),
}
"""How often it is asked again whether a used-up quota has been renewed."""

_KINDS = {
    "email.bounced": EventKind.BOUNCED,
    "email.clicked": EventKind.CLICKED,
    "email.complained": EventKind.COMPLAINED,
    "email.delivered": EventKind.DELIVERED,
    "email.delivery_delayed": EventKind.DEFERRED,
    "email.failed": EventKind.DROPPED,
    "email.opened": EventKind.OPENED,
    "email.suppressed": EventKind.DROPPED,
}

_REASONS = (
    ("bounce", "diagnosticCode", 0),
    ("bounce", "message"),
    ("suppressed", "message"),
    ("failed", "reason"),
)
"""Where an event says why, what the mail server said first."""

_REPEATED = {
    "concurrent_idempotent_requests": "the same call is still under way",
    "invalid_idempotent_request": "these messages were in a call before, with other words",
}


class ResendOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="API key; one that may only send is enough")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the signing secret of the webhook by which Resend tells what came of mails;"
        " it begins with whsec_",
    )
    url: ApiAddress = Field(
        default="https://api.resend.com",
        description="the API's address, where it is not the usual one",
    )
    extra: Extra = {}


class Resend:
    """Sends with one key."""

    Options: ClassVar[type[BaseModel]] = ResendOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=100,
        pictures_in_batch=False,
        most_bytes=40_000_000,
        tracking="account",
        returns_to="send.{sender}",  # unless the account says another
        dkim_selectors=("resend",),
        source="https://resend.com/docs/api-reference/emails/send-batch-emails",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret", source="https://resend.com/docs/webhooks/event-types"
    )

    def __init__(self, options: ResendOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._api = Api(
            name="resend",
            url=options.url,
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {options.api_key.get_secret_value()}"},
            secrets=(options.api_key,),
            error_keys=("message", "error"),
            judge=_judge,
        )

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome | ProviderError]:
        """Hand over all of them by one call; what is wrong with one does not keep the others."""
        emails = [self._email(one) for one in batch]
        keys = {"Idempotency-Key": _key(batch)}
        if any(one.pictures for one in batch):
            if len(batch) > 1:
                raise BatchRefused("resend: a call for several emails takes no pictures")
            reply = self._api.call("POST", "/emails", json=emails[0], headers=keys, repeats=1)
            one = _refusal(reply.words) if reply.refused else Accepted(reply.text("id"))
            return unless_all_failed([one])
        keys["x-batch-validation"] = "permissive"
        reply = self._api.call("POST", "/emails/batch", json=emails, headers=keys, repeats=1)
        if reply.refused:
            raise BatchRefused(reply.words)
        return unless_all_failed(_outcomes(reply, len(batch)))

    def check(self) -> Account:
        """The domains from which it may send, if the key may know them."""
        reply = self._api.look("/domains")
        if reply is None:
            note = "the key may only send: which domains are verified shows when it does"
            return Account("an account of Resend", notes=(note,))
        reply.needed("data", list)
        names: list[str] = []
        notes: list[str] = []
        for one in reply.objects("data"):
            name = str(one.get("name"))
            if one.get("status") != "verified":
                notes.append(f"{name} is not verified")
                continue
            names.append(name)
            if one.get("open_tracking") or one.get("click_tracking"):
                notes.append(f"{name} tracks opens or clicks: switch it off there")
        if not names:
            notes.append("no domain is verified: it sends to your own address only")
        return Account(
            f"sends from {some_of(names)}" if names else "an account without a domain",
            notes=(*notes, *_used(reply)),
        )

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless this is signed with the secret of the webhook, just now."""
        check_standard(call, self._options.webhook_secret, self._clock())

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event of a call; nothing where it is of a mail that came in."""
        told = call.json()
        said = text_at(told, "type")
        if said == "email.received":
            return []
        kind, permanent = _kind(said, told)
        return [
            Event(
                kind=kind,
                id=call.header("svix-id"),
                at=iso_moment(value_at(told, "created_at")),
                delivery=delivery_in_tag(text_at(told, "data", "tags", "delivery")),
                provider_id=text_at(told, "data", "email_id"),
                recipient=address_at(told, "data", "to", 0),
                permanent=permanent,
                said=said,
                reason=first_at(value_at(told, "data"), *_REASONS),
                url=text_at(told, "data", "click", "link"),
            )
        ]

    def _email(self, email: EmailMessage) -> dict[str, Any]:
        fields: dict[str, Any] = {
            **self._options.extra,
            "from": readable_mailbox(email.sender),
            "to": [readable_mailbox(email.to)],
            "subject": email.subject,
            "text": email.text,
            "html": email.html,
            "headers": {name: header_value(name, value) for name, value in email.headers},
            "tags": [{"name": "delivery", "value": _NOT_IN_A_TAG.sub("_", email.id)}],
        }
        if email.pictures:
            fields["attachments"] = [
                {
                    "filename": one.name,
                    "content": one.data,
                    "content_type": one.kind,
                    "content_id": one.content_id,
                }
                for one in email.pictures
            ]
        return fields


def _key(batch: Sequence[EmailMessage]) -> str:
    """The same for the same messages, so that a call whose answer is lost can be repeated."""
    return hashlib.sha256("\n".join(one.id for one in batch).encode()).hexdigest()


def _outcomes(reply: Reply, number: int) -> Sequence[Outcome | ProviderError]:
    """What became of each: `errors` have the place of an email, `data` are the others in order."""
    errors = reply.read("errors") or []
    taken = reply.read("data")
    unclear = OutcomeUnknown(
        f"resend: {number} messages went out, and its answer does not tell which it took"
        " - look there whether they arrived"
    )
    if not isinstance(errors, list) or not isinstance(taken, list):
        raise unclear
    refused = {
        one["index"]: reply.text(f"errors.{at}.message")
        for at, one in enumerate(errors)
        if isinstance(one, dict) and type(one.get("index")) is int
    }
    if (
        len(refused) != len(errors)
        or len(refused) + len(taken) != number
        or not all(0 <= at < number for at in refused)
    ):
        raise unclear
    ids = iter(range(len(taken)))
    return [
        _refusal(refused[at]) if at in refused else _taken(reply, next(ids)) for at in range(number)
    ]


def _taken(reply: Reply, at: int) -> Outcome | ProviderError:
    try:
        return Accepted(reply.text(f"data.{at}.id"))
    except OutcomeUnknown as error:
        return error


def _refusal(words: str) -> Outcome | ProviderError:
    return _trouble(words) or Refused(words, sure="`to`" in words)


def _judge(reply: Reply) -> None:
    name = reply.word("name")
    if name == "restricted_api_key":
        raise NotAllowed("resend: the key may only send - use one with full access")
    if name in _QUOTAS:
        period, pause = _QUOTAS[name]
        raise RateLimited(
            f"resend: the mails of this {period} are used up ({reply.words})"
            " - sending goes on when there are new ones, or with a larger plan",
            retry_after=pause,
        )
    if name in _REPEATED:
        raise OutcomeUnknown(f"resend: {_REPEATED[name]} - look there whether they arrived")
    if reply.status < 500 and (trouble := _trouble(reply.words)) is not None:
        raise trouble


def _trouble(words: str) -> ProviderError | None:
    """What words say of the whole account."""
    for part, problem, advice in _OF_THE_ACCOUNT:
        if part in words.lower():
            return CredentialsRefused(f"resend: {problem} ({words}) - {advice}")
    return None


def _kind(said: str, told: Any) -> tuple[EventKind, bool]:
    """The kind of an event, and whether nothing sent there will ever arrive."""
    kind = _KINDS.get(said, EventKind.OTHER)
    if kind is not EventKind.BOUNCED:
        return kind, said == "email.suppressed"
    bounce = value_at(told, "data", "bounce")
    if text_at(bounce, "subType") in {"Suppressed", "OnAccountSuppressionList"}:
        return EventKind.DROPPED, True  # as it said before it had an event for that
    kinds = text_at(bounce, "type")
    # Without a type, as it was in 2023, its own words tell a hard bounce.
    return kind, kinds == "Permanent" if kinds else "hard bounce" in text_at(bounce, "message")


def _used(reply: Reply) -> list[str]:
    """How many emails it has sent; it does not tell how many it may."""
    periods = (("day", "x-resend-daily-quota"), ("month", "x-resend-monthly-quota"))
    return [
        f"{int(used):,} mails sent in this {period}"
        for period, header in periods
        if (used := reply.headers.get(header, "")).isdecimal()
    ]
