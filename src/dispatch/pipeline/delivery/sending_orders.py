"""What a process that sends is told: all that its one loop needs, as values that can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from dispatch.channels.opened import Channel
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.workspace.guard import Guard
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class SendingOrders:
    """One loop: an edition over a channel, with at most so many `connections`.

    `planned` are the channels whose batches it takes, and `windows` how long the provider of each
    channel drops repeats.
    """

    edition: Edition
    channel: Channel
    planned: tuple[str, ...]
    connections: int
    store: Store
    guard: Guard
    links: SignedLinks
    lease: timedelta
    windows: Mapping[str, timedelta]


class Says(Enum):
    """What such a process tells whoever started it."""

    TOOK = "which batch is in its hands"
    ENDED = "how many deliveries have ended"
    REFUSED = "which were refused"
    LOGS = "what it would log"
    ASKS = "what it wants rendered, and waits for"
    FAILED = "why it goes no further"
    DONE = "that it has done all"


RENDERED = frozenset({"variant", "digest"})
"""What may be asked for."""
