"""The signed links in what we send: who may do what, without a login."""

from itsdangerous import BadSignature, URLSafeSerializer

from dispatch.errors import NotFound


class Links:
    """Makes and reads links under the public address; `secret` signs them.

    A link has no end date: somebody may want to leave years later.
    """

    def __init__(self, public_url: str, secret: str) -> None:
        self._public_url = public_url
        self._unsubscribe = URLSafeSerializer(secret, salt="unsubscribe")

    def unsubscribe_token(self, subscriber_id: int, audience: str) -> str:
        """What proves that whoever has it may end this subscription."""
        return str(self._unsubscribe.dumps([subscriber_id, audience]))

    def unsubscribe_url(self, token: str) -> str:
        """The page with the button, which is also the address for one-click (RFC 8058)."""
        return f"{self._public_url}/unsubscribe/{token}"

    def read_unsubscribe(self, token: str) -> tuple[int, str]:
        """Subscriber id and audience; raises NotFound for a link that we did not make."""
        try:
            subscriber_id, audience = self._unsubscribe.loads(token)
        except (BadSignature, ValueError, TypeError):
            raise NotFound(
                "unsubscribe link: not one of ours, or cut off - use the whole link from the mail"
            ) from None
        return int(subscriber_id), str(audience)
