"""A delivery with what came later of it, as lists and files have it."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import Delivery


@dataclass(frozen=True, slots=True)
class WithLater:
    """When something came later, and in whose words; `later` is None where nothing did.

    `address` is where people see a post on a network, or empty.
    """

    delivery: Delivery
    later: Later | None = None
    at: datetime | None = None
    reason: str = ""
    address: str = ""
