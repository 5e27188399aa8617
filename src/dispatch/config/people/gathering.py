"""Where the people of a file are while it is read: only its end tells who of them comes in."""

from collections.abc import Iterable
from typing import Protocol

from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.subscriber import SubscriberRow


class Gathering(Protocol):
    """Takes what is read, in any order of lines."""

    def add(self, people: ArrivingPeople) -> None:
        """People who come in, unless something is said of their line later."""

    def add_gone(self, line: int, email: str, why: str) -> None:
        """A row says that somebody is not to be mailed any more."""

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:
        """People who were added do not come in, and why; `gone`: they are not to be mailed."""


class Nobody:
    """For who only wants to know what is wrong with a file."""

    def add(self, people: ArrivingPeople) -> None:
        """Forget them."""

    def add_gone(self, line: int, email: str, why: str) -> None:
        """Forget it."""

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:  # noqa: ARG002
        """Forget it."""
        for _ in lines:
            pass


class Listed(Nobody):
    """All of them in memory, for files that are not large."""

    def __init__(self) -> None:
        self._people: dict[int, SubscriberRow] = {}

    def add(self, people: ArrivingPeople) -> None:
        """Keep them."""
        self._people.update((row.line, row) for row in people.rows())

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:  # noqa: ARG002
        """Forget some."""
        for line, _ in lines:
            del self._people[line]

    def rows(self) -> tuple[SubscriberRow, ...]:
        """Those who come in, in the order of the file."""
        return tuple(self._people[line] for line in sorted(self._people))
