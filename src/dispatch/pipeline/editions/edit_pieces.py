"""What the team writes into an edition: each piece by itself, so that two can write at once."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict
from dispatch.model.editions.difference import TakenOut
from dispatch.model.editions.piece import (
    MOST_ADDRESS,
    MOST_LINE,
    MOST_PIECES,
    MOST_WORDS,
    Part,
    Piece,
    PieceKind,
    PiecePicture,
    key_of,
)
from dispatch.model.editions.refused import PieceRefused, Why
from dispatch.model.editions.standing import Again
from dispatch.model.text.plain_text import one_line, printable, unturned
from dispatch.store.transactions import Transaction

_ID = re.compile(r"[a-z][a-z0-9]{0,39}", re.ASCII)
_MAIL = re.compile(r"[^@]+@[^@]")
_UNSAFE = re.compile(r"[\s<>\"\\^`{|}]")


@dataclass(frozen=True, slots=True)
class WrittenPiece:
    """A piece as somebody wants it; `after` and `standing` of it are not looked at.

    It is a new one where the edition has none with its id, and stands below the part whose key is
    `below`, or at the end. `seen` is the fingerprint of the piece that it was made from; empty
    says that there was none yet. `again`, which is checked, has it come again as it is now; None
    leaves that as it is.
    """

    piece: Piece
    seen: str = ""
    below: str = ""
    again: Again | None = None


def piece_id(new_id: Callable[[], str]) -> str:
    """An id for a new piece; a form brings it along, so that a repeat makes no second one."""
    return f"p{new_id()}"


def with_written(
    parts: Sequence[Part], written: Iterable[WrittenPiece], tx: Transaction, *, now: datetime
) -> list[Part]:
    """The parts with these written in.

    Raises ChangedMeanwhile where somebody else has written the same piece or taken it out, and
    BadInput for what cannot be in one.
    """
    after = list(parts)
    for one in written:
        piece = checked_piece(one.piece, tx, now=now)
        there = {part.id: part for part in after if isinstance(part, Piece)}.get(piece.id)
        if there is not None:
            after[after.index(there)] = _rewritten(there, piece, one.seen)
        elif one.seen:
            raise ChangedMeanwhile(f"piece {piece.id}: was taken out meanwhile - look again")
        else:
            after.insert(_place(after, one.below), replace(piece, after=0, standing=0))
    _check_number(after)
    return after


def with_put_back(
    parts: Sequence[Part], ids: Iterable[str], edition_id: str, tx: Transaction, *, now: datetime
) -> list[Part]:
    """The parts with these pieces in again, as they were when somebody took them out.

    One that is in it already stays as it is. Raises Conflict for an id that was never taken out,
    and BadInput where it cannot be in it any more.
    """
    after = list(parts)
    known = tx.edition_edits.taken_out(edition_id) if ids else {}
    for one in ids:
        if one in map(key_of, after):
            continue
        if one not in known:
            problem = "was not taken out of the edition"
            raise Conflict(f"piece {one[:40]}: {problem} - see 'dispatch editions show'")
        piece = known[one].piece
        clean = replace(checked_piece(piece, tx, now=now), standing=piece.standing)
        after.insert(_former_place(after, known[one]), clean)
    _check_number(after)
    return after


def without_pieces(parts: Sequence[Part], ids: Sequence[str]) -> list[Part]:
    """The parts without these pieces. Raises Conflict for an id that is none."""
    for one in ids:
        if not any(isinstance(part, Piece) and part.id == one for part in parts):
            advice = "see 'dispatch editions show'"
            raise Conflict(f"piece {one[:40]}: is not in the edition - {advice}")
    return [part for part in parts if not (isinstance(part, Piece) and part.id in ids)]


def in_given_order(parts: Sequence[Part], keys: Iterable[str]) -> list[Part]:
    """The parts as the keys name them, then the others. Raises Conflict for a key of no part."""
    by_key = {key_of(part): part for part in parts}
    first = list(dict.fromkeys(keys))
    for key in first:
        if key not in by_key:
            advice = "see 'dispatch editions show'"
            raise Conflict(f"part {key[:40]}: is not in the edition - {advice}")
    return [by_key[key] for key in dict.fromkeys((*first, *by_key))]


def checked_piece(piece: Piece, tx: Transaction, *, now: datetime) -> Piece:
    """The piece, clean. Raises BadInput: each problem begins with the field that it is about."""
    if not _ID.fullmatch(piece.id):
        raise BadInput([f"piece: '{piece.id[:40]}' is no id of one - write letters and digits"])
    blank = Piece(id=piece.id, kind=piece.kind)
    match piece.kind:
        case PieceKind.HEADING:
            return replace(blank, text=_needed("text", _line("text", piece.text)))
        case PieceKind.TEXT:
            return replace(blank, text=_needed("text", _words("text", piece.text)))
        case PieceKind.LINK:
            address = _needed("address", checked_address(piece.address))
            return replace(blank, text=_line("text", piece.text), address=address)
        case PieceKind.PICTURE:
            return replace(
                blank,
                picture=_kept(piece.picture, tx, now),
                alt="" if piece.decorates else _line("alt", piece.alt),
                decorates=piece.decorates,
                address=checked_address(piece.address),
            )


def checked_address(text: str) -> str:
    """Where a link leads: http, https or mailto, or empty. Raises BadInput."""
    address = unturned(printable(text)).strip()
    if not address:
        return ""
    if len(address) > MOST_ADDRESS:
        raise _too_long("address", address, MOST_ADDRESS)
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.port != 0 else None  # which raises where it is none
    except ValueError:
        parts, host = None, None
    scheme = parts.scheme.lower() if parts else ""
    leads = bool(host) if scheme in ("http", "https") else bool(parts and _MAIL.match(parts.path))
    if scheme not in ("http", "https", "mailto") or not leads or _UNSAFE.search(address):
        advice = "write one such as https://example.org/page or mailto:us@example.org"
        raise PieceRefused("address", Why.NOWHERE, f"leads nowhere - {advice}")
    return address


def _rewritten(now: Piece, piece: Piece, seen: str) -> Piece:
    """The piece in its place; `standing` stays, so that one knows of which it is a copy."""
    if piece.fingerprint == now.fingerprint:
        return now
    if not seen or not now.fingerprint.startswith(seen):
        raise ChangedMeanwhile(f"piece {now.id}: was written meanwhile - look at it again")
    if piece.kind is not now.kind:
        raise BadInput([f"piece: is a {now.kind} - it cannot become a {piece.kind}"])
    return replace(piece, after=now.after, standing=now.standing)


def _place(parts: Sequence[Part], below: str) -> int:
    """Below that part; at the end where there is none with that key, or no longer."""
    return next((at + 1 for at, part in enumerate(parts) if key_of(part) == below), len(parts))


def _former_place(parts: Sequence[Part], out: TakenOut) -> int:
    """Below the part that it stood below; where that is gone, behind as many posts as before."""
    keys = [key_of(part) for part in parts]
    if out.below in keys:
        return keys.index(out.below) + 1
    posts = [at + 1 for at, part in enumerate(parts) if not isinstance(part, Piece)]
    return [0, *posts][min(out.piece.after, len(posts))]


def _check_number(parts: Sequence[Part]) -> None:
    if sum(isinstance(part, Piece) for part in parts) > MOST_PIECES:
        problem = f"an edition has {MOST_PIECES} at most - take others out first"
        raise BadInput([f"pieces: {problem}"])


def _line(field: str, text: str) -> str:
    line = one_line(text)
    if len(line) > MOST_LINE:
        raise _too_long(field, line, MOST_LINE)
    return line


def _words(field: str, text: str) -> str:
    clean = printable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(clean) > MOST_WORDS:
        raise _too_long(field, clean, MOST_WORDS)
    return clean


def _too_long(field: str, text: str, most: int) -> PieceRefused:
    problem = f"has {len(text)} characters - write {most} at most"
    return PieceRefused(field, Why.TOO_LONG, problem, fact=most)


def _needed(field: str, text: str) -> str:
    if not text:
        raise PieceRefused(field, Why.EMPTY, "is empty - write it, or take the piece out")
    return text


def _kept(picture: PiecePicture | None, tx: Transaction, now: datetime) -> PiecePicture:
    """The picture as it is kept, and from now on not forgotten."""
    if picture is None:
        raise PieceRefused("picture", Why.NO_PICTURE, "there is none - choose a file")
    if not tx.uploaded_pictures.use([picture.mark], now=now):
        problem = f"{picture.mark[:8]} is not kept - upload it again"
        raise PieceRefused("picture", Why.PICTURE_GONE, problem)
    return tx.uploaded_pictures.of([picture.mark])[picture.mark]
