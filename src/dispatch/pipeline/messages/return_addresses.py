"""Return addresses: a mail's envelope sender says which delivery it was, signed (VERP).

    bounces+a1000000012a3kq0v9x2m4t7c8r1z5w6@example.org

Behind the "+", in small letters and digits alone, as servers on the way write addresses in small
letters and break what else there is:

    a   the version of this format
    ..  the delivery's key, in base 16
    20  letters: the signature, over the edition's id, too

A key is the same in many databases, and an edition's id in one only: no other database's token fits
a delivery of ours, and nobody can write one for somebody else's. Who has a token has the mail.
"""

import string
from collections.abc import Callable, Iterator, Sequence

from dispatch.model.delivery.bounce_mailbox import SEPARATOR
from dispatch.signing import Signer, same

VERSION = "a"
LETTERS = 20
"""Of a signature: 5 bits each at least, 100 in all."""

MOST_KEY = 16
"""Letters of a key: 64 bits."""

_ALPHABET = string.digits + string.ascii_lowercase
_WRITTEN = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))


class ReturnAddresses:
    """Makes and checks them; the last of the `secrets` signs, all are accepted."""

    def __init__(self, address: str, secrets: Sequence[str]) -> None:
        self.address = address
        self._signers = [Signer(secret, "return address", LETTERS) for secret in secrets]

    def maker(self, edition_id: str) -> Callable[[int], str]:
        """Makes the addresses of one edition: a delivery's key to address."""
        local, _, domain = self.address.rpartition("@")
        head, tail, signer = f"{local}{SEPARATOR}", f"@{domain}", self._signers[-1]

        def address(key: int) -> str:
            return f"{head}{_token(signer, edition_id, f'{key:x}')}{tail}"

        return address

    def is_of(self, token: str, edition_id: str) -> bool:
        """Whether we made the token for a delivery of this edition."""
        key = token[1:-LETTERS]
        return any(same(token, _token(one, edition_id, key)) for one in self._signers)


def key_in(token: str) -> int:
    """The key of the delivery that a token names, whoever made it; 0 where it is none.

    >>> key_in("a100000012a3kq0v9x2m4t7c8r1z5w")
    4294967314
    """
    key = token[1:-LETTERS]
    if not (token.startswith(VERSION) and 0 < len(key) <= MOST_KEY and _is_hex(key)):
        return 0
    found = int(key, 16)
    return found if f"{found:x}" == key and found < 1 << 63 else 0


def read_tokens(words: Sequence[str]) -> Iterator[str]:
    """Those of the words behind the "+" of addresses that may be tokens of ours."""
    for word in words:
        token = word.rpartition(SEPARATOR)[2].lower()
        if key_in(token):
            yield token


def _token(signer: Signer, edition_id: str, key: str) -> str:
    letters = signer.sign(f"{edition_id}.{key}").translate(_WRITTEN).decode()
    return f"{VERSION}{key}{letters}"


def _is_hex(text: str) -> bool:
    return all(one in string.hexdigits for one in text)
