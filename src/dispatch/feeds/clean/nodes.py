"""Elements of HTML that nh3 wrote, as trees: for what is read as a whole, such as a formula."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

# "<" and ">" occur in tags only, and every value is in double quotes.
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([a-zA-Z_][\w:.-]*)="([^"]*)"')

DEEPEST = 120  # elements in elements; what is deeper hangs on the last of them


@dataclass(slots=True)
class Node:
    """One element; its texts are decoded."""

    name: str
    attributes: Mapping[str, str]
    children: list["Node | str"] = field(default_factory=list)

    def nodes(self) -> list["Node"]:
        """The elements directly in it."""
        return [child for child in self.children if isinstance(child, Node)]

    def within(self, name: str) -> Iterator["Node"]:
        """All elements of that name in it, at any depth, in order."""
        for child in self.nodes():
            if child.name == name:
                yield child
            yield from child.within(name)

    def text(self) -> str:
        """All text in it."""
        return "".join(
            child.text() if isinstance(child, Node) else child for child in self.children
        )


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes in the inner part of a tag, by name."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def end_of_element(html: str, start: re.Match[str]) -> int:
    """Where the element ends that begins with the tag `start`.

    >>> html = "<i>a<i>b</i></i>c"
    >>> html[end_of_element(html, TAG.match(html)):]
    'c'
    """
    depth = 0
    for tag in _tags_named(start[2]).finditer(html, start.start()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(html)


def tree(html: str) -> Node:
    """The element that `html` is; of several the first."""
    root = Node("", {})
    path = [root]
    end = 0
    for tag in TAG.finditer(html):
        if html[end : tag.start()]:
            path[-1].children.append(unescape(html[end : tag.start()]))
        end = tag.end()
        if not tag[1]:
            node = Node(tag[2], attributes_of(tag[3]))
            path[-1].children.append(node)
            if len(path) < DEEPEST and tag[2] not in ("br", "hr", "img"):
                path.append(node)
        elif path[-1].name == tag[2]:
            path.pop()
    return next(iter(root.nodes()), root)


@lru_cache(maxsize=32)
def _tags_named(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?=[ >])[^<>]*>", re.IGNORECASE)
