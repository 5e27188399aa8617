"""How evenly two workers send that share a pace, as a mail server sees it."""

from bisect import bisect_left
from dataclasses import dataclass

from benchmarks.arrivals import Arrivals
from benchmarks.stage import Prepared, patience
from benchmarks.workers import worker


@dataclass(frozen=True, slots=True)
class Evenness:
    """Mails a second: `most` in any second, wherever it begins, and on `average`."""

    most: int
    average: float


def keep_pace(prepared: Prepared, arrivals: Arrivals, mails: int) -> Evenness:
    """Let two workers send so many mails to a server that notes when each of them came."""
    with worker(prepared, "--threads", "1"), worker(prepared, "--threads", "1"):
        arrivals.wait_for(mails, seconds=patience(mails))
    return evenness(arrivals.moments)


def evenness(moments: list[float]) -> Evenness:
    """How even some moments are, in order and in seconds.

    >>> evenness([0.0, 0.5, 1.0, 1.1, 1.2])
    Evenness(most=4, average=3.33...)
    """
    within = [bisect_left(moments, one + 1) - number for number, one in enumerate(moments)]
    return Evenness(max(within), (len(moments) - 1) / (moments[-1] - moments[0]))
