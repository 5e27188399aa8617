"""How much a feed may cost us: time, bytes and hops."""

from dataclasses import dataclass, replace
from typing import Self

from dispatch.http import CONNECT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may take.

    `connect` is the longest wait in seconds for a connection, `silence` for the next piece of an
    answer, `total` for all of it, redirects and all. `size` counts bytes, before decompression and
    after it: 10 MB are some 5,000 long posts.
    """

    connect: float = CONNECT_SECONDS
    silence: float = 30.0
    total: float = 60.0
    size: int = 10_000_000
    redirects: int = 5

    def within(self, *, silence: float, total: float) -> Self:
        """The same, but no more patient than that."""
        return replace(self, silence=min(self.silence, silence), total=min(self.total, total))


NORMAL = Limits()
