"""Markdown as plain text: lists with "- ", quotations with "> ", addresses in brackets."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dispatch.model.text.invisible import trimmed

if TYPE_CHECKING:
    from markdown_it.token import Token

NARROWEST = 24
"""Characters that a line has at least, however deep it stands."""


def plain_lines(tokens: "list[Token]", width: int) -> str:
    """The text; with `width`, its lines are no longer where words allow it."""
    lines, _ = _blocks(iter(tokens), width)
    return "\n".join(lines)


def _blocks(tokens: "Iterator[Token]", width: int, number: int = 0) -> tuple[list[str], bool]:
    """The lines of all up to the end of what it is in, and whether they are a tight list's.

    `number` is that of the first item where that is an ordered list.
    """
    lines: list[str] = []
    tight = False
    for token in tokens:
        if token.nesting < 0:
            break
        if token.type == "inline":
            lines += _wrapped("".join(_words(token.children or [])), width)
            continue
        first = _begins(token, number)
        rest = first if first == "> " else " " * len(first)
        start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else 0
        narrow = max(NARROWEST, width - len(first)) if width else 0
        inner, inner_tight = _blocks(tokens, narrow, start)
        is_item = token.type == "list_item_open"
        number += is_item and number > 0
        if lines and inner and not tight | (is_item and inner_tight):
            lines.append("")
        tight = tight or token.hidden or (is_item and inner_tight)
        lines += [f"{rest if at else first}{line}".rstrip() for at, line in enumerate(inner)]
    return lines, tight


def _begins(token: "Token", number: int) -> str:
    if token.type == "list_item_open":
        return f"{number}. " if number else "- "
    return "> " if token.type == "blockquote_open" else ""


def _wrapped(text: str, width: int) -> list[str]:
    lines = [" ".join(line.split(" ")).strip() for line in text.split("\n")]
    if not width:
        return lines
    return [
        one
        for line in lines
        for one in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        or [""]
    ]


def _words(tokens: "list[Token]") -> Iterator[str]:
    label: list[str] | None = None
    address = ""
    for token in tokens:
        if token.type == "link_open":
            label, address = [], str(token.attrs["href"])
        elif token.type == "link_close":
            yield _link("".join(label or []), address)
            label = None
        else:
            words = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
            if label is None:
                yield words
            else:
                label.append(words)


def _link(label: str, address: str) -> str:
    address = address.removeprefix("mailto:")
    return f"{label} ({address})" if trimmed(label) not in ("", address) else address
