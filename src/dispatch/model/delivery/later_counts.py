"""What came later of all that was accepted: how much of each kind, and of how much nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState

COMPLAINTS_LIMIT = 0.001
"""Complaints for each mail: Gmail asks senders to stay below one of a thousand
(https://support.google.com/mail/answer/81126)."""


@dataclass(frozen=True, slots=True)
class LaterCounts:
    """Of the deliveries that were accepted: how many came to each state later.

    >>> LaterCounts(10, {Later.DELIVERED: 7, Later.BOUNCED: 1}).silent
    2
    """

    accepted: int = 0
    counts: Mapping[Later, int] = field(default_factory=dict)

    @property
    def heard(self) -> int:
        """Of how many something was told."""
        return sum(self.counts.values())

    @property
    def silent(self) -> int:
        """Of how many of those accepted nothing was told."""
        return max(self.accepted - self.heard, 0)

    def __add__(self, other: "LaterCounts") -> "LaterCounts":
        counts = {
            state: number
            for state in Later
            if (number := self.counts.get(state, 0) + other.counts.get(state, 0))
        }
        return LaterCounts(self.accepted + other.accepted, counts)


def later_by_channel(
    by_channel: Mapping[str, Mapping[DeliveryState, int]],
    later: Mapping[str, Mapping[Later, int]],
) -> dict[str, LaterCounts]:
    """Channel name to what came later there: of what was accepted, and what was told of it."""
    found = {}
    for name in dict.fromkeys([*by_channel, *later]):
        told = later.get(name, {})
        counts = {state: told[state] for state in Later if told.get(state)}
        accepted = by_channel.get(name, {}).get(DeliveryState.ACCEPTED, 0)
        found[name] = LaterCounts(accepted, counts)
    return found
