"""The tokens in our links: who may do what about which audience, signed, without a login.

A token is letters and digits alone, so that no mail program takes its end for the end of a sentence
or breaks it between two lines. One after the other:

    b   the version of this format
    1   a letter of the key that signed it, so that it is tried first
    32  letters: the reader's public id
    24  letters: the signature
    ..  the audience's name, in base 32

What it is for is signed and not written: the address says it.

Before there were public ids, tokens had three parts with dots between: the reader's number, the
audience, the signature. They hold as long as the database that they were made from.
"""

import base64
import binascii
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dispatch.errors import NotFound
from dispatch.signing import Signer, same

VERSION = "b"
MOST_KEYS = 61
"""So many keys may be listed: a forged token is compared with each."""

KEY_LETTERS = string.digits[1:] + string.ascii_letters
"""What is written of the place that a key had in the list when it signed."""

_ID = 32
_LETTERS = 24
"""Of a signature: 5.7 bits each at least, 136 in all."""

_ALPHABET = string.digits + string.ascii_letters
_WRITTEN = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
"""Byte to letter, for what is only ever compared: no way leads back, and none is needed."""

_OLD_SIGNATURE = 18
_AROUND = re.compile(
    r"\A[<(\[{\"'«‹“‘„‚*（「『]+"
    r"|(?:[.,;:!?…)\]}>\"'»›”’“*~|\\،؛؟۔。，、！？：；）」』】]|&(?:gt|quot|\#39))+\Z"
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever has a token, and the audience it is about.

    Known by `public_id`, or by `number` if the token is an old one. `version` is that of the
    reader's links when it was made, where the purpose has one.
    """

    audience: str
    public_id: str = ""
    number: int | None = None
    version: int = 0


class Tokens:
    """Makes and reads tokens for one purpose; the last of the `secrets` signs, all are accepted."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        self._purpose = purpose
        self._signers = [Signer(secret, purpose + "2", _LETTERS) for secret in secrets]
        self._old_signers = [Signer(secret, purpose, _OLD_SIGNATURE) for secret in secrets]

    def maker(self, audience: str) -> Callable[[str], str]:
        """Makes the tokens of one audience: public id to token. All have the same length."""
        return self._maker(len(self._signers) - 1, audience)

    def read(self, token: str) -> Bearer:
        """Who it is for; raises NotFound for one that we did not make.

        What mail programs and people leave around a link is no part of it: the dot of a sentence, a
        bracket, a quotation mark, in any script.
        """
        token = _AROUND.sub("", token)
        try:
            bearer = self._read_old(token) if "." in token else self._read(token)
        except (ValueError, IndexError, binascii.Error):
            bearer = None
        if bearer is None:
            problem = f"{self._purpose} link: not one of ours, or cut off"
            raise NotFound(f"{problem} - use the whole link from the mail")
        return bearer

    def _maker(self, key: int, audience: str) -> Callable[[str], str]:
        head = VERSION + KEY_LETTERS[key % len(KEY_LETTERS)]
        return _maker(self._signers[key], head, _base32(audience))

    def _read(self, token: str) -> Bearer | None:
        head, public_id = token[:2], token[2 : 2 + _ID]
        place, tail = KEY_LETTERS.index(head[1]), token[2 + _ID + _LETTERS :]
        audience = base64.b32decode(tail.upper() + "=" * (-len(tail) % 8)).decode()
        if head[0] != VERSION or tail != _base32(audience):
            return None
        # Its key may have another place in the list by now: where keys before it were removed.
        for signer in (*self._signers[place : place + 1], *self._signers):
            if same(token, _maker(signer, head, tail)(public_id)):
                return Bearer(audience, public_id)
        return None

    def _read_old(self, token: str) -> Bearer | None:
        number, middle, _ = token.split(".")
        audience = base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)).decode()
        signed = f"{int(number)}.{middle}"
        for signer in self._old_signers:
            signature = base64.urlsafe_b64encode(signer.sign(signed)).decode()
            if same(token, f"{signed}.{signature}"):
                return Bearer(audience, number=int(number))
        return None


def _maker(signer: Signer, head: str, tail: str) -> Callable[[str], str]:
    def token(public_id: str) -> str:
        letters = signer.sign(f"{head}{public_id}{tail}").translate(_WRITTEN).decode()
        return f"{head}{public_id}{letters}{tail}"

    return token


def _base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode().rstrip("=").lower()
