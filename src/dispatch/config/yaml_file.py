"""A YAML file as plain values and line numbers; what cannot be meant is a problem, not a guess."""

import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from dispatch.config.lines import Lines, Path, dotted
from dispatch.config.problems import FileProblem, quoted
from dispatch.errors import BadInput

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000  # aliases can make many values out of few bytes

_TAG = "tag:yaml.org,2002:"
_CORE_TAGS = frozenset(
    _TAG + kind
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
)
_WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL_NUMBER = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file says. `problems` are those that did not keep the rest from being read.

    Values are dict (keys are text), list, str, int, float, bool and None. Dates, and numbers
    in unusual spellings such as 0123 or 1e3, are text as written.
    """

    tree: dict[str, Any]
    lines: Lines
    problems: tuple[FileProblem, ...]


def read_yaml(path: FilePath) -> YamlFile:
    """Read a file whose top is a mapping; raises BadInput where it is none or cannot be read."""
    node = _compose(_read_text(path), path.name)
    values = _Values(path.name)
    tree = values.of(node, ()) if node is not None else None
    if tree is None:
        raise _bad(path.name, None, "is empty", "begin with the keys 'feeds:' and 'campaigns:'")
    if not isinstance(tree, dict):
        raise _bad(path.name, 1, "is not a list of 'key: value' lines", "begin with 'feeds:'")
    return YamlFile(tree, Lines(values.lines), tuple(values.problems))


def _read_text(path: FilePath) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        advice = "go to the folder of your workspace, or make a new one with 'dispatch init'"
        raise _bad(path.name, None, f"there is no such file in {path.parent}", advice) from None
    except OSError as error:
        raise _bad(
            path.name, None, f"cannot be read ({error.strerror})", "check its permissions"
        ) from error
    if len(content) > MAX_BYTES:
        raise _bad(path.name, None, "is larger than 1 MB", "is it the right file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = "save the file with the encoding UTF-8"
        raise _bad(path.name, line, "is not UTF-8 text", advice) from None


def _compose(text: str, file: str) -> Any:
    # Nodes are composed and not constructed: the constructor evaluates tags, builds dates that do
    # not exist, and knows no line for half of its errors.
    from ruamel.yaml import YAML  # noqa: PLC0415 - 15 ms that --help need not wait for
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        return yaml.compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _bad(
            file, line, "contains a character that is no text", "write the line anew"
        ) from None
    except MarkedYAMLError as error:
        raise BadInput([_explain(error, file)]) from None
    except RecursionError:
        raise _too_deep(file) from None
    except (YAMLError, ValueError, AssertionError, LookupError, AttributeError, TypeError) as error:
        # Broken YAML also makes ruamel.yaml stumble over itself in many ways.
        raise _bad(file, None, "is not valid YAML", "check brackets, quotes and colons") from error


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


def _explain(error: Any, file: str) -> FileProblem:
    # Never the library's own text: it quotes the line, and a line may hold a secret.
    said = str(error.problem)
    # Of what is left open, the beginning is the place; the end is only where that was noticed.
    left_open = re.search("stream|expected '", said)
    marks = (error.context_mark, error.problem_mark)
    mark = next(filter(None, marks if left_open else reversed(marks)), None)
    line = mark.line + 1 if mark else None
    for pattern, problem, advice in _EXPLANATIONS:
        if re.search(pattern, said):
            return FileProblem(file, line, "", problem, advice)
    advice = "check indentation, brackets, quotes and colons in this line and the one before"
    return FileProblem(file, line, "", "is not valid YAML", advice)


class _Values:
    """Turns nodes into plain values, collecting lines and problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[FileProblem] = []
        self.count = 0

    def of(self, node: Any, path: Path) -> Any:
        self.count += 1
        if self.count > MAX_VALUES:
            advice = "is it the right file? aliases (*name) may repeat too much"
            raise _bad(self.file, None, f"says more than {MAX_VALUES} values", advice)
        if len(path) > MAX_DEPTH:
            raise _too_deep(self.file)
        if node.tag not in _CORE_TAGS:
            tag = quoted(node.tag.removeprefix(_TAG))
            self._problem(node, path, f"has the tag {tag}", "write the value without it")
        if node.id == "mapping":
            return self._mapping(node, path)
        if node.id == "sequence":
            return self._sequence(node, path)
        return self._scalar(node, path)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._problem(
                    key_node, path, "a key must be a word", "put a text with { or [ in quotes"
                )
                continue
            key = self._text(key_node, path)
            inner = (*path, key)
            if key_node.tag == _TAG + "merge":
                self._problem(key_node, path, "'<<' is not known here", "write the keys out")
            elif key in values:
                advice = f"keep it here or in line {self.lines[inner]}"
                self._problem(key_node, inner, "is written twice", advice)
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
            self._problem(node, path, "contains a character that is no text", "remove it")
        return _UNPRINTABLE.sub("?", text)

    def _problem(self, node: Any, path: Path, problem: str, advice: str) -> None:
        line = node.start_mark.line + 1
        self.problems.append(FileProblem(self.file, line, dotted(path), problem, advice))


def _too_deep(file: str) -> BadInput:
    return _bad(file, None, f"is nested more than {MAX_DEPTH} levels deep", "check the indentation")


def _bad(file: str, line: int | None, problem: str, advice: str) -> BadInput:
    return BadInput([FileProblem(file, line, "", problem, advice)])
