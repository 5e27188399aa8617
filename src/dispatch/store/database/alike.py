"""Questions about the text in a column, asked of both databases alike."""

from typing import Any
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def contains(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """The condition that a text is in a column, whatever the case; its % and _ are themselves.

    SQLite knows no capitals but those of ASCII. So it is looked for as it is written, in small
    letters, in capitals and as names are, and both sides are lowered by the database.
    """
    written = normalize("NFC", text)
    forms = {written, written.lower(), written.upper(), written.title()}
    # Most texts are one form after that, as a question about each of them costs the same again.
    distinct = {form.translate(_SMALL): form for form in sorted(forms)}
    lowered = lowered_for_like(column)
    patterns = (sa.func.lower(f"%{_escaped(one)}%") for one in distinct.values())
    return sa.or_(*(lowered.like(pattern, escape="\\") for pattern in patterns))


class lowered_for_like(sa.sql.functions.GenericFunction[str]):  # noqa: N801 - as SQLAlchemy's own are
    """A text in small letters; as it is on SQLite, whose LIKE takes no heed of them by itself.

    Of a million names it takes a third of the time there.
    """

    type = sa.Text()
    inherit_cache = True


@compiles(lowered_for_like, "sqlite")
def _as_it_is_in_sqlite(element: lowered_for_like, compiler: Any, **options: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **options))


@compiles(lowered_for_like, "postgresql")
def _lowered_in_postgresql(element: lowered_for_like, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(next(iter(element.clauses)), **options)})"


class from_first(sa.sql.functions.GenericFunction[str]):  # noqa: N801 - as SQLAlchemy's own are
    """What a text is from the first such character on; all of it where there is none."""

    type = sa.Text()
    inherit_cache = True

    def __init__(self, character: str, text: sa.ColumnElement[str]) -> None:
        super().__init__(text, sa.literal_column(f"'{character}'"))


@compiles(from_first, "sqlite")
def _from_first_in_sqlite(element: from_first, compiler: Any, **options: Any) -> str:
    text, character = (compiler.process(one, **options) for one in element.clauses)
    return f"substr({text}, instr({text}, {character}))"


@compiles(from_first, "postgresql")
def _from_first_in_postgresql(element: from_first, compiler: Any, **options: Any) -> str:
    text, character = (compiler.process(one, **options) for one in element.clauses)
    return f"substr({text}, strpos({text}, {character}))"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
