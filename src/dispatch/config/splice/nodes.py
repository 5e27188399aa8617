"""Where in a YAML text each value stands: a tree of places, in which an alias is only an alias."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from dispatch.yaml_text import Path

Kind = Literal["scalar", "mapping", "sequence", "alias"]


@dataclass(slots=True)
class Node:
    """A value and its place: from `start` up to `end`, in characters.

    `style` is that of a scalar: a quote, `|`, `>` or nothing. `column` is where the lines of its
    parts begin. `pairs` are the keys of a mapping with their values.
    """

    kind: Kind
    start: int
    end: int
    column: int
    flow: bool = False
    text: str = ""
    style: str = ""
    anchor: str = ""
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether its parts stand in lines of their own."""
        return self.kind in ("mapping", "sequence") and not self.flow

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written: a key with no value behind it."""
        return self.kind == "scalar" and self.start == self.end

    def inside(self, step: str | int) -> "Node | None":
        """The value below a key or at a place in a list."""
        if self.kind == "mapping":
            return next((value for key, value in self.pairs if key.text == step), None)
        if self.kind == "sequence" and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None

    def below(self) -> Iterator["Node"]:
        """It and all in it, in the order of the text."""
        yield self
        for key, value in self.pairs:
            yield key
            yield from value.below()
        for item in self.items:
            yield from item.below()


def read_nodes(text: str) -> Node | None:
    """The tree of a text that `read_yaml_text` has read without a flaw; None of an empty one."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - 15 ms that --help need not wait for

    events = iter(YAML(typ="safe", pure=True).parse(text))
    for event in events:
        if not type(event).__name__.startswith(("Stream", "Document")):
            return _node(event, events, text)
    return None


def find(root: Node, path: Path) -> list[Node]:
    """The nodes on a path, from the top down: as far as it is written, and no alias is met."""
    found = [root]
    for step in path:
        inner = found[-1].inside(step)
        if inner is None:
            break
        found.append(inner)
    return found


def _node(event: Any, events: Iterator[Any], text: str) -> Node:
    start, name = event.start_mark, type(event).__name__
    node = Node(
        kind="scalar",
        start=start.index,
        end=event.end_mark.index,
        column=start.column,
        anchor=getattr(event, "anchor", None) or "",
    )
    if name == "AliasEvent":
        node.kind = "alias"
    elif name == "ScalarEvent":
        node.text, node.style = str(event.value), event.style or ""
        if node.style in ("|", ">"):
            node.end = _end_of_block(text, node)
    else:
        node.flow = bool(event.flow_style)
        node.kind = "mapping" if name == "MappingStartEvent" else "sequence"
        _fill(node, events, text)
    return node


def _fill(node: Node, events: Iterator[Any], text: str) -> None:
    end = node.start
    for event in events:
        if type(event).__name__.endswith("EndEvent"):
            # Of block style the mark is where the next thing begins, behind comments.
            node.end = event.end_mark.index if node.flow else end
            return
        inner = _node(event, events, text)
        if node.kind == "mapping":
            value = _node(next(events), events, text)
            if value.is_empty:  # its mark is where the next thing begins, too
                value.start = value.end = behind_colon(text, inner.end)
            node.pairs.append((inner, value))
            end = value.end
        else:
            node.items.append(inner)
            end = inner.end
        if node.pairs and not node.flow:
            node.column = node.pairs[0][0].column


def behind_colon(text: str, at: int) -> int:
    """The place behind the colon of a key that ends at a place."""
    found = re.compile(r"\s*:").match(text, at)
    return found.end() if found else at


def _end_of_block(text: str, node: Node) -> int:
    """Where a text of several lines ends, before the break of its last line."""
    at, deep, end = node.start, 0, node.start
    for number, line in enumerate(text[at:].splitlines(keepends=True)):
        body = line.rstrip("\r\n")
        if number and body.strip():
            indent = len(body) - len(body.lstrip(" "))
            deep = deep or indent
            if indent < deep or not indent:
                break
        if not number or body.strip():
            end = at + len(body)
        at += len(line)
    return end
