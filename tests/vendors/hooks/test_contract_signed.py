"""What holds for all providers that are called back holds for those with keys of their own."""

import json
from datetime import timedelta

from dispatch.testing.contract import HookContract
from vendors.hooks import own, signing
from vendors.hooks.signing import HookCall


class TestMailgun(HookContract):
    good = mixed = b'{"event-data": {"event": "failed", "recipient": "ada@example.org"}}'
    signs_body = False  # but a token, which is the id of the event
    repeats = timedelta(hours=8)

    def listening(self, secret, clock):
        return own.mailgun(now=clock(), key=secret.get_secret_value())

    def call(self, body, *, secret, at):
        proof = signing.mailgun_signature(at, key=secret)
        return HookCall(json.dumps({**json.loads(body), "signature": proof}).encode())

    def unproved(self, body, *, at):
        return HookCall(body)


class TestResend(HookContract):
    good = mixed = b'{"type": "email.bounced", "data": {"to": ["ada@example.org"]}}'
    secret = signing.SVIX_SECRET

    def listening(self, secret, clock):
        return own.resend(now=clock(), key=secret.get_secret_value())

    def call(self, body, *, secret, at):
        return signing.svix(HookCall(body), at, secret=secret)


class TestSendgrid(HookContract):
    good = b'[{"event": "delivered", "email": "ada@example.org", "sg_event_id": "e1"}]'
    mixed = b'["hum", {"event": "delivered", "email": "ada@example.org", "sg_event_id": "e1"}]'
    secret, another_secret = "signer", "another"
    repeats = timedelta(hours=22)

    def listening(self, secret, clock):
        name = secret.get_secret_value()
        return own.sendgrid(now=clock(), key=signing.public(signing.ec_key(name)) if name else "")

    def call(self, body, *, secret, at):
        return signing.sendgrid(body, at, key=secret)
