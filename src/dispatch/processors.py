"""How many processors this process may use."""

import os


def count_cores() -> int:
    """As many as the system lets it run on; fewer than the machine has where it is confined."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
