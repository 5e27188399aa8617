"""A part cut out of a text, which is quick to read alone: a campaign, or all feeds."""

import re
from dataclasses import dataclass
from typing import Any

from dispatch.yaml_text import Path, YamlUnreadable, read_yaml_text

_SHARED = re.compile(r"(?:^|[\s\[{,])[&*][^\s]", re.MULTILINE)
"""What looks like an anchor or an alias: it may be about what stands elsewhere."""

LARGE = 8_000
"""Characters: what is smaller is read whole."""

_NOWHERE = -1, -1


@dataclass(frozen=True, slots=True)
class Section:
    """`text` is what stands between `before` and `after`, and says `tree`.

    Paths in it lack the first `above` keys.
    """

    before: str
    text: str
    after: str
    tree: Any
    above: int

    @classmethod
    def around(cls, text: str, tree: Any, path: Path) -> "Section | None":
        """What a path leads into; None where it has to be looked for in the whole text.

        That is an entry of a group, else the group, unless it is most of the text. It is read
        alone, and has to say what the whole says of it.
        """
        if len(text) < LARGE or len(path) < 2 or _SHARED.search(text):
            return None
        above = 1 if len(path) > 2 else 0
        start, end = _lines(text, path) if above else _group(text, str(path[0]))
        if start < 0 or (not above and 2 * (end - start) > len(text)):
            return None
        key = path[above]
        said = {key: (tree[path[0]] if above else tree).get(key)}
        found = cls(text[:start], text[start:end], text[end:], said, above)
        try:
            alone = read_yaml_text(found.text).tree
        except YamlUnreadable:
            return None
        return found if alone == said else None


def entry_of(text: str, path: Path) -> str:
    """The lines of an entry, for people to copy; the whole text where they cannot be told."""
    start, end = _lines(text, path)
    return text if start < 0 else text[start:end].rstrip() + "\n"


def _lines(text: str, path: Path) -> tuple[int, int]:
    """From where to where an entry's lines are; (-1, -1) where they cannot be told."""
    begin, end = _group(text, str(path[0]))
    begin = text.find("\n", begin, end)
    if begin < 0:
        return _NOWHERE
    first = re.compile(r"^( +)[^\s#]", re.MULTILINE).search(text, begin, end)
    if first is None:
        return _NOWHERE
    indent = first[1]
    key = re.compile(rf"^{indent}{re.escape(str(path[1]))}:", re.MULTILINE)
    keys = list(key.finditer(text, begin, end))
    if len(keys) != 1:
        return _NOWHERE
    following = re.compile(rf"^{indent}[^\s#]", re.MULTILINE).search(text, keys[0].end(), end)
    return keys[0].start(), following.start() if following else end


def _group(text: str, name: str) -> tuple[int, int]:
    """The same of a group, with its key."""
    key = re.compile(rf"^{re.escape(name)}:[ \t]*(?:#.*)?$", re.MULTILINE)
    found = list(key.finditer(text))
    if len(found) != 1:
        return _NOWHERE
    over = re.compile(r"^[^\s#]", re.MULTILINE).search(text, found[0].end() + 1)
    return found[0].start(), over.start() if over else len(text)
