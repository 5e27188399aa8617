"""SparkPost (now Bird), through its Transmissions API.

Looked at on 2026-11-29:

- https://developers.sparkpost.com/api/transmissions/: many recipients in one call; content of at
  most 20 MB; metadata of 1,000 bytes. An answer counts those accepted and rejected; with rejected
  ones it has `rcpt_to_errors`, whose words mention an address where there is one.
- https://developers.sparkpost.com/api/template-language/: `{{x}}` is escaped in HTML and in links,
  `{{{x}}}` is not. Expressions inside values are not executed.
- https://support.sparkpost.com/docs/tech-resources/smtp-rest-api-performance: from 2,000 recipients
  for a call of a large mailing, at most 10 calls at once, about 50 MB each.
- https://support.sparkpost.com/docs/tech-resources/extended-error-codes: 420 with 2101 to 2105 is a
  used-up limit, 7001 a domain that is not verified.
- Without `transactional` its own List-Unsubscribe replaces ours
  (https://github.com/SparkPost/python-sparkpost/issues/163).
- SparkPost is sold as Bird Email since 2024, and api.sparkpost.com still operates
  (https://anypost.com/migrate/sparkpost). Bird's newer API (POST /v1/email/messages at bird.com)
  is another one, without fields for each recipient, and is not spoken here.

What it tells later, looked at on 2026-11-30:

- https://developers.sparkpost.com/api/webhooks/: a list of `{"msys": {"message_event": {...}}}`,
  whose numbers are texts; an empty `msys` tries the address out. Any answer but 200 is followed by
  more tries for 8 hours.
- https://support.sparkpost.com/docs/tech-resources/webhook-authentication: a login. OAuth 2.0 would
  need a server of ours that gives out tokens; headers of one's own may have a secret as well.
- https://support.sparkpost.com/docs/deliverability/bounce-classification-codes: which are for good.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    ERROR_KEYS,
    JSON_CONTENT,
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
    EmailForm,
    Event,
    EventKind,
    Extra,
    FieldSyntax,
    FilledEmail,
    Hook,
    HookCall,
    JsonForm,
    NotAllowed,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    Quota,
    RateLimited,
    Refused,
    Reply,
    check_shared,
    events_in,
    first_at,
    header_value,
    json_with,
    mail_address,
    person,
    readable_mailbox,
    some_of,
    text_at,
    unix_moment,
    value_at,
    without_braces,
    write_form,
)

LIMIT_WAIT = timedelta(hours=1)
"""After a used-up limit; the shortest is by the hour, and the answer has no date."""

SYNTAX = FieldSyntax(
    "{{{{{{{}}}}}}}".format,  # three braces on each side: with two, values are escaped
    # Two brackets behind a link in plain text hold its settings.
    re.compile(r"[{}]{2,}|\[{2,}"),
    edges="{}",
    header=header_value,
)


T = TypeVar("T")

KINDS = {
    "amp_click": EventKind.CLICKED,
    "amp_initial_open": EventKind.OPENED,
    "amp_open": EventKind.OPENED,
    "bounce": EventKind.BOUNCED,
    "click": EventKind.CLICKED,
    "delay": EventKind.DEFERRED,
    "delivery": EventKind.DELIVERED,
    "generation_failure": EventKind.DROPPED,
    "generation_rejection": EventKind.DROPPED,
    "initial_open": EventKind.OPENED,
    "link_unsubscribe": EventKind.UNSUBSCRIBED,
    "list_unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "out_of_band": EventKind.BOUNCED,
    "policy_rejection": EventKind.DROPPED,
    "spam_complaint": EventKind.COMPLAINED,
}

HARD = frozenset({"10", "30"})
"""Classes of bounces: no such recipient, and nobody who could be one."""

NO_BOUNCES = {
    "25": EventKind.DROPPED,  # its own policies, such as its list of suppressions
    "26": EventKind.DROPPED,
    "60": EventKind.OTHER,  # an automatic answer
    "80": EventKind.OTHER,  # somebody wants to subscribe
    "90": EventKind.UNSUBSCRIBED,
    "100": EventKind.OTHER,  # a question whether we are people
}
"""Classes of what it calls bounces."""

SUPPRESSED = re.compile("suppress", re.IGNORECASE)


class SparkpostOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="API key with the permission Transmissions: Read/Write")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="what SparkPost proves its calls with: name:password of the login that its"
        " webhook has, or what it sends as the header X-Webhook-Secret",
    )
    url: ApiAddress = Field(
        default="https://api.sparkpost.com",
        description="the API's address; https://api.eu.sparkpost.com for an account in the EU",
    )
    extra: Extra = Field(default={}, examples=[{"campaign_id": "news"}])


class Sparkpost:
    """Sends by one account, up to 2,000 recipients in one call."""

    Options: ClassVar[type[BaseModel]] = SparkpostOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=2000,
        takes_form=True,
        most_bytes=20_000_000,
        most_call_bytes=50_000_000,
        tracking="off",
        source="https://developers.sparkpost.com/api/transmissions/",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret",
        source="https://developers.sparkpost.com/api/webhooks/",
        taken=200,
    )

    def __init__(self, options: SparkpostOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="sparkpost",
            url=options.url,
            http=http,
            clock=clock,
            headers={"Authorization": options.api_key.get_secret_value()},
            secrets=(options.api_key,),
            error_keys=(
                "results.rcpt_to_errors.0.description",
                "results.rcpt_to_errors.0.message",
                "errors.0.description",
                *ERROR_KEYS,
            ),
            judge=_judge,
        )

    def send(self, batch: Sequence[FilledEmail]) -> Sequence[Outcome]:
        """Hand over all by one call."""
        body = self._body(batch)
        reply = self._api.call("POST", "/api/v1/transmissions", headers=JSON_CONTENT, content=body)
        if reply.refused:
            if len(batch) == 1 and str(reply.read("errors.0.code")) == "1902":
                about_them = re.search("recipient|suppress", reply.words, re.IGNORECASE)
                return [Refused(reply.words, sure=bool(about_them))]
            raise BatchRefused(reply.words)
        return _outcomes(batch, reply)

    def _body(self, batch: Sequence[FilledEmail]) -> bytes:
        form = batch[0].form
        written = write_form(form, SYNTAX)
        sender = person(replace(form.sender, name=written.sender))
        content: dict[str, Any] = {
            "from": sender,
            "subject": written.subject,
            "headers": dict(written.headers),
        }
        texts = (("text", written.text), ("html", written.html))
        content |= {kind: text for kind, text in texts if text}
        if form.pictures:
            content["inline_images"] = [
                {"name": one.content_id, "type": one.kind, "data": one.data}
                for one in form.pictures
            ]
        extra = self._options.extra
        options = extra.get("options")
        said = {
            **extra,
            "options": {
                **(options if isinstance(options, dict) else {}),
                "open_tracking": False,
                "click_tracking": False,
                "transactional": True,
            },
            "substitution_data": written.constants,
            "content": content,
        }
        return json_with(said, "recipients", _recipients(batch))

    def check(self) -> Account:
        """The account, what is left of its limits, and its domains, as far as the key may read."""
        host = urlsplit(self._options.url).netloc
        account = self._read("/api/v1/account?include=usage", dict)
        notes = list(self._notes())
        if account is None:
            return Account(f"an account at {host}", None, ("this key may not read it", *notes))
        status = str(account.get("status", "active"))
        if status != "active":
            why = account.get("status_reason_category") or "no reason given"
            raise CredentialsRefused(
                f"sparkpost: the account is {status} ({why}) - ask SparkPost what is to be done"
            )
        options = account.get("options")
        if isinstance(options, dict) and options.get("transactional_unsub"):
            notes.append("the account replaces List-Unsubscribe: switch transactional_unsub off")
        name = account.get("company_name") or f"account {account.get('customer_id', '')}".strip()
        return Account(f"{name} at {host}", _quota(account), tuple(notes))

    def verify(self, call: HookCall) -> None:
        """That the call has our secret: SparkPost signs nothing."""
        check_shared(call, self._options.webhook_secret)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """All of a batch, without what tries the address out and mails that came to SparkPost."""
        return events_in(call, _event)

    def _notes(self) -> Iterator[str]:
        domains = self._read("/api/v1/sending-domains", list)
        if domains is None:
            yield "this key may not read which domains are verified"
            return
        names = [str(one.get("domain")) for one in domains if _is_verified(one)]
        if names:
            yield f"mails may be from {some_of(names)}"
        else:
            yield "no sending domain is verified there: add and verify one"

    def _read(self, path: str, kind: type[T]) -> T | None:
        """The results at `path`; None where the key may not read them."""
        reply = self._api.look(path)
        return None if reply is None else reply.needed("results", kind)


def _outcomes(batch: Sequence[FilledEmail], reply: Reply) -> list[Outcome]:
    """What became of each, where the counts and the words of the answer leave no doubt."""
    accepted = Accepted(reply.text("results.id"))
    counts = [reply.read(f"results.total_{what}_recipients") for what in ("accepted", "rejected")]
    if counts == [len(batch), 0]:
        return [accepted] * len(batch)
    errors = reply.read("results.rcpt_to_errors")
    if counts == [0, len(batch)]:
        why = reply.words if errors else "rejected without a reason"
        return [Refused(why, sure=False)] * len(batch)
    words = [
        reply.text(f"results.rcpt_to_errors.{at}.description")
        for at in range(len(errors) if isinstance(errors, list) else 0)
    ]
    said = {word.strip("<>()'\",;:").casefold(): one for one in words for word in one.split()}
    refused = {
        one.id: Refused(said[email])
        for one in batch
        if (email := mail_address(one.to.email).casefold()) in said
    }
    if counts != [len(batch) - len(refused), len(refused)]:
        raise OutcomeUnknown(
            f"sparkpost: accepted {counts[0]} and rejected {counts[1]} of {len(batch)},"
            " without saying which - look there for whom it was"
        )
    return [refused.get(one.id, accepted) for one in batch]


def _judge(reply: Reply) -> None:
    code = str(reply.read("errors.0.code") or "")
    if reply.status == 420:
        if code == "2103":
            raise CredentialsRefused(
                f"sparkpost: its sandbox is used up ({reply.words}) - verify a domain of your own"
            )
        raise RateLimited(
            f"sparkpost: a sending limit of the account is reached ({reply.words})"
            " - sending goes on later, or take a larger plan",
            retry_after=LIMIT_WAIT,
        )
    if code in {"7000", "7001"}:
        raise CredentialsRefused(
            f"sparkpost: the sender's domain may not send there ({reply.words})"
            " - add it under Domains and verify it"
        )
    if code == "1502":
        raise ProviderUnavailable(f"sparkpost: it is busy ({reply.words}) - sending is tried again")
    if reply.status == 403:
        raise NotAllowed(
            f"sparkpost: the key may not do this ({reply.words}) - see whether it has the"
            " permission Transmissions, and whether the account is suspended"
        )


def _recipients(batch: Sequence[FilledEmail]) -> list[str]:
    form = batch[0].form
    addresses = [
        json.dumps(_recipient(without_braces(one.to)), ensure_ascii=False) for one in batch
    ]
    columns = write_form(form, SYNTAX).columns(batch)
    return _entry(form).fill([addresses, [one.id for one in batch], *columns])


@lru_cache(maxsize=64)
def _entry(form: EmailForm) -> JsonForm:
    """What a call says of each reader."""
    keys = write_form(form, SYNTAX).own_keys

    def write(values: Mapping[str, str]) -> dict[str, Any]:
        return {
            "address": values["address"],
            "metadata": {"delivery": values["id"]},
            "substitution_data": {key: values[key] for key in keys},
        }

    return JsonForm(["address", "id", *keys], write, parts=["address"])


def _recipient(to: Address) -> dict[str, str]:
    if not re.search(r'["\\]', to.name):
        return person(to)  # whose name it puts into quotes, as it is
    return {
        "email": mail_address(to.email),
        "header_to": readable_mailbox(to),
    }


def _is_verified(domain: Any) -> bool:
    status = domain.get("status") if isinstance(domain, dict) else None
    if not isinstance(status, dict) or not status.get("ownership_verified"):
        return False
    return bool(status.get("compliance_status", "valid") == "valid")


def _quota(account: dict[str, Any]) -> Quota | None:
    """What is left today, or of the month where the day has no limit."""
    usage = account.get("usage")
    for period in ("day", "month"):
        of_period = usage.get(period) if isinstance(usage, dict) else None
        if isinstance(of_period, dict) and isinstance(of_period.get("limit"), int):
            most = of_period["limit"]
            used = of_period.get("used", 0)
            return Quota(max(0, most - used) if isinstance(used, int) else None, most, period)
    return None


def _event(told: Mapping[str, Any]) -> Event | None:
    wrapped = value_at(told, "msys")
    if wrapped == {} or value_at(wrapped, "relay_message"):
        return None
    one = next(iter(wrapped.values())) if isinstance(wrapped, dict) else None
    said, group = text_at(one, "type"), text_at(one, "bounce_class")
    reason = first_at(one, "raw_reason", "reason", "fbtype")
    kind = KINDS.get(said, EventKind.OTHER)
    if kind is EventKind.BOUNCED:
        kind = NO_BOUNCES.get(group, kind)
    return Event(
        kind=kind,
        permanent=(kind is EventKind.BOUNCED and group in HARD)
        or (kind is EventKind.DROPPED and bool(SUPPRESSED.search(reason))),
        id=text_at(one, "event_id"),
        at=unix_moment(text_at(one, "timestamp")),
        delivery=text_at(one, "rcpt_meta", "delivery"),
        provider_id=text_at(one, "transmission_id"),
        recipient=first_at(one, "raw_rcpt_to", "rcpt_to"),
        said=f"{said} {group}" if group else said,
        reason=reason,
        url=text_at(one, "target_link_url"),
    )
