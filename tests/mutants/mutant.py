"""A file of ours with one thing changed, and all that can be made of a file."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp
from cosmic_ray.mutating import mutate_code

from mutants.operators import OPERATORS
from mutants.targets import SOURCES, Target


@dataclass(frozen=True, slots=True)
class Mutant:
    """`code` instead of the code of `module`; `line` is where they differ first.

    `reaches` has the module and all that import it, one through the other.
    """

    module: str
    reaches: frozenset[str]
    file: str
    line: int
    operator: str
    before: str
    after: str
    code: str

    @property
    def place(self) -> str:
        """Where, and by which operator."""
        return f"{self.file}:{self.line} {self.operator}"

    def __str__(self) -> str:
        return f"{self.place}\n    - {self.before}\n    + {self.after}"


def mutants_of(target: Target) -> list[Mutant]:
    """All mutants of a target's files, in the order of their lines; none twice."""
    return [one for file in target.files for one in _mutants(SOURCES / "dispatch" / file)]


@cache
def graph() -> grimp.ImportGraph:
    """Which of our modules imports which."""
    return grimp.build_graph("dispatch")


def _mutants(path: Path) -> list[Mutant]:
    source = path.read_text(encoding="utf-8")
    module = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
    reaches = frozenset({module, *graph().find_downstream_modules(module)})
    found: dict[str, Mutant] = {}
    shape = ast.dump(ast.parse(source))
    for operator, code in _changed(source):
        try:
            same = ast.dump(ast.parse(code)) == shape
        except SyntaxError:
            continue
        if not same and code not in found:
            line, before, after = _difference(source, code)
            file = str(path.relative_to(SOURCES / "dispatch"))
            found[code] = Mutant(module, reaches, file, line, operator, before, after, code)
    return sorted(found.values(), key=lambda one: one.line)


def _changed(source: str) -> Iterator[tuple[str, str]]:
    for operator in OPERATORS:
        place = 0
        while (code := mutate_code(source, operator(), place)) is not None:
            yield operator.__name__, code
            place += 1


def _difference(source: str, code: str) -> tuple[int, str, str]:
    old, new = source.splitlines(), code.splitlines()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            return i1 + 1, _on_one_line(old[i1:i2]), _on_one_line(new[j1:j2])
    raise AssertionError


def _on_one_line(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
