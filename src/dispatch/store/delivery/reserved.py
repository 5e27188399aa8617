"""What a ledger may grant without waiting for the disk, and what it soon may.

A new reservation is written before the old one is used up, and the disk is waited for while mails
of the old one go out.
"""

from collections.abc import Collection, Iterable

from dispatch.store.delivery.ledger_connections import LogSync

FIRST_LEAD = 100
"""Keys that are left when more is reserved, before it is known how many leave meanwhile."""


class Reserved:
    """The keys of one batch that are reserved on the disk, and not granted.

    `age_on_disk` is the age of the database that no power cut takes back.
    """

    def __init__(self, keys: Iterable[int] = ()) -> None:
        self.age_on_disk = 0
        self._keys = set(keys)
        self._lead = FIRST_LEAD
        self._meanwhile = 0  # granted since the disk is waited for
        self._next: set[int] = set()
        self._next_age = 0
        self._sync: LogSync | None = None
        self._is_sound = True  # whether the disk has taken all that it was given

    def __len__(self) -> int:
        return len(self._keys)

    def covers(self, wanted: Collection[int]) -> bool:
        """Whether these may be granted in a commit that does not wait."""
        return self._is_sound and self._keys.issuperset(wanted)

    def hear(self, wanted: Collection[int]) -> None:
        """Take in what the disk has by now; where these need it, wait for it.

        Raises sqlite3.Error where the disk does not take it.
        """
        sync = self._sync
        if sync is not None and (sync.is_over or not self.covers(wanted)):
            self._sync, self._is_sound = None, False
            sync.wait()
            self._is_sound = True
            # As late as may be: each wait costs as much as some mails.
            self._lead = 2 * self._meanwhile
            self.renew(self._next, self._next_age)

    def is_low(self, granting: int) -> bool:
        """Whether more is to be reserved in a commit that grants so many of them."""
        return self._is_sound and self._sync is None and len(self._keys) - granting <= self._lead

    def renew(self, keys: set[int], age: int) -> None:
        """These are reserved now, and no others; so old is the database that has them."""
        self._keys = keys
        self.age_on_disk = max(self.age_on_disk, age)

    def renew_after(self, sync: LogSync, keys: set[int], age: int) -> None:
        """The same, once the disk has it.

        Until then nobody knows which of the two it has, so that only what is in both may go.
        """
        self._sync, self._next, self._next_age = sync, keys, age
        self._keys &= keys
        self._meanwhile = 0

    def grant(self, wanted: Collection[int]) -> None:
        """These have left it."""
        self._keys.difference_update(wanted)
        self._next.difference_update(wanted)
        self._meanwhile += len(wanted)

    def clear(self) -> None:
        """Nothing is reserved."""
        self._keys, self._next, self._sync = set(), set(), None
