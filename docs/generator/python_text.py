"""Writing Python: imports, docstrings, and lines that are too long."""

from collections.abc import Iterator
from typing import Any

WIDTH = 100


def imported(module: str, names: Any) -> list[str]:
    """What imports names of a module."""
    # As ruff sorts them: constants, classes, others.
    some = sorted(set(names), key=lambda one: (one.islower(), one))
    line = f"from {module} import {', '.join(some)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {one}," for one in some), ")"]


def wrapped(line: str) -> str:
    """An alias, over several lines where it is long."""
    if len(line) <= WIDTH:
        return line
    begin, _, rest = line.partition("[")
    inner = rest.removesuffix("]").split(", ")
    return "\n".join([f"{begin}[", *(f"    {one}," for one in inner), "]"])


def wrapped_call(begin: str, parts: list[str], end: str) -> Iterator[str]:
    """A call, or what heads a function, as ruff's formatter breaks it."""
    line = f"{begin}({', '.join(parts)}){end}"
    if len(line) <= WIDTH:
        yield line
        return
    space = " " * (len(begin) - len(begin.lstrip()))
    yield f"{begin}("
    inner = f"{space}    {', '.join(parts)}"
    if len(inner) <= WIDTH:
        yield inner
    else:
        yield from (f"{space}    {one}," for one in parts)
    yield f"{space}){end}"


def docstring(text: str, indent: int) -> str:
    """A docstring, indented."""
    words, lines, space = " ".join(text.split()).replace("\\", "\\\\").split(), [], " " * indent
    line = '"""'
    for word in words:
        if len(space + line + " " + word) > WIDTH - 4 and line.strip('"'):
            lines.append(line)
            line = word
        else:
            line += word if line == '"""' else f" {word}"
    if not lines:
        return f'{space}{line}"""'
    lines += [line, '"""']
    return "\n".join(space + one for one in lines)
