"""The forms of an edition: one for each variant of its digest, made when its first reader comes."""

import re
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Generic, TypeVar

import structlog

from dispatch.errors import DispatchError
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.plain_text import one_line, printable
from dispatch.render.digests.compile import (
    CHOICE_TOKEN,
    TOKEN,
    CannotCompile,
    Room,
    SlottedDigest,
    compile_digest,
    filled,
)
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.templates.context import Links, view_subscriber
from dispatch.render.templates.symbolic_values import WHOLE, NeedsValue, StandInSubscriber

log = structlog.get_logger()

MOST = 200
"""Variants of one edition; readers of further ones get a digest rendered for them alone."""

Form = TypeVar("Form")
Make = Callable[[SlottedDigest, tuple[str, ...]], Form]
"""What the caller keeps of a variant; the names are those of its values, in their order."""

_EVERYBODYS_OWN = frozenset({"name", "email", TOKEN, CHOICE_TOKEN, WHOLE})
"""What nearly every reader has another value of: not worth a variant each."""

_FIELD = "fields."
_AWKWARD_VALUE = "O'Neil \"<b>&amp;\xa0é 🏳️‍🌈 ليلى{{ x }}"
_AWKWARD_EMAIL = "o'neil+<&>é=20@example.org"

_PLAIN_LINE = re.compile(r"[!-~]+(?: [!-~]+)*").fullmatch


class Variants(Generic[Form]):
    """Finds the form for a reader. For one thread.

    A variant is what readers have in common whom one form suits: their language, which of
    the values that the template looks at are empty, and what the values are that it does more with
    than print them.
    """

    def __init__(self, renderer: DigestRenderer, make: Make[Form], *, bases: Links) -> None:
        self._renderer = renderer
        self._make = make
        self._bases = bases
        self._forms: dict[Hashable, tuple[Form, tuple[Room, ...]] | None] = {}
        self._printed: tuple[str, ...] = ()
        self._exact: tuple[str, ...] = ()
        self._read: list[Callable[[Subscriber], str]] = []
        self._fields: list[int] = []  # where values may be more than a line
        self._read_exact: list[Callable[[Subscriber], Hashable]] = []
        self._off = False
        self._said: set[str] = set()

    def __len__(self) -> int:
        return sum(form is not None for form in self._forms.values())

    def find(self, subscriber: Subscriber) -> tuple[Form, list[str]] | None:
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
        for value in values:
            if not _PLAIN_LINE(value) and one_line(value) != value:
                return None  # where lines end changes how texts are tidied
        if rooms and not self._has_room(rooms, values):
            return None
        return form, values

    def _key(self, subscriber: Subscriber, values: list[str]) -> Hashable:
        return (
            self._renderer.locale(subscriber.locale),
            *[not value for value in values],
            *[read(subscriber) for read in self._read_exact],
        )

    def _add(self, subscriber: Subscriber) -> tuple[Form, list[str]] | None:
        """Compile the variant of this reader, and find it."""
        if len(self._forms) >= MOST:
            return None
        found = None
        try:
            digest = self._compile(subscriber)
            if not self._is_right(digest, subscriber):
                log.warning("a compiled digest differs: they are rendered one by one")
                self._off = True
                return None
            found = (self._make(digest, self._printed), digest.rooms)
        except (CannotCompile, DispatchError) as reason:
            self._say(str(reason))
        values = [read(subscriber) for read in self._read]
        self._forms[self._key(subscriber, values)] = found
        return self.find(subscriber) if found else None

    def _say(self, reason: str) -> None:
        if reason not in self._said:
            self._said.add(reason)
            log.info("digests are rendered one by one", reason=reason)

    def _compile(self, subscriber: Subscriber) -> SlottedDigest:
        """The digest of a variant, after as many trials as it takes to know what it needs."""
        home = self._renderer.stand_ins
        while True:
            view = StandInSubscriber(view_subscriber(subscriber), home, self._exact)
            try:
                digest = compile_digest(self._renderer, subscriber, view, bases=self._bases)
            except NeedsValue:
                digest = None
            finally:
                news = self._ask(view.asked, home.needed)
            if own := home.needed & _EVERYBODYS_OWN:
                names = ", ".join(sorted(own))
                raise CannotCompile(f"the template does more with {names} than print")
            if digest is not None:
                return digest
            if not news:
                raise CannotCompile("the template does more with values than print them")

    def _ask(self, asked: set[str], needed: set[str]) -> bool:
        """Take into account what the template was found to look at; whether that is news."""
        texts = {name for name in asked if name in _TEXTS or name.startswith(_FIELD)}
        needed = {name for name in needed if name.startswith(_FIELD)}
        exact = sorted({*self._exact, *needed, *(asked - texts)})
        printed = sorted({*self._printed, *texts} - set(exact))
        if (tuple(printed), tuple(exact)) == (self._printed, self._exact):
            return False
        self._printed, self._exact = tuple(printed), tuple(exact)
        self._read = [_reader(name) for name in printed]
        self._fields = [index for index, name in enumerate(printed) if name.startswith(_FIELD)]
        self._read_exact = [_exact_reader(name) for name in exact]
        self._forms.clear()  # they were told apart by less
        return True

    def _is_right(self, digest: SlottedDigest, subscriber: Subscriber) -> bool:
        """Whether the form gives what rendering gives, for this reader and for an awkward one."""
        awkward = replace(
            subscriber,
            name=_AWKWARD_VALUE if one_line(subscriber.name) else "",
            email=_AWKWARD_EMAIL,
            fields={
                name: _AWKWARD_VALUE
                if printable(value) and f"{_FIELD}{name}" in self._printed
                else value
                for name, value in subscriber.fields.items()
            },
        )
        return self._agrees(digest, subscriber) and self._agrees(digest, awkward)

    def _agrees(self, digest: SlottedDigest, subscriber: Subscriber) -> bool:
        values = [read(subscriber) for read in self._read]
        if not all(map(_is_line, values)) or not self._has_room(digest.rooms, values):
            return True  # not for this form
        try:
            oracle = self._renderer.render(
                subscriber,
                unsubscribe_url=f"{self._bases.unsubscribe}{_TRIAL}",
                cadence_url=self._bases.cadence and f"{self._bases.cadence}{_TRIAL_CHOICE}",
            )
        except DispatchError:
            return False
        named = dict(zip(self._printed, values, strict=True))
        return filled(digest, {**named, CHOICE_TOKEN: _TRIAL_CHOICE, TOKEN: _TRIAL}) == (
            oracle.subject,
            oracle.html,
            oracle.text,
        )

    def _has_room(self, rooms: tuple[Room, ...], values: list[str]) -> bool:
        lengths = {name: len(value) for name, value in zip(self._printed, values, strict=True)}
        return all(sum(lengths[name] for name in room.names) <= room.most for room in rooms)


_TEXTS = frozenset({"name", "email"})
_TRIAL, _TRIAL_CHOICE = "1.trial", "1.choice"


def _is_line(value: str) -> bool:
    return bool(_PLAIN_LINE(value)) or one_line(value) == value


def _reader(name: str) -> Callable[[Subscriber], str]:
    """Reads a text as templates see it (`view_subscriber`)."""
    if name == "name":
        return lambda one: one.name if _PLAIN_LINE(one.name) else one_line(one.name)
    if name == "email":
        return lambda one: one.email if _PLAIN_LINE(one.email) else one_line(one.email)
    key = name.removeprefix(_FIELD)
    return lambda one: printable(one.fields.get(key, ""))


def _exact_reader(name: str) -> Callable[[Subscriber], Hashable]:
    if name == "locale":
        return lambda one: one.locale
    if name == "topics":
        return lambda one: one.topics
    if name == "cadence":
        return lambda one: one.cadence
    return _reader(name)
