"""What Mailgun tells of mails, and how it signs that (looked at on 2026-11-30).

- https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks: what is
  signed are a moment and a token, not the event. So the token is the id of the event: whoever has
  seen it can make no second event of it.
- https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries: it repeats
  for 8 hours what got another answer than 200 or 406. With the same signature, as others found
  (https://github.com/PostHog/posthog/pull/103057).
- https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads: the events.
  Before 2018 they came as forms, and for some accounts they still do.
- An attempt that was the last is temporary, too, with the reason `old`:
  https://feedback.mailgun.com/forums/914635-general-feedback/suggestions/37219720
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.form import form_of
from dispatch.channels.hooks.proof import NOT_SIGNED, check_configured, check_hmac, check_window
from dispatch.channels.hooks.reading import address_at, first_at, text_at, unix_moment, value_at
from dispatch.channels.hooks.server_words import is_gone
from dispatch.errors import CallUnreadable, NotGenuine
from dispatch.model.delivery.event import Event, EventKind

WINDOW = timedelta(hours=9)
"""How old a call may be: it is repeated for 8 hours."""

KINDS = {
    "bounced": EventKind.BOUNCED,  # in forms; `failed` in JSON
    "clicked": EventKind.CLICKED,
    "complained": EventKind.COMPLAINED,
    "delivered": EventKind.DELIVERED,
    "dropped": EventKind.DROPPED,  # in forms
    "failed": EventKind.BOUNCED,
    "opened": EventKind.OPENED,
    "rejected": EventKind.DROPPED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}

KEPT_BACK = {
    "605": True, "suppress-bounce": True, "607": True, "suppress-complaint": True,
    "606": False, "suppress-unsubscribe": False,
}  # fmt: skip
"""Codes and reasons of a mail that was not tried. One before it bounced, or its reader complained:
then nobody should send any. Or the reader left there, and may have come back since."""


def check(call: HookCall, key: SecretStr, now: datetime) -> None:
    """Raise NotGenuine unless the call has a token that is signed with this key."""
    secret = check_configured(key, "webhook_secret")
    try:
        told = _told(call)
    except CallUnreadable:
        raise NotGenuine(NOT_SIGNED, unsigned=True) from None
    signed = told.get("signature")
    moment, token = text_at(signed, "timestamp"), text_at(signed, "token")
    with suppress(NotGenuine):  # of a subaccount's events, the account's own signature
        check_hmac(text_at(signed, "parent-signature"), secret, moment, token)
        check_window(unix_moment(moment), now, WINDOW)
        return
    check_hmac(text_at(signed, "signature"), secret, moment, token)
    check_window(unix_moment(moment), now, WINDOW)


def events_in(call: HookCall) -> Sequence[Event]:
    """The one event of a call that was checked; nothing where it is of a mail that came in."""
    told = _told(call)
    event = value_at(told, "event-data")
    said = text_at(event, "event")
    if not isinstance(event, Mapping) or "event" not in event:
        return []
    kind, permanent = _kind(said, event)
    return [
        Event(
            kind=kind,
            id=text_at(told, "signature", "token"),
            at=unix_moment(value_at(event, "timestamp")),
            delivery=text_at(event, "user-variables", "delivery"),
            provider_id=_message_id(text_at(event, "message", "headers", "message-id")),
            recipient=address_at(event, "recipient")
            or address_at(event, "message", "headers", "to"),
            permanent=permanent,
            said=" ".join(filter(None, (said, text_at(event, "severity")))),
            reason=_reason(event),
            url=text_at(event, "url"),
            once=True,
        )
    ]


def _kind(said: str, event: Mapping[str, Any]) -> tuple[EventKind, bool]:
    """The kind of an event, and whether nothing sent there will ever arrive."""
    kind = KINDS.get(said, EventKind.OTHER)
    code, why = text_at(event, "delivery-status", "code"), text_at(event, "reason")
    for one in (why, code):
        if one in KEPT_BACK:
            return EventKind.DROPPED, KEPT_BACK[one]
    if kind is not EventKind.BOUNCED:
        return kind, False
    if text_at(event, "severity") == "temporary":
        return (EventKind.BOUNCED if why == "old" else EventKind.DEFERRED), False
    status = text_at(event, "delivery-status", "enhanced-code")
    gone = is_gone(code, status, text_at(event, "delivery-status", "message"))
    return kind, why == "bounce" if gone is None else gone


def _reason(event: Mapping[str, Any]) -> str:
    return first_at(
        event,
        ("delivery-status", "message"),
        ("delivery-status", "description"),
        ("reject", "reason"),
        "reason",
    )


def _message_id(told: str) -> str:
    """As the API gave it, in angle brackets."""
    return told if not told or told.startswith("<") else f"<{told}>"


def _told(call: HookCall) -> Mapping[str, Any]:
    """What a call says, in the shape of JSON; raises CallUnreadable."""
    if (
        not call.header("content-type")
        .lower()
        .startswith(("multipart/form-data", "application/x-www-form-urlencoded"))
    ):
        told = call.json()
        return told if isinstance(told, Mapping) else {}
    form = form_of(call)
    # Our own variables are fields among the others: of two, the last is what Mailgun signs by.
    last = {name: values[-1] for name, values in form.items()}
    first = {name: values[0] for name, values in form.items()}
    named = ("event", "recipient", "reason", "url")
    return {
        "signature": {name: last.get(name) for name in ("timestamp", "token", "signature")},
        "event-data": {
            **{name: first[name] for name in named if name in first},
            "timestamp": last.get("timestamp"),
            "user-variables": {"delivery": first.get("delivery")},
            "message": {
                "headers": {"message-id": first.get("Message-Id") or first.get("message-id")}
            },
            "delivery-status": {
                "code": first.get("code"),
                "message": first.get("error") or first.get("notification"),
                "description": first.get("description"),
            },
        },
    }
