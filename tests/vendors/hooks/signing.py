"""Keys of ours with which calls are signed as their vendors sign them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlencode

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from dispatch.channels.hooks.call import HookCall

SECRET = "a key of the tests"
SVIX_SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
TOPIC = "arn:aws:sns:us-east-1:111111111111:SES_Events"
CERTIFICATE = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem"

HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}


@cache
def rsa_key(_which: str) -> rsa.RSAPrivateKey:
    # Short, as it is made in each process of the tests.
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


@cache
def ec_key(_which: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public(key) -> str:
    """The public half as vendors show it: base64 without lines around it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(
        key.public_key().public_bytes(serialization.Encoding.DER, form)
    ).decode()


@cache
def certificate(
    which: str = "signer",
    issuer: str = "signer",
    over: datetime = datetime(2040, 1, 1, tzinfo=UTC),
    since: datetime = datetime(2001, 1, 1, tzinfo=UTC),
) -> bytes:
    """A certificate in PEM for the key `which`, made with the key `issuer`."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (which, issuer)]
    made = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(rsa_key(which).public_key())
        .serial_number(7)
        .not_valid_before(since)
        .not_valid_after(over)
        .sign(rsa_key(issuer), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def sns(
    message: Mapping[str, object], *, version: str = "1", key: str = "signer", **values: object
) -> HookCall:
    """A message of a topic, signed; `values` are of its envelope, None leaves one out."""
    whole = {
        "MessageId": "m1",
        "TopicArn": TOPIC,
        "Timestamp": "2026-11-24T08:00:00.000Z",
        "SigningCertURL": CERTIFICATE,
        "SignatureVersion": version,
        **message,
        **values,
    }
    whole = {name: value for name, value in whole.items() if value is not None}
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token"]
    signed = [one for one in (*names, "TopicArn", "Type") if one in whole]
    text = "".join(f"{name}\n{whole[name]}\n" for name in signed).encode()
    signature = rsa_key(key).sign(text, padding.PKCS1v15(), HASHES.get(version, hashes.SHA256)())
    whole.setdefault("Signature", base64.b64encode(signature).decode())
    headers = {"x-amz-sns-message-type": str(whole.get("Type")), "content-type": "text/plain"}
    return HookCall(json.dumps(whole).encode(), headers)


def notification(content: object, **values: object) -> HookCall:
    """What a topic tells, signed."""
    return sns({"Type": "Notification", "Message": json.dumps(content)}, **values)


def sendgrid(body: bytes, at: datetime, *, key: str = "signer") -> HookCall:
    moment = str(int(at.timestamp()))
    signature = ec_key(key).sign(moment.encode() + body, ec.ECDSA(hashes.SHA256()))
    return HookCall(
        body,
        {
            "x-twilio-email-event-webhook-timestamp": moment,
            "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        },
    )


def mailgun_signature(at: datetime, token: str = "t" * 50, key: str = SECRET) -> dict[str, str]:
    moment = str(int(at.timestamp()))
    digest = hmac.new(key.encode(), (moment + token).encode(), hashlib.sha256).hexdigest()
    return {"timestamp": moment, "token": token, "signature": digest}


def mailgun(event: object, at: datetime, **values: str) -> HookCall:
    body = {"signature": mailgun_signature(at, **values), "event-data": event}
    return HookCall(json.dumps(body).encode(), {"content-type": "application/json"})


def mailgun_form(fields: Mapping[str, str], at: datetime) -> HookCall:
    body = urlencode({**fields, **mailgun_signature(at)}).encode()
    return HookCall(body, {"content-type": "application/x-www-form-urlencoded"})


def svix(
    call: HookCall, at: datetime, *, name: str = "msg_1", secret: str = SVIX_SECRET
) -> HookCall:
    moment = str(int(at.timestamp()))
    text = f"{name}.{moment}.".encode() + call.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    headers = {"svix-id": name, "svix-timestamp": moment, "svix-signature": f"v1,{digest}"}
    return replace(call, headers={**call.headers, **headers})


class Served:
    """A network with these answers by their addresses, which notes what was asked for."""

    def __init__(self, answers: Mapping[str, bytes | int]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        self.asked.append(url)
        found = self.answers.get(url, 404)
        if found == 0:
            raise httpx.ConnectError("no network")
        return (
            httpx.Response(found) if isinstance(found, int) else httpx.Response(200, content=found)
        )
