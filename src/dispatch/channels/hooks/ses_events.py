"""What Amazon SES tells of mails, as its two pages have it (looked at on 2026-11-30).

Events that a configuration set publishes:
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
Feedback notifications of an identity, which have no tags:
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import json
from collections.abc import Iterator
from typing import Any

from dispatch.channels.hooks.reading import (
    address_at,
    delivery_in_tag,
    first_at,
    text_at,
    value_at,
)
from dispatch.channels.hooks.sns import SnsNotification
from dispatch.model.delivery.event import Event, EventKind

KINDS = {
    "Bounce": EventKind.BOUNCED,
    "Click": EventKind.CLICKED,
    "Complaint": EventKind.COMPLAINED,
    "Delivery": EventKind.DELIVERED,
    "DeliveryDelay": EventKind.DEFERRED,
    "Open": EventKind.OPENED,
    "Reject": EventKind.DROPPED,
    "Rendering Failure": EventKind.DROPPED,
}

NOT_TRIED = {"Suppressed": True, "OnAccountSuppressionList": True, "UnsubscribedRecipient": False}
"""Kinds of bounces and complaints that stand for a mail which SES kept back; and whether nobody
should send there at all. Who unsubscribed there may have come back since."""

NO_COMPLAINT = frozenset({"auth-failure", "not-spam", "virus"})
"""Reports about a mail that no reader has complained of (RFC 5965, 7.3)."""

ABOUT = {
    "Bounce": ("bounce", "bouncedRecipients"),
    "Complaint": ("complaint", "complainedRecipients"),
    "Delivery": ("delivery", "recipients"),
    "DeliveryDelay": ("deliveryDelay", "delayedRecipients"),
}
"""Where it says whom an event is about, which may be fewer than the mail went to."""

REASONS = (
    ("delivery", "smtpResponse"),
    ("complaint", "complaintFeedbackType"),
    ("reject", "reason"),
    ("failure", "errorMessage"),
    ("deliveryDelay", "delayType"),
    ("bounce", "bounceSubType"),
)


def events_in(told: SnsNotification, tag: str) -> Iterator[Event]:
    """One event for each recipient that SES names; `tag` has the delivery, where there are tags."""
    try:
        content = json.loads(told.text)
    except (ValueError, RecursionError):
        return  # such as the words with which SES tries out a topic
    said = text_at(content, "eventType") or text_at(content, "notificationType")
    if not isinstance(content, dict) or said == "Received":
        return
    kind, permanent = _kind(said, content)
    subtype = text_at(content, "bounce", "bounceType")
    for number, (recipient, words) in enumerate(_recipients(said, content)):
        yield Event(
            kind=kind,
            id=f"{told.id}.{number}" if number and told.id else told.id,
            at=told.at,
            delivery=delivery_in_tag(text_at(content, "mail", "tags", tag, 0)),
            provider_id=text_at(content, "mail", "messageId"),
            recipient=recipient,
            permanent=permanent,
            said=f"{said} {subtype}".strip(),
            reason=words or first_at(content, *REASONS),
            url=text_at(content, "click", "link"),
        )


def _kind(said: str, content: dict[str, Any]) -> tuple[EventKind, bool]:
    """The kind of an event, and whether nothing sent there will ever arrive."""
    bounce = text_at(content, "bounce", "bounceSubType")
    subtype = bounce if said == "Bounce" else text_at(content, "complaint", "complaintSubType")
    if said in ("Bounce", "Complaint") and subtype in NOT_TRIED:
        return EventKind.DROPPED, NOT_TRIED[subtype]
    if said == "Complaint" and text_at(content, "complaint", "complaintFeedbackType") in (
        NO_COMPLAINT
    ):
        return EventKind.OTHER, False
    preferences = ("subscription", "newTopicPreferences", "unsubscribeAll")
    if said == "Subscription" and value_at(content, *preferences) is True:
        return EventKind.UNSUBSCRIBED, False
    dead = said == "Bounce" and text_at(content, "bounce", "bounceType") == "Permanent"
    return KINDS.get(said, EventKind.OTHER), dead


def _recipients(said: str, content: dict[str, Any]) -> list[tuple[str, str]]:
    """Whom an event is about, each with what their mail server said."""
    about = _each(value_at(content, *ABOUT[said])) if said in ABOUT else []
    return about or _each(value_at(content, "mail", "destination")) or [("", "")]


def _each(listed: Any) -> list[tuple[str, str]]:
    """Recipients in a list: objects with an address, or the addresses themselves."""
    return [
        (
            address_at(listed, at) or address_at(listed, at, "emailAddress"),
            text_at(listed, at, "diagnosticCode"),
        )
        for at in range(len(listed) if isinstance(listed, list) else 0)
    ]
