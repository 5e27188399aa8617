"""Two people have written at once: both texts side by side, and nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from markupsafe import Markup
from starlette.responses import Response

from dispatch.model.editions.difference import EditionEdit
from dispatch.model.text.differences import Part, marked_whole
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.visit import Visit

MINE, WAS = "mine-", "was-"
"""Before the names of fields: what somebody typed, and what it was made from."""


@dataclass(frozen=True, slots=True)
class Both:
    """A text in two versions. `both` is what is offered to be kept."""

    field: str
    title: str
    mine: list[Part]
    theirs: list[Part]
    typed: str
    both: str
    now: str


@dataclass(frozen=True, slots=True)
class Pick:
    """What is no text, in two versions: the values of its field, and what is shown of each."""

    name: str
    title: str
    mine: str
    theirs: str
    mine_shown: Markup
    theirs_shown: Markup
    keeps_theirs: bool


def taken(visit: Visit, typed: dict[str, str]) -> dict[str, str] | None:
    """What was typed, or of a clash what was chosen; None: what the others wrote stays."""
    match visit.form("take"):
        case "theirs":
            return None
        case "mine":
            return {name: visit.form.raw(MINE + name, text) for name, text in typed.items()}
        case _:
            return typed


def chosen(visit: Visit, name: str) -> str:
    """What a field says that is no text: of a clash mine, where all of mine was chosen."""
    said = visit.form(name)
    return visit.form(MINE + name, said) if visit.form("take") == "mine" else said


def differing(visit: Visit, typed: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The fields in question, if somebody has changed one of them since the form was made."""
    was = {name: visit.form.raw(WAS + name) for name in typed if visit.form.has(WAS + name)}
    if all(_same(was[name], now.get(name, "")) for name in was):
        return ()
    return tuple(name for name in typed if not _same(typed[name], now.get(name, "")))


def untouched(visit: Visit, name: str, typed: str) -> bool:
    """Whether somebody has left a field as the form had it."""
    return _same(typed, visit.form.raw(WAS + name))


def page(
    desk: Desk,
    form: str,
    fields: Sequence[str],
    typed: Mapping[str, str],
    now: Mapping[str, str],
    *,
    titles: Mapping[str, str] | None = None,
    hidden: Mapping[str, str] | None = None,
    picks: Sequence[Pick] = (),
    gone: bool = False,
) -> Response:
    """409: theirs is saved, mine is not; take one, or mend them into one.

    `hidden` is what else the form is to say. Of each of the `picks` one version is kept. `gone`
    says that theirs is nothing: it was taken out.
    """
    visit = desk.visit
    texts = [
        _both(visit, name, typed[name], now.get(name, ""), (titles or {}).get(name, ""))
        for name in fields
    ]
    return visit.page(
        "edition/clash.html",
        here="editions",
        status_code=HTTPStatus.CONFLICT,
        desk=desk,
        edition=desk.edition,
        form=form,
        texts=texts,
        picks=picks,
        hidden=hidden or {},
        gone=gone,
        last=_last(desk),
    )


def moved(desk: Desk) -> Response:
    """409: something else is in it by now, or in another order."""
    fresh = desk_of(desk.visit)
    return desk.visit.page(
        "edition/moved.html",
        here="editions",
        status_code=HTTPStatus.CONFLICT,
        desk=fresh,
        edition=fresh.edition,
        last=_last(fresh),
        edits=(),
    )


def _both(visit: Visit, name: str, typed: str, now: str, title: str) -> Both:
    mine, theirs = marked_whole(typed, now)
    ours = now if untouched(visit, name, typed) else typed
    return Both(name, title, mine, theirs, typed, ours, now)


def _last(desk: Desk) -> EditionEdit | None:
    with desk.visit.app.store.read() as tx:
        edits = tx.edition_edits.of(desk.edition.id, most=1)
    return edits[0] if edits else None


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()
