"""What holds for all hooks holds for those by a secret, for MailerSend's and for Postal's."""

import hashlib
import hmac
import json
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.http import new_client
from dispatch.providers.mailersend import MailerSend, MailerSendOptions
from dispatch.providers.postal import Postal, PostalOptions
from dispatch.testing.contract import HookContract
from vendors.every import EVERY
from vendors.hooks.documented import TOLD
from vendors.hooks.recorded import basic
from vendors.hooks.test_documented import by_rsa, key


class BySecret(HookContract):
    secret = "hook:s3cret-of-the-hook"
    another_secret = "hook:another"
    signs_body = False
    dates_calls = False
    vendor = ""

    def listening(self, secret, clock):
        return EVERY[self.vendor].provider(new_client(), SecretStr("key"), webhook_secret=secret)

    def call(self, body, *, secret, at):
        return HookCall(body, {"authorization": basic(secret)})


def body_of(vendor, *more):
    return json.dumps([*(told for told, _ in TOLD[vendor][:3]), *more]).encode()


def one_of(vendor):
    return json.dumps(TOLD[vendor][1][0]).encode()


class TestPostmark(BySecret):
    vendor = "postmark"
    good = mixed = one_of("postmark")


class TestBrevo(BySecret):
    vendor = "brevo"
    good, mixed = body_of("brevo"), body_of("brevo", {"event": ["delivered"]}, None)


class TestMailjet(BySecret):
    vendor = "mailjet"
    good, mixed = body_of("mailjet"), body_of("mailjet", {"event": 7, "time": "soon"}, [])


class TestSparkpost(BySecret):
    vendor = "sparkpost"
    good, mixed = body_of("sparkpost"), body_of("sparkpost", {"msys": {"message_event": 7}}, "")


class TestMailerSend(HookContract):
    dates_calls = False
    good = mixed = one_of("mailersend")

    def listening(self, secret, clock):
        options = MailerSendOptions(api_token="key", webhook_secret=secret)
        return MailerSend(options, new_client(), clock)

    def call(self, body, *, secret, at):
        given = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return HookCall(body, {"signature": given})


class TestPostal(HookContract):
    good = mixed = one_of("postal")
    secret, another_secret = "its key", "another key"
    repeats = timedelta(days=1)

    def listening(self, secret, clock):
        named = secret.get_secret_value() and key(self.secret).public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        options = PostalOptions(
            url="https://postal.example.org",
            server_api_key="another secret",
            webhook_public_key=named.decode() if named else "",
        )
        return Postal(options, new_client(), clock)

    def call(self, body, *, secret, at):
        dated = json.dumps({**json.loads(body), "timestamp": at.timestamp()}).encode()
        given = by_rsa(dated, hashes.SHA256(), key(secret))
        return HookCall(dated, {"x-postal-signature-256": given})
