"""What each vendor's pages say that it tells, in our words: bodies written for these tests.

The pages are named in each provider. A row is a name, the object that is told, and the event.
"""

from datetime import UTC, datetime

from dispatch.model.delivery.event import Event, EventKind

OURS = "66b0f3a1.4611686018427387905"
READER = "reader1@example.org"
AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
ISO = "2026-11-30T09:00:00.0000000+01:00"


def event(kind: EventKind, said: str, **rest: object) -> Event:
    """An event of our delivery at that time."""
    return Event(**{"kind": kind, "said": said, "at": AT, "delivery": OURS, "recipient": READER,
                    "provider_id": "theirs-1", **rest})  # fmt: skip


def _postmark(record: str, moment: str, **rest: object) -> dict[str, object]:
    return {"RecordType": record, "MessageID": "theirs-1", "Recipient": READER, moment: ISO,
            "Metadata": {"delivery": OURS}, **rest}  # fmt: skip


def _bounce(kind: str, **rest: object) -> dict[str, object]:
    told = _postmark("Bounce", "BouncedAt", ID=42, Type=kind, Email=READER, Details="550 no")
    return {name: value for name, value in (told | rest).items() if name != "Recipient"}


def _bounced(kind: EventKind, said: str, *, permanent: bool = False) -> Event:
    return event(kind, f"Bounce {said}", permanent=permanent, id="42", reason="550 no")


def _change(reason: str, *, sending: bool = False, origin: str = "Recipient") -> dict[str, object]:
    return _postmark("SubscriptionChange", "ChangedAt", SuppressSending=not sending,
                     SuppressionReason=reason, Origin=origin)  # fmt: skip


POSTMARK = [
    (_postmark("Delivery", "DeliveredAt", Details="250 OK"),
     event(EventKind.DELIVERED, "Delivery", reason="250 OK")),
    (_bounce("HardBounce"), _bounced(EventKind.BOUNCED, "HardBounce", permanent=True)),
    (_bounce("BadEmailAddress"), _bounced(EventKind.BOUNCED, "BadEmailAddress", permanent=True)),
    (_bounce("SoftBounce"), _bounced(EventKind.BOUNCED, "SoftBounce")),
    (_bounce("Blocked"), _bounced(EventKind.BOUNCED, "Blocked")),
    (_bounce("SpamNotification"), _bounced(EventKind.BOUNCED, "SpamNotification")),
    (_bounce("DMARCPolicy"), _bounced(EventKind.BOUNCED, "DMARCPolicy")),
    (_bounce("Transient"), _bounced(EventKind.DEFERRED, "Transient")),
    (_bounce("SpamComplaint"), _bounced(EventKind.COMPLAINED, "SpamComplaint")),
    (_bounce("Unsubscribe"), _bounced(EventKind.UNSUBSCRIBED, "Unsubscribe")),
    (_bounce("ManuallyDeactivated"),
     _bounced(EventKind.DROPPED, "ManuallyDeactivated", permanent=True)),
    (_bounce("AutoResponder"), _bounced(EventKind.OTHER, "AutoResponder")),
    (_bounce("ChallengeVerification"), _bounced(EventKind.OTHER, "ChallengeVerification")),
    (_bounce("NewInTheYear2030"), _bounced(EventKind.OTHER, "NewInTheYear2030")),
    (_postmark("SpamComplaint", "BouncedAt", ID=7, Type="SpamComplaint", Details="abuse"),
     event(EventKind.COMPLAINED, "SpamComplaint SpamComplaint", id="7", reason="abuse")),
    (_postmark("Open", "ReceivedAt"), event(EventKind.OPENED, "Open")),
    (_postmark("Click", "ReceivedAt", OriginalLink="https://example.org/a"),
     event(EventKind.CLICKED, "Click", url="https://example.org/a")),
    (_change("ManualSuppression"),
     event(EventKind.UNSUBSCRIBED, "SubscriptionChange ManualSuppression")),
    (_change("ManualSuppression", origin="Customer"),
     event(EventKind.OTHER, "SubscriptionChange ManualSuppression")),
    (_change("HardBounce"),
     event(EventKind.BOUNCED, "SubscriptionChange HardBounce", permanent=True)),
    (_change("SpamComplaint"), event(EventKind.COMPLAINED, "SubscriptionChange SpamComplaint")),
    (_change("", sending=True), event(EventKind.OTHER, "SubscriptionChange")),
]  # fmt: skip


def _brevo(said: str, **rest: object) -> dict[str, object]:
    return {"event": said, "email": READER, "id": 9, "message-id": "<theirs-1>",
            "ts_epoch": SECONDS * 1000, "date": "2026-11-30 09:00:00", "X-Mailin-custom": OURS,
            **rest}  # fmt: skip


def _told(kind: EventKind, said: str, **rest: object) -> Event:
    return event(kind, said, **{"provider_id": "<theirs-1>", **rest})


BREVO = [
    (_brevo("request"), _told(EventKind.OTHER, "request")),
    (_brevo("delivered"), _told(EventKind.DELIVERED, "delivered")),
    (_brevo("deferred", reason="greylisted"),
     _told(EventKind.DEFERRED, "deferred", reason="greylisted")),
    (_brevo("hard_bounce", reason="550 5.1.1 no"),
     _told(EventKind.BOUNCED, "hard_bounce", permanent=True, reason="550 5.1.1 no")),
    (_brevo("soft_bounce"), _told(EventKind.BOUNCED, "soft_bounce")),
    (_brevo("invalid_email"), _told(EventKind.BOUNCED, "invalid_email", permanent=True)),
    (_brevo("blocked", reason="blocked : due to blacklist user"),
     _told(EventKind.DROPPED, "blocked", permanent=True, reason="blocked : due to blacklist user")),
    (_brevo("blocked", reason="blocked : sender"),
     _told(EventKind.DROPPED, "blocked", reason="blocked : sender")),
    (_brevo("error"), _told(EventKind.DROPPED, "error")),
    (_brevo("spam"), _told(EventKind.COMPLAINED, "spam")),
    (_brevo("complaint"), _told(EventKind.COMPLAINED, "complaint")),
    (_brevo("unsubscribed"), _told(EventKind.UNSUBSCRIBED, "unsubscribed")),
    (_brevo("unique_proxy_open"), _told(EventKind.OPENED, "unique_proxy_open")),
    (_brevo("click", link="https://example.org/a"),
     _told(EventKind.CLICKED, "click", url="https://example.org/a")),
    (_brevo("delivered", **{"message-id": "theirs-1", "ts_epoch": SECONDS}),
     _told(EventKind.DELIVERED, "delivered")),
    (_brevo("delivered", ts_epoch=None, ts_event=SECONDS),
     _told(EventKind.DELIVERED, "delivered")),
    (_brevo("new_in_2030"), _told(EventKind.OTHER, "new_in_2030")),
]  # fmt: skip


def _mailjet(said: str, **rest: object) -> dict[str, object]:
    return {"event": said, "time": SECONDS, "MessageID": 19421777835146490, "email": READER,
            "mj_campaign_id": 7257, "CustomID": OURS, "Payload": "", **rest}  # fmt: skip


def _of_mailjet(kind: EventKind, said: str, **rest: object) -> Event:
    return event(kind, said, provider_id="19421777835146490", **rest)


def _failed(said: str, about: str, error: str, **rest: object) -> dict[str, object]:
    return _mailjet(said, error_related_to=about, error=error, **rest)


MAILJET = [
    (_mailjet("sent", smtp_reply="sent (250 OK)"),
     _of_mailjet(EventKind.DELIVERED, "sent", reason="sent (250 OK)")),
    (_failed("bounce", "recipient", "user unknown", hard_bounce=True, blocked=True),
     _of_mailjet(EventKind.BOUNCED, "bounce", permanent=True, reason="user unknown")),
    (_failed("bounce", "recipient", "quota exceeded", hard_bounce=False),
     _of_mailjet(EventKind.BOUNCED, "bounce", reason="quota exceeded")),
    (_failed("bounce", "spam", "content blocked", hard_bounce=True),
     _of_mailjet(EventKind.BOUNCED, "bounce", reason="content blocked")),
    (_failed("bounce", "domain", "invalid domain", hard_bounce="1", comment="550 no such host"),
     _of_mailjet(EventKind.BOUNCED, "bounce", permanent=True, reason="550 no such host")),
    (_failed("blocked", "recipient", "user unknown"),
     _of_mailjet(EventKind.DROPPED, "blocked", permanent=True, reason="user unknown")),
    (_failed("blocked", "mailjet", "preblocked"),
     _of_mailjet(EventKind.DROPPED, "blocked", reason="preblocked")),
    (_mailjet("spam", source="JMRPP"), _of_mailjet(EventKind.COMPLAINED, "spam", reason="JMRPP")),
    (_mailjet("unsub", mj_list_id=1), _of_mailjet(EventKind.UNSUBSCRIBED, "unsub")),
    (_mailjet("open"), _of_mailjet(EventKind.OPENED, "open")),
    (_mailjet("click", url="https://example.org/a"),
     _of_mailjet(EventKind.CLICKED, "click", url="https://example.org/a")),
    (_mailjet("sent", MessageID=None, mj_message_id="19421777835146490"),
     _of_mailjet(EventKind.DELIVERED, "sent")),
]  # fmt: skip


def _sparkpost(said: str, wrapper: str = "message_event", **rest: object) -> dict[str, object]:
    return {"msys": {wrapper: {
        "type": said, "event_id": "92356927693813856", "timestamp": str(SECONDS),
        "message_id": "000443ee14578172be22", "transmission_id": "theirs-1",
        "rcpt_to": READER.lower(), "raw_rcpt_to": READER, "rcpt_meta": {"delivery": OURS}, **rest,
    }}}  # fmt: skip


def _of_sparkpost(kind: EventKind, said: str, **rest: object) -> Event:
    return event(kind, said, id="92356927693813856", **rest)


def _refused(said: str, group: str, reason: str = "550 no") -> dict[str, object]:
    return _sparkpost(said, bounce_class=group, raw_reason=reason, reason="550 ...")


SPARKPOST = [
    (_sparkpost("injection"), _of_sparkpost(EventKind.OTHER, "injection")),
    (_sparkpost("delivery"), _of_sparkpost(EventKind.DELIVERED, "delivery")),
    (_refused("delay", "70"), _of_sparkpost(EventKind.DEFERRED, "delay 70", reason="550 no")),
    (_refused("bounce", "10"),
     _of_sparkpost(EventKind.BOUNCED, "bounce 10", permanent=True, reason="550 no")),
    (_refused("out_of_band", "30"),
     _of_sparkpost(EventKind.BOUNCED, "out_of_band 30", permanent=True, reason="550 no")),
    (_refused("bounce", "22"), _of_sparkpost(EventKind.BOUNCED, "bounce 22", reason="550 no")),
    (_refused("bounce", "51"), _of_sparkpost(EventKind.BOUNCED, "bounce 51", reason="550 no")),
    (_refused("bounce", "25", "554 5.7.1 recipient address suppressed due to customer policy"),
     _of_sparkpost(EventKind.DROPPED, "bounce 25", permanent=True,
                   reason="554 5.7.1 recipient address suppressed due to customer policy")),
    (_refused("out_of_band", "60"),
     _of_sparkpost(EventKind.OTHER, "out_of_band 60", reason="550 no")),
    (_refused("out_of_band", "90"),
     _of_sparkpost(EventKind.UNSUBSCRIBED, "out_of_band 90", reason="550 no")),
    (_sparkpost("policy_rejection"), _of_sparkpost(EventKind.DROPPED, "policy_rejection")),
    (_sparkpost("generation_failure", "gen_event", raw_reason="no field"),
     _of_sparkpost(EventKind.DROPPED, "generation_failure", reason="no field")),
    (_sparkpost("spam_complaint", fbtype="abuse"),
     _of_sparkpost(EventKind.COMPLAINED, "spam_complaint", reason="abuse")),
    (_sparkpost("list_unsubscribe", "unsubscribe_event"),
     _of_sparkpost(EventKind.UNSUBSCRIBED, "list_unsubscribe")),
    (_sparkpost("initial_open", "track_event"), _of_sparkpost(EventKind.OPENED, "initial_open")),
    (_sparkpost("click", "track_event", target_link_url="https://example.org/a"),
     _of_sparkpost(EventKind.CLICKED, "click", url="https://example.org/a")),
    (_sparkpost("relay_delivery", "relay_event"), _of_sparkpost(EventKind.OTHER, "relay_delivery")),
    (_sparkpost("delivery", rcpt_meta=[]),
     _of_sparkpost(EventKind.DELIVERED, "delivery", delivery="")),
]  # fmt: skip


def _mailersend(said: str, about: str = "", tags: object = (OURS,), **meta: object) -> dict:
    return {"type": about or f"activity.{said}", "created_at": "2026-11-30T08:00:00.000000Z",
            "webhook_id": "w1", "data": {
                "id": "5fc0d006b42c3e16e1774882", "type": said, "message_id": "theirs-1",
                "email_id": "e1", "recipient": READER, "tags": tags and list(tags),
                "meta": meta or []}}  # fmt: skip


def _mailersend_1(said: str, **morph: object) -> dict:
    return {"type": f"activity.{said}", "created_at": "2026-11-30T08:00:09.000000Z", "data": {
        "object": "activity", "id": "5fc0d006b42c3e16e1774882", "type": said,
        "created_at": "2026-11-30T08:00:00.000000Z", "morph": morph or None,
        "email": {"from": "lettre@example.org", "tags": [OURS], "message": {"id": "theirs-1"},
                  "recipient": {"email": READER}}}}  # fmt: skip


def _of_mailersend(kind: EventKind, said: str, **rest: object) -> Event:
    return event(kind, said, id="5fc0d006b42c3e16e1774882", **rest)


MAILERSEND = [
    (_mailersend("sent"), _of_mailersend(EventKind.OTHER, "sent")),
    (_mailersend("delivered"), _of_mailersend(EventKind.DELIVERED, "delivered")),
    (_mailersend("deferred"), _of_mailersend(EventKind.DEFERRED, "deferred")),
    (_mailersend("hard_bounced", bounce_reason="no such user", bounce_code=550),
     _of_mailersend(EventKind.BOUNCED, "hard_bounced", permanent=True, reason="no such user")),
    (_mailersend("soft_bounced", bounce_code=452),
     _of_mailersend(EventKind.BOUNCED, "soft_bounced", reason="452")),
    (_mailersend("suppressed", suppression_reason="spam complaint"),
     _of_mailersend(EventKind.DROPPED, "suppressed", permanent=True, reason="spam complaint")),
    (_mailersend("spam_complaints", "activity.spam_complaint"),
     _of_mailersend(EventKind.COMPLAINED, "spam_complaints")),
    (_mailersend("unsubscribed"), _of_mailersend(EventKind.UNSUBSCRIBED, "unsubscribed")),
    (_mailersend("opened_unique"), _of_mailersend(EventKind.OPENED, "opened_unique")),
    (_mailersend("clicked", url="https://example.org/a"),
     _of_mailersend(EventKind.CLICKED, "clicked", url="https://example.org/a")),
    (_mailersend("survey_opened"), _of_mailersend(EventKind.OTHER, "survey_opened")),
    (_mailersend("delivered", tags=None),
     _of_mailersend(EventKind.DELIVERED, "delivered", delivery="")),
    (_mailersend_1("delivered"), _of_mailersend(EventKind.DELIVERED, "delivered")),
    (_mailersend_1("hard_bounced", object="recipient_bounce", reason="Host not found"),
     _of_mailersend(EventKind.BOUNCED, "hard_bounced", permanent=True, reason="Host not found")),
    (_mailersend_1("unsubscribed", reason="option_3", readable_reason="too many"),
     _of_mailersend(EventKind.UNSUBSCRIBED, "unsubscribed", reason="too many")),
    (_mailersend_1("spam_complaint", reason=None),
     _of_mailersend(EventKind.COMPLAINED, "spam_complaint")),
]  # fmt: skip


def _mail(direction: str = "outgoing") -> dict[str, object]:
    return {"id": 12345, "token": "abcdef", "direction": direction, "to": READER,
            "message_id": f"{OURS}@news.example.org", "from": "lettre@example.org"}  # fmt: skip


def _postal(said: str, output: str = "", details: str = "", **rest: object) -> dict[str, object]:
    payload = {"status": "...", "details": details, "output": output, "timestamp": SECONDS + 0.0,
               "message": _mail(), **rest}  # fmt: skip
    return {"event": said, "timestamp": SECONDS + 3.5, "uuid": "62498fda", "payload": payload}


def _of_postal(kind: EventKind, said: str, **rest: object) -> Event:
    return event(kind, said, id="62498fda", provider_id="12345", **rest)


def _came_back(**bounce: object) -> dict[str, object]:
    told = _postal("MessageBounced", timestamp=None, message=None)
    subject = {"id": 12347, "direction": "incoming", "subject": "Undelivered", **bounce}
    told["payload"] |= {"original_message": _mail(), "bounce": subject}  # type: ignore[operator]
    return told | {"timestamp": SECONDS + 0.0}


POSTAL = [
    (_postal("MessageSent", "250 OK", "Message sent by SMTP"),
     _of_postal(EventKind.DELIVERED, "MessageSent", reason="250 OK")),
    (_postal("MessageDelayed", "451 4.7.1 greylisted"),
     _of_postal(EventKind.DEFERRED, "MessageDelayed", reason="451 4.7.1 greylisted")),
    (_postal("MessageDeliveryFailed", "550 5.1.1 no such user"),
     _of_postal(EventKind.BOUNCED, "MessageDeliveryFailed", permanent=True,
                reason="550 5.1.1 no such user")),
    (_postal("MessageDeliveryFailed", "550 5.7.1 blocked by policy"),
     _of_postal(EventKind.BOUNCED, "MessageDeliveryFailed", reason="550 5.7.1 blocked by policy")),
    (_postal("MessageDeliveryFailed", "", "Message is likely spam. Threshold is 5"),
     _of_postal(EventKind.DROPPED, "MessageDeliveryFailed",
                reason="Message is likely spam. Threshold is 5")),
    (_postal("MessageDeliveryFailed", "", "Maximum number of delivery attempts (18)"),
     _of_postal(EventKind.BOUNCED, "MessageDeliveryFailed",
                reason="Maximum number of delivery attempts (18)")),
    (_postal("MessageHeld", "", "Message held because send limit (500) has been reached."),
     _of_postal(EventKind.DEFERRED, "MessageHeld",
                reason="Message held because send limit (500) has been reached.")),
    (_postal("MessageHeld", "", "Recipient (x) is on the suppression list (reason: y)"),
     _of_postal(EventKind.DROPPED, "MessageHeld",
                reason="Recipient (x) is on the suppression list (reason: y)")),
    (_came_back(), _of_postal(EventKind.BOUNCED, "MessageBounced", reason="Undelivered")),
    (_came_back(bounce_type="hard"),
     _of_postal(EventKind.BOUNCED, "MessageBounced", permanent=True, reason="Undelivered")),
    (_postal("MessageLinkClicked", url="https://example.org/a"),
     _of_postal(EventKind.CLICKED, "MessageLinkClicked", url="https://example.org/a")),
    (_postal("MessageLoaded"), _of_postal(EventKind.OPENED, "MessageLoaded")),
    (_postal("NewIn2030"), _of_postal(EventKind.OTHER, "NewIn2030")),
]  # fmt: skip

NOTHING = {
    "postmark": [{"FromFull": {"Email": READER}, "Subject": "a mail to us"}],
    "brevo": [{"items": [{"Subject": "a mail to us"}]}],
    "mailjet": [{"Sender": READER, "Parts": []}],
    "sparkpost": [{"msys": {}}, {"msys": {"relay_message": {"content": {}}}}],
    "mailersend": [
        {"type": "webhook.test", "message": "This is a ping test message", "created_at": ISO},
        {"type": "inbound.message", "data": {"raw": "..."}},
        {"type": "maintenance.start", "created_at": "2026-11-30 08:00:00"},
    ],
    "postal": [_postal("MessageSent", message=_mail("incoming"))],
}
"""What each vendor says that is about no mail of ours, or only tries the address out."""

TOLD = {
    "postmark": POSTMARK,
    "brevo": BREVO,
    "mailjet": MAILJET,
    "sparkpost": SPARKPOST,
    "mailersend": MAILERSEND,
    "postal": POSTAL,
}
