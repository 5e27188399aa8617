"""Lines of the audit log as pages tell them: who, what, on what, and what else there is to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from dispatch.model.campaigns.schedule import read_key
from dispatch.model.team.act import Done
from dispatch.model.team.role import Role
from dispatch.model.text.plain_text import shorten

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction
    from dispatch.web.team.visit import Visit

KINDS: dict[str, tuple[str, ...]] = {
    "editions": ("edition", "delivery", "run", "slot"),
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
    "edition": "editions",
    "feed": "feeds",
    "form": "forms",
    "person": "people",
    "post": "posts",
    "subscriber": "subscribers",
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


def told(lines: Iterable[Done], tx: "Transaction", visit: "Visit") -> list[Line]:
    """The lines in the language of who looks, with the names that people and editions have."""
    lines = list(lines)
    names = {one.handle: one.name or one.handle for one in tx.persons.all(ended=True)}
    editions = tx.audit.editions({one.subject for one in lines if one.kind == "edition"})
    here = {one.handle for one in tx.persons.all()}
    titles = {
        number: _edition(visit, campaign, slot) for number, (campaign, slot) in editions.items()
    }
    return [_line(one, names, titles, here, visit) for one in lines]


def _line(
    done: Done,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    here: set[str],
    visit: "Visit",
) -> Line:
    on, href = done.subject, ""
    if done.kind == "person":
        on, href = names.get(on, on), f"/people/{on}" if on in here else ""
    elif done.kind == "edition":
        on, href = titles.get(on, on), f"/editions/{on}" if on in titles else ""
    elif done.kind == "invitation":
        on = str(done.detail.get("email", on))
    elif done.kind in _PAGES:
        href = f"/{_PAGES[done.kind]}/{quote(on, safe='')}" if on else ""
    return Line(
        at=done.at,
        by=done.by,
        who=names.get(done.by, done.by) or visit.words("audit.nobody"),
        what=_what(done, visit),
        on=on,
        href=href,
        detail=_detail(done, visit),
        origin=done.origin,
    )


def _what(done: Done, visit: "Visit") -> Markup:
    try:
        return Markup("{}").format(visit.words(f"act.{done.act.replace('.', '_')}"))
    except LookupError:  # of a later version, or a plugin
        return Markup('<span lang="en">{}</span>').format(done.act)


def _edition(visit: "Visit", campaign: str, slot: str) -> str:
    plan = visit.app.workspace.campaigns.get(campaign)
    title = plan.title if plan else campaign
    try:
        local, _ = read_key(slot)
    except ValueError:  # an edition that answers no slot
        return title
    return f"{title}, {visit.times.day(local.date())}"


def _detail(done: Done, visit: "Visit") -> str:
    told = dict(done.detail)
    if done.kind == "invitation":
        told.pop("email", None)
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
