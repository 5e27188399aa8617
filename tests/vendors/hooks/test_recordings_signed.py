"""Calls recorded of vendors that sign are believed, and read as django-anymail reads them.

Their keys are nobody's, so that genuine ones are signed again; the clock is set to their time.
"""

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from dispatch.channels.hooks.form import form_of
from dispatch.channels.hooks.public_key import check_signature
from dispatch.channels.hooks.reading import iso_moment, unix_moment
from dispatch.errors import NotGenuine
from vendors.hooks import own, signing
from vendors.hooks.recorded import assert_same, each, recordings, status_of


def genuine(recorded):
    return recorded.genuine and not recorded.inbound


def genuine_mail(recorded):
    return recorded.genuine and recorded.inbound


def sns_again(recorded):
    """A provider at the time of the call, and the call signed again with what it lacks."""
    said = json.loads(recorded.call.body)
    values = {"Timestamp": "2018-03-26T17:58:59.675Z", "TopicArn": signing.TOPIC}
    values = {**values, **{key: said[key] for key in values if key in said}}
    for name in ("Signature", "SigningCertURL"):
        said.pop(name, None)
    subject = {"Subject": "Amazon SES"} if said["Type"] == "Notification" else {}
    call = signing.sns({**subject, **said}, **values)
    return own.ses(now=iso_moment(values["Timestamp"]), topic=values["TopicArn"]), call


@each("amazon_ses", lambda one: one.genuine)
def test_ses(recorded):
    provider, call = sns_again(recorded)

    assert status_of(provider, call) == 202
    assert_same(provider.parse_events(call), recorded)


@each("sendgrid", genuine)
def test_sendgrid(recorded):
    call = signing.sendgrid(recorded.call.body, own.NOW)
    provider = own.sendgrid()

    assert status_of(provider, call) == 202
    # The id that it gave us stands in no event of theirs: they have one of their own.
    assert_same(provider.parse_events(call), recorded, "provider_id")


@each("sendgrid", lambda one: one.genuine and "data timestamp" in str(one.call.headers))
def test_the_recorded_signatures_of_sendgrid_are_of_its_recorded_key(recorded):
    key = recorded.settings["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"]
    moment = recorded.call.header("x-twilio-email-event-webhook-timestamp")
    # The recording has it in base64 once more than it came.
    given = base64.b64decode(recorded.call.header("x-twilio-email-event-webhook-signature"))

    check_signature(given.decode(), key, moment, recorded.call.body)
    with pytest.raises(NotGenuine):
        check_signature(given.decode(), key, moment, recorded.call.body + b" ")


def mailgun_again(recorded):
    call = recorded.call
    if call.header("content-type") == "application/json":
        said = json.loads(call.body)
        at, token = unix_moment(said["signature"]["timestamp"]), said["signature"]["token"]
        return own.mailgun(now=at), signing.mailgun(said["event-data"], at, token=token)
    fields = form_of(call)
    at, token = unix_moment(fields["timestamp"][-1]), fields["token"][-1]
    ours = signing.mailgun_signature(at, token)["signature"]
    theirs = fields["signature"][-1]
    return own.mailgun(now=at), replace(
        call, body=call.body.replace(theirs.encode(), ours.encode())
    )


@each("mailgun", genuine)
def test_mailgun(recorded):
    provider, call = mailgun_again(recorded)

    assert status_of(provider, call) == 200
    assert_same(provider.parse_events(call), recorded)


@each("resend", genuine)
def test_resend(recorded):
    call = signing.svix(recorded.call, own.NOW, name=recorded.call.header("svix-id"))
    provider = own.resend()

    assert status_of(provider, call) == 202
    assert_same(provider.parse_events(call), recorded)


AGAIN = {
    "mailgun": mailgun_again,
    "resend": lambda one: (own.resend(), signing.svix(one.call, own.NOW)),
}


@pytest.mark.parametrize("vendor", AGAIN)
def test_a_mail_that_came_in_tells_nothing_and_is_no_error(vendor):
    for one in recordings(vendor):
        if genuine_mail(one):
            provider, call = AGAIN[vendor](one)
            assert status_of(provider, call) == provider.hook.taken, one
            assert provider.parse_events(call) == [], one


@pytest.mark.parametrize(
    ("vendor", "provider"),
    [
        ("amazon_ses", own.ses),
        ("sendgrid", own.sendgrid),
        ("mailgun", own.mailgun),
        ("resend", own.resend),
    ],
)
def test_what_was_refused_is_refused_and_so_is_what_another_key_has_signed(vendor, provider):
    for one in recordings(vendor):
        assert status_of(provider(), one.call) in {401, 403}, one


@each("mailgun", lambda one: "multipart" in one.call.header("content-type"))
def test_forms_are_read_however_they_are_sent(recorded):
    fields = form_of(recorded.call)
    pairs = [(name, value) for name, values in fields.items() for value in values]
    flat = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}

    again = form_of(replace(recorded.call, body=flat.encode(), headers=headers))

    assert again == fields
