"""Calls signed by Standard Webhooks (https://www.standardwebhooks.com), as Svix sends them."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.proof import (
    ANOTHER_KEY,
    NOT_SIGNED,
    check_configured,
    check_window,
    same,
)
from dispatch.channels.hooks.reading import unix_moment
from dispatch.errors import NotGenuine

PREFIX = "whsec_"


def check_standard(
    call: HookCall,
    secret: SecretStr,
    now: datetime,
    *,
    headers: str = "svix",
    option: str = "webhook_secret",
) -> str:
    """That a call is signed with the secret; its id, which stays the same when it is repeated.

    `headers` is how their names begin. Of several signatures one has to be right.
    """
    text = check_configured(secret, option)
    name, moment = call.header(f"{headers}-id"), call.header(f"{headers}-timestamp")
    given = call.header(f"{headers}-signature")
    if not (name and moment and given):
        raise NotGenuine(NOT_SIGNED, unsigned=True)
    try:
        key = base64.b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:  # with which anybody could sign
        raise NotGenuine(f"'{option}' of the channel is none that {headers} gives")
    signed = f"{name}.{moment}.".encode() + call.body
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    versions = [one.partition(",") for one in given.split()]
    if not any(version == "v1" and same(found, right) for version, _, found in versions):
        raise NotGenuine(ANOTHER_KEY)
    check_window(unix_moment(moment), now)
    return name
