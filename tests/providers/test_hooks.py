"""Providers of each kind of proof hold to what is asked of a plugin's hook."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import httpx
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.http import new_client
from dispatch.providers.mailgun import Mailgun, MailgunOptions
from dispatch.providers.postmark import Postmark, PostmarkOptions
from dispatch.providers.resend import Resend, ResendOptions
from dispatch.testing.contract import HookContract

HTTP = new_client(transport=httpx.MockTransport(lambda _: httpx.Response(404)))
KEY = SecretStr("a key")


def hmac_of(secret: bytes, *parts: bytes) -> hmac.HMAC:
    return hmac.new(secret, b"".join(parts), hashlib.sha256)


class TestPostmark(HookContract):
    """By a login."""

    secret, another_secret = "us:sesame", "us:open"
    signs_body = dates_calls = False
    good = mixed = json.dumps(
        {
            "RecordType": "Bounce",
            "ID": 42,
            "Type": "HardBounce",
            "TypeCode": 1,
            "MessageID": "883953f4",
            "Email": "john@example.com",
            "Description": "no",
            "Metadata": {"delivery": "e1.7"},
        }
    ).encode()

    def listening(self, secret, clock):
        return Postmark(PostmarkOptions(server_token=KEY, webhook_secret=secret), HTTP, clock)

    def call(self, body, *, secret, at):
        login = base64.b64encode(secret.encode()).decode()
        return HookCall(body, {"authorization": f"Basic {login}"})


class TestResend(HookContract):
    """As Standard Webhooks have it."""

    another_secret = "whsec_" + base64.b64encode(b"another").decode()
    good = mixed = (
        b'{"type": "email.delivered", "data": {"email_id": "e", "to": ["a@example.org"]}}'
    )

    def listening(self, secret, clock):
        return Resend(ResendOptions(api_key=KEY, webhook_secret=secret), HTTP, clock)

    def call(self, body, *, secret, at):
        key, time = base64.b64decode(secret.removeprefix("whsec_")), str(int(at.timestamp()))
        signature = hmac_of(key, f"m1.{time}.".encode(), body).digest()
        signed = f"v1,{base64.b64encode(signature).decode()}"
        return HookCall(body, {"svix-id": "m1", "svix-timestamp": time, "svix-signature": signed})


class TestMailgun(HookContract):
    """By a signature that stands in the body, and is not of it."""

    signs_body = False
    repeats = timedelta(hours=9)
    good = mixed = json.dumps(
        {
            "event-data": {
                "event": "failed",
                "severity": "permanent",
                "id": "m1",
                "recipient": "a@example.org",
                "timestamp": 1780000000.5,
            }
        }
    ).encode()

    def listening(self, secret, clock):
        options = MailgunOptions(domain="mg.example.org", api_key=KEY, webhook_secret=secret)
        return Mailgun(options, HTTP, clock)

    def call(self, body, *, secret, at):
        time = str(int(at.timestamp()))
        signature = hmac_of(secret.encode(), f"{time}token".encode()).hexdigest()
        proof = {"timestamp": time, "token": "token", "signature": signature}
        return HookCall(json.dumps({"signature": proof, **json.loads(body)}).encode())

    def unproved(self, body, *, at):
        return HookCall(body)
