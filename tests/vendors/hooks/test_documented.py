"""What Postmark, Brevo, Mailjet, SparkPost, MailerSend and Postal tell later, by their pages."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.provider import CallsBack
from dispatch.errors import CallUnreadable, NotGenuine
from dispatch.http import new_client
from dispatch.model.delivery.event import EventKind
from dispatch.providers.mailersend import TEST_SECRET
from vendors.every import EVERY
from vendors.hooks.documented import AT, NOTHING, TOLD
from vendors.hooks.recorded import FORGERIES, basic, junk, status_of

LOGIN = "hook:s3cret"
BY_SECRET = ("postmark", "brevo", "mailjet", "sparkpost")
LISTS = ("brevo", "mailjet", "sparkpost")


@cache
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(encoding=Encoding.PEM):
    return key().public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def provider(name, now=AT + timedelta(minutes=1), **options):
    given = {"webhook_secret": LOGIN} if name != "postal" else {
        "webhook_public_key": public_key().decode()
    }  # fmt: skip
    made = EVERY[name].provider(new_client(), SecretStr("key"), **{**given, **options})
    if hasattr(made, "_clock"):
        made._clock = lambda: now
    return made


def signed(name, told):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    if name == "mailersend":
        given = hmac.new(LOGIN.encode(), body, hashlib.sha256).hexdigest()
        return HookCall(body, {"signature": given})
    if name == "postal":
        return HookCall(body, {"x-postal-signature-256": by_rsa(body, hashes.SHA256())})
    return HookCall(body, {"authorization": basic(LOGIN)})


def by_rsa(body, algorithm):
    return base64.b64encode(key().sign(body, padding.PKCS1v15(), algorithm)).decode()


CASES = [
    pytest.param(name, told, event, id=f"{name}-{event.said}")
    for name, rows in TOLD.items()
    for told, event in rows
]


@pytest.mark.parametrize(("name", "told", "event"), CASES)
def test_each_thing_that_a_vendor_tells_is_said_in_our_words(name, told, event):
    service, call = provider(name), signed(name, told)

    service.verify(call)

    assert service.parse_events(call) == [event]


@pytest.mark.parametrize("name", LISTS)
def test_many_come_in_one_call_in_their_order_with_what_nobody_can_read(name):
    rows = TOLD[name] * 45
    call = signed(name, [None, *(told for told, _ in rows), 7])

    first, *events, last = provider(name).parse_events(call)

    assert events == [event for _, event in rows]
    assert first.kind is last.kind is EventKind.OTHER


@pytest.mark.parametrize("name", TOLD)
def test_what_is_about_no_mail_of_ours_tells_nothing(name):
    service = provider(name)

    assert [service.parse_events(signed(name, told)) for told in NOTHING[name]] == [
        [] for _ in NOTHING[name]
    ]


@pytest.mark.parametrize("name", TOLD)
def test_a_call_proves_that_it_is_the_vendors(name):
    call = signed(name, TOLD[name][0][0])
    service = provider(name)

    assert isinstance(service, CallsBack)
    assert status_of(service, call) == service.hook.taken
    assert status_of(service, FORGERIES["nothing but the body"](call)) == 401
    assert status_of(provider(name, **{service.hook.option: ""}), call) == 403
    other = {"webhook_secret": "hook:other"} if name != "postal" else {"webhook_public_key": "AAAA"}
    assert status_of(provider(name, **other), call) == 403
    if name not in BY_SECRET:
        assert status_of(service, FORGERIES["another body"](call)) == 403
        assert status_of(service, FORGERIES["one sign more"](call)) == 403


@pytest.mark.parametrize("name", TOLD)
def test_junk_is_nothing_or_something_else_and_no_accident(name):
    service = provider(name)
    for body in junk():
        call = signed(name, body)
        try:
            events = service.parse_events(call)
        except CallUnreadable:
            events = []
        assert {event.kind for event in events} <= {EventKind.OTHER}
        assert status_of(service, call) in {200, 202, 400, 403}


ODD = [None, 7, 1.5, True, "", "x" * 9000, "\0\ud800", [], [[]], {}, {"a": {}}, 10**400, "٣"]


@pytest.mark.parametrize("name", TOLD)
def test_whatever_stands_in_place_of_a_value_it_becomes_an_event(name):
    """Each value of each event, at any depth, is something else once."""
    service = provider(name)
    for told, _ in TOLD[name]:
        for odd in ODD:
            for changed in variants(told, odd):
                for event in service.parse_events(signed(name, changed)):
                    words = (event.id, event.delivery, event.provider_id, event.recipient,
                             event.said, event.reason, event.url)  # fmt: skip
                    assert all(len(word) < 2000 and "\0" not in word for word in words)
                    " ".join(words).encode()


def variants(told, odd):
    for name, value in told.items():
        yield {**told, name: odd}
        if isinstance(value, dict):
            for changed in variants(value, odd):
                yield {**told, name: changed}


class TestMailerSend:
    def ping(self, told, secret):
        body = json.dumps(told).encode()
        given = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return HookCall(body, {"signature": given})

    def test_lets_itself_be_tried_out_with_the_key_that_everybody_knows(self):
        service = provider("mailersend")
        trial = NOTHING["mailersend"][0]

        assert status_of(service, self.ping(trial, TEST_SECRET)) == 202
        assert status_of(service, self.ping(trial, "another")) == 403
        for told, _ in TOLD["mailersend"]:
            assert status_of(service, self.ping(told, TEST_SECRET)) == 403
        assert status_of(service, self.ping([trial], TEST_SECRET)) == 403


class TestPostal:
    TOLD = TOLD["postal"][0][0]

    def test_knows_the_key_however_it_is_written(self):
        pem, der = public_key().decode(), base64.b64encode(public_key(Encoding.DER)).decode()
        in_dns = f"v=DKIM1; t=s; h=sha256; p={der};"
        in_parts = f'"v=DKIM1; k=rsa; p={der[:200]}" "{der[200:]}"'

        for written in (pem, pem.replace("\n", "\\n"), der, in_dns, in_parts):
            service = provider("postal", webhook_public_key=written)
            assert status_of(service, signed("postal", self.TOLD)) == 202

    def test_takes_the_older_signature_only_where_there_is_no_other(self):
        call = signed("postal", self.TOLD)
        older = {"x-postal-signature": by_rsa(call.body, hashes.SHA1())}

        assert status_of(provider("postal"), replace(call, headers=older)) == 202
        both = {**older, "x-postal-signature-256": "AAAA"}
        assert status_of(provider("postal"), replace(call, headers=both)) == 403

    def test_believes_a_call_that_came_late_and_none_that_somebody_has_kept(self):
        call = signed("postal", self.TOLD)

        provider("postal", now=AT + timedelta(hours=2)).verify(call)
        with pytest.raises(NotGenuine, match="too long ago"):
            provider("postal", now=AT + timedelta(days=2)).verify(call)
        with pytest.raises(NotGenuine, match="does not say when"):
            provider("postal").verify(signed("postal", [self.TOLD]))
