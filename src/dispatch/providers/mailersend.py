"""MailerSend, through its API v1 (https://developers.mailersend.com/api/v1/email).

Looked at on 2026-11-29, with errors, quotas and rates
(https://developers.mailersend.com/general), its template language
(https://developers.mailersend.com/api/v1/features) and headers
(https://www.mailersend.com/help/how-to-add-a-custom-unsubscribe-header).

There is an endpoint for 500 mails a call. It answers before it has looked at them, with one id for
all: a sender that is not verified, a reader who is suppressed, everything comes out later. Each
mail is a call instead, whose answer is about this very mail (ADR 0096). Headers of one's own,
List-Unsubscribe above all, need a Professional or Enterprise plan.

What it tells later, looked at on 2026-11-30: https://developers.mailersend.com/api/v1/webhooks.html
(version 1 of its calls; version 2 is as
https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/mailersend.py reads it) and
https://www.mailersend.com/help/webhooks (2xx within 3 seconds). One call tells one event, and is
signed with the key of its webhook. A webhook is saved only when its address takes a call that is
signed with a key which its pages show to everybody
(https://github.com/symfony/symfony/blob/7.3/src/Symfony/Component/Mailer/Bridge/MailerSend/Webhook/MailerSendRequestParser.php).
That one tells nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
    NotAllowed,
    NotGenuine,
    Outcome,
    OutcomeUnknown,
    Picture,
    ProviderUnavailable,
    Quota,
    RateLimited,
    Refused,
    Reply,
    braces_as_fields,
    check_configured,
    check_hmac,
    events_in,
    first_at,
    header_value,
    iso_moment,
    mail_address,
    person,
    retry_after,
    some_of,
    text_at,
    value_at,
    value_in,
    without_braces,
)

OF_THE_ACCOUNT = {
    "MS40302": "ask MailerSend why it switched the API off",
    "MS40303": "see the state of the account there",
    "MS40304": "ask MailerSend why it suspended the account",
    "MS40305": "add this machine's address to the allowed ones there",
    "MS42204": "ask MailerSend for a larger quota",
    "MS42207": "verify the sender's domain there",
    "MS42216": "take a plan that allows headers of your own (Professional), or another channel",
    "MS42222": "verify a domain of your own, as this one is for trials",
    "MS42225": "verify a domain of your own, as this one is for trials",
}
"""What to do about codes that say the same of every mail."""

CODE = re.compile(r"MS\d{5}")
ABOUT_RECIPIENT = re.compile(r"\bto\.\d")
WEB_ADDRESS = re.compile(r"<(https?:[^>\s]+)>")


KINDS = {
    "clicked": EventKind.CLICKED,
    "clicked_unique": EventKind.CLICKED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "hard_bounced": EventKind.BOUNCED,
    "opened": EventKind.OPENED,
    "opened_unique": EventKind.OPENED,
    "soft_bounced": EventKind.BOUNCED,
    "spam_complaint": EventKind.COMPLAINED,
    "spam_complaints": EventKind.COMPLAINED,
    "suppressed": EventKind.DROPPED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}

REASONS = (
    ("meta", "bounce_reason"),
    ("meta", "reject_reason"),
    ("meta", "suppression_reason"),
    ("meta", "unsubscribe_reason"),
    ("morph", "readable_reason"),
    ("morph", "reason"),
    ("meta", "bounce_code"),
)
"""Where a reason stands, in version 2 of its calls and in version 1."""

ON_HOLD = re.compile(r"\bhold\b", re.IGNORECASE)
"""Why it sends nothing to somebody for a while only."""

TEST = "webhook.test"
TEST_SECRET = "test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G"  # noqa: S105 - everybody may know it


class MailerSendOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_token: SecretStr = Field(
        description="an API token of the sending domain, with full access to Email and at least"
        " read access to Domains"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the signing secret of the webhook at MailerSend",
    )
    url: ApiAddress = Field(
        default="https://api.mailersend.com",
        description="the API's address, where it is not the usual one",
    )
    extra: Extra = {}


class MailerSend:
    """Sends mails of one domain, each by a call of its own."""

    Options: ClassVar[type[BaseModel]] = MailerSendOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        headers_in_batch=False,
        calls_at_once=2,  # 120 calls a minute are allowed
        tracking="off",
        source="https://developers.mailersend.com/api/v1/email",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret", source="https://developers.mailersend.com/api/v1/webhooks.html"
    )

    def __init__(self, options: MailerSendOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._api = Api(
            name="mailersend",
            url=f"{options.url}/v1",
            http=http,
            clock=clock,
            headers={"Authorization": f"Bearer {options.api_token.get_secret_value()}"},
            secrets=(options.api_token,),
            judge=self._judge,
        )

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Hand over the one mail."""
        [message] = batch
        reply = self._api.call("POST", "/email", json={**self._options.extra, **_mail(message)})
        if reply.refused:
            return [Refused(_said(reply), sure=_is_about_recipient(reply))]
        if suppressed := _suppressed(reply, mail_address(message.to.email)):
            return [Refused(reply.shown(suppressed))]
        if not (name := reply.headers.get("x-message-id", "").strip()):
            raise OutcomeUnknown(
                f"mailersend: answered {reply.status}, but without a message id"
                " - look there whether the message arrived"
            )
        return [Accepted(name)]

    def check(self) -> Account:
        """The domains that may send, and how many calls are left today."""
        reply = self._api.call("GET", "/api-quota")  # does not count as a call
        left, most = reply.needed("remaining", int), reply.read("quota")
        quota = Quota(left, most, "day") if isinstance(most, int | None) else None
        found = self._api.look("/domains?limit=100")
        if found is None:
            note = "the token may not read domains, so that nobody knows which are verified"
            return Account("a MailerSend account", quota, (note,))
        found.needed("data", list)
        domains = found.objects("data")
        verified = [str(one.get("name")) for one in domains if one.get("is_verified")]
        if not verified:
            raise CredentialsRefused(
                "mailersend: no domain of this account is verified - verify the sender's"
            )
        return Account(f"{some_of(verified)} at MailerSend", quota, tuple(_notes(domains)))

    def verify(self, call: HookCall) -> None:
        """That MailerSend has signed the call; what only tries the address out proves nothing."""
        secret = check_configured(self._options.webhook_secret, "webhook_secret")
        given = call.header("signature")
        try:
            check_hmac(given, secret, call.body)
        except NotGenuine:
            if not given or value_in(call, "type") != TEST:
                raise
            check_hmac(given, TEST_SECRET, call.body)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event; nothing where the call tries the address out, or is about other mails."""
        return events_in(call, _event)

    def _judge(self, reply: Reply) -> None:
        if reply.status >= 500:
            return
        said = _said(reply)
        code = CODE.search(said)
        if code and (advice := OF_THE_ACCOUNT.get(code[0])):
            raise CredentialsRefused(f"mailersend: {said} - {advice}")
        if code and code[0] == "MS40301":
            raise NotAllowed(
                f"mailersend: the token may not do this ({said}) - give it the permission there"
            )
        if reply.status == 421:
            raise ProviderUnavailable("mailersend: is being maintained - sending is tried again")
        if code and code[0] == "MS42901":
            raise RateLimited(
                "mailersend: the calls of this day are used up - sending goes on at 00:00 UTC",
                retry_after=retry_after(
                    reply.headers, now=self._clock(), reset_header="x-apiquota-reset"
                ),
            )


def _said(reply: Reply) -> str:
    """What is wrong, by the fields that it is about; or the message for all of them."""
    errors = reply.read("errors")
    fields = errors.values() if isinstance(errors, dict) else ()
    said = [str(one) for words in fields if isinstance(words, list) for one in words]
    return reply.shown(" ".join(said)) or reply.words


def _mail(message: EmailMessage) -> dict[str, Any]:
    texts = (message.subject, message.html, message.text)
    (subject, html, text), braces = braces_as_fields(texts, "{{{{{}}}}}".format)
    mail: dict[str, Any] = {
        "from": person(message.sender),
        "to": [_recipient(without_braces(message.to))],
        "subject": subject,
        "tags": [message.id],
        "settings": {"track_clicks": False, "track_opens": False, "track_content": False},
    }
    if html:
        mail["html"] = html
    if text:
        mail["text"] = text
    further = dict(message.headers)
    if address := WEB_ADDRESS.search(further.get("List-Unsubscribe", "")):
        del further["List-Unsubscribe"]
        mail["list_unsubscribe"] = address[1]
    if further:
        mail["headers"] = [
            {"name": name, "value": header_value(name, value)} for name, value in further.items()
        ]
    if message.pictures:
        mail["attachments"] = [_picture(one) for one in message.pictures]
    if braces:  # without them, MailerSend looks for no fields
        mail["personalization"] = [{"email": mail["to"][0]["email"], "data": braces}]
    return mail


def _recipient(address: Address) -> dict[str, str]:
    """Without what MailerSend allows in no name of a recipient."""
    name = " ".join(re.sub("[,;]", " ", address.name).split())
    return person(Address(address.email, name))


def _picture(picture: Picture) -> dict[str, str]:
    return {
        "content": picture.data,
        "disposition": "inline",
        # It goes by the ending of the name what kind of picture it is.
        "filename": f"{picture.content_id.partition('@')[0]}.{picture.kind.partition('/')[2]}",
        "id": picture.content_id,
    }


def _suppressed(reply: Reply, email: str) -> str:
    """Why MailerSend sends nothing to this address; empty where it does."""
    for at in range(len(reply.objects("warnings"))):
        for one in reply.objects(f"warnings.{at}.recipients"):
            if str(one.get("email")).casefold() == email.casefold():
                reasons = one.get("reasons") or one.get("reason")
                words = ", ".join(map(str, reasons)) if isinstance(reasons, list) else ""
                return f"is on MailerSend's list of suppressions ({words or 'no reason given'})"
    return ""


def _is_about_recipient(reply: Reply) -> bool:
    errors = reply.read("errors")
    return (
        isinstance(errors, dict)
        and bool(errors)
        and all(ABOUT_RECIPIENT.match(str(key)) for key in errors)
    )


def _notes(domains: Sequence[dict[str, Any]]) -> Iterator[str]:
    unverified = [str(one.get("name")) for one in domains if one.get("is_verified") is False]
    if unverified:
        yield f"not verified: {some_of(unverified)}"
    paused = [str(one.get("name")) for one in domains if _is_paused(one.get("domain_settings"))]
    if paused:
        yield f"paused there, where mails are kept and not sent: {some_of(paused)}"


def _is_paused(settings: Any) -> bool:
    return isinstance(settings, dict) and bool(settings.get("send_paused"))


def _event(told: Mapping[str, Any]) -> Event | None:
    about, data = text_at(told, "type"), value_at(told, "data")
    if about == TEST or about.startswith(("inbound", "maintenance.", "sms.")):
        return None
    said = text_at(data, "type") or about.removeprefix("activity.")
    reason = first_at(data, *REASONS)
    return Event(
        kind=KINDS.get(said, EventKind.OTHER),
        permanent=said == "hard_bounced" or (said == "suppressed" and not ON_HOLD.search(reason)),
        id=text_at(data, "id"),
        at=iso_moment(text_at(data, "created_at") or text_at(told, "created_at")),
        delivery=first_at(data, ("tags", 0), ("email", "tags", 0)),
        provider_id=first_at(data, "message_id", ("email", "message", "id")),
        recipient=first_at(data, "recipient", ("email", "recipient", "email")),
        said=said,
        reason=reason,
        url=first_at(data, ("meta", "url"), ("morph", "url")),
    )
