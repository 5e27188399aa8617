"""What each edit of an edition has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from dispatch.model.editions.difference import (
    SNIPPET,
    Did,
    EditionEdit,
    PieceChange,
    TextChange,
)
from dispatch.model.editions.piece import key_of
from dispatch.model.text.differences import Part, marked_whole
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.pieces import shows_pieces
from dispatch.web.team.visit import Visit


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A text before and after, with what is different marked."""

    name: str
    channel: str
    post: str
    before: list[Part]
    after: list[Part]


@dataclass(frozen=True, slots=True)
class Shown:
    """An edit as the page shows it. `rewritten` are pieces before and after."""

    edit: EditionEdit
    texts: tuple[ChangedText, ...]
    rewritten: tuple[ChangedText, ...] = ()


def changes(visit: Visit) -> Response:
    """The page: every edit, the newest first."""
    desk = desk_of(visit)
    with visit.app.store.read() as tx:
        edits = tx.edition_edits.of(desk.edition.id)
        out = tx.edition_edits.taken_out(desk.edition.id) if shows_pieces(desk) else {}
    parts = [key_of(part) for part in desk.edition.content.parts]
    return visit.page(
        "edition/changes.html",
        here="editions",
        desk=desk,
        edition=desk.edition,
        heading=desk.heading,
        edits=shown(desk, edits),
        parts=parts,
        to_put_back=out.keys() - {*parts} if desk.may_edit else (),
    )


def since(desk: Desk, seen: str) -> Sequence[Shown]:
    """The edits after the one that made this fingerprint; none where it is not known."""
    with desk.visit.app.store.read() as tx:
        edits = tx.edition_edits.of(desk.edition.id)
    for at, edit in enumerate(edits):
        if edit.was == seen:
            return shown(desk, edits[: at + 1])
    return ()


def shown(desk: Desk, edits: Sequence[EditionEdit]) -> list[Shown]:
    """Edits as pages show them."""
    titles = {str(post.id): post.title for post in desk.edition.content.posts}
    return [
        Shown(
            edit,
            tuple(_text(desk, one, titles) for one in edit.changes.texts),
            tuple(_piece(one) for one in edit.changes.pieces if _reads_anew(one)),
        )
        for edit in edits
    ]


def _text(desk: Desk, one: TextChange, titles: dict[str, str]) -> ChangedText:
    said = [one.before, one.after]
    if one.name == "leaves":
        said = [_moment(desk, text) for text in said]
    elif one.name == "tells":
        said = [desk.visit.words("letters.yes" if text else "letters.no") for text in said]
    before, after = marked_whole(*said)
    post = titles.get(one.part, one.part) if one.name == SNIPPET else ""
    return ChangedText(one.name, one.channel, post, before, after)


def _moment(desk: Desk, text: str) -> str:
    """A time on the wall as people say it."""
    if not text:
        return ""
    wall, times = datetime.fromisoformat(text), desk.visit.times
    return f"{times.day(wall.date())}, {times.clock_of(wall)}"


def _piece(one: PieceChange) -> ChangedText:
    return ChangedText(one.kind, "", "", *marked_whole(one.before, one.after))


def _reads_anew(one: PieceChange) -> bool:
    """Whether its words are others now; it may only be one that decorates from then on."""
    return one.what is Did.CHANGED and one.before != one.after
