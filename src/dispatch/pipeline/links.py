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
        # BLAKE2b is made to be keyed and takes a third of the time of HMAC with SHA-256
        # (RFC 7693); what it is for is part of the hash, so no other signature passes for this.
        key = hashlib.sha256(secret.encode()).digest()
        self._signer = hashlib.blake2b(key=key, digest_size=_SIGNATURE, person=b"unsubscribe")

    def unsubscribe_token(self, subscriber_id: int, audience: str) -> str:
        """What proves that whoever has it may end this subscription."""
        return self.unsubscribe_tokens(audience)(subscriber_id)

    def unsubscribe_tokens(self, audience: str) -> Callable[[int], str]:
        """Makes the tokens of one audience: subscriber id to token, as above.

        A token is made of letters, digits, dots, hyphens and underscores, and begins with the id.
        """
        signer = self._signer
        middle = "." + base64.urlsafe_b64encode(audience.encode()).decode().rstrip("=")

        def token(subscriber_id: int) -> str:
            signed = f"{subscriber_id}{middle}"
            signature = signer.copy()
            signature.update(signed.encode())
            return f"{signed}.{base64.urlsafe_b64encode(signature.digest()).decode()}"

        return token

    def unsubscribe_url(self, token: str) -> str:
        """The page with the button, which is also the address for one-click (RFC 8058).

        It ends with the token.
        """
        return f"{self._public_url}/unsubscribe/{token}"

    def read_unsubscribe(self, token: str) -> tuple[int, str]:
        """Subscriber id and audience; raises NotFound for a link that we did not make."""
        try:
            number, middle, _ = token.split(".")
            audience = base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)).decode()
            subscriber_id = int(number)
            made_by_us = hmac.compare_digest(
                token.encode(), self.unsubscribe_token(subscriber_id, audience).encode()
            )
        except (ValueError, binascii.Error):
            made_by_us = False
        if not made_by_us:
            raise NotFound(
                "unsubscribe link: not one of ours, or cut off - use the whole link from the mail"
            )
        return subscriber_id, audience
