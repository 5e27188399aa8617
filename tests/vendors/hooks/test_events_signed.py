"""What vendors that sign tell, by their documentation, and which delivery of ours it is of."""

import json

import httpx
import pytest
from pydantic import SecretStr

from dispatch.http import new_client
from dispatch.model.delivery.event import EventKind, Later, later_of
from dispatch.testing.contract import SECRET
from dispatch.testing.samples import a_filled, a_mail, an_email
from vendors.every import EVERY
from vendors.hooks import own, signing
from vendors.hooks.signing import HookCall

ID = "9f0c6a7e2f3b4d5c8a1b2c3d4e5f6071.42"


def ses(content):
    mail = {"destination": ["ada@example.org"], "messageId": "0102-x", **content.pop("mail", {})}
    return own.ses().parse_events(signing.notification({**content, "mail": mail}))


def bounce(kind, subtype, *words):
    people = [
        {"emailAddress": f"{at}@example.org", "diagnosticCode": said}
        for at, said in enumerate(words)
    ]
    return {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": people}


KEPT_BACK = "OnAccountSuppressionList"
SES = [
    ("Bounce", {"bounce": bounce("Permanent", "NoEmail", "550 5.1.1")}, Later.BOUNCED),
    ("Bounce", {"bounce": bounce("Permanent", "General")}, Later.BOUNCED),
    ("Bounce", {"bounce": bounce("Transient", "MailboxFull")}, Later.SOFT_BOUNCED),
    ("Bounce", {"bounce": bounce("Undetermined", "?")}, Later.SOFT_BOUNCED),
    ("Bounce", {"bounce": bounce("Permanent", KEPT_BACK)}, Later.DROPPED),
    ("Complaint", {"complaint": {"complaintFeedbackType": "abuse"}}, Later.COMPLAINED),
    ("Complaint", {"complaint": {}}, Later.COMPLAINED),
    ("Complaint", {"complaint": {"complaintFeedbackType": "not-spam"}}, None),
    ("Complaint", {"complaint": {"complaintSubType": KEPT_BACK}}, Later.DROPPED),
    ("DeliveryDelay", {"deliveryDelay": {"delayType": "MailboxFull"}}, Later.DEFERRED),
    ("Reject", {"reject": {"reason": "Bad content"}}, Later.DROPPED),
    ("Send", {"send": {}}, None),
    ("Something new", {}, None),
]


@pytest.mark.parametrize("named", ["eventType", "notificationType"])
@pytest.mark.parametrize(("said", "content", "later"), SES)
def test_ses_tells_how_a_mail_fared(said, content, later, named):
    [event] = ses({named: said, **content})

    assert later_of(event) is later
    assert event.provider_id == "0102-x"
    assert event.recipient in {"ada@example.org", "0@example.org"}


def test_ses_tells_of_each_recipient_by_an_event_of_its_own():
    first, second = ses(
        {"eventType": "Bounce", "bounce": bounce("Permanent", "NoEmail", "550 5.1.1 a", "550 b")}
    )

    assert (first.id, second.id) == ("m1", "m1.1")
    assert (first.recipient, second.recipient) == ("0@example.org", "1@example.org")
    assert (first.reason, second.reason) == ("550 5.1.1 a", "550 b")


def test_who_unsubscribes_at_ses_is_told():
    preferences = {"newTopicPreferences": {"unsubscribeAll": True}}
    [event] = ses({"eventType": "Subscription", "subscription": preferences})

    assert event.kind is EventKind.UNSUBSCRIBED


def sendgrid(**one):
    call = signing.sendgrid(json.dumps([{"email": "ada@example.org", **one}]).encode(), own.NOW)
    [event] = own.sendgrid().parse_events(call)
    return event


@pytest.mark.parametrize(
    ("one", "later", "permanent"),
    [
        ({"event": "bounce", "type": "bounce", "status": "5.1.1"}, Later.BOUNCED, True),
        ({"event": "bounce", "type": "bounce", "reason": "500 unknown"}, Later.BOUNCED, True),
        ({"event": "bounce", "type": "bounce", "status": "5.2.2"}, Later.SOFT_BOUNCED, False),
        ({"event": "bounce", "type": "blocked", "status": "5.7.1"}, Later.SOFT_BOUNCED, False),
        ({"event": "dropped", "reason": "Bounced Address"}, Later.DROPPED, True),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Later.DROPPED, True),
        ({"event": "dropped", "reason": "Spam Content"}, Later.DROPPED, False),
        ({"event": "spamreport"}, Later.COMPLAINED, False),
        ({"event": "open"}, Later.DELIVERED, False),
        ({"event": "account_status_change", "type": "compliance_suspend"}, None, False),
    ],
)
def test_sendgrid_tells_how_a_mail_fared(one, later, permanent):
    event = sendgrid(**one)

    assert (later_of(event), event.permanent) == (later, permanent)


def test_sendgrid_tells_who_left_and_who_came_back():
    kinds = [sendgrid(event=said).kind for said in ("group_unsubscribe", "group_resubscribe")]

    assert kinds == [EventKind.UNSUBSCRIBED, EventKind.OTHER]


def mailgun(**event):
    [told] = own.mailgun().parse_events(signing.mailgun(event, own.NOW))
    return told


@pytest.mark.parametrize(
    ("severity", "reason", "code", "words", "later"),
    [
        ("permanent", "bounce", 550, "5.1.1 no such user", Later.BOUNCED),
        ("permanent", "bounce", 550, "no", Later.BOUNCED),
        ("permanent", "generic", 550, "user unknown", Later.BOUNCED),
        ("permanent", "generic", 550, "5.7.1 blocked", Later.SOFT_BOUNCED),
        ("permanent", "bounce", 552, "5.2.2 over quota", Later.SOFT_BOUNCED),
        ("permanent", "suppress-bounce", 605, "", Later.DROPPED),
        ("permanent", "suppress-unsubscribe", 606, "", Later.DROPPED),
        ("temporary", "generic", 421, "try again", Later.DEFERRED),
        ("temporary", "old", 498, "No MX", Later.SOFT_BOUNCED),
    ],
)
def test_mailgun_tells_how_a_mail_fared(severity, reason, code, words, later):
    status = {"code": code, "message": words}
    event = mailgun(event="failed", severity=severity, reason=reason, **{"delivery-status": status})

    assert later_of(event) is later


@pytest.mark.parametrize(
    ("fields", "later"),
    [
        ({"event": "bounced", "code": "550", "error": "5.1.1 unknown"}, Later.BOUNCED),
        ({"event": "bounced", "code": "552", "error": "5.2.2 full"}, Later.SOFT_BOUNCED),
        ({"event": "dropped", "code": "605", "reason": "hardfail"}, Later.DROPPED),
        ({"event": "complained"}, Later.COMPLAINED),
        ({"event": "stored"}, None),
    ],
)
def test_mailgun_tells_the_same_by_forms(fields, later):
    call = signing.mailgun_form({"recipient": "ada@example.org", "delivery": ID, **fields}, own.NOW)
    [event] = own.mailgun().parse_events(call)

    assert (later_of(event), event.delivery) == (later, ID)


def bounced(subtype):
    return {"type": "Permanent", "subType": subtype}


def resend(kind, **data):
    body = {"type": kind, "data": {"to": ["Ada <ada@example.org>"], **data}}
    [event] = own.resend().parse_events(signing.svix(HookCall(json.dumps(body).encode()), own.NOW))
    return event


@pytest.mark.parametrize(
    ("kind", "data", "later"),
    [
        ("email.bounced", {"bounce": bounced("NoEmail")}, Later.BOUNCED),
        ("email.bounced", {"bounce": {"type": "Transient"}}, Later.SOFT_BOUNCED),
        (
            "email.bounced",
            {"bounce": {"type": "Permanent", "subType": "Suppressed"}},
            Later.DROPPED,
        ),
        ("email.bounced", {"bounce": {"message": "who knows"}}, Later.SOFT_BOUNCED),
        ("email.suppressed", {"suppressed": {"reason": "previous_bounce"}}, Later.DROPPED),
        ("email.failed", {"failed": {"reason": "reached_daily_quota"}}, Later.DROPPED),
        ("email.complained", {}, Later.COMPLAINED),
        ("contact.updated", {}, None),
    ],
)
def test_resend_tells_how_a_mail_fared(kind, data, later):
    event = resend(kind, **data)

    assert later_of(event) is later
    assert event.recipient == "ada@example.org"
    assert event.permanent is (kind == "email.suppressed" or "Permanent" in str(data))


def scaleway(kind, **values):
    said = {"type": kind, "id": "e1", "email_id": "m1", "email_to": "ada@example.org", **values}
    [event] = own.scaleway().parse_events(signing.notification(said))
    return event


@pytest.mark.parametrize(
    ("kind", "words", "later"),
    [
        ("email_delivered", "250 ok", Later.DELIVERED),
        ("email_deferred", "451 later", Later.DEFERRED),
        ("email_mailbox_not_found", "550 no", Later.BOUNCED),
        ("email_dropped", "550 5.1.1 unknown", Later.BOUNCED),
        ("email_dropped", "550 5.7.1 policy", Later.SOFT_BOUNCED),
        ("email_spam", "554 spam", Later.SOFT_BOUNCED),
        ("email_blocklisted", "", Later.DROPPED),
        ("email_queued", "", None),
        ("blocklist_created", "", None),
    ],
)
def test_scaleway_tells_how_a_mail_fared(kind, words, later):
    event = scaleway(kind, email_response_message=words)

    assert (later_of(event), event.id, event.provider_id) == (later, "e1", "m1")


FOUND_AGAIN = {
    "ses": lambda got: ses({"eventType": "Send", "mail": {"tags": {"delivery": [got]}}}),
    "sendgrid": lambda got: [sendgrid(event="delivered", delivery=got)],
    "mailgun": lambda got: [mailgun(event="delivered", **{"user-variables": {"delivery": got}})],
    "resend": lambda got: [resend("email.sent", tags={"delivery": got})],
    "scaleway": lambda got: [
        scaleway("email_queued", email_headers=[{"key": "x-dispatch-delivery", "value": got}])
    ],
}


@pytest.mark.parametrize("name", FOUND_AGAIN)
def test_an_event_names_the_delivery_as_the_mail_took_it_along(name):
    vendor, requests = EVERY[name], []
    network = httpx.MockTransport(lambda one: requests.append(one) or vendor.answer(one))
    provider = vendor.provider(new_client(transport=network), SecretStr(SECRET))
    declared = provider.capabilities
    make = a_mail if declared.takes_mail else a_filled if declared.takes_form else an_email
    provider.send([make(id=ID)])
    [mail] = vendor.mails(requests[-1])

    [event] = FOUND_AGAIN[name](mail.id)

    assert event.delivery == ID


@pytest.mark.parametrize(
    ("event", "accepted"),
    [
        (
            sendgrid(event="open", sg_message_id="14c5.dfd.64b469.filter0001.16648.5515E0B88.0"),
            "14c5.dfd.64b469",
        ),
        (sendgrid(event="open", sg_message_id="yW5utel5.recvd-5f9-9kc6l-1-673C-B.0"), "yW5utel5"),
        (sendgrid(event="dropped", sg_message_id="filter0093p1las1.9128.5717FB8127.0"), ""),
        (
            mailgun(event="opened", message={"headers": {"message-id": "2018@mg.example.org"}}),
            "<2018@mg.example.org>",
        ),
    ],
)
def test_a_message_has_the_id_by_which_it_was_accepted(event, accepted):
    assert event.provider_id == accepted
