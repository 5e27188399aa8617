"""How much a template may ask of the machine, however it asks.

A rendering has so many turns of its loops, and so much time; a text, a list or a number that a
template makes has a largest size. What would go beyond is refused before it is made: no other
program waits for it, and what was approved is rendered the same every time.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from functools import wraps
from itertools import islice
from typing import Any

from jinja2.exceptions import SecurityError

from dispatch.clock import Timer, system_timer

MOST_TURNS = 100_000
"""Of loops, macros and included files, in one rendering; a digest takes some hundreds."""

MOST_SECONDS = 20.0
"""For one rendering; as long as a feed may take to be parsed."""

MOST_TEXT = 2_000_000
"""Characters of one text; a digest has at most 102 KB that mail programs show."""

MOST_ITEMS = 100_000
"""Things in a list and in the lists in it."""

MOST_RANGE = 10_000
MOST_WIDTH = 10_000
"""What a text may be widened to, and the like: numbers that decide how much is made."""

MOST_BITS = 4_096
"""Of a whole number: more digits than a page has."""

MOST_DIGITS = 100
"""Decimal places."""

_PLAIN = (str, bytes, int, float, date, time, timedelta)

_LOOKS = 64
"""Turns between two looks at the clock."""

_WIDE = re.compile(r"\d{5,}")
_NESTED_FIELD = re.compile(r"\{[^{}]*\{")


class TooMuch(SecurityError):
    """The template asks for more than it may have."""


class Budget:
    """What is left of one rendering. For one thread."""

    __slots__ = ("_ends", "_timer", "_turns")

    def __init__(self, timer: Timer = system_timer) -> None:
        self._timer = timer
        self.begin()

    def begin(self) -> None:
        """Another rendering begins."""
        self._turns = 0
        self._ends = self._timer() + MOST_SECONDS

    def turn(self, number: int = 1) -> bool:
        """Count turns, and raise TooMuch after too many, or too long. Always true."""
        before = self._turns
        self._turns = before + number
        if self._turns > MOST_TURNS:
            raise TooMuch(f"does more than {MOST_TURNS:,} turns of its loops - let it do less")
        if before // _LOOKS != self._turns // _LOOKS and self._timer() > self._ends:
            raise TooMuch(f"takes more than {MOST_SECONDS:g} seconds - let it do less")
        return True

    def weighed(self, value: Any) -> Any:
        """The value, if it and all that is in it is not too much to be handled."""
        if isinstance(value, list | tuple | dict | set | frozenset):
            self.turn(weigh(value) // _LOOKS)
        return value


def weigh(value: Any) -> int:
    """How many things are in a value, those in them counted as well; raises TooMuch.

    A list may hold the same list several times: each time counts, as it would be printed.
    """
    number, waiting = 0, [iter((value,))]
    while waiting:
        for one in waiting[-1]:
            number += 1
            if number > MOST_ITEMS:
                raise TooMuch(f"makes a list of more than {MOST_ITEMS:,} things - make it shorter")
            if isinstance(one, dict):
                waiting.append(iter([*one.keys(), *one.values()]))
                break
            if isinstance(one, list | tuple | set | frozenset):
                waiting.append(iter(one))
                break
        else:
            waiting.pop()
    return number


def check_text(length: int) -> None:
    """Raise TooMuch for a text of so many characters."""
    if length > MOST_TEXT:
        raise TooMuch(f"makes a text of more than {MOST_TEXT:,} characters - make it shorter")


def check_width(number: object) -> None:
    """Raise TooMuch for a number that would widen something by too much."""
    if isinstance(number, int) and abs(number) > MOST_WIDTH:
        raise TooMuch(f"asks for {_shown(number)} of something, {MOST_WIDTH:,} are allowed")


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raise TooMuch where the result of `left operator right` would be too large."""
    check = _OPERATIONS.get(operator)
    if check is not None:
        check(left, right)


def _times(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
        return
    if isinstance(left, int):
        left, right = right, left
    if isinstance(right, int) and right > 1:
        if isinstance(left, str | bytes):
            check_text(len(left) * right)
        elif isinstance(left, list | tuple):
            _check_items(len(left) * right)


def _power(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and right > 1:
        _check_bits(max(left.bit_length(), 1) * right if abs(left) > 1 else 1)


def _plus(left: Any, right: Any) -> None:
    if isinstance(left, str | bytes) and isinstance(right, str | bytes):
        check_text(len(left) + len(right))
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        _check_items(len(left) + len(right))


def _remainder(left: Any, right: Any) -> None:
    if isinstance(left, str | bytes):
        check_format(left.decode("latin-1") if isinstance(left, bytes) else left, (right,), {})


_OPERATIONS: Mapping[str, Callable[[Any, Any], None]] = {
    "*": _times,
    "**": _power,
    "+": _plus,
    "%": _remainder,
}
OPERATORS = frozenset(_OPERATIONS)


def check_format(pattern: str, args: Iterable[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise TooMuch where a pattern (`%5s`, `{:>5}`, `%Y`) would write a value too wide."""
    values = [one for value in (*args, *kwargs.values()) for one in _flat(value)]
    if _WIDE.search(pattern):
        raise TooMuch(f"formats something wider than {MOST_WIDTH:,} characters - make it narrower")
    if "*" in pattern or _NESTED_FIELD.search(pattern):  # where a value says how wide
        for value in values:
            check_width(value)
            if isinstance(value, str) and _WIDE.search(value):
                raise TooMuch("formats something too wide - make it narrower")
    longest = sum(len(value) if isinstance(value, str) else weigh(value) for value in values)
    check_text(len(pattern) + longest * max(1, pattern.count("{") + pattern.count("%")))


def check_method(method: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Raise TooMuch where a method of a text, a number or a date would make too much."""
    owner: Any = getattr(method, "__self__", None)
    if not isinstance(owner, _PLAIN):
        return
    for value in (*args, *kwargs.values()):
        check_width(value)
    _check_known_method(getattr(method, "__name__", ""), owner, args, kwargs)


def _check_known_method(
    name: str, owner: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    if name == "join" and args:
        check_join(owner, args[0])
    elif name == "replace" and len(args) > 1:
        check_replace(owner, args[0], args[1])
    elif name == "translate" and args:
        check_text(len(owner) * max((_size(value) for value in _values(args[0])), default=1))
    elif name == "expandtabs":
        check_text(len(owner) * max((*args, *kwargs.values(), 8)))
    elif name in {"strftime", "__format__"} and args:
        check_format(str(args[0]), (), {})


def check_join(separator: Any, values: Any) -> None:
    """Raise TooMuch where these joined would be too long.

    What can be read only once is not looked at: it comes from a filter, which has its own bounds.
    """
    if isinstance(values, list | tuple | str | dict):
        _check_items(len(values))
        check_text(sum(_size(one) + len(separator) for one in values))


def check_replace(text: Any, old: Any, new: Any) -> None:
    """Raise TooMuch where a text would grow too long."""
    if all(isinstance(one, str | bytes) for one in (text, old, new)):
        most = len(text) // len(old) if old else len(text) + 1
        check_text(len(text) + most * len(new))


def bounded_range(*args: int) -> range:
    """`range`, of at most so many numbers."""
    made = range(*args)
    if len(made) > MOST_RANGE:
        raise TooMuch(f"counts further than {MOST_RANGE:,} - let it do less")
    return made


def bounded_concat(pieces: Iterable[str]) -> str:
    """The pieces as one text, if it is not too long."""
    length, kept = 0, []
    for piece in pieces:
        length += len(piece)
        check_text(length)
        kept.append(piece)
    return "".join(kept)


def bounded_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Jinja2's filters, with bounds to what they make."""
    return {
        name: _checked(function, _FILTERS[name]) if name in _FILTERS else function
        for name, function in filters.items()
    }


def _checked(function: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    # `wraps` keeps Jinja2's marks: such a filter gets the context or the environment first.
    skipped = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check(*islice(args, skipped, None), **kwargs)
        return function(*args, **kwargs)

    return checked


def _check_widths(_value: Any, *args: Any, **kwargs: Any) -> None:
    for one in (*args, *kwargs.values()):
        check_width(one)


def _check_indent(value: Any, width: Any = 4, *_: Any, **__: Any) -> None:
    check_width(width)
    size = len(width) if isinstance(width, str) else int(width)
    check_text(_size(value) + size * (str(value).count("\n") + 1))


def _check_join_filter(value: Any, d: Any = "", *_: Any, **__: Any) -> None:
    if isinstance(value, list | tuple | str | dict):
        check_join(str(d), value)


def _check_replace_filter(s: Any, old: Any = "", new: Any = "", *_: Any, **__: Any) -> None:
    check_replace(str(s), str(old), str(new))


def _check_round(_value: Any, precision: Any = 0, *_: Any, **__: Any) -> None:
    if isinstance(precision, int) and abs(precision) > MOST_DIGITS:
        raise TooMuch(f"rounds to {_shown(precision)} places, {MOST_DIGITS} are allowed")


def _check_wrap(s: Any, width: Any = 79, *args: Any, **kwargs: Any) -> None:
    _check_widths(s, width)
    between = [len(one) for one in (*args, *kwargs.values()) if isinstance(one, str)]
    lines = _size(s) // max(int(width), 1) + str(s).count("\n") + 1
    check_text(_size(s) + lines * max(between, default=1))


def _check_printed(value: Any, *args: Any, **kwargs: Any) -> None:
    weigh(value)
    _check_widths(value, *args, **kwargs)


_FILTERS: Mapping[str, Callable[..., None]] = {
    "batch": _check_widths,
    "center": _check_widths,
    "date": lambda _value, style="long", *_: check_width(len(str(style)) * 10),
    "format": lambda value, *args, **kwargs: check_format(str(value), args, kwargs),
    "indent": _check_indent,
    "join": _check_join_filter,
    "pprint": _check_printed,
    "replace": _check_replace_filter,
    "round": _check_round,
    "slice": _check_widths,
    "string": _check_printed,
    "tojson": _check_printed,
    "wordwrap": _check_wrap,
    "xmlattr": _check_printed,
}


def _check_items(number: int) -> None:
    if number > MOST_ITEMS:
        raise TooMuch(f"makes a list of more than {MOST_ITEMS:,} things - make it shorter")


def _check_bits(number: int) -> None:
    if number > MOST_BITS:
        raise TooMuch("makes a number of more than 1,200 digits - reckon with smaller ones")


def _flat(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else (value,)


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes) else weigh(value)


def _values(table: Any) -> Iterable[Any]:
    return table.values() if isinstance(table, dict) else (table,)


def _shown(number: int) -> str:
    return f"{number:,}" if number.bit_length() < 64 else "a very large number"
