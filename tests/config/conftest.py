"""A workspace folder to write files into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch.config.schedules.load import load_workspace
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput

TEMPLATE_FILES = ("subject.txt", "digest.mjml", "digest.txt", "snippet.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the template `weekly` and the feed file `feeds/blog.xml`."""
    template = tmp_path / "templates" / "weekly"
    template.mkdir(parents=True)
    for name in TEMPLATE_FILES:
        (template / name).write_text("x")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "blog.xml").write_text("<rss/>")
    return tmp_path


@pytest.fixture
def load(folder: Path) -> Callable[[str | bytes], Workspace]:
    """Writes schedules.yaml and loads the workspace."""

    def load(content: str | bytes) -> Workspace:
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / "schedules.yaml").write_bytes(raw)
        return load_workspace(folder)

    return load


@pytest.fixture
def problems(load: Callable[[str | bytes], Workspace]) -> Callable[[str | bytes], list[str]]:
    """Writes schedules.yaml and gives what is said about it."""

    def problems(content: str | bytes) -> list[str]:
        with pytest.raises(BadInput) as caught:
            load(content)
        return [str(problem) for problem in caught.value.problems]

    return problems
