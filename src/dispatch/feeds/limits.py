"""How much a feed may cost us: time, bytes and hops."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may take.

    `silence` is the longest wait in seconds for a connection or the next piece of an answer,
    `total` for all of it. `size` counts bytes after decompression: 10 MB are some 5,000 long posts.
    """

    silence: float = 30.0
    total: float = 60.0
    size: int = 10_000_000
    redirects: int = 5


NORMAL = Limits()
