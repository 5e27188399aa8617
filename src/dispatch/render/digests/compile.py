"""A digest rendered once for all readers who differ in printed values only."""

import re
from collections.abc import Callable, Mapping

from markupsafe import escape

from dispatch.errors import DispatchError
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.placeholders import (
    Place,
    Placeholder,
    PlaceholderText,
    fill,
    placeholder_names,
    write_value,
)
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.render.digests.digest import DigestRenderer, RenderedParts, tidy
from dispatch.render.digests.variant import CHOICE_TOKEN, TOKEN, CompiledDigest, Room
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.symbolic_values import (
    AWKWARD,
    NeedsValue,
    OpenPlaceholder,
    SymbolicSubscriber,
    SymbolicText,
    SymbolicValues,
)

_HOLDS = {
    AWKWARD: Place.PLAIN,
    write_value(AWKWARD, Place.HTML): Place.HTML,
    write_value(AWKWARD, Place.ATTRIBUTE): Place.ATTRIBUTE,
}
"""How a mark reads in the finished text, and where it must be to read like that."""

_ATTRIBUTE = re.compile(r"\s([a-z-]+)=\Z")
_ESCAPED = str(escape(AWKWARD))
_NEAR = 4096  # characters in which an attribute's beginning is looked for
_INERT = frozenset({"alt", "aria-label", "content", "href", "src", "title", "value"})
"""Attributes that change nothing else in the document, whatever they say."""

_BY_ATTRIBUTE = re.compile(r"<(?:mj-)?style\b[^<]*\[")
"""A style that picks elements by what is in their attributes."""


class CannotCompile(Exception):
    """This digest must be rendered for each reader; the message says why."""


def compile_digest(
    renderer: DigestRenderer,
    subscriber: Subscriber,
    view: SymbolicSubscriber,
    *,
    bases: LinksView,
) -> CompiledDigest:
    """The digest with slots for the values of `view`, which stands in for `subscriber`.

    `bases` are its links without the tokens they end with; an empty one stays empty.

    Raises NeedsValue, and then `renderer.stand_ins.needed` says which; CannotCompile.
    """
    home = renderer.symbolic_values
    home.needed.clear()
    lines = _Lines(home)
    choosing = (bases.preferences, bases.cadence)
    links = LinksView(
        _ending(home, bases.unsubscribe, TOKEN),
        *(_ending(home, one, CHOICE_TOKEN) for one in choosing),
    )
    try:
        draft: RenderedParts[str | SymbolicText] = renderer.draft(
            renderer.locale(subscriber.locale), view, links, lines.fit
        )
    except DispatchError as error:
        raise CannotCompile(str(error)) from error
    if home.needed:  # noted, and then swallowed by something in between
        raise NeedsValue
    return CompiledDigest(
        subject=_plain(home, home.printed(draft.subject, html=False))
        if isinstance(draft.subject, SymbolicText)
        else (draft.subject,),
        html=_html(home, renderer, draft.mjml),
        text=_plain(home, tidy(draft.text)),
        rooms=tuple(lines.rooms),
    )


def _ending(home: SymbolicValues, base: str, token: str) -> str:
    """An address that ends with somebody's token, where there is one."""
    if not base:
        return ""
    return SymbolicText(home, (base, OpenPlaceholder(token)), html=False)  # type: ignore[return-value]


def filled(digest: CompiledDigest, values: Mapping[str, str]) -> tuple[str, str, str]:
    """Subject, HTML and text of one reader."""
    return fill(digest.subject, values), fill(digest.html, values), fill(digest.text, values)


class _Lines:
    """Fits the lines whose length is limited, as far as it is known."""

    def __init__(self, home: SymbolicValues) -> None:
        self._home = home
        self.rooms: list[Room] = []

    def fit(self, text: str, most: int) -> str | SymbolicText:
        line = self._home.captured(one_line(text))
        if isinstance(line, str):
            return shorten(line, most)
        names = tuple(part.name for part in line.parts if isinstance(part, OpenPlaceholder))
        room = most - sum(len(part) for part in line.parts if isinstance(part, str))
        if room < len(names):
            self._home.need(names)
        self.rooms.append(Room(names, room))
        return line


def _plain(home: SymbolicValues, text: str) -> PlaceholderText:
    return _cut(home, text, home.name, frozenset({Place.PLAIN}))


def _html(home: SymbolicValues, renderer: DigestRenderer, mjml: str) -> PlaceholderText:
    """The document with its slots; a mark may come out several times, but never not at all."""
    names: list[str] = []

    def number(mark: re.Match[str]) -> str:
        names.append(home.name(mark[1]))
        if mark[2] != _ESCAPED:  # printed where nothing is escaped: a value could be a tag
            home.need(names[-1:])
        return f"{home.mark}{len(names) - 1}{mark[2]}{home.mark}"

    mjml = home.marks.sub(number, mjml)
    try:
        html = renderer.html(mjml)
    except DispatchError as error:
        raise CannotCompile(str(error)) from error
    found = {number for number, _ in home.marks.findall(html)}
    lost = [name for index, name in enumerate(names) if str(index) not in found]
    if lost:
        home.need(lost)
    places = frozenset({Place.HTML, Place.ATTRIBUTE})
    parts = _cut(home, html, lambda number: names[int(number)], places)
    attributes = placeholder_names(
        tuple(one for one in parts if isinstance(one, Placeholder) and one.place is Place.ATTRIBUTE)
    )
    if attributes and _BY_ATTRIBUTE.search(mjml):
        home.need(attributes)
    return parts


def _cut(
    home: SymbolicValues, text: str, name_of: Callable[[str], str], places: frozenset[Place]
) -> PlaceholderText:
    """The finished text cut at its marks; raises NeedsValue where one stands in a bad place."""
    parts: list[str | Placeholder] = []
    pieces = home.marks.split(text)
    before = ""
    for start in range(0, len(pieces) - 1, 3):
        words, number, held = pieces[start : start + 3]
        name, place = name_of(number), _HOLDS.get(held)
        before = (before + words)[-_NEAR:]
        if place not in places or (place is Place.ATTRIBUTE and not _is_inert(before)):
            home.need([name])
        parts += [words, Placeholder(name, place)] if words else [Placeholder(name, place)]
        before += "x"
    if any(home.mark in part for part in (*parts, pieces[-1]) if isinstance(part, str)):
        raise CannotCompile("something cut a value in two")
    return (*parts, pieces[-1]) if pieces[-1] else tuple(parts)


def _is_inert(before: str) -> bool:
    attribute = _ATTRIBUTE.search(before.rpartition('"')[0])
    return attribute is not None and attribute[1] in _INERT
