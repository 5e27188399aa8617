"""A feed that is a file of the workspace."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from dispatch.errors import FeedTooCostly, FeedUnreachable
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.limits import Limits
from dispatch.regular_files import check_regular, open_regular, why_unread


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file's bytes, and what changes when they do."""

    body: bytes
    etag: str


def read_file(url: str, *, folder: Path, etag: str, limits: Limits) -> FoundFile | None:
    """The file that `file:` and a path relative to `folder` names; None if `etag` still holds.

    Raises FeedUnreachable if it is not there or outside the folder, FeedTooCostly if it is too
    large.
    """
    path = _inside(url, folder)
    try:
        state = path.stat()
        check_regular(state, path)
        now = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
        if now == etag:
            return None
        if state.st_size > limits.size:
            raise FeedTooCostly(
                f"{shown(url)}: larger than {limits.size / 1e6:g} MB - keep fewer posts in it"
            )
        with open_regular(path) as file:
            return FoundFile(file.read(limits.size + 1), now)
    except FileNotFoundError as failure:
        raise FeedUnreachable(
            f"{shown(url)}: there is no such file in the workspace - check the path"
        ) from failure
    except OSError as failure:
        problem, advice = why_unread(failure, advice="check the path and its rights")
        raise FeedUnreachable(f"{shown(url)}: {problem} - {advice}") from failure


def _inside(url: str, folder: Path) -> Path:
    # Resolved first: neither ".." nor a symbolic link may lead out of the workspace.
    try:
        path = (folder / unquote(url.removeprefix("file:"))).resolve()
        if path.is_relative_to(folder.resolve()):
            return path
    except (OSError, ValueError, RuntimeError) as failure:  # a NUL in the path, a circle of links
        raise FeedUnreachable(f"{shown(url)}: not a path - check how it is written") from failure
    raise FeedUnreachable(
        f"{shown(url)}: outside the workspace - put the file into the workspace and name it as in "
        "file:samples/blog.xml"
    )
