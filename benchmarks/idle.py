"""What a service costs that has nothing to do."""

import os
import threading
from pathlib import Path

from benchmarks.processes import NotMeasuredError
from benchmarks.stage import Prepared
from benchmarks.ticking import write_files
from benchmarks.workers import worker

WARM_UP_SECONDS = 20
"""Until it has started, and ticked for the first time."""


def idle_share(folder: Path, campaigns: int, *, seconds: float) -> float:
    """Per cent of a core that a worker takes with so many campaigns, none of which is due."""
    if not Path("/proc/self/stat").exists():
        raise NotMeasuredError("no /proc, which tells another process's CPU")
    write_files(folder, campaigns)
    database = f"sqlite:///{folder / 'dispatch.db'}"
    pause = threading.Event()
    with worker(Prepared(folder, database, edition="", address_seconds=0)) as process:
        pause.wait(WARM_UP_SECONDS)
        before = _cpu(process.pid)
        pause.wait(seconds)
        return 100 * (_cpu(process.pid) - before) / seconds


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has taken, user and system (proc(5))."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
