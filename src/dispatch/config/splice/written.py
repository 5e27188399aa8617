"""Values as YAML text, in words that every reader of YAML takes for the same."""

import json
import re
from datetime import date, time
from typing import Any

from dispatch.yaml_text import YamlUnreadable, read_yaml_text

WIDTH = 96
"""Columns that a line has at most where a value can be broken."""

_PLAIN = re.compile(
    r"[^\W\d_]\w*(?:[ .@/+_-]+\w+)*"  # words
    r"|\d+(?:\.\d+)?%?|\d+ ?[a-z]+|\d{4}-\d\d-\d\d"  # numbers, lengths of time, days
    r"|(?:https?|file|env|holidays):[\w./~@%+=&?*-]+\w/?"
)
_TAKEN = re.compile(r"(?i)true|false|yes|no|on|off|y|n|null")
_UNSEEN = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: Any, *, style: str = "") -> str:
    """A value on one line, good in brackets, too; `style` is the quote that it had before.

    >>> scalar("18h"), scalar("09:00"), scalar("on"), scalar(True)
    ('18h', '"09:00"', '"on"', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date | time):
        value = value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")
    text = str(value)
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and _is_plain(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def key_text(key: str) -> str:
    """A key; `on` is one of ours, and nobody puts it in quotes."""
    return key if key == "on" else scalar(key)


def flow(value: Any) -> str:
    """A value in brackets, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def entry(key: str, value: Any, *, indent: int, step: int, block: bool = False) -> list[str]:
    """The lines of a key and its value, without breaks; `block` has a group in lines of its own."""
    head = " " * indent + key_text(key) + ":"
    return behind(head, value, indent=indent, step=step, block=block)


def item(value: Any, *, indent: int, step: int, block: bool = False) -> list[str]:
    """The lines of one of a list; `block` has the keys of a group in lines of their own."""
    head = " " * indent + "-"
    if isinstance(value, dict) and value and (block or not _fits(head, value)):
        lines = [
            line
            for key, one in value.items()
            for line in entry(key, one, indent=indent + 2, step=step)
        ]
        return [f"{head} {lines[0].lstrip()}", *lines[1:]]
    return behind(head, value, indent=indent, step=step)


def behind(head: str, value: Any, *, indent: int, step: int, block: bool = False) -> list[str]:
    """The lines of a value behind what stands before it on its line."""
    if isinstance(value, str) and _is_long_text(value):
        lines = value.split("\n")
        return [f"{head} |-", *(" " * (indent + step) + one if one else "" for one in lines)]
    if not isinstance(value, dict | list | tuple) or not value:
        return [f"{head} {flow(value)}"]
    if not block and _fits(head, value):
        return [f"{head} {flow(value)}"]
    inner = indent + step
    if isinstance(value, dict):
        parts = [entry(key, one, indent=inner, step=step) for key, one in value.items()]
    else:
        parts = [item(one, indent=inner, step=step) for one in value]
    return [head, *(line for part in parts for line in part)]


def _fits(head: str, value: Any) -> bool:
    line = flow(value)
    return len(head) + 1 + len(line) <= WIDTH and "\\n" not in line


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or _TAKEN.fullmatch(text):
        return False
    try:
        return bool(read_yaml_text(f"[{text}, {{{text}: {text}}}]").tree == [text, {text: text}])
    except YamlUnreadable:
        return False


def _is_long_text(text: str) -> bool:
    """Whether it reads best as lines: several of them, with nothing that they would lose.

    A break at its end would be lost where the file has none.
    """
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0].strip())
        and bool(lines[-1].strip())
        and not lines[0].startswith(" ")
        and all(line.isprintable() and line == line.rstrip() for line in lines)
    )
