"""What is kept sealed in the database: the one place that encrypts (AES-256-GCM).

A seal says which key it was made with, and holds only where it was made for: what is moved to
another row does not open there.
"""

import hashlib
import secrets
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dispatch.errors import DispatchError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
VERSION = "1"

_NONCE_BYTES = 12  # as NIST SP 800-38D wants it; one key seals too little for two to be alike
_NO_EXTRA = "the extra is missing that encrypts - install dispatch-digest[tokens]"


class SealBroken(DispatchError):
    """What is sealed cannot be opened here; nothing of it was read."""


def new_key() -> str:
    """A key that nobody has, as settings hold it."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_key(text: str) -> bytes:
    """The bytes of a key; raises ValueError where it is none, and never shows it."""
    text = text.strip().replace("-", "+").replace("_", "/")
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"is not {KEY_BYTES} bytes in base64")
    return key


class Sealer:
    """Seals with the first of some keys, and opens with each of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = {_mark(key): key for key in map(read_key, keys)}
        self._first = next(iter(self._keys), "")

    def __bool__(self) -> bool:
        return bool(self._keys)

    def check(self) -> None:
        """Raise SealBroken where it could seal nothing."""
        if not self._keys:
            raise SealBroken("there is no key to seal it with")
        self._cipher(self._first)

    def seal(self, said: str, purpose: str) -> str:
        """The text, sealed for one purpose; raises SealBroken where there is no key."""
        self.check()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher(self._first).encrypt(nonce, said.encode(), purpose.encode())
        return f"{VERSION}.{self._first}.{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, purpose: str) -> str:
        """What was sealed for this purpose; raises SealBroken, whose text says what is wrong."""
        version, _, rest = sealed.partition(".")
        mark, _, text = rest.partition(".")
        if version != VERSION or not text:
            raise SealBroken("it is damaged")
        if mark not in self._keys:
            raise SealBroken("it was sealed with a key that is not there")
        cipher = self._cipher(mark)
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - an extra

        try:
            whole = urlsafe_b64decode(text)
            said = cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("it is damaged, or was sealed for something else") from None
        return said.decode()

    def _cipher(self, mark: str) -> "AESGCM":
        try:
            from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - an extra
                AESGCM,
            )
        except ImportError:
            raise SealBroken(_NO_EXTRA) from None
        return AESGCM(self._keys[mark])


def _mark(key: bytes) -> str:
    """Names a key without telling it."""
    return hashlib.blake2b(key, digest_size=4, person=b"seal key").hexdigest()
