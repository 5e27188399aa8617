"""A reader who is nobody yet: symbolic values that can be printed, and tell when more is asked.

What is printed leaves a mark in the text. A mark holds the characters that places write
differently, so that the finished text shows at each mark how values are written there.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn

from markupsafe import Markup, escape

from dispatch.render.templates.context import SubscriberView
from dispatch.render.templates.marks import mark_of

AWKWARD = "&<>\"' \xa0"
"""What a mark holds: each character that some place writes differently, and a space."""

WHOLE = "subscriber"
"""The name that is needed when a template does something with the reader as a whole."""


class NeedsValue(Exception):
    """The template does more with a reader's value than print it or ask whether it is empty."""


@dataclass(frozen=True, slots=True)
class OpenPlaceholder:
    """The place of the value called `name` in a text that is still being made."""

    name: str


class SymbolicText:
    """A text with placeholders, never empty: it is true, can be printed, and be joined with others.

    With `html` its words are HTML already. All else raises NeedsValue, and is noted.
    """

    __slots__ = ("_home", "html", "parts")

    def __init__(
        self, home: "SymbolicValues", parts: Iterable[str | OpenPlaceholder], *, html: bool
    ) -> None:
        self._home = home
        self.parts = tuple(parts)
        self.html = html

    def need(self, *_: object) -> NoReturn:
        """Note that the values themselves are needed, and raise NeedsValue."""
        self._home.need(part.name for part in self.parts if isinstance(part, OpenPlaceholder))

    def __bool__(self) -> bool:
        return True

    def __add__(self, other: object) -> "SymbolicText":
        if not isinstance(other, str | SymbolicText):
            self.need()
        return self._home.join((self, other))

    def __radd__(self, other: object) -> "SymbolicText":
        if not isinstance(other, str):
            self.need()
        return self._home.join((other, self))

    def __format__(self, style: str) -> str:
        if style or self.html:
            self.need()
        return self._home.printed(self, html=False)

    __str__ = __repr__ = __hash__ = __len__ = __iter__ = __int__ = __float__ = __index__ = need
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = need
    __contains__ = __getitem__ = __mul__ = __rmul__ = __mod__ = __rmod__ = need


class SymbolicValues:
    """The symbolic values of one template, and their marks in the texts that it gives.

    `content` is all that goes into those texts: nobody can write a mark into a post, because it
    depends on the post. `needed` are the names whose values were needed.
    """

    def __init__(self, content: object) -> None:
        self.mark = mark_of(content)
        self.marks = re.compile(rf"{self.mark}(\d+)(\D.*?){self.mark}", re.DOTALL)
        self.needed: set[str] = set()
        self._names: list[str] = []

    def of(self, name: str) -> SymbolicText:
        """The symbolic value for one that is not empty."""
        return SymbolicText(self, (OpenPlaceholder(name),), html=False)

    def need(self, names: Iterable[str]) -> NoReturn:
        """Note that these values are needed, and raise NeedsValue."""
        self.needed.update(names)
        raise NeedsValue

    def name(self, number: str) -> str:
        """Whose mark has this number."""
        return self._names[int(number)]

    def printed(self, value: SymbolicText, *, html: bool) -> str:
        """The text, marks for its placeholders; `html`: by a file that escapes what it prints."""
        held = str(escape(AWKWARD)) if html or value.html else AWKWARD
        return "".join(
            f"{self.mark}{self._number(part.name)}{held}{self.mark}"
            if isinstance(part, OpenPlaceholder)
            else str(escape(part))
            if html and not value.html
            else part
            for part in value.parts
        )

    def captured(self, text: str) -> "str | SymbolicText":
        """A text that the template made and keeps: with placeholders again where marks are."""
        if self.mark not in text:
            return text
        html = isinstance(text, Markup)
        held = str(escape(AWKWARD)) if html else AWKWARD
        parts: list[str | OpenPlaceholder] = []
        pieces = self.marks.split(str(text))
        for start in range(0, len(pieces) - 1, 3):
            words, number, found = pieces[start : start + 3]
            if found != held:
                self.need([self.name(number)])
            parts += (
                [words, OpenPlaceholder(self.name(number))]
                if words
                else [OpenPlaceholder(self.name(number))]
            )
        return SymbolicText(self, [*parts, pieces[-1]] if pieces[-1] else parts, html=html)

    def join(self, values: Iterable[object]) -> SymbolicText:
        """Texts of both kinds in one; HTML if one of them is."""
        values = list(values)
        html = any(
            value.html if isinstance(value, SymbolicText) else hasattr(value, "__html__")
            for value in values
        )
        parts: list[str | OpenPlaceholder] = []
        for value in values:
            if isinstance(value, SymbolicText):
                escaping = html and not value.html
                parts += [
                    str(escape(one)) if escaping and isinstance(one, str) else one
                    for one in value.parts
                ]
            else:
                parts.append(str(escape(value)) if html else str(value))
        return SymbolicText(self, parts, html=html)

    def check(self, value: object) -> None:
        """Raise NeedsValue for a symbolic value, or a text with a mark in it."""
        if isinstance(value, SymbolicText):
            value.need()
        if isinstance(value, str) and self.mark in value:
            self.need(self.name(number) for number, _ in self.marks.findall(value))

    def _number(self, name: str) -> int:
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)


class SymbolicSubscriber:
    """The `subscriber` of a variant: as the view of a real one, with symbolic values in it.

    The values named in `exact`, and those that few differ in, are real; an empty value is
    empty. `asked` are the names that the template has looked at.
    """

    def __init__(self, view: SubscriberView, home: SymbolicValues, exact: Collection[str]) -> None:
        self._view = view
        self._home = home
        self._exact = exact
        self.asked: set[str] = set()

    @property
    def name(self) -> "str | SymbolicText":
        return self._text("name", self._view.name)

    @property
    def email(self) -> "str | SymbolicText":
        return self._text("email", self._view.email)

    @property
    def fields(self) -> "SymbolicFields":
        return SymbolicFields(self)

    @property
    def locale(self) -> str:
        self.asked.add("locale")
        return self._view.locale

    @property
    def topics(self) -> tuple[str, ...]:
        self.asked.add("topics")
        return self._view.topics

    @property
    def cadence(self) -> str:
        self.asked.add("cadence")
        return self._view.cadence

    def _field(self, name: str) -> "str | SymbolicText":
        return self._text(f"fields.{name}", self._view.fields[name])

    def _text(self, name: str, value: str) -> "str | SymbolicText":
        self.asked.add(name)
        return self._home.of(name) if value and name not in self._exact else value

    def _need(self, *_: object) -> NoReturn:
        self._home.need([WHOLE])

    __str__ = __repr__ = __hash__ = __eq__ = _need


class SymbolicFields:
    """A symbolic subscriber's own columns."""

    def __init__(self, owner: SymbolicSubscriber) -> None:
        self._owner = owner

    def __getitem__(self, name: str) -> "str | SymbolicText":
        return self._owner._field(name)  # noqa: SLF001 - the two are one

    def _need(self, *_: object) -> NoReturn:
        self._owner._need()  # noqa: SLF001

    __str__ = __repr__ = __hash__ = __eq__ = __iter__ = __contains__ = _need
