"""Whose turn it is to use one of a few processes, and for how long.

What takes long waits for its like, and everything else gets through at once.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heapify, heappop, heappush
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


class Reputation:
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


@dataclass(slots=True, order=True)
class _Ticket(Generic[Seat]):
    """Somebody who waits, and their turn once they are called; none if it is closed then."""

    rank: Rank
    number: int
    called: threading.Event = field(default_factory=threading.Event, compare=False)
    turn: Turn[Seat] | None = field(default=None, compare=False)


class Turns(Generic[Seat]):
    """A few seats, of which at most one is in somebody's hands for long.

    Who has a short turn keeps to the time that is meant for it, or asks to `prolong` it.
    """

    def __init__(self, seats: list[Seat]) -> None:
        self._free = seats
        self._long: Turn[Seat] | None = None
        self._waiting: list[_Ticket[Seat]] = []  # a heap
        self._numbers = count()
        self._lock = threading.Lock()
        self._closed = False

    def take(self, rank: Rank, *, patience: float) -> Turn[Seat]:
        """Wait for a turn: the better rank first, then who came first.

        A suspect's turn is a long one; others have short ones. Raises Busy if there is no long one
        within `patience` seconds, and Closed.
        """
        with self._lock:
            if self._closed:
                raise Closed
            ticket: _Ticket[Seat] = _Ticket(rank, next(self._numbers))
            heappush(self._waiting, ticket)
            self._call()
        ticket.called.wait(patience if rank is Rank.SUSPECT else None)
        with self._lock:
            if ticket.turn is not None:  # perhaps in the last moment
                return ticket.turn
            if self._closed:
                raise Closed
            self._waiting.remove(ticket)
            heapify(self._waiting)
            raise Busy

    def prolong(self, turn: Turn[Seat]) -> bool:
        """Make it the long turn; False if that is somebody else's."""
        with self._lock:
            self._long = self._long or turn
            return self._long is turn

    def give_back(self, turn: Turn[Seat], seat: Seat) -> None:
        """End a turn; `seat` is what the next one finds."""
        with self._lock:
            self._free.append(seat)
            if self._long is turn:
                self._long = None
            if not self._closed:
                self._call()

    def close(self) -> list[Seat]:
        """Give no more turns, also to those that wait; the free seats."""
        with self._lock:
            self._closed = True
            for ticket in self._waiting:
                ticket.called.set()
            free, self._free = self._free, []
            return free

    def _call(self) -> None:
        """Give the free seats to those who are next: each is woken for its own turn only."""
        while self._free and self._waiting:
            ticket = self._waiting[0]
            if ticket.rank is Rank.SUSPECT and self._long is not None:
                return  # and all behind it are suspects, too
            heappop(self._waiting)
            ticket.turn = Turn(self._free.pop())
            if ticket.rank is Rank.SUSPECT:
                self._long = ticket.turn
            ticket.called.set()
