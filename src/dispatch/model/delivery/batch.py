"""A stretch of an edition's deliveries, which one worker at a time has in its hands."""

from dataclasses import dataclass

from dispatch.model.delivery.reservation import Stretches

BATCH_SIZE = 1000
"""Deliveries in a batch: large enough that taking one costs little, small enough to share."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The deliveries with the keys `first` to `last`, as a worker has taken them.

    `fence` is one more with each taking, so that who had it before can change nothing any more.
    `connections` is how many of the channel's connections its holder may open. It was `planned`
    for a channel and goes over `channel`, which is another one where that one is down. `timezone`
    is that of its readers where each gets it by their own clocks, else empty. What waits `in_doubt`
    was about to be handed over when the machine stopped: it may have gone out. What is `reserved`
    may be handed over from now on, while the machine's start is called `boot`.
    """

    id: int
    edition_id: str
    audience: str
    channel: str
    planned: str
    first: int
    last: int
    fence: int
    connections: int
    timezone: str = ""
    in_doubt: Stretches = ()
    reserved: Stretches = ()
    boot: str = ""
