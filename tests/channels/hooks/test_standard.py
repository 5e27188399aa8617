"""Calls that are signed by Standard Webhooks are told from forged ones."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.standard import check_standard
from dispatch.errors import NotGenuine

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
KEY = b"k" * 24
SECRET = SecretStr("whsec_" + base64.b64encode(KEY).decode())


def signed(body: bytes, *, at: datetime = NOW, key: bytes = KEY, before: str = "") -> HookCall:
    seconds = str(int(at.timestamp()))
    digest = hmac.new(key, b"msg_1." + seconds.encode() + b"." + body, hashlib.sha256).digest()
    signature = f"{before}v1,{base64.b64encode(digest).decode()}"
    headers = {"svix-id": "msg_1", "svix-timestamp": seconds, "svix-signature": signature}
    return HookCall(body, headers)


def test_a_call_that_is_signed_with_the_secret_is_genuine():
    assert check_standard(signed(b"{}"), SECRET, NOW) == "msg_1"


def test_one_right_signature_among_several_is_enough():
    call = signed(b"{}", before="v1,AAAA v1a,BBBB ")

    assert check_standard(call, SECRET, NOW) == "msg_1"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(HookCall(b"{}"), id="unsigned"),
        pytest.param(signed(b"{}", key=b"x" * 24), id="another key"),
        pytest.param(HookCall(b"{ }", signed(b"{}").headers), id="another body"),
        pytest.param(signed(b"{}", at=NOW - timedelta(minutes=6)), id="too old"),
        pytest.param(signed(b"{}", at=NOW + timedelta(minutes=6)), id="from the future"),
    ],
)
def test_any_other_call_is_not(call):
    with pytest.raises(NotGenuine):
        check_standard(call, SECRET, NOW)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_***", "whsec_ ", "***", "whsec_=", " "])
def test_a_secret_that_has_no_key_proves_nothing(secret):
    with pytest.raises(NotGenuine, match="webhook_secret"):
        check_standard(signed(b"{}", key=b""), SecretStr(secret), NOW)
