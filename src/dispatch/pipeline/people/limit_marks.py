"""Who asks for something, as the limits know them: keyed hashes, from which no way leads back."""

from collections.abc import Sequence

from dispatch.model.people.subscriber import email_key
from dispatch.signing import Signer

_SIZE = 16


class LimitMarks:
    """Makes marks with the secret that is newest, for one thing that somebody may ask for.

    What it is stands in `purpose`, such as `sign-up`: one of them uses up nothing of another.
    """

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        self._signer = Signer(secrets[-1], "limit", _SIZE)
        self._purpose = purpose

    def network(self, network: str) -> str:
        """Where somebody is."""
        return self._mark("network", network)

    def address(self, email: str) -> str:
        """Whose mailbox it is."""
        return self._mark("address", email_key(email))

    def mailbox(self, email: str) -> str:
        """The same for all addresses that differ after a `+` only: nearly always one mailbox."""
        local, _, domain = email_key(email).rpartition("@")
        return self._mark("mailbox", f"{local.partition('+')[0]}@{domain}")

    def whole(self, name: str) -> str:
        """All who use something, such as a form."""
        return self._mark("whole", name)

    def once(self, *parts: str) -> str:
        """Something that can be used once."""
        return self._mark("once", *parts)

    def _mark(self, *parts: str) -> str:
        return self._signer.sign("\0".join((self._purpose, *parts))).hex()
