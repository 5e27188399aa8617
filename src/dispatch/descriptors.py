"""Descriptors: each connection and open file of a process takes one, and it may have so many.

Many systems allow a process 1,024 until it asks for more. Readers' pages, channels, feeds and the
database share them, and whoever finds none left fails.
"""

from contextlib import suppress

MOST = 65_536
"""What is asked for: more than anything here uses. Some systems allow a thousand million, and then
whatever goes through all of them takes minutes."""

UNKNOWN = 1_024
"""What is taken to be allowed where the system does not say."""


def raise_limit() -> int:
    """Ask for as many as this process may have, up to MOST; how many it may have now.

    What it has already is never lowered.
    """
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not everywhere

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with suppress(OSError, ValueError):  # some systems have a limit behind the limit
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return limit()


def limit() -> int:
    """How many this process may have now."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not everywhere

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return MOST if soft == resource.RLIM_INFINITY else soft
    return UNKNOWN
