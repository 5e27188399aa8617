"""Whether a call is a provider's own: compared in constant time, and not too old.

Each check raises NotGenuine, which says what is missing or wrong, and never what would be right.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta

from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.errors import NotGenuine

WINDOW = timedelta(minutes=5)
"""How far from now a signed moment may be: what Standard Webhooks and most vendors allow."""

NOT_SIGNED = "the call is not signed - switch that on at the service"
ANOTHER_KEY = "the call is signed with another key - copy that of the service anew if it was theirs"


def same(given: str | bytes, right: str | bytes) -> bool:
    """Whether both are the same, which takes as long for any two of one length."""
    return hmac.compare_digest(_bytes(given), _bytes(right))


def check_configured(secret: SecretStr | str, option: str) -> str:
    """The secret; raises NotGenuine where the channel names none, as then nobody can prove it."""
    text = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
    if not text.strip():
        raise NotGenuine(
            f"the channel has no '{option}', so no call can be told from a forged one"
            " - name it in the channel's options"
        )
    return text


def check_basic(call: HookCall, secret: SecretStr, option: str = "webhook_secret") -> None:
    """That the call has the login `name:password` (RFC 7617)."""
    right = check_configured(secret, option)
    if right.rstrip().endswith(":"):  # as of two variables where one is empty
        raise NotGenuine(
            f"'{option}' of the channel has no password, so anybody could know it"
            " - give it one, and the service the same"
        )
    login = login_in(call.header("authorization"))
    if login is None:
        raise NotGenuine(
            "the call has no login - write that of the channel into the address at the service",
            unsigned=True,
        )
    if not same(login, right):
        raise NotGenuine("the call has another login - give the service that of the channel")


def login_in(header: str) -> bytes | None:
    """`name:password` in an `Authorization`; None where none is there, empty if unreadable.

    >>> login_in("Basic YWRhOnNlY3JldA=="), login_in("Basic ?"), login_in("Bearer x")
    (b'ada:secret', b'', None)
    """
    scheme, _, given = header.strip().partition(" ")
    if scheme.lower() != "basic" or not given:
        return None
    try:
        return base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def check_header(
    call: HookCall, name: str, secret: SecretStr, option: str = "webhook_secret"
) -> None:
    """That a header has the secret, alone or behind `Bearer`."""
    right = check_configured(secret, option)
    given = call.header(name)
    if not given:
        raise NotGenuine(f"the call has no {name} - have the service send it", unsigned=True)
    if given[:7].lower() == "bearer ":
        given = given[7:].strip()
    if not same(given, right):
        raise NotGenuine(f"the call has another {name} - give the service that of the channel")


def check_hmac(given: str, secret: str | bytes, *parts: str | bytes) -> None:
    """That `given` is the HMAC-SHA256 of the parts, one after another, in hexadecimal."""
    if not given:
        raise NotGenuine(NOT_SIGNED, unsigned=True)
    right = hmac.new(_bytes(secret), b"".join(map(_bytes, parts)), hashlib.sha256).hexdigest()
    if not same(given.lower(), right):
        raise NotGenuine(ANOTHER_KEY)


def check_window(at: datetime | None, now: datetime, window: timedelta = WINDOW) -> None:
    """That what was signed is of about now: an old call that somebody has kept proves nothing.

    A longer `window` is for services that repeat a call as they once signed it; a moment in the
    future is never more than WINDOW away.
    """
    if at is None:
        raise NotGenuine("the call does not say when it was signed")
    if now - at > window or at - now > WINDOW:
        raise NotGenuine("the call was signed too long ago, or a clock is wrong - see to this one")


def _bytes(given: str | bytes) -> bytes:
    return given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
