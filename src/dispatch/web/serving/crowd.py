"""The connections that are open, and which of them has to go when there is no room."""

from typing import Protocol

from dispatch.clock import Timer


class Guest(Protocol):
    """A connection, as far as the crowd is concerned."""

    def let_go(self) -> None:
        """End at once."""


class Crowd:
    """Counts connections, and knows those that wait for their client, longest first.

    When there is no room, the one that has waited longest makes some. So whoever holds many and
    does nothing with them loses those. A reader who has just come does not: before their request
    is here, as many others would have to come as there is room for.
    """

    def __init__(self, timer: Timer, *, settling_seconds: float) -> None:
        self._timer = timer
        self._settling = settling_seconds
        self._inside: dict[Guest, None] = {}  # dicts, because sets forget the order
        self._waiting: dict[Guest, float] = {}  # since when
        self._leaving: set[Guest] = set()

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def staying(self) -> int:
        """How many there are besides those that were let go, whose handlers have yet to hear it."""
        return len(self._inside) - len(self._leaving)

    def enter(self, one: Guest) -> None:
        """Count a connection that was just opened."""
        self._inside[one] = None

    def wait(self, one: Guest) -> None:
        """It waits for its client, from now on."""
        self._waiting.pop(one, None)
        self._waiting[one] = self._timer()

    def work(self, one: Guest) -> None:
        """Its client waits for us: it stays, whoever else comes."""
        self._waiting.pop(one, None)

    def leave(self, one: Guest) -> None:
        """It has ended, and nothing is done for it any more."""
        self._inside.pop(one, None)
        self._waiting.pop(one, None)
        self._leaving.discard(one)

    def make_room(self) -> bool:
        """Let go who has been waiting longest; False where nobody has waited for long enough."""
        for one, since in self._waiting.items():
            if self._timer() - since < self._settling:
                break
            del self._waiting[one]
            self._leaving.add(one)
            one.let_go()
            return True
        return False

    def end(self) -> None:
        """Let everybody go."""
        for one in tuple(self._inside):
            one.let_go()
