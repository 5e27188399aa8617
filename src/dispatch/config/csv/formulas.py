"""Keeping a spreadsheet from running what a stranger typed into a form.

A cell that begins with = + - @ is a formula to a spreadsheet, even in a CSV file. So is what stands
behind a separator inside a cell, where the spreadsheet takes another sign for the separator than we
did. An apostrophe is written before such a piece, and taken away when the file is read again, so
that nothing changes on the way.
"""

import re

# Written out: to ask Unicode for them takes a third of a second. A test does ask.
_SIGNS = "=+\\-@" + "⁺⁻⁼₊₋₌−⩵⩶﬩﹢﹣﹦﹫＋－＝＠"  # and what becomes one of them in another encoding
_SEPARATORS = ",;|\t" + "\n\r\v\f\x1c-\x1e\x85\u2028\u2029" + "\u037e︐︔﹐﹔，；｜"
_UNSEEN = (
    "'\"＇＂"  # quotes are the file's, or say that a text follows
    " \\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORMULA = f"[{_UNSEEN}]*[{_SIGNS}]"
_BREAK = f"[{_UNSEEN}]*[\t\n\r]"  # some spreadsheets pass over these at the beginning of a cell

_OPEN = re.compile(f"^(?={_FORMULA}|{_BREAK})|[{_SEPARATORS}](?={_FORMULA})")
_GUARDED = re.compile(f"^'(?={_FORMULA}|{_BREAK})|(?<=[{_SEPARATORS}])'(?={_FORMULA})")


def guarded(cell: str) -> str:
    """The cell as it is written.

    >>> guarded("=1+1"), guarded("Ada; =1+1"), guarded("no-one")
    ("'=1+1", "Ada;' =1+1", 'no-one')
    """
    return _OPEN.sub(r"\g<0>'", cell)


def unguarded(cell: str) -> str:
    """The cell as it was before it was written.

    >>> unguarded("'=1+1"), unguarded("Ada;' =1+1")
    ('=1+1', 'Ada; =1+1')
    """
    return _GUARDED.sub("", cell)
