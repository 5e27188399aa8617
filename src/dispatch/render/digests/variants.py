"""The forms of an edition: one for each variant of its digest, made when its first reader comes."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import structlog

from dispatch.errors import DispatchError
from dispatch.model.people.profile import Profile
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.digests.variant import (
    CompiledDigest,
    CompiledVariant,
    Reading,
    Room,
    exact_reader_of,
    has_room,
    is_line,
    reader_of,
)
from dispatch.render.templates.words import Languages

log = structlog.get_logger()

MOST = 200
"""Variants of one edition; readers of further ones get a digest rendered for them alone."""

Form = TypeVar("Form")
Make = Callable[[CompiledDigest, tuple[str, ...]], Form]
"""What the caller keeps of a variant; the names are those of its values, in their order."""

Compile = Callable[[Subscriber, Reading], CompiledVariant]
"""Compiles the variant of a reader, given what is known to be read; raises TemplateFailed."""


class Variants(Generic[Form]):
    """Finds the form for a reader. For one thread."""

    def __init__(self, compile_variant: Compile, make: Make[Form], *, languages: Languages) -> None:
        self._compile = compile_variant
        self._make = make
        self._languages = languages
        self._forms: dict[Hashable, tuple[Form, tuple[Room, ...]] | None] = {}
        self._reading = Reading()
        self._read: list[Callable[[Profile], str]] = []
        self._read_exact: list[Callable[[Profile], Hashable]] = []
        self._off = False
        self._said: set[str] = set()

    def __len__(self) -> int:
        return sum(form is not None for form in self._forms.values())

    def find(self, subscriber: Profile) -> tuple[Form, list[str]] | None:
        """The form and this reader's values for it; None: their digest has to be rendered.

        What is wrong with a template or a header shows when the digest is rendered and written.
        """
        if self._off:
            return None
        values = [read(subscriber) for read in self._read]
        try:
            found = self._forms[self._key(subscriber, values)]
        except KeyError:
            return self._add(subscriber)
        if found is None:
            return None
        form, rooms = found
        if not all(map(is_line, values)):
            return None
        if rooms and not has_room(rooms, self._reading.printed, values):
            return None
        return form, values

    def _key(self, subscriber: Profile, values: list[str]) -> Hashable:
        return (
            self._languages.pick(subscriber.locale),
            *[not value for value in values],
            *[read(subscriber) for read in self._read_exact],
        )

    def _add(self, subscriber: Profile) -> tuple[Form, list[str]] | None:
        """Compile the variant of this reader, and find it."""
        if len(self._forms) >= MOST:
            return None
        found = None
        compiled = self._compile(subscriber.subscriber, self._reading)
        self._learn(compiled.reading)
        if compiled.differs:
            log.warning("digest.compiled_differs")
            self._off = True
            return None
        if compiled.digest is None:
            self._say(compiled.reason)
        else:
            try:
                form = self._make(compiled.digest, self._reading.printed)
                found = (form, compiled.digest.rooms)
            except DispatchError as reason:
                self._say(str(reason))
        values = [read(subscriber) for read in self._read]
        self._forms[self._key(subscriber, values)] = found
        return self.find(subscriber) if found else None

    def _learn(self, reading: Reading) -> None:
        """Take into account what the template was found to look at."""
        if reading == self._reading:
            return
        self._reading = reading
        self._read = [reader_of(name) for name in reading.printed]
        self._read_exact = [exact_reader_of(name) for name in reading.exact]
        self._forms.clear()  # they were told apart by less

    def _say(self, reason: str) -> None:
        if reason not in self._said:
            self._said.add(reason)
            log.info("digest.not_compiled", reason=reason)
