"""Files of ours that other users of the machine may read or write, which is theirs to decide."""

import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from dispatch.config.files.problems import FileProblem, Severity

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_private(paths: Iterable[Path], *, folder: Path) -> Iterator[FileProblem]:
    """A notice for each file or folder that is there and not its owner's alone.

    What dispatch makes is private. So somebody has made it wider, or an earlier version made it.
    """
    if sys.platform == "win32":
        return
    for path in dict.fromkeys(paths):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if mode & _OTHERS:
            shown = path.relative_to(folder) if path.is_relative_to(folder) else path
            problem = f"other users of this machine may use it (mode {mode:o})"
            advice = f"chmod {mode & ~_OTHERS:o} {shown}, unless that is on purpose"
            yield FileProblem(str(shown), None, "", problem, advice, Severity.NOTICE)
