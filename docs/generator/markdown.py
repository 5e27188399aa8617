"""Writing Markdown: tables, and what stands in their cells."""

from collections.abc import Iterable
from typing import Any


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; columns in which nothing stands are left out."""
    names, lines = list(header), [list(row) for row in rows]
    used = [index for index, _ in enumerate(names) if any(line[index] for line in lines)]
    cells = [[line[index] for index in used] for line in [names, ["---"] * len(names), *lines]]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in cells)


def one_paragraph(text: str | None) -> str:
    """A docstring on one line."""
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    # Outside of code, <audience> would be taken for HTML.
    parts = one_paragraph(text).replace("|", "\\|").split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def code(value: Any) -> str:
    """A value as code, spelt as in YAML; nothing where there is none."""
    return "" if value is None or value in ("", [], (), {}) else f"`{_as_yaml(value)}`"


def _as_yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_yaml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
