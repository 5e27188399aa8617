"""How often a token may ask, and how often a network may bring tokens that open nothing.

This process remembers it, and forgets the oldest: a limit keeps a program that runs wild from
taking the place of all others, and need not be the same to the call
(https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10).
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

WINDOW = timedelta(minutes=1)

QUOTAS: Mapping[str, int] = {"reads": 12_000, "changes": 3_600}
"""Calls of one token in a window: 200 reads and 60 changes a second, which is about what one
process answers."""

FAILED = 30
"""Tokens of one network in a window that open nothing, until it is asked to wait: a program with an
old token, which asks every other second, is told what is wrong with it."""

MOST = 10_000
"""Tokens and networks that are remembered."""


@dataclass(slots=True)
class _Window:
    since: datetime
    used: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a token of one kind of calls, and for how many seconds."""

    kind: str
    left: int
    seconds: int
    quotas: Mapping[str, int]

    @property
    def headers(self) -> dict[str, str]:
        """As a client is told."""
        policy = ", ".join(
            f'"{kind}";q={quota};w={WINDOW.seconds}' for kind, quota in self.quotas.items()
        )
        said = f'"{self.kind}";r={max(0, self.left)};t={self.seconds}'
        return {"RateLimit-Policy": policy, "RateLimit": said}


class Allowances:
    """Only for the thread of the loop."""

    def __init__(self, quotas: Mapping[str, int] = QUOTAS, failed: int = FAILED) -> None:
        self._quotas = quotas
        self._failed = failed
        self._windows: OrderedDict[tuple[str, str], _Window] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, mark: str, kind: str, *, now: datetime) -> Allowance:
        """Count a call of a token; what is left is below nothing when it was one too many."""
        window = self._window((mark, kind), now)
        window.used += 1
        seconds = (window.since + WINDOW - now).total_seconds()
        left = self._quotas[kind] - window.used
        return Allowance(kind, left, max(1, ceil(seconds)), self._quotas)

    def waits(self, network: str, mark: str, *, now: datetime) -> float:
        """For how many seconds a network is not asked who it is; a token that is known always is.

        So that nobody shuts out those that share a network.
        """
        if self.is_known(mark):
            return 0
        window = self._windows.get((network, "failed"))
        if window is None or window.used < self._failed:
            return 0
        return max(0.0, (window.since + WINDOW - now).total_seconds())

    def failed(self, network: str, mark: str = "", *, now: datetime) -> None:
        """A token of a network opened nothing, or nothing any more."""
        self._known.pop(mark, None)
        self._window((network, "failed"), now).used += 1

    def is_known(self, mark: str) -> bool:
        """Whether a token opened something when it was used last."""
        return mark in self._known

    def known(self, mark: str) -> None:
        """A token opened something."""
        self._known[mark] = None
        self._known.move_to_end(mark)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def _window(self, key: tuple[str, str], now: datetime) -> _Window:
        window = self._windows.get(key)
        if window is None or not timedelta() <= now - window.since < WINDOW:
            window = self._windows[key] = _Window(now)
            self._windows.move_to_end(key)
            if len(self._windows) > MOST:
                self._windows.popitem(last=False)
        return window
