"""JSON that is the same for all readers of a call but for their values, written once.

To make a dict for each reader, and to write that, took two thirds of the time of a call.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

JSON_CONTENT: Mapping[str, str] = {"Content-Type": "application/json"}
"""The header for what is written here."""

_APART, _APART_IN_JSON = "\x00", "\\u0000"
_MARKS = range(0xE000, 0xF900)
"""Characters that nobody has agreed on: one that is not in a text can stand in it for a value."""


class JsonForm:
    """One value of JSON with the values of a reader left open: anywhere within its texts."""

    __slots__ = ("_order", "_pieces")

    def __init__(self, names: Sequence[str], write: Callable[[Mapping[str, str]], Any]) -> None:
        r"""`write` gives the JSON value for a reader's values by their `names`; called twice.

        It may put a value into a text, and must not look at it.

        >>> form = JsonForm(["name"], lambda values: {"to": f"Dear {values['name']}"})
        >>> form.fill(['"Ada"'])
        '{"to":"Dear \\"Ada\\""}'
        """
        bare = _written(write(dict.fromkeys(names, "")))
        mark = next(chr(one) for one in _MARKS if chr(one) not in bare)
        marked = {name: f"{mark}{at}{mark}" for at, name in enumerate(names)}
        self._pieces = _written(write(marked)).split(mark)
        self._order = [int(at) for at in self._pieces[1::2]]

    def fill(self, values: Sequence[str]) -> str:
        """The JSON for one reader; `values` in the order of the names."""
        within = _within_json(values)
        pieces = self._pieces.copy()
        pieces[1::2] = [within[at] for at in self._order]
        return "".join(pieces)


def json_with(said: Mapping[str, Any], key: str, written: Iterable[str]) -> bytes:
    """An object as a request carries it, where the list at `key` has entries that are JSON already.

    Half a character, which a feed may hold, is a question mark, as in finished mails.

    >>> json_with({"a": 1, "b": None}, "b", ["{}", "2"])
    b'{"b":[{},2],"a":1}'
    """
    rest = _written({name: value for name, value in said.items() if name != key})
    joined = ",".join(written)
    comma = "," if len(rest) > len("{}") else ""
    text = f"{{{encode_basestring(key)}:[{joined}]{comma}{rest[1:]}"
    return text.encode("utf-8", "replace")


def _written(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _within_json(values: Sequence[str]) -> list[str]:
    """What stands for each between its quotes."""
    # All at once: to ask for each costs more than to write it.
    found = encode_basestring(_APART.join(values))[1:-1].split(_APART_IN_JSON)
    if len(found) == len(values):
        return found
    return [encode_basestring(one)[1:-1] for one in values]  # somebody has written the same
