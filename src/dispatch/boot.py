"""Which start of this machine it is: a power cut changes that, the end of a process does not."""

from functools import cache
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def boot_id() -> str:
    """A name that every process of this start of the machine sees; empty where the system has none.

    Only Linux tells it as a file.
    """
    try:
        return BOOT_ID.read_text(encoding="ascii").strip().replace("-", "")
    except (OSError, ValueError):
        return ""
