"""Whose turn it is to use one of a few processes, and for how long.

What takes long waits for its like, and everything else gets through at once.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import Generic, TypeVar

Seat = TypeVar("Seat")

FORGIVEN = 3
"""Turns that have to go well, one after the other, until a limit that was hit is forgotten."""

MOST_KNOWN = 20_000
"""Addresses of which we know how they behave; those that were asked longest ago are forgotten."""


class Rank(IntEnum):
    """In this order those are served who wait."""

    KNOWN = 0
    """Its last turns went well."""
    NEW = 1
    """Nothing is known of it, or there were limits that it hit a while ago."""
    SUSPECT = 2
    """It hit a limit in its last turn, or this turn was too short for it: it has a long one."""


class Standing:
    """How addresses have behaved since the program was started; for many threads."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        # By hash, as an address may be long; to the turns that have to go well.
        self._doubts: OrderedDict[int, int] = OrderedDict()
        self._lock = threading.Lock()

    def rank(self, address: str) -> Rank:
        """How an address is to be treated."""
        with self._lock:
            doubts = self._doubts.get(hash(address))
        if doubts is None:
            return Rank.NEW
        if doubts == FORGIVEN:
            return Rank.SUSPECT
        return Rank.NEW if doubts else Rank.KNOWN

    def note(self, address: str, *, well: bool) -> None:
        """How a turn of the address ended."""
        key = hash(address)
        with self._lock:
            doubts = self._doubts.pop(key, 0)
            self._doubts[key] = max(doubts - 1, 0) if well else FORGIVEN
            if len(self._doubts) > self._most:
                self._doubts.popitem(last=False)


class Busy(Exception):
    """Too many wait for a long turn."""


class Closed(Exception):
    """There are no more turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn(Generic[Seat]):
    """Somebody's turn on a seat."""

    seat: Seat


class Turns(Generic[Seat]):
    """A few seats, of which at most one is in somebody's hands for long.

    Who has a short turn keeps to the time that is meant for it, or asks to `prolong` it.
    """

    def __init__(self, seats: list[Seat]) -> None:
        self._free = seats
        self._long: Turn[Seat] | None = None
        self._waiting: list[tuple[Rank, int]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._closed = False

    def take(self, rank: Rank, *, patience: float) -> Turn[Seat]:
        """Wait for a turn: the better rank first, then who came first.

        A suspect's turn is a long one; others have short ones. Raises Busy if there is no long one
        within `patience` seconds, and Closed.
        """
        is_long = rank is Rank.SUSPECT
        ticket = (rank, next(self._numbers))
        with self._changed:
            self._waiting.append(ticket)
            try:
                came = self._changed.wait_for(
                    lambda: self._closed or self._is_next(ticket), patience if is_long else None
                )
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
            if self._closed:
                raise Closed
            if not came:
                raise Busy
            turn = Turn(self._free.pop())
            if is_long:
                self._long = turn
            return turn

    def prolong(self, turn: Turn[Seat]) -> bool:
        """Make it the long turn; False if that is somebody else's."""
        with self._changed:
            self._long = self._long or turn
            return self._long is turn

    def give_back(self, turn: Turn[Seat], seat: Seat) -> None:
        """End a turn; `seat` is what the next one finds."""
        with self._changed:
            self._free.append(seat)
            if self._long is turn:
                self._long = None
            self._changed.notify_all()

    def close(self) -> list[Seat]:
        """Give no more turns, also to those that wait; the free seats."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            free, self._free = self._free, []
            return free

    def _is_next(self, ticket: tuple[Rank, int]) -> bool:
        # A better rank is the lower number: all before suspects, for whom there may be no turn now.
        first = min(self._waiting)
        return (
            bool(self._free)
            and ticket == first
            and (ticket[0] is not Rank.SUSPECT or self._long is None)
        )
