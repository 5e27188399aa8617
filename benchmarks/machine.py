"""Where the figures were taken: what a reader has to know to compare them with their own."""

import os
import platform
import sqlite3
from pathlib import Path


def machine(network: str) -> dict[str, str | int]:
    """The machine in a few facts; nothing that names it."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "python": platform.python_version(),
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "sqlite": sqlite3.sqlite_version,
        "network": network,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
