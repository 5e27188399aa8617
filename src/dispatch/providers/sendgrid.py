"""SendGrid (Twilio), through Mail Send of its Web API v3.

Looked at on 2026-11-29:

- https://www.twilio.com/docs/sendgrid/api-reference/mail-send: up to 1,000 personalizations in a
  call, 30 MB in all; a yes is 202 with X-Message-Id and says nothing of single recipients.
- https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors: a 400 takes nothing and names
  fields such as `personalizations.3.to.0.email`; substitutions are limited to 150 for a recipient.
- https://www.twilio.com/docs/sendgrid/for-developers/sending-email/substitution-tags: any word may
  be a tag, in subject and content, and tags may be nested four deep: values are read again. The
  pages differ on the size of all for one recipient, 10,000 or 50,000 bytes: we keep to the first.
- https://support.sendgrid.com/hc/en-us/articles/18322114821403: what 401 and 403 say.
- https://support.sendgrid.com/hc/en-us/articles/360041790293: a suspended account still takes mail
  and keeps it for 72 hours; the API does not tell.
- Names of recipients may hold no comma or semicolon unless they are in quotes
  (https://github.com/sendgrid/sendgrid-python/issues/291).

What it tells of mails, looked at on 2026-11-30:

- https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: a list of events in
  each call, with our custom arguments among their fields.
- https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features:
  the signature is of the timestamp and the body as it came.
- https://docs.sendgrid.com/for-developers/tracking-events/troubleshooting: it repeats for 24 hours
  what got no 2xx; it does not say whether with another timestamp.
- `sg_message_id` begins with X-Message-Id (https://github.com/sendgrid/sendgrid-nodejs/issues/412,
  https://github.com/Equal-Vote/bettervoting/pull/1322).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    JSON_CONTENT,
    Accepted,
    Account,
    Api,
    ApiAddress,
    BatchRefused,
    CallUnreadable,
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
    Quota,
    RateLimited,
    Reply,
    address_at,
    check_signature,
    check_window,
    header_value,
    is_gone,
    json_with,
    mail_address,
    one_line,
    person,
    quoted,
    some_of,
    text_at,
    unix_moment,
    value_at,
    within_json,
    write_form,
)

CREDITS_WAIT = timedelta(hours=1)
"""After used-up credits; they are renewed by the day or the month, and the answer has no date."""

OFF = {
    "mail_settings": {"footer": {"enable": False}, "sandbox_mode": {"enable": False}},
    "tracking_settings": {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    },
}
"""What the account may have switched on for all mails."""

KINDS = {
    "bounce": EventKind.BOUNCED,
    "click": EventKind.CLICKED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "dropped": EventKind.DROPPED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
}

NEVER = re.compile(r"(bounced address|invalid|spam reporting address)\Z", re.IGNORECASE)
"""Why it drops what nobody should be sent. Who unsubscribed there may have come back since."""

WINDOW = timedelta(hours=23)
"""How old a call may be: it repeats one until 24 hours after the event. What somebody else repeats
does no harm, as all of the call is signed, and each event is kept once."""

PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}

_OF_ONE = re.compile(r"personalizations[.\[](\d{1,4})\]?\.(?:to|substitutions)\b")
_TO_QUOTE = re.compile(r'[(),.:;<>@\[\]"\\]')


class SendgridOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="API key with the permission Mail Send")
    webhook_public_key: str = Field(
        default="",
        description="the verification key of the signed event webhook, by which SendGrid tells what"
        " came of mails",
        examples=["MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…"],
    )
    url: ApiAddress = Field(
        default="https://api.sendgrid.com",
        description="the API's address; https://api.eu.sendgrid.com for a subuser in the EU",
    )
    extra: Extra = Field(default={}, examples=[{"ip_pool_name": "news"}])


class Sendgrid:
    """Sends by one account, up to 1,000 recipients in one call."""

    Options: ClassVar[type[BaseModel]] = SendgridOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=1000,
        takes_form=True,
        most_values=10_000,
        most_bytes=30_000_000,
        most_call_bytes=30_000_000,
        tracking="off",
        dkim_selectors=("s1", "s2"),  # unless the account says others
        source="https://www.twilio.com/docs/sendgrid/api-reference/mail-send",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_public_key",
        source="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event",
    )

    def __init__(self, options: SendgridOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        key = options.api_key.get_secret_value()
        # A tag in a reader's name would be replaced, too: so tags are words that nobody can know.
        self._syntax = FieldSyntax(_tag, re.compile("<%"), secret=key.encode(), header=header_value)
        self._api = Api(
            name="sendgrid",
            url=options.url,
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {key}"},
            secrets=(options.api_key,),
            reset_header="X-RateLimit-Reset",
            judge=_judge,
        )

    def send(self, batch: Sequence[FilledEmail]) -> Sequence[Outcome]:
        """Hand over all by one call; the service tells one id for them together."""
        body = self._body(batch)
        reply = self._api.call("POST", "/v3/mail/send", headers=JSON_CONTENT, content=body)
        if reply.refused:
            raise BatchRefused(reply.words, named=dict(_named(reply)))
        name = reply.headers.get("x-message-id")
        if reply.status != 202 or not name:
            raise OutcomeUnknown(
                f"sendgrid: answered {reply.status}, but without X-Message-Id"
                " - look there whether the mails arrived"
            )
        return [Accepted(name)] * len(batch)

    def verify(self, call: HookCall) -> None:
        """Raise NotGenuine unless SendGrid signed this with the key of its event webhook."""
        moment = call.header("x-twilio-email-event-webhook-timestamp")
        signature = call.header("x-twilio-email-event-webhook-signature")
        check_signature(signature, self._options.webhook_public_key, moment, call.body)
        check_window(unix_moment(moment), self._clock(), WINDOW)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The events of one call, up to some hundred."""
        told = call.json()
        if not isinstance(told, list):
            raise CallUnreadable("the body is no list of events")
        return [_event(one) for one in told]

    def _body(self, batch: Sequence[FilledEmail]) -> bytes:
        form = batch[0].form
        written = write_form(form, self._syntax)
        extra = self._options.extra
        pictures = {"attachments": list(_attachments(form))} if form.pictures else {}
        said = {
            **extra,
            **{name: _over(extra.get(name), settings) for name, settings in OFF.items()},
            "from": person(form.sender),
            "subject": written.subject,
            "content": [
                {"type": kind, "value": text}
                for kind, text in (("text/plain", written.text), ("text/html", written.html))
                if text
            ],
            **pictures,
        }
        return json_with(said, "personalizations", _personalizations(batch, self._syntax))

    def check(self) -> Account:
        """The account, its credits and its verified senders, as far as the key may read them."""
        scopes = self._api.call("GET", "/v3/scopes").needed("scopes", list)
        host = urlsplit(self._options.url).netloc
        if "mail.send" not in scopes:
            raise CredentialsRefused(
                "sendgrid: this key may not send - give it the permission Mail Send"
            )
        name = self._read("/v3/user/username", "username")
        return Account(f"{name or 'an account'} at {host}", self._quota(), tuple(self._notes()))

    def _quota(self) -> Quota | None:
        credits_ = self._read("/v3/user/credits")
        if not isinstance(credits_, dict) or not isinstance(credits_.get("remain"), int):
            return None
        period = str(credits_.get("reset_frequency", ""))
        most = credits_.get("total")
        most = most if isinstance(most, int) else None
        return Quota(credits_["remain"], most, PERIODS.get(period, period))

    def _notes(self) -> Iterator[str]:
        domains = self._read("/v3/whitelabel/domains")
        senders = self._read("/v3/verified_senders", "results")
        if not isinstance(domains, list) or not isinstance(senders, list):
            yield "this key may not read which senders are verified"
            return
        names = [*_marked(domains, "valid", "domain"), *_marked(senders, "verified", "from_email")]
        if names:
            yield f"mails may be from {some_of(names)}"
        else:
            yield "no sender is verified there: verify a domain in Settings, Sender Authentication"

    def _read(self, path: str, key: str = "") -> Any:
        """What is at `path`; None where the key may not read it."""
        reply = self._api.look(path)
        if reply is None or reply.refused:
            return None
        return reply.read(key) if key else reply.json


def _marked(found: list[Any], mark: str, key: str) -> Iterator[str]:
    for one in found:
        if isinstance(one, dict) and one.get(mark):
            yield str(one.get(key))


def _tag(key: str) -> str:
    return f"-{key}-"


def _judge(reply: Reply) -> None:
    said = (reply.body or b"").decode(errors="replace").lower()
    if "credits exceeded" in said:
        raise RateLimited(
            f"sendgrid: the account's credits are used up ({reply.words})"
            " - sending goes on when they are renewed, or take a larger plan",
            retry_after=CREDITS_WAIT,
        )
    if "sender identity" in said or "send from that email" in said:
        raise CredentialsRefused(
            f"sendgrid: the sender is not verified there ({reply.words})"
            " - verify its domain in Settings, Sender Authentication"
        )
    if reply.status in {401, 403} and "not authorized" in said:
        raise NotAllowed(
            f"sendgrid: the account may not send ({reply.words}) - see whether it is under review"
            " or suspended, and whether the key may be used from this machine"
        )
    if reply.status == 403:
        raise NotAllowed(
            f"sendgrid: the key may not do this ({reply.words}) - give it the permission Mail Send"
        )


def _named(reply: Reply) -> Iterator[tuple[int, str]]:
    """Whom a refusal is about, by their places: only what is each recipient's own."""
    errors = reply.read("errors")
    for at in range(len(errors) if isinstance(errors, list) else 0):
        found = _OF_ONE.match(str(reply.read(f"errors.{at}.field")))
        if found:
            yield int(found[1]), reply.text(f"errors.{at}.message")


def _event(one: Any) -> Event:
    said, more = text_at(one, "event"), text_at(one, "type")
    reason = text_at(one, "reason") or text_at(one, "response")
    kind = KINDS.get(said, EventKind.OTHER)
    if kind is EventKind.BOUNCED:
        gone = is_gone(text_at(one, "status"), reason)
        permanent = more != "blocked" and gone is not False
    else:
        permanent = kind is EventKind.DROPPED and bool(NEVER.match(reason))
    return Event(
        kind=kind,
        id=text_at(one, "sg_event_id"),
        at=unix_moment(value_at(one, "timestamp")),
        delivery=text_at(one, "delivery"),
        provider_id=_message_id(text_at(one, "sg_message_id")),
        recipient=address_at(one, "email"),
        permanent=permanent,
        said=said if more in ("", said) else f"{said} {more}",
        reason=reason,
        url=text_at(one, "url"),
    )


def _message_id(told: str) -> str:
    """The X-Message-Id that an id of an event begins with.

    >>> _message_id("wrfRRvF7Q0GgwUo2CvDmEA.recvd-5f9ff-9kc6l-1-673C6EB0-B.0")
    'wrfRRvF7Q0GgwUo2CvDmEA'
    """
    first, *rest = re.split(r"(?:^|\.)(?:filter|recvd)", told, maxsplit=1)
    return first if rest else told.partition(".")[0]


def _personalizations(batch: Sequence[FilledEmail], syntax: FieldSyntax) -> list[str]:
    form = batch[0].form
    columns = write_form(form, syntax).columns(batch)
    ids, message_ids = [one.id for one in batch], [one.message_id for one in batch]
    return _personalization(form, syntax).fill([ids, message_ids, _recipients(batch), *columns])


@lru_cache(maxsize=64)
def _personalization(form: EmailForm, syntax: FieldSyntax) -> JsonForm:
    """What a call says of each reader."""
    written = write_form(form, syntax)
    constants = {_tag(key): text for key, text in written.constants.items()}

    def write(values: Mapping[str, str]) -> dict[str, Any]:
        own = {_tag(key): values[key] for key in written.own_keys}
        headers = {name: fill(values) for name, fill in written.filled_headers}
        personalization: dict[str, Any] = {
            "to": [values["to"]],
            "headers": {**headers, "Message-ID": values["message id"]},
            "custom_args": {"delivery": values["id"]},
        }
        if constants or own:
            personalization["substitutions"] = {**constants, **own}
        return personalization

    return JsonForm(["id", "message id", "to", *written.own_keys], write, parts=["to"])


def _recipients(batch: Sequence[FilledEmail]) -> list[str]:
    emails = within_json([mail_address(one.to.email) for one in batch])
    names = [one_line(one.to.name) for one in batch]
    if _TO_QUOTE.search("".join(names)):
        names = [quoted(name) if _TO_QUOTE.search(name) else name for name in names]
    return [
        f'{{"email":"{email}","name":"{name}"}}' if name else f'{{"email":"{email}"}}'
        for email, name in zip(emails, within_json(names), strict=True)
    ]


def _attachments(form: EmailForm) -> Iterator[dict[str, str]]:
    for picture in form.pictures:
        yield {
            "content": picture.data,
            "type": picture.kind,
            "filename": picture.name.rpartition("/")[2],
            "disposition": "inline",
            "content_id": picture.content_id,
        }


def _over(theirs: Any, ours: Mapping[str, Any]) -> dict[str, Any]:
    return {**(theirs if isinstance(theirs, dict) else {}), **ours}
