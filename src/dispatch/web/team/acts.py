"""Lines of the audit log as pages tell them: who, what, on what, and what else there is to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from dispatch.model.campaigns.schedule import read_key
from dispatch.model.team.act import Done
from dispatch.model.team.role import Right, Role
from dispatch.model.text.plain_text import shorten
from dispatch.web.team.campaign_titles import title_of

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction
    from dispatch.web.team.visit import Visit

KINDS: dict[str, tuple[str, ...]] = {
    "editions": ("edition", "delivery", "run", "slot", "standing"),
    "posts": ("post",),
    "plans": ("campaign", "feed", "template", "form", "plan"),
    "channels": ("channel",),
    "readers": ("subscriber", "suppression", "upload", "audience"),
    "people": ("person", "invitation", "session", "settings"),
}
"""What the log can be narrowed to, and the kinds of things that each is about."""

MOST_DETAIL = 160
"""Characters of one detail; the CSV has all of it."""

_PAGES = {
    "campaign": "campaigns",
    "channel": "channels",
    "feed": "feeds",
    "form": "forms",
    "standing": "standing",
    "template": "templates",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `on` is what it was done to, `href` its page below /team, or empty."""

    at: datetime
    by: str
    who: str
    what: Markup
    on: str
    href: str
    detail: str
    origin: str


@dataclass(frozen=True, slots=True)
class _Names:
    """What people, editions and readers are called now, by what the log calls them."""

    people: Mapping[str, str]
    here: frozenset[str]
    editions: Mapping[str, str]
    readers: Mapping[str, str]


def told(lines: Iterable[Done], tx: "Transaction", visit: "Visit") -> list[Line]:
    """The lines in the language of who looks, with the names that things have.

    A reader has no name in the log, and is looked up by their public id: who was erased is not
    found any more.
    """
    lines = list(lines)
    team = tx.persons.all(ended=True)
    editions = tx.audit.editions({one.subject for one in lines if one.kind == "edition"})
    readers = {one.subject for one in lines if one.kind == "subscriber"}
    names = _Names(
        people={one.handle: one.name or one.handle for one in team},
        here=frozenset(one.handle for one in team if one.ended is None),
        editions={name: _edition(visit, *where) for name, where in editions.items()},
        readers=tx.audit.readers(readers) if visit.may(Right.READERS) else {},
    )
    return [_line(one, names, visit) for one in lines]


def _line(done: Done, names: _Names, visit: "Visit") -> Line:
    on, href = _on(done, names)
    return Line(
        at=done.at,
        by=done.by,
        who=names.people.get(done.by, done.by) or visit.words("audit.nobody"),
        what=_what(done, visit),
        on=on,
        href=href,
        detail=_detail(done, visit),
        origin=done.origin,
    )


def _on(done: Done, names: _Names) -> tuple[str, str]:
    """What it was done to, and the page of that."""
    subject, name, href = done.subject, done.subject, ""
    match done.kind:
        case "person" if subject == done.by:
            name = ""  # who signs in, does so for nobody else
        case "person":
            name = names.people.get(subject, subject)
            href = f"/people/{subject}" if subject in names.here else ""
        case "edition" if subject in names.editions:
            name, href = names.editions[subject], f"/editions/{subject}"
        case "subscriber" if subject in names.readers:
            name, href = names.readers[subject], f"/subscribers/{subject}"
        case "invitation":
            name = str(done.detail.get("email", subject))
        case "post":
            name, href = str(done.detail.get("title") or subject), f"/posts/{quote(subject)}"
        case "slot":
            campaign, _, day = subject.partition(" ")
            href = f"/campaigns/{quote(campaign)}/slots/{quote(day)}"
        case kind if kind in _PAGES and subject:
            href = f"/{_PAGES[kind]}/{quote(subject)}"
    return name, href


def _what(done: Done, visit: "Visit") -> Markup:
    try:
        return Markup("{}").format(visit.words(f"act.{done.act.replace('.', '_')}"))
    except LookupError:  # of a later version, or a plugin
        return Markup('<span lang="en">{}</span>').format(done.act)


def _edition(visit: "Visit", campaign: str, slot: str) -> str:
    title = title_of(visit, campaign)
    try:
        local, _ = read_key(slot)
    except ValueError:  # an edition that answers no slot
        return title
    return f"{title}, {visit.times.day(local.date())}"


def _detail(done: Done, visit: "Visit") -> str:
    named = {"invitation": "email", "post": "title"}.get(done.kind)  # is said before
    told = {key: value for key, value in done.detail.items() if key != named}
    parts = [_one(key, value, visit) for key, value in told.items() if value not in ("", None, [])]
    return " · ".join(parts)


def _one(key: str, value: Any, visit: "Visit") -> str:
    try:
        name = visit.words(f"detail.{key}")
    except LookupError:
        name = key.replace("_", " ")
    values = value if isinstance(value, list) else [value]
    shown = shorten(", ".join(_word(one, visit) for one in values), MOST_DETAIL)
    return visit.words("audit.detail", name=name, value=shown)


def _word(value: Any, visit: "Visit") -> str:
    if isinstance(value, str) and value in {*Role}:
        return visit.words(f"role.{value}")
    if isinstance(value, bool):
        return visit.words("audit.yes" if value else "audit.no")
    return visit.times.number(value) if isinstance(value, int) else str(value)
