"""Where the people of a file are while it is read: only its end tells who of them comes in."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol

from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.refusal import Refusal
from dispatch.model.people.subscriber import SubscriberRow


class Gathering(Protocol):
    """Takes what is read, in any order of lines."""

    def add(self, people: ArrivingPeople) -> None:
        """People who come in, unless something is said of their line later."""

    def add_gone(self, line: int, email: str, why: str) -> None:
        """A row says that somebody is not to be mailed any more."""

    def refuse(self, line: int, kind: Refusal, why: str) -> None:
        """A row does not count, and why."""

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:
        """People who were added do not come in, and why; `gone`: they are not to be mailed."""


class Nobody:
    """For who only wants to know what is wrong with a file."""

    def add(self, people: ArrivingPeople) -> None:
        """Forget them."""

    def add_gone(self, line: int, email: str, why: str) -> None:
        """Forget it."""

    def refuse(self, line: int, kind: Refusal, why: str) -> None:
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


class WithGround:
    """Passes on what is read, with a ground where a row names none."""

    def __init__(self, into: Gathering, ground: str) -> None:
        self._into = into
        self._ground = ground

    def add(self, people: ArrivingPeople) -> None:
        """Pass them on."""
        said = [one or self._ground for one in people.sources]
        self._into.add(replace(people, sources=said))

    def add_gone(self, line: int, email: str, why: str) -> None:
        """Pass it on."""
        self._into.add_gone(line, email, why)

    def refuse(self, line: int, kind: Refusal, why: str) -> None:
        """Pass it on."""
        self._into.refuse(line, kind, why)

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:
        """Pass them on."""
        self._into.take_out(lines, gone=gone)


class FirstNamed:
    """Passes on what is read, and keeps the addresses of the first who come in."""

    def __init__(self, into: Gathering, most: int) -> None:
        self._into = into
        self._most = most
        self._emails: dict[int, str] = {}

    def add(self, people: ArrivingPeople) -> None:
        """Pass them on, and keep some."""
        self._into.add(people)
        room = self._most - len(self._emails)
        self._emails.update(islice(zip(people.lines, people.emails, strict=True), room))

    def add_gone(self, line: int, email: str, why: str) -> None:
        """Pass it on."""
        self._into.add_gone(line, email, why)

    def refuse(self, line: int, kind: Refusal, why: str) -> None:
        """Pass it on."""
        self._into.refuse(line, kind, why)

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:
        """Pass them on, and forget some."""
        self._into.take_out(self._forgotten(lines), gone=gone)

    def emails(self) -> tuple[str, ...]:
        """Those of the first who come in, in the order of the file."""
        return tuple(self._emails[line] for line in sorted(self._emails))

    def _forgotten(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for line, why in lines:
            self._emails.pop(line, None)
            yield line, why
