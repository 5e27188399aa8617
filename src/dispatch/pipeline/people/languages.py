"""The languages in which something can be said: those of the templates that readers get."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from dispatch.config.workspace import Workspace
from dispatch.errors import TemplateFailed
from dispatch.render.templates.files import WORDS
from dispatch.render.templates.words import normal_tag, read_words


def languages_of(workspace: Workspace) -> list[str]:
    """The tags of the languages that digests are written in, each once, as the files have them."""
    plans = (one.email for one in workspace.campaigns.values())
    names = sorted({plan.template for plan in plans if plan})
    found: dict[str, str] = {}
    for tag in _tags(workspace.folder, names):
        found.setdefault(normal_tag(tag), tag)
    return list(found.values())


def _tags(folder: Path, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        file = folder / "templates" / name / WORDS
        try:
            yield from _read(file, file.stat().st_mtime_ns)
        except (OSError, TemplateFailed, ValueError):
            continue  # 'dispatch check' tells what is wrong with it


@lru_cache(maxsize=32)
def _read(file: Path, written: int) -> tuple[str, ...]:  # noqa: ARG001 - it is read anew by that
    return tuple(read_words(file.parent.name, file.read_text(encoding="utf-8")))
