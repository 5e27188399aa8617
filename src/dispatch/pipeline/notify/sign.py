"""Calls are signed by Standard Webhooks, with one secret or, while it is replaced, with two.

The scheme is that of https://github.com/standard-webhooks/standard-webhooks, `v1`.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from dispatch.config.files.problems import InvalidValueError

PREFIX = "whsec_"
FEWEST, MOST = 24, 64
"""Bytes of a secret, as the specification has them."""

NEW = 32


def key_of(secret: str) -> bytes:
    """The key that a secret is written for; raises InvalidValueError, which does not show it."""
    advice = "make one with 'dispatch notify secret'"
    written = secret.strip()
    if not written.startswith(PREFIX):
        raise InvalidValueError(f"is no secret to sign with: it does not begin {PREFIX}", advice)
    try:
        key = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidValueError("is no secret to sign with: it is not Base64", advice) from None
    if not FEWEST <= len(key) <= MOST:
        problem = f"is a secret of {len(key)} bytes, and not of {FEWEST} to {MOST}"
        raise InvalidValueError(problem, advice)
    return key


def new_secret(draw: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A secret that nobody has yet, as receivers want it."""
    return PREFIX + base64.b64encode(draw(NEW)).decode()


def headers_of(event: str, body: bytes, keys: Sequence[bytes], *, now: datetime) -> dict[str, str]:
    """What goes with a call: who it is, when it is made, and a signature by each key."""
    moment = str(int(now.timestamp()))
    signed = f"{event}.{moment}.".encode() + body
    return {
        "webhook-id": event,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
