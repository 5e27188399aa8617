"""JSON that is the same for all readers of a call but for their values, written once.

To make a dict for each reader, and to write that, took two thirds of the time of a call. Values
come in columns, one for each name with all readers in it, so that nothing is done for each alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

JSON_CONTENT: Mapping[str, str] = {"Content-Type": "application/json"}
"""The header for what is written here."""

_APART, _APART_IN_JSON = "\x00", "\\u0000"
_MARKS = range(0xE000, 0xF900)
"""Characters that nobody has agreed on: one that is not in a text can stand in it for a value."""


class JsonForm:
    """What a list says of each reader, with their values left open: anywhere within its texts."""

    __slots__ = ("_order", "_pieces")

    def __init__(
        self,
        names: Sequence[str],
        write: Callable[[Mapping[str, str]], Any],
        *,
        parts: Sequence[str] = (),
    ) -> None:
        r"""`write` gives the entry for a reader's values by their `names`; called twice.

        It may put a value into a text, and must not look at it. The values of `parts` are JSON, and
        each is a text of its own there.

        >>> form = JsonForm(["name"], lambda values: {"to": f"Dear {values['name']}"})
        >>> "".join(form.fill([["Ada", '"Bob"']]))
        '{"to":"Dear Ada"},{"to":"Dear \\"Bob\\""}'
        """
        bare = _written(write(dict.fromkeys(names, "")))
        mark = next(chr(one) for one in _MARKS if chr(one) not in bare)
        text = _written(write({name: f"{mark}{at}{mark}" for at, name in enumerate(names)}))
        for at, name in enumerate(names):
            if name in parts:
                text = text.replace(f'"{mark}{at}{mark}"', f"{mark}-{at + 1}{mark}")
        pieces = text.split(mark)
        self._order = [int(at) for at in pieces[1::2]]  # below zero: the value is JSON
        self._pieces = [f",{pieces[0]}", *pieces[1:]]

    def fill(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The entries of a list, in pieces; `columns` in the order of the names."""
        readers, size = len(columns[0]), len(self._pieces)
        within: dict[int, Sequence[str]] = {}  # a column may stand in several places
        written = self._pieces * readers
        for place, at in enumerate(self._order):
            if at < 0:
                written[2 * place + 1 :: size] = columns[-at - 1]
                continue
            column = columns[at]
            if id(column) not in within:
                within[id(column)] = within_json(column)
            written[2 * place + 1 :: size] = within[id(column)]
        written[0] = written[0][1:]
        return written


def json_with(said: Mapping[str, Any], key: str, entries: Sequence[str]) -> bytes:
    """An object as a request carries it, with a list at `key` that is written already, in pieces.

    Half a character, which a feed may hold, is a question mark, as in finished mails.

    >>> json_with({"a": 1, "b": None}, "b", ["{},", "2"])
    b'{"b":[{},2],"a":1}'
    """
    rest = _written({name: value for name, value in said.items() if name != key})
    comma = "," if len(rest) > len("{}") else ""
    pieces = (f"{{{encode_basestring(key)}:[", *entries, f"]{comma}", rest[1:])
    return "".join(pieces).encode("utf-8", "replace")


def within_json(texts: Sequence[str]) -> Sequence[str]:
    r"""What stands for each between its quotes.

    >>> within_json(['"', "é"])
    ['\\"', 'é']
    """
    return at_once(lambda text: encode_basestring(text)[1:-1], texts, _APART_IN_JSON)


def at_once(
    write: Callable[[str], str], texts: Sequence[str], apart: str = _APART
) -> Sequence[str]:
    """What `write` makes of each text, where it looks at each character by itself.

    `apart` is what it makes of the character that is between them. Where it changes nothing the
    texts themselves are given back.
    """
    # To ask for each costs ten times as much as to write it.
    joined = _APART.join(texts)
    written = write(joined)
    if written == joined:
        return texts
    found = written.split(apart)
    if len(found) == len(texts):
        return found
    return list(map(write, texts))  # somebody has written the same


def _written(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
