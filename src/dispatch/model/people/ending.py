"""That somebody has left, or is never to be mailed: kept beside the database, and outliving it.

The file holds no address. It has marks: keyed hashes, by which we find again who it was, and
nobody else can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.signing import Signer

_SIZE = 16
"""Bytes of a mark: too many to hit one by chance, few enough to keep millions."""


class What(StrEnum):
    """What an ending says of a mark; of several the last one counts."""

    LEFT = "left"  # an audience
    RETURNED = "returned"  # to an audience that they had left: they asked for it again
    SUPPRESSED = "suppressed"  # an address, whatever the audience
    LIFTED = "lifted"  # a suppression, by somebody of the team
    ERASED = "erased"  # a person: nothing but their own word brings them in again


IN_FORCE = frozenset({What.LEFT, What.SUPPRESSED, What.ERASED})
"""What keeps somebody out."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One line of the file; `key` tells which of our keys the mark was made with."""

    mark: str
    what: What
    at: datetime
    key: str = ""

    def replaces(self, other: "Ending | None") -> bool:
        """Whether it says something newer of its mark than what is known."""
        if other is None:
            return True
        return self.at >= other.at and (self.at, self.what) != (other.at, other.what)


class Marker:
    """Makes marks with one secret; `key` is that secret's name, and gives nothing of it away."""

    def __init__(self, secret: str) -> None:
        self.key = Signer(secret, "key name", 4).sign("").hex()
        self._left = Signer(secret, "left", _SIZE)
        self._left_by_link = Signer(secret, "left by link", _SIZE)
        self._suppressed = Signer(secret, "suppressed", _SIZE)
        self._erased = Signer(secret, "erased", _SIZE)

    def left(self, email_key: str, audience: str) -> str:
        """That who has this address has left an audience."""
        return _mark(self._left, email_key, audience)

    def left_by_link(self, public_id: str, audience: str) -> str:
        """That who has this link has left, where no address was found for it."""
        return _mark(self._left_by_link, public_id, audience)

    def suppressed(self, email_key: str) -> str:
        """That this address is never to be mailed."""
        return _mark(self._suppressed, email_key)

    def erased(self, email_key: str) -> str:
        """That who had this address was erased."""
        return _mark(self._erased, email_key)


def _mark(signer: Signer, *parts: str) -> str:
    return signer.sign("\0".join(parts)).hex()


class Markers:
    """Marks by all of our secrets, oldest first: an ending may have been kept under any of them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._all = [Marker(secret) for secret in secrets]

    @property
    def newest(self) -> Marker:
        """The one that new marks are made with."""
        return self._all[-1]

    @property
    def keys(self) -> frozenset[str]:
        """The names of the secrets."""
        return frozenset(one.key for one in self._all)

    def all_left(self, email_key: str, public_id: str, audience: str) -> dict[str, str]:
        """Each mark under which it may be kept that they have left, to the name of its key."""
        found = {one.left(email_key, audience): one.key for one in self._all}
        if public_id:
            found |= {one.left_by_link(public_id, audience): one.key for one in self._all}
        return found

    def all_suppressed(self, email_key: str) -> dict[str, str]:
        """The same of an address that is never to be mailed."""
        return {one.suppressed(email_key): one.key for one in self._all}

    def all_erased(self, email_key: str) -> dict[str, str]:
        """The same of somebody who was erased."""
        return {one.erased(email_key): one.key for one in self._all}

    def left(self, email_key: str, audience: str) -> list[str]:
        """The marks under which it may be kept that somebody has left an audience."""
        return [one.left(email_key, audience) for one in self._all]

    def left_by_link(self, public_id: str, audience: str) -> list[str]:
        """Those by which a link is found again."""
        return [one.left_by_link(public_id, audience) for one in self._all]

    def suppressed(self, email_key: str) -> list[str]:
        """Those by which an address is."""
        return [one.suppressed(email_key) for one in self._all]

    def erased(self, email_key: str) -> list[str]:
        """Those by which somebody who was erased is."""
        return [one.erased(email_key) for one in self._all]
