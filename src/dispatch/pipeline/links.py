"""The signed links in what we send: who may do what, without a login."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

from dispatch.errors import NotFound

_SIGNATURE = 18
"""Bytes of a signature: 144 bits, which are 24 letters without padding."""


class Links:
    """Makes and reads links under the public address; `secret` signs them.

    A link has no end date: somebody may want to leave years later.
    """

    def __init__(self, public_url: str, secret: str) -> None:
        self._public_url = public_url
        key = hashlib.sha256(secret.encode()).digest()
        self._leaving = _Signer(key, b"unsubscribe")
        self._choosing = _Signer(key, b"cadence")

    def unsubscribe_token(self, subscriber_id: int, audience: str) -> str:
        """What proves that whoever has it may end this subscription."""
        return self.unsubscribe_tokens(audience)(subscriber_id)

    def unsubscribe_tokens(self, audience: str) -> Callable[[int], str]:
        """Makes the tokens of one audience: subscriber id to token, as above.

        A token is made of letters, digits, dots, hyphens and underscores, and begins with the id.
        """
        return self._leaving.tokens(audience)

    def unsubscribe_url(self, token: str) -> str:
        """The page with the button, which is also the address for one-click (RFC 8058).

        It ends with the token.
        """
        return f"{self._public_url}/unsubscribe/{token}"

    def read_unsubscribe(self, token: str) -> tuple[int, str]:
        """Subscriber id and audience; raises NotFound for a link that we did not make."""
        return self._leaving.read(token)

    def cadence_token(self, subscriber_id: int, audience: str) -> str:
        """What proves that whoever has it may choose how often this reader gets it."""
        return self.cadence_tokens(audience)(subscriber_id)

    def cadence_tokens(self, audience: str) -> Callable[[int], str]:
        """Makes the tokens of one audience: subscriber id to token, as above."""
        return self._choosing.tokens(audience)

    def cadence_url(self, token: str) -> str:
        """The page where a reader chooses; it ends with the token."""
        return f"{self._public_url}/cadence/{token}"

    def read_cadence(self, token: str) -> tuple[int, str]:
        """Subscriber id and audience; raises NotFound for a link that we did not make."""
        return self._choosing.read(token)


class _Signer:
    """Makes and reads tokens for one purpose."""

    def __init__(self, key: bytes, purpose: bytes) -> None:
        # BLAKE2b is made to be keyed and takes a third of the time of HMAC with SHA-256
        # (RFC 7693); what it is for is part of the hash, so no other signature passes for this.
        self._signer = hashlib.blake2b(key=key, digest_size=_SIGNATURE, person=purpose)
        self._purpose = purpose.decode()

    def tokens(self, audience: str) -> Callable[[int], str]:
        signer = self._signer
        middle = "." + base64.urlsafe_b64encode(audience.encode()).decode().rstrip("=")

        def token(subscriber_id: int) -> str:
            signed = f"{subscriber_id}{middle}"
            signature = signer.copy()
            signature.update(signed.encode())
            return f"{signed}.{base64.urlsafe_b64encode(signature.digest()).decode()}"

        return token

    def read(self, token: str) -> tuple[int, str]:
        try:
            number, middle, _ = token.split(".")
            audience = base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)).decode()
            subscriber_id = int(number)
            made_by_us = hmac.compare_digest(
                token.encode(), self.tokens(audience)(subscriber_id).encode()
            )
        except (ValueError, binascii.Error):
            made_by_us = False
        if not made_by_us:
            problem = f"{self._purpose} link: not one of ours, or cut off"
            raise NotFound(f"{problem} - use the whole link from the mail")
        return subscriber_id, audience
