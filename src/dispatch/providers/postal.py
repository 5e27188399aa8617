"""Postal, a mail server that one runs oneself: each reader's finished mail is one call.

Looked at 2026-11-29, on Postal 3:
API: https://docs.postalserver.io/developer/api
send/raw: https://apiv1.postalserver.io/controllers/send/raw.html
Its source, which says more:
https://github.com/postalserver/postal/blob/main/app/controllers/legacy_api/send_controller.rb

Every answer of the API comes as HTTP 200. What it means is in its `status`: "success", "error" with
a code, or "parameter-error". A call that is no success has left nothing behind. Our Message-ID
stays in the mail, and Postal's reports repeat it, so the delivery needs no other name.

What it tells later, looked at on 2026-11-30: https://docs.postalserver.io/developer/webhooks (the
events), and its source: app/services/webhook_delivery_service.rb (one event in a call, with a uuid
that stays, and five more tries within 36 minutes), lib/postal/http.rb (signed by SHA-256 and, as
before Postal 3, by SHA-1) and lib/postal/message_db/delivery.rb (what a state is called). Where the
key is: https://github.com/anymail/django-anymail/blob/main/docs/esps/postal.rst.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    ApiAddress,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Event,
    EventKind,
    Extra,
    Hook,
    HookCall,
    Mail,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    Reply,
    check_signature,
    check_window,
    events_in,
    first_at,
    is_gone,
    text_at,
    unix_moment,
    value_at,
    value_in,
)

WHOLE_ACCOUNT = {
    "AccessDenied": "no key reached the server - see whether a proxy takes away X-Server-API-Key",
    "InvalidServerAPIKey": "the key is not known - make one of type API under the mail server's"
    " Credentials",
    "ServerSuspended": "the mail server is suspended - its administrators see why",
    "UnauthenticatedFromAddress": "the sender's domain is none of the mail server's - add it there"
    " under Domains, and verify it",
}


KINDS = {
    "MessageBounced": EventKind.BOUNCED,
    "MessageDelayed": EventKind.DEFERRED,
    "MessageDeliveryFailed": EventKind.BOUNCED,
    "MessageHeld": EventKind.DEFERRED,
    "MessageLinkClicked": EventKind.CLICKED,
    "MessageLoaded": EventKind.OPENED,
    "MessageSent": EventKind.DELIVERED,
}

OWN_REFUSAL = re.compile("likely spam|no longer exist|have an RCPT TO", re.IGNORECASE)
"""Why Postal itself has not tried what it calls failed."""

SUPPRESSED = re.compile("suppression list", re.IGNORECASE)
"""Why it holds a mail back that nobody will let go; what is over a limit may go on later."""

IN_DNS = re.compile(r"(?:^|;)\s*p=([^;]*)")
"""Where a DKIM record has the key. Postal's own has the one that it signs calls with."""

KEPT_FOR = timedelta(days=1)
"""How long after its first try a call is believed. Postal gives up after 36 minutes, if it runs."""


class PostalOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: ApiAddress = Field(
        description="the address of the Postal installation",
        examples=["https://postal.example.org"],
    )
    server_api_key: SecretStr = Field(
        description="a credential of type API of the mail server that sends"
    )
    webhook_public_key: str = Field(
        default="",
        description="the key that Postal signs its calls with: base64, PEM or its DKIM record",
    )
    extra: Extra = {}


class Postal:
    """Sends by one mail server of an installation."""

    Options: ClassVar[type[BaseModel]] = PostalOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_mail=True,
        calls_at_once=3,  # it answers five at once unless told otherwise, its own pages included
        tracking="account",
        source="https://docs.postalserver.io/developer/api",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_public_key", source="https://docs.postalserver.io/developer/webhooks"
    )

    def __init__(self, options: PostalOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._api = Api(
            name="postal",
            url=f"{options.url}/api/v1",
            http=http,
            clock=clock,
            headers={"X-Server-API-Key": options.server_api_key.get_secret_value()},
            secrets=(options.server_api_key,),
            error_keys=("data.message", "data.code", "error", "message", "status"),
        )

    def send(self, batch: Sequence[Mail]) -> Sequence[Outcome]:
        """Send the one mail to the one recipient."""
        [mail] = batch
        call = {
            **self._options.extra,
            "mail_from": mail.sender,
            "rcpt_to": [mail.recipient],
            "data": b64encode(mail.data).decode(),
            "bounce": False,
        }
        reply = self._api.call("POST", "/send/raw", json=call)
        status = _status(reply)
        if reply.refused or status in {"error", "parameter-error"}:
            return [Refused(reply.words, sure=False)]
        sent = reply.read("data.messages")
        one = sent.get(mail.recipient) if isinstance(sent, dict) else None
        if status != "success" or not isinstance(one, dict) or "id" not in one:
            raise OutcomeUnknown(
                "postal: answered 200, but without an id for the recipient - look there whether the"
                " message arrived"
            )
        return [Accepted(str(one["id"]) if isinstance(one["id"], int | str) else "")]

    def check(self) -> Account:
        """The installation, after the key was taken by a call that asks for no message."""
        status = _status(reply := self._api.call("GET", "/messages/message"))
        if reply.refused or status not in {"error", "parameter-error", "success"}:
            raise ProviderUnavailable(
                "postal: the answer is not like one of Postal - check the option 'url', where its"
                " pages are"
            )
        note = "the first mail shows whether the sender's domain is verified"
        return Account(f"a mail server of {urlsplit(self._options.url).netloc}", notes=(note,))

    def verify(self, call: HookCall) -> None:
        """That Postal has signed the call, by SHA-256 where it does that."""
        written = self._options.webhook_public_key.replace('"', "")
        found = IN_DNS.search(written)
        key = found[1] if found else written
        if by_sha256 := call.header("x-postal-signature-256"):
            check_signature(by_sha256, key, call.body)
        else:
            check_signature(call.header("x-postal-signature"), key, call.body, hashed="sha1")
        check_window(unix_moment(value_in(call, "timestamp")), self._clock(), KEPT_FOR)

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """The one event; nothing where it is of a mail that came to Postal."""
        return events_in(call, _event)


def _event(told: Mapping[str, Any]) -> Event | None:
    said, payload = text_at(told, "event"), value_at(told, "payload")
    mail = value_at(payload, "original_message") or value_at(payload, "message")
    if text_at(mail, "direction") == "incoming":
        return None
    reason = first_at(payload, "output", "details", ("bounce", "subject"))
    kind = _kind(said, text_at(payload, "details"))
    hard = is_gone(reason) is True or text_at(payload, "bounce", "bounce_type") == "hard"
    return Event(
        kind=kind,
        permanent=kind is EventKind.BOUNCED and hard,
        id=text_at(told, "uuid"),
        at=unix_moment(text_at(payload, "timestamp") or text_at(told, "timestamp")),
        # Our Message-ID is that of the message at its sender's domain.
        delivery=text_at(mail, "message_id").strip("<>").rpartition("@")[0],
        provider_id=text_at(mail, "id"),
        recipient=text_at(mail, "to"),
        said=said,
        reason=reason,
        url=text_at(payload, "url"),
    )


def _kind(said: str, details: str) -> EventKind:
    refused = said == "MessageDeliveryFailed" and OWN_REFUSAL.search(details)
    if refused or (said == "MessageHeld" and SUPPRESSED.search(details)):
        return EventKind.DROPPED
    return KINDS.get(said, EventKind.OTHER)


def _status(reply: Reply) -> str:
    """What the answer is; raises CredentialsRefused where it says that nothing can be sent."""
    if problem := WHOLE_ACCOUNT.get(str(reply.read("data.code"))):
        raise CredentialsRefused(f"postal: {problem}")
    return str(reply.read("status"))
