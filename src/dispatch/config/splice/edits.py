"""One edit in a YAML text: a value replaced, a key or an item put in or taken out."""

import re
from dataclasses import dataclass
from typing import Any

from dispatch.config.splice import written
from dispatch.config.splice.change import Unchangeable
from dispatch.config.splice.nodes import Node, behind_colon, find, read_nodes
from dispatch.yaml_text import Path

_BREAK = re.compile(r"\r\n|\r(?!\n)|\n")
_LAST_BREAK = re.compile(r"(?:\r\n|\r(?!\n)|\n)\Z")
_BLANK = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t]*(?:\r\n|\r(?!\n)|\n)")
_REMARK = re.compile(r"(?:[ \t]*(?:\r\n|\r(?!\n)|\n))+( *)#[^\r\n]*")
_COMMA = re.compile(r"\s*,")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and where its values stand; each edit gives another text."""

    text: str
    root: Node | None
    ends: str = "\n"

    @classmethod
    def of(cls, text: str, whole: str = "") -> "Text":
        """A text without flaws, or a part of a `whole` one, whose lines end in the same way."""
        found = _BREAK.search(whole or text)
        return cls(text, read_nodes(text), found[0] if found else "\n")

    def with_value(self, path: Path, value: Any) -> str:
        """A key's value replaced, or the key put in; what is around it is there."""
        found = self._find(path[:-1])
        if found.inside(path[-1]) is not None:
            return self.replaced(path, value)
        if found.kind != "mapping" or not isinstance(path[-1], str):
            raise Unchangeable(path)
        return self._with_pair(found, path[-1], value)

    def replaced(self, path: Path, value: Any) -> str:
        """The value at a path replaced, whatever it is."""
        around, node = self._find(path[:-1]), self._find(path)
        if around.flow or not path:
            return self._put(node.start, node.end, _one_line(node, value))
        remark = self.text[node.end : self._end_of_line(node.end)].strip()
        if remark and "\\n" in written.flow(value):  # it would be taken for a part of the text
            gap = self.text[max(node.start - 1, 0) : node.start].strip() and " "
            return self._put(node.start, node.end, gap + _one_line(node, value))
        if around.kind == "sequence":
            lines = [_one_line(node, value)]
            if isinstance(value, dict | list | tuple | str):
                lines = written.item(value, indent=around.column, step=self._step)
                lines[0] = lines[0].lstrip(" -") if len(lines) > 1 else _one_line(node, value)
            return self._put(node.start, node.end, self.ends.join(lines))
        key = next(key for key, one in around.pairs if one is node)
        start = behind_colon(self.text, key.end)
        gap = self.text[start : node.start]
        if "#" in gap or (node.kind != "mapping" and not _is_long(value)):
            gap = gap or " "  # as wide as it was
            if node.is_block and "#" not in gap:
                gap = " "
            return self._put(start, node.end, gap + _one_line(node, value))
        lines = written.behind("", value, indent=around.column, step=self._step)
        return self._put(start, node.end, self.ends.join(lines))

    def with_item(self, path: Path, value: Any) -> str:
        """One more of a list, before a place in it."""
        around, at = self._find(path[:-1]), path[-1]
        if around.kind != "sequence" or not isinstance(at, int) or at > len(around.items):
            raise Unchangeable(path)
        if around.flow:
            return self._in_brackets(around, around.items, at, written.flow(value))
        block = around.items[-1].kind == "mapping" and around.items[-1].is_block
        lines = written.item(value, indent=around.column, step=self._step, block=block)
        if at == 0:
            return self._before(around.items[0], around.column, lines)
        last = at == len(around.items)
        return self._behind(around.items[at - 1].end, lines, around.column if last else 0)

    def without(self, path: Path) -> str:
        """A key or an item taken out; what holds nothing then has empty brackets."""
        around, node = self._find(path[:-1]), self._find(path)
        parts = [(key.start, value) for key, value in around.pairs]
        parts = parts or [(one.start, one) for one in around.items]
        if len(parts) == 1:
            return self.replaced(path[:-1], {} if around.kind == "mapping" else [])
        at = next(number for number, (_, one) in enumerate(parts) if one is node)
        if around.flow:
            return self._out_of_brackets([(start, one.end) for start, one in parts], at)
        return self._without_lines(parts[at][0], node.end, around)

    def _find(self, path: Path) -> Node:
        found = find(self.root, path) if self.root else []
        if len(found) != len(path) + 1:
            raise Unchangeable(path)
        return found[-1]

    def _with_pair(self, around: Node, key: str, value: Any) -> str:
        if around.flow:
            text = f"{written.key_text(key)}: {written.flow(value)}"
            return self._in_brackets(
                around, [one for one, _ in around.pairs], len(around.pairs), text
            )
        block = bool(around.pairs) and around.pairs[-1][1].is_block
        lines = written.entry(
            key,
            value,
            indent=around.column,
            step=self._step,
            block=block and isinstance(value, dict),
        )
        if self._apart(around):
            lines = ["", *lines]
        return self._behind(around.end, lines, around.column)

    def _in_brackets(self, around: Node, parts: list[Node], at: int, text: str) -> str:
        ends = [value.end for _, value in around.pairs] or [one.end for one in around.items]
        if not parts:
            place = self.text.index("{" if around.kind == "mapping" else "[", around.start) + 1
            return self._put(place, place, text)
        if at < len(parts):
            return self._put(parts[at].start, parts[at].start, f"{text}, ")
        last, line = parts[-1].start, self._line(parts[-1].start)
        if not self.text[line:last].strip():  # it begins its line: so does the next
            text = f",{self.ends}{self.text[line:last]}{text}"
        elif ends[-1] - line + len(text) + 3 > written.WIDTH and around.column:
            text = f",{self.ends}{' ' * parts[0].column}{text}"
        else:
            text = f", {text}"
        return self._put(ends[-1], ends[-1], text)

    def _out_of_brackets(self, parts: list[tuple[int, int]], at: int) -> str:
        start, end = parts[at]
        if at + 1 < len(parts):
            following = parts[at + 1][0]
            if "#" not in self.text[end:following]:
                return self._put(start, following, "")
            comma = _COMMA.match(self.text, end)
            return self._put(start, comma.end() if comma else end, "")
        before = parts[at - 1][1]
        if "#" not in self.text[before:start]:
            return self._put(before, end, "")
        comma = _COMMA.match(self.text, before)
        kept = self.text[comma.end() if comma else before : start].rstrip(" \t")
        return self._put(before, end, kept)

    def _without_lines(self, start: int, end: int, around: Node) -> str:
        line = self._line(start)
        if around.kind == "sequence":
            start = self.text.rindex("-", line, start)
        if self.text[line:start].strip():  # it begins an item: the dash stays
            return self._put(line + len(self.text[line:start].rstrip()), end, "")
        end = self._behind_remarks(self._end_of_line(end), around.column + 1)
        after = _BREAK.match(self.text, end)
        if after:
            return self._put(line, after.end(), "")
        before = _LAST_BREAK.search(self.text, 0, line)  # the file had no break at its end
        return self._put(before.start() if before else line, end, "")

    def _behind(self, end: int, lines: list[str], column: int) -> str:
        """Lines behind that of a place, and behind remarks below it that are as far in."""
        at = self._end_of_line(end)
        at = self._behind_remarks(at, column) if column else at
        return self._put(at, at, "".join(self.ends + line for line in lines))

    def _behind_remarks(self, at: int, column: int) -> int:
        while (note := _REMARK.match(self.text, at)) and len(note[1]) >= column:
            at = note.end()
        return at

    def _before(self, node: Node, column: int, lines: list[str]) -> str:
        line = self._line(node.start)
        if self.text[line : line + column].strip():
            raise Unchangeable(())
        return self._put(line, line, "".join(one + self.ends for one in lines))

    def _apart(self, around: Node) -> bool:
        """Whether its keys have blank lines between them."""
        if len(around.pairs) < 2 or not around.pairs[-1][1].is_block:
            return False
        between = self.text[around.pairs[-2][1].end : around.pairs[-1][0].start]
        return bool(_BLANK.search(between))

    @property
    def _step(self) -> int:
        """By how many columns this text indents."""
        if self.root:
            for _, value in self.root.pairs:
                if value.kind == "mapping" and value.is_block and value.column:
                    return value.column - self.root.column
        return 2

    def _line(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _end_of_line(self, at: int) -> int:
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def _put(self, start: int, end: int, text: str) -> str:
        return self.text[:start] + text + self.text[end:]


def _one_line(node: Node, value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return written.flow(value)
    return written.scalar(value, style=node.style if node.kind == "scalar" else "")


def _is_long(value: Any) -> bool:
    return (bool(value) and isinstance(value, dict | list | tuple)) or "\n" in str(value)
