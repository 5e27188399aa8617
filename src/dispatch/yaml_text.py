"""A YAML text as plain values and line numbers; what cannot be meant is a flaw, not a guess.

Whoever reads YAML that people wrote reads it here, and says in their own words where it stands.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dispatch.model.text.plain_text import quoted

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000  # aliases can make many values out of few bytes

Path = tuple[str | int, ...]
"""The keys from the top of a text down to a value; a place in a list is a number from 0."""

_TAG = "tag:yaml.org,2002:"
_CORE_TAGS = frozenset(
    _TAG + kind
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
)
_WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL_NUMBER = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class YamlFlaw:
    """What is wrong at one place, without the text's own words: they may hold a secret."""

    line: int | None
    path: Path
    problem: str
    advice: str


class YamlUnreadable(Exception):
    """Nothing can be said of the whole text but this one flaw."""

    def __init__(self, line: int | None, problem: str, advice: str) -> None:
        self.flaw = YamlFlaw(line, (), problem, advice)
        super().__init__(f"{problem} - {advice}")


@dataclass(frozen=True, slots=True)
class YamlText:
    """What a text says. `flaws` are those that did not keep the rest from being read.

    Values are dict (keys are text), list, str, int, float, bool and None, which is also what an
    empty text says. Dates, and numbers in unusual spellings such as 0123 or 1e3, are text as
    written.
    """

    tree: Any
    lines: dict[Path, int]
    flaws: tuple[YamlFlaw, ...]


def decode_yaml(content: bytes) -> str:
    """The text of a file, or of its first MAX_BYTES + 1 bytes; raises YamlUnreadable."""
    if len(content) > MAX_BYTES:
        raise YamlUnreadable(None, "is larger than 1 MB", "is it the right file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = "save the file with the encoding UTF-8"
        raise YamlUnreadable(line, "is not UTF-8 text", advice) from None


def read_yaml_text(text: str, *, as_written: bool = False) -> YamlText:
    """Read a text, however it was meant to hurt; raises YamlUnreadable.

    `as_written` leaves numbers and truths as the text that was written, for files of words.
    """
    node = _compose(text)
    values = _Values(as_written=as_written)
    tree = values.of(node, ()) if node is not None else None
    return YamlText(tree, values.lines, tuple(values.flaws))


@lru_cache(maxsize=4)
def read_once(text: str, *, as_written: bool = False) -> YamlText:
    """The same, kept for who asks again: what a large file says takes a second to read.

    Whoever gets it changes nothing in it.
    """
    return read_yaml_text(text, as_written=as_written)


def dotted(path: Path) -> str:
    """A path as messages show it.

    >>> dotted(("campaigns", "weekly", "social", 0, "via"))
    'campaigns.weekly.social[0].via'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path)
    return text.removeprefix(".")


def _compose(text: str) -> Any:
    # Nodes are composed and not constructed: the constructor evaluates tags, builds dates that do
    # not exist, and knows no line for half of its errors.
    from ruamel.yaml import YAML  # noqa: PLC0415 - 15 ms that --help need not wait for
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    yaml = YAML(typ="safe", pure=True)  # "rt" leaves signs of its own in folded texts
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        return yaml.compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = "contains a character that is no text"
        raise YamlUnreadable(line, problem, "write the line anew") from None
    except MarkedYAMLError as error:
        raise _explain(error, text) from None
    except RecursionError:
        raise _too_deep() from None
    except (YAMLError, ValueError, AssertionError, LookupError, AttributeError, TypeError) as error:
        # Broken YAML also makes ruamel.yaml stumble over itself in many ways.
        advice = "check brackets, quotes and colons"
        raise YamlUnreadable(None, "is not valid YAML", advice) from error


_EXPLANATIONS = (
    # what ruamel.yaml says; what it means for whom wrote the file; what to do
    (r"'\\t'", "a tab stands where only spaces may", "indent with spaces"),
    ("undefined alias", "a value begins with *", "put it in quotes"),
    (
        "mapping values are not allowed",
        "a colon stands where none may",
        "indent keys of one group alike, and put a text with ': ' in it in quotes",
    ),
    ("could not find expected ':'", "this is not a 'key: value' line", "add ': ' after the key"),
    ("another document", "a second document begins", "remove the line '---'"),
    (
        "expected ',' or",
        "a bracket is not closed or a comma is missing",
        "see what this line opens",
    ),
    ("end of stream|stream end", "a quote or bracket is never closed", "close it"),
    ("maximum depth", f"is nested more than {MAX_DEPTH} levels deep", "check the indentation"),
    ("cannot start any token", "a value begins with a sign that YAML uses", "put it in quotes"),
)


_NO_SPACE = re.compile(r"\s*(?:- )?([A-Za-z_][\w-]*):(?!//)[^\s,\]}]")


def _explain(error: Any, text: str) -> YamlUnreadable:
    # Never the library's own text: it quotes the line, and a line may hold a secret.
    said = str(error.problem)
    # Of what is left open, the beginning is the place; the end is only where that was noticed.
    left_open = re.search("stream|expected '", said)
    marks = (error.context_mark, error.problem_mark)
    mark = next(filter(None, marks if left_open else reversed(marks)), None)
    line = mark.line + 1 if mark else None
    if line and ("mapping values" in said or "expected ':'" in said):
        for at in (line - 1, line):  # what YAML took for one text with the line before
            found = _NO_SPACE.match(text.splitlines()[at - 1]) if at else None
            if found:
                problem = f"a space is missing after '{found[1]}:'"
                return YamlUnreadable(at, problem, f"write it as '{found[1]}: ...'")
    for pattern, problem, advice in _EXPLANATIONS:
        if re.search(pattern, said):
            return YamlUnreadable(line, problem, advice)
    advice = "check indentation, brackets, quotes and colons in this line and the one before"
    return YamlUnreadable(line, "is not valid YAML", advice)


class _Values:
    """Turns nodes into plain values, collecting lines and flaws on the way."""

    def __init__(self, *, as_written: bool) -> None:
        self.lines: dict[Path, int] = {}
        self.flaws: list[YamlFlaw] = []
        self.as_written = as_written
        self.count = 0

    def of(self, node: Any, path: Path) -> Any:
        self.count += 1
        if self.count > MAX_VALUES:
            advice = "is it the right file? aliases (*name) may repeat too much"
            raise YamlUnreadable(None, f"says more than {MAX_VALUES} values", advice)
        if len(path) > MAX_DEPTH:
            raise _too_deep()
        if node.tag not in _CORE_TAGS:
            tag = quoted(node.tag.removeprefix(_TAG))
            self._flaw(node, path, f"has the tag {tag}", "write the value without it")
        if node.id == "mapping":
            return self._mapping(node, path)
        if node.id == "sequence":
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._flaw(
                    key_node, path, "a key must be a word", "put a text with { or [ in quotes"
                )
                continue
            key = self._text(key_node, path)
            inner = (*path, key)
            if key_node.tag == _TAG + "merge":
                # What it would have brought is missing everywhere: one sentence, and no others.
                line = key_node.start_mark.line + 1
                raise YamlUnreadable(line, "'<<' is not known here", "write the keys out")
            if key in values:
                advice = f"keep it here or in line {self.lines[inner]}"
                self._flaw(key_node, inner, "is written twice", advice)
            else:
                self.lines[inner] = key_node.start_mark.line + 1
                values[key] = self.of(value_node, inner)
        return values

    def _sequence(self, node: Any, path: Path) -> list[Any]:
        for index, item in enumerate(node.value):
            self.lines[*path, index] = item.start_mark.line + 1
        return [self.of(item, (*path, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: Any, path: Path) -> str | int | float | bool | None:
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if self.as_written:
            return self._text(node, path)
        if kind == "bool":
            return str(node.value).lower() == "true"
        if kind == "int" and _WHOLE_NUMBER.fullmatch(node.value):
            return int(node.value)
        if kind == "float" and _DECIMAL_NUMBER.fullmatch(node.value):
            return float(node.value)
        return self._text(node, path)

    def _text(self, node: Any, path: Path) -> str:
        text = str(node.value)
        if _UNPRINTABLE.search(text):
            self._flaw(node, path, "contains a character that is no text", "remove it")
        return _UNPRINTABLE.sub("?", text)

    def _flaw(self, node: Any, path: Path, problem: str, advice: str) -> None:
        self.flaws.append(YamlFlaw(node.start_mark.line + 1, path, problem, advice))


def _too_deep() -> YamlUnreadable:
    problem = f"is nested more than {MAX_DEPTH} levels deep"
    return YamlUnreadable(None, problem, "check the indentation")


def _shown(key: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in key[:64])
