"""Which calls of vendors that sign are believed: signed, whole, and not too old."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import CallUnreadable, NotGenuine
from vendors.hooks import own, signing
from vendors.hooks.own import by_scaleway, by_ses
from vendors.hooks.recorded import FORGERIES, junk, status_of
from vendors.hooks.signing import HookCall

ARRIVED = b'[{"event": "delivered", "email": "ada@example.org"}]'
SENT = HookCall(b'{"type": "email.delivered", "data": {"to": ["ada@example.org"]}}')


VENDORS = {
    "mailgun": (own.mailgun, lambda at: signing.mailgun({"event": "delivered"}, at)),
    "mailgun form": (own.mailgun, lambda at: signing.mailgun_form({"event": "delivered"}, at)),
    "resend": (own.resend, lambda at: signing.svix(SENT, at)),
    "scaleway": (own.scaleway, by_scaleway),
    "sendgrid": (own.sendgrid, lambda at: signing.sendgrid(ARRIVED, at)),
    "ses": (own.ses, by_ses),
}
REPEATS = {"mailgun": 8, "mailgun form": 8, "scaleway": 7, "sendgrid": 22, "ses": 2}
"""For how many hours a vendor may come with what it once signed."""

each_vendor = pytest.mark.parametrize("vendor", VENDORS)


@each_vendor
def test_a_call_that_is_signed_is_believed_and_tells_one_event(vendor):
    provider, sign = VENDORS[vendor]
    call = sign(own.NOW)

    assert status_of(provider(), call) == provider().hook.taken
    assert len(provider().parse_events(call)) == 1


IN_THE_BODY = {"mailgun": 2, "mailgun form": 2, "scaleway": 1, "ses": 1}
"""Where the proof is in the body, a call without headers, or with white space behind, is the same.
Mailgun signs no more than a moment and a token; see below what that token is good for."""


@each_vendor
def test_a_forged_call_is_refused(vendor):
    provider, sign = VENDORS[vendor]
    harmless = {"nothing but the body", "one sign more"} if vendor in IN_THE_BODY else set()
    if IN_THE_BODY.get(vendor) == 2:
        harmless |= {"another body"}

    for name in FORGERIES.keys() - harmless:
        status = status_of(provider(), FORGERIES[name](sign(own.NOW)))
        assert status in {401, 403}, name
    assert status_of(provider(), HookCall(b"{}")) == 401


@each_vendor
def test_a_call_may_be_as_old_as_the_vendor_repeats_it_and_no_older(vendor):
    provider, sign = VENDORS[vendor]
    hours = REPEATS.get(vendor, 0)
    ages = {
        timedelta(minutes=4): True,
        timedelta(minutes=-4): True,
        timedelta(hours=hours): True,
        timedelta(hours=hours, minutes=70): False,
        timedelta(days=400): False,
        timedelta(minutes=-6): False,
    }

    for age, fresh in ages.items():
        taken = status_of(provider(), sign(own.NOW - age)) < 300
        assert taken is fresh, age


@pytest.mark.parametrize(
    ("provider", "sign"),
    [
        (own.ses(topic=""), by_ses),
        (own.scaleway(topic=""), by_scaleway),
        (own.sendgrid(key=""), VENDORS["sendgrid"][1]),
        (own.sendgrid(key="no key"), VENDORS["sendgrid"][1]),
        (own.mailgun(key=""), VENDORS["mailgun"][1]),
        (own.mailgun(key="another"), VENDORS["mailgun"][1]),
        (own.resend(key=""), VENDORS["resend"][1]),
    ],
)
def test_without_the_key_nothing_is_believed(provider, sign):
    with pytest.raises(NotGenuine) as refused:
        provider.verify(sign(own.NOW))

    assert signing.SECRET not in str(refused.value)


SIGNED_JUNK = {
    "mailgun": (own.mailgun, HookCall),
    "resend": (own.resend, lambda body: signing.svix(HookCall(body), own.NOW)),
    "sendgrid": (own.sendgrid, lambda body: signing.sendgrid(body, own.NOW)),
    "ses": (own.ses, HookCall),
    "told by ses": (
        own.ses,
        lambda body: signing.sns({"Type": "Notification", "Message": body.decode("latin-1")}),
    ),
    "told by scaleway": (
        own.scaleway,
        lambda body: signing.sns(
            {"Type": "Notification", "Message": body.decode("latin-1")},
            key="scaleway",
            TopicArn=own.SCALEWAY_TOPIC,
            SigningCertURL=own.SCALEWAY_CERTIFICATE,
        ),
    ),
}


@pytest.mark.parametrize("vendor", SIGNED_JUNK)
def test_what_tells_nothing_is_no_error_of_ours(vendor):
    provider, sign = SIGNED_JUNK[vendor]
    for body in junk():
        call = sign(body)
        try:
            provider().verify(call)
            provider().parse_events(call)
        except (NotGenuine, CallUnreadable):
            continue


ODD = [None, True, 7, -1.5, "\0\ud800x", "9" * 5000, [], [None], {}, {"a": {}}, [[["x"]]], 10**400]


FIELDS = {
    "mailgun": "event timestamp recipient url reason severity message delivery-status",
    "resend": "type created_at data",
    "scaleway": "type created_at email_to email_headers email_response_code id",
    "sendgrid": "event email timestamp sg_event_id sg_message_id delivery reason type url",
    "ses": "eventType mail bounce complaint delivery click",
}
WITH = {
    "mailgun": lambda one: signing.mailgun({"event": "failed", **one}, own.NOW),
    "resend": lambda one: signing.svix(HookCall(json.dumps(one).encode()), own.NOW),
    "scaleway": lambda one: by_scaleway(content={"type": "email_dropped", **one}),
    "sendgrid": lambda one: signing.sendgrid(json.dumps([one]).encode(), own.NOW),
    "ses": lambda one: by_ses(content={"eventType": "Bounce", **one}),
}


@pytest.mark.parametrize("vendor", FIELDS)
def test_a_field_of_any_kind_spoils_no_event(vendor):
    provider = VENDORS[vendor][0]()
    for name in FIELDS[vendor].split():
        for value in ODD:
            call = WITH[vendor]({name: value})
            provider.verify(call)
            for event in provider.parse_events(call):
                for text in (event.id, event.reason, event.recipient, event.said, event.delivery):
                    assert "\0" not in text
                    assert len(text.encode()) < 5000


def test_one_bad_event_among_good_ones_keeps_none_of_them_back():
    good = {"event": "delivered", "email": "ada@example.org", "sg_event_id": "e"}
    body = json.dumps([*[good] * 499, "bad", {"event": ["bounce"]}, good]).encode()

    events = own.sendgrid().parse_events(signing.sendgrid(body, own.NOW))

    assert [one.kind.value for one in events] == ["delivered"] * 499 + ["other"] * 2 + ["delivered"]


def test_a_token_of_mailgun_stands_for_one_event_whatever_it_is_sent_with():
    told = signing.mailgun({"event": "delivered", "recipient": "ada@example.org"}, own.NOW)
    forged = replace(told, body=told.body.replace(b"delivered", b"complained"))

    [first], [second] = (own.mailgun().parse_events(one) for one in (told, forged))

    assert first.id == second.id == "t" * 50
    assert first.once
    assert second.once


def test_a_subaccount_of_mailgun_is_known_by_the_key_of_its_account():
    said = signing.mailgun_signature(own.NOW)
    theirs = {
        **signing.mailgun_signature(own.NOW, key="its own"),
        "parent-signature": said["signature"],
    }
    body = {"signature": theirs, "event-data": {"event": "opened"}}

    assert status_of(own.mailgun(), HookCall(json.dumps(body).encode())) == 200


def test_words_in_another_charset_than_they_say_cost_no_event():
    body = '[{"event": "deferred", "email": "ada@example.org", "response": "boîte pleine"}]'
    call = signing.sendgrid(body.encode("latin-1"), own.NOW)
    lying = replace(
        call, headers={**call.headers, "content-type": "application/json; charset=utf-16"}
    )

    [event] = own.sendgrid().parse_events(lying)

    assert (event.recipient, event.reason) == ("ada@example.org", "bo\ufffdte pleine")
