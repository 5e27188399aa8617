"""Passwords as argon2id hashes them. One takes 64 MiB and, on a busy machine, a second."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from dispatch.errors import TooBusy
from dispatch.model.team.password import tidy_password

if TYPE_CHECKING:
    from argon2 import PasswordHasher

AT_ONCE = 2
"""Hashes that are reckoned at a time: 128 MiB together."""

LINE = 6
"""Who is reckoned for or waits, at most: of the pages' threads two are left for others."""


class Passwords:
    """Makes and checks hashes, a few at a time; raises TooBusy where too many wait for that.

    `hasher` None: with the parameters that argon2-cffi recommends (RFC 9106, low memory).
    """

    def __init__(self, hasher: "PasswordHasher | None" = None) -> None:
        self._given = hasher
        self._line = BoundedSemaphore(LINE)
        self._free = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._turn():
            return self._hasher.hash(tidy_password(password))

    def is_right(self, password: str, kept: str) -> bool:
        """Whether it is the one; where none is kept, it takes as long to say that it is not."""
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        with self._turn():
            try:
                return self._hasher.verify(kept or self._decoy, tidy_password(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, kept: str) -> bool:
        """Whether it was made with other parameters than those of now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # noqa: PLC0415 - only who signs in needs it

        return self._given or PasswordHasher()

    @property
    def _decoy(self) -> str:
        """A hash that no password has, which takes as long to check as any."""
        ours = self._hasher
        head = f"$argon2id$v=19$m={ours.memory_cost},t={ours.time_cost},p={ours.parallelism}"
        parts = (bytes(ours.salt_len), bytes(ours.hash_len))
        return "$".join((head, *(base64.b64encode(part).decode().rstrip("=") for part in parts)))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise TooBusy("signing in: too many try at once - try again in a moment")
        try:
            with self._free:
                yield
        finally:
            self._line.release()
