"""Where our code and our pages use a sentence: calls of `words(...)`, as they are written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

SOURCE = Path(__file__).parents[2] / "src/dispatch"
CALLED = {"words", "_words"}


@dataclass(frozen=True, slots=True)
class Use:
    """One call. Where something is not written out, it is None."""

    place: str
    name: str | None
    values: frozenset[str | None]


@cache
def all_uses() -> list[Use]:
    """Those of what readers and reviewers see; the team's pages have catalogues of their own."""
    files = (path for path in SOURCE.rglob("*.py") if "team" not in path.parts)
    python = (use for path in files for use in uses_in_python(path))
    folders = SOURCE / "web/pages", SOURCE / "render/mails"
    pages = (
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".html", ".txt"} and "team" not in path.parts
    )
    return [*python, *(use for path in pages for use in uses_in_page(path))]


def uses_in_python(path: Path) -> Iterator[Use]:
    """None of a file that has no words of ours: `words` may be something else there."""
    source = path.read_text(encoding="utf-8")
    if "dispatch.words" not in source or "team_words_in" in source:
        return  # those of the team are asked for in test_team_sentences.py
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _called(node.func) in CALLED:
            [first, *_] = node.args
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            name = first.value if literal else None
            values = frozenset(keyword.arg for keyword in node.keywords)
            yield Use(f"{path.name}:{node.lineno}", name, values)


def uses_in_page(path: Path) -> Iterator[Use]:
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in CALLED:
            [first, *_] = call.args
            name = first.value if isinstance(first, nodes.Const) else None
            values: set[str | None] = {keyword.key for keyword in call.kwargs}
            unpacked = {None} if call.dyn_kwargs else set()
            yield Use(f"{path.name}:{call.lineno}", name, frozenset(values | unpacked))


def _called(function: ast.expr) -> str:
    match function:
        case ast.Attribute(value=ast.Attribute(attr="record")):
            return ""  # what people have said, and no sentence of ours
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
