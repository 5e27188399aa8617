"""A YAML file of the workspace: what it says, where it says it, and what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from dispatch.config.files.line_numbers import LineNumbers, dotted
from dispatch.config.files.problems import FileProblem
from dispatch.errors import BadInput
from dispatch.regular_files import open_regular, why_unread
from dispatch.yaml_text import MAX_BYTES, YamlFlaw, YamlUnreadable, decode_yaml, read_once


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file says, in the values that `dispatch.yaml_text` knows.

    `problems` are those that did not keep the rest from being read.
    """

    tree: dict[str, Any]
    lines: LineNumbers
    problems: tuple[FileProblem, ...]


def read_yaml(path: FilePath) -> YamlFile:
    """Read a file whose top is a mapping; raises BadInput where it is none or cannot be read."""
    return parse_yaml(path.name, _read(path))


def parse_yaml(name: str, content: bytes) -> YamlFile:
    """The same of what a file of this name would have in it; raises BadInput."""
    try:
        found = read_once(decode_yaml(content))
    except YamlUnreadable as error:
        raise BadInput([_problem(name, error.flaw)]) from error.__cause__
    if found.tree is None:
        raise _bad(name, None, "is empty", "begin with the keys 'feeds:' and 'campaigns:'")
    if not isinstance(found.tree, dict):
        raise _bad(name, 1, "is not a list of 'key: value' lines", "begin with 'feeds:'")
    problems = tuple(_problem(name, flaw) for flaw in found.flaws)
    return YamlFile(found.tree, LineNumbers(found.lines), problems)


def _read(path: FilePath) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _bad(path.name, None, *_why_missing(path)) from None
    except OSError as error:
        raise _bad(path.name, None, *why_unread(error)) from error


def _why_missing(path: FilePath) -> tuple[str, str]:
    if not path.parent.exists():
        return f"there is no folder {path.parent}", "check the path after -w"
    for ending in (".yml", ".yaml.txt"):
        if (other := path.with_suffix(ending)).exists():
            return f"there is no such file, but {other.name}", f"rename that to {path.name}"
    advice = "go to the folder of your workspace, or make a new one with 'dispatch init'"
    return f"there is no such file in {path.parent}", advice


def _problem(file: str, flaw: YamlFlaw) -> FileProblem:
    return FileProblem(file, flaw.line, dotted(flaw.path), flaw.problem, flaw.advice)


def _bad(file: str, line: int | None, problem: str, advice: str) -> BadInput:
    return BadInput([FileProblem(file, line, "", problem, advice)])
