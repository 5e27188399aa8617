"""A text somewhere in a column, in small or capital letters, on both databases alike."""

from unicodedata import normalize

import sqlalchemy as sa

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
    lowered = sa.func.lower(column)
    patterns = (sa.func.lower(f"%{_escaped(one)}%") for one in distinct.values())
    return sa.or_(*(lowered.like(pattern, escape="\\") for pattern in patterns))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
