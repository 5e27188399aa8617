"""Where hubs reach us: for each subscription an address that nobody can guess, and a key.

Both are made from the secret key when they are needed and kept nowhere, so that who reads the
database, or a copy of it, can neither speak as a hub nor be asked as us (promise P7).
"""

import base64
import hashlib

from dispatch.errors import NotFound
from dispatch.signing import Signer, same

_SIGNATURE = 18
"""Bytes of a signature: 144 bits, which are 24 letters without padding."""

_SECRET = 32


class Callbacks:
    """Makes and reads callback addresses under the public address; `secret` signs them."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._public_url = public_url
        self._address = Signer(secret, "push address", _SIGNATURE)
        self._secret = Signer(secret, "push secret", _SECRET)

    def __bool__(self) -> bool:
        """Whether there is a public address at which a hub could reach us."""
        return bool(self._public_url)

    def url(self, websub_id: str) -> str:
        """The address that a hub calls for this subscription and for no other."""
        return f"{self._public_url}/push/{self.token(websub_id)}"

    def token(self, websub_id: str) -> str:
        """The last part of the address."""
        return f"{websub_id}.{_letters(self._address.sign(websub_id))}"

    def read(self, token: str) -> str:
        """The subscription's id; raises NotFound for an address that we did not make."""
        websub_id = token.partition(".")[0]
        if not same(token, self.token(websub_id)):
            raise NotFound("callback: not one of ours - hubs use the one they were given")
        return websub_id

    def secret(self, websub_id: str) -> str:
        """What the hub signs with: 43 letters; the protocol allows less than 200 bytes."""
        return _letters(self._secret.sign(websub_id))

    def fingerprint(self, websub_id: str) -> str:
        """What tells whether the address is still the one that a hub was given."""
        return hashlib.sha256(self.url(websub_id).encode()).hexdigest()[:32]


def _letters(signature: bytes) -> str:
    return base64.urlsafe_b64encode(signature).decode().rstrip("=")
