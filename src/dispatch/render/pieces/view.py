"""Pieces as templates see them: neutral ones, and those of one reader, who may be symbolic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.uploaded import address_of
from dispatch.model.text.direction import direction_of
from dispatch.model.text.plain_text import one_line
from dispatch.render.pieces.markdown import LINE, may_lead, named_html, named_plain
from dispatch.render.pieces.names import Named, ReadersName, named_line, neutral
from dispatch.render.templates.column import fit_to_column
from dispatch.render.templates.words import direction

MOST_SHOWN = 536
"""Pixels in which a picture is shown: the text column of our templates, and of most mails."""


NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class PictureView:
    """`part.image`: the picture of a piece; `alt` is empty where it only decorates.

    `width` and `height` are how large it is to be shown, at most 536 pixels wide; the file may have
    twice as many, for screens that are so fine.
    """

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PieceView:
    """`part`: one of `edition.parts` that the team has written; posts among them are as `post`.

    `kind` is `heading`, `text`, `picture` or `link`, and `post` of a post. `text` is what it says
    as plain text, whatever it is: a heading's words, a text, a link's label, in a digest in lines
    of 72 characters and in a snippet with whole paragraphs; what a picture shows is on one line.
    `title` is the words of a heading, `html` the safe HTML of a text, `label` that of a link.
    `link` is where a link leads, and a picture if it leads anywhere. The reader's name is in them
    already where the team has put it: to be quick for many readers, print them and nothing more.
    `direction` is from which side it is read, `language` may be empty.
    """

    kind: str
    text: str
    title: str = ""
    html: Markup = NOTHING
    label: str = ""
    link: str = ""
    image: PictureView | None = None
    direction: str = "ltr"
    language: str = ""


class PieceViews:
    """The pieces of an edition. `width` is that of a line of plain text, 0: of any length."""

    def __init__(
        self, pieces: Iterable[Piece], *, public_url: str, locale: str, width: int = LINE
    ) -> None:
        self._forms = [_form(one, public_url, locale, width) for one in pieces]

    @property
    def say_names(self) -> bool:
        """Whether any of them says the reader's name."""
        return any(form.named for form in self._forms)

    def of(self, name: Any = "") -> dict[str, PieceView]:
        """By their ids, for a reader with this name, which may be symbolic; for nobody without."""
        return {form.id: form.filled(name) for form in self._forms}


@dataclass(frozen=True, slots=True)
class _Form:
    """A piece without any name, and those of its texts that have one."""

    id: str
    view: PieceView
    named: Mapping[str, Named]

    def filled(self, name: Any) -> PieceView:
        texts = {
            field: _joined(parts, name, NOTHING if field == "html" else "")
            for field, parts in self.named.items()
        }
        return replace(self.view, **texts)


def _joined(parts: Named, name: Any, start: str) -> Any:
    """One text, of the kind of `start`; adding is all that a symbolic name can do."""
    text: Any = start
    kind = type(start)
    for part in parts:
        if isinstance(part, ReadersName):
            text = text + (name or part.fallback or name)
        else:
            text = text + kind(part)
    return text


def _form(piece: Piece, public_url: str, locale: str, width: int) -> _Form:
    says: dict[str, Named] = {}
    if piece.kind is PieceKind.TEXT:
        says["text"] = named_plain(piece.text, width)
    elif piece.kind is PieceKind.PICTURE:
        says["text"] = (one_line(piece.alt),)
    else:
        says["text"] = named_line(one_line(piece.text), width)
    reading = direction_of(neutral(says["text"]), direction(locale))
    if piece.kind is PieceKind.TEXT:
        says["html"] = named_html(piece.text, lambda html: fit_to_column(html, reading))
    if piece.kind is PieceKind.HEADING:
        says["title"] = named_line(one_line(piece.text))
    if piece.kind is PieceKind.LINK:
        says["label"] = named_line(one_line(piece.text))
    has_name = {
        field: parts
        for field, parts in says.items()
        if any(isinstance(part, ReadersName) for part in parts)
    }
    view = PieceView(
        kind=piece.kind.value,
        text="",
        link=_leads(piece.address),
        image=_picture(piece, public_url),
        direction=reading,
        language=locale if reading == direction(locale) else "",
    )
    whole = _Form(piece.id, view, says).filled("")
    return _Form(piece.id, whole, has_name)


def _leads(address: str) -> str:
    address = one_line(address)
    return address if may_lead(address) else ""


def _picture(piece: Piece, public_url: str) -> PictureView | None:
    if piece.picture is None:
        return None
    width = min(piece.picture.width, MOST_SHOWN)
    height = max(1, round(piece.picture.height * width / max(1, piece.picture.width)))
    alt = "" if piece.decorates else one_line(piece.alt)
    return PictureView(address_of(piece.picture, public_url), alt, width, height)
