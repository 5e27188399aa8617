"""One entry of a top-level group cut out of a text, such as a campaign: quick to read alone."""

import re
from dataclasses import dataclass
from typing import Any

from dispatch.yaml_text import Path, YamlUnreadable, read_yaml_text

_SHARED = re.compile(r"(?:^|[\s\[{,])[&*][^\s]", re.MULTILINE)
"""What looks like an anchor or an alias: it may be about what stands elsewhere."""

LARGE = 8_000
"""Characters: what is smaller is read whole."""


@dataclass(frozen=True, slots=True)
class Section:
    """`text` is what stands between `before` and `after`; paths in it begin with its own key."""

    before: str
    text: str
    after: str

    @classmethod
    def around(cls, text: str, tree: Any, path: Path) -> "Section | None":
        """The entry that a path leads into; None where it has to be looked for in the whole text.

        It is read alone, and has to say what the whole says of it.
        """
        if len(text) < LARGE or len(path) < 3 or _SHARED.search(text):
            return None
        start, end = _lines(text, path)
        if start < 0:
            return None
        found = cls(text[:start], text[start:end], text[end:])
        try:
            alone = read_yaml_text(found.text).tree
        except YamlUnreadable:
            return None
        top, name = path[:2]
        return found if alone == {name: tree[top][name]} else None


def entry_of(text: str, path: Path) -> str:
    """The lines of an entry, for people to copy; the whole text where they cannot be told."""
    start, end = _lines(text, path)
    return text if start < 0 else text[start:end].rstrip() + "\n"


def _lines(text: str, path: Path) -> tuple[int, int]:
    """From where to where an entry's lines are; (-1, -1) where they cannot be told."""
    nowhere = -1, -1
    top = list(
        re.compile(rf"^{re.escape(str(path[0]))}:[ \t]*(?:#.*)?$", re.MULTILINE).finditer(text)
    )
    if len(top) != 1:
        return nowhere
    begin = top[0].end()
    over = re.compile(r"^[^\s#]", re.MULTILINE).search(text, begin + 1)
    end = over.start() if over else len(text)
    first = re.compile(r"^( +)[^\s#]", re.MULTILINE).search(text, begin, end)
    if first is None:
        return nowhere
    indent = first[1]
    key = re.compile(rf"^{indent}{re.escape(str(path[1]))}:", re.MULTILINE)
    keys = list(key.finditer(text, begin, end))
    if len(keys) != 1:
        return nowhere
    following = re.compile(rf"^{indent}[^\s#]", re.MULTILINE).search(text, keys[0].end(), end)
    return keys[0].start(), following.start() if following else end
