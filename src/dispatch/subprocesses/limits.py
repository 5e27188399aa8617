"""What such a process may take, held by the system; set from within it."""

import os
import signal
import sys

MEMORY = 300_000_000  # bytes; the worst 10 MB of feed that could be made to be read take 220
SPARE = 5  # seconds until the process ends itself, if the service has died and cannot


def limit_memory() -> None:
    """Let the system refuse more memory than that; Windows knows no such limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not everywhere

    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CORE):
        _, most = resource.getrlimit(kind)
        wanted = MEMORY if kind == resource.RLIMIT_DATA else 0
        if most == resource.RLIM_INFINITY or most > wanted:
            resource.setrlimit(kind, (wanted, most))


def set_alarm(seconds: float) -> None:
    """End the process after so many seconds; 0 takes it back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def used_memory() -> int:
    """How many bytes the process has in use of its own; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a light import
            _, resident, shared = statm.read().split()[:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
