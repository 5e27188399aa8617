"""What a channel takes of a text, known without its secrets: for those who look before it goes."""

from collections.abc import Callable
from dataclasses import dataclass

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Capabilities, PictureLimits
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.text.counting import Counter, Counting


@dataclass(frozen=True, slots=True)
class Takes:
    """The limits of a channel, and whose they are; anything without a limit."""

    provider: str = ""
    max_text: int | None = None
    link_cost: int | None = None
    counting: Counting = Counting.CODE_POINTS
    cards: bool = False
    pictures: PictureLimits | None = None
    picture_as_card: bool = False

    @property
    def counter(self) -> Counter:
        """Counts a text as the service will."""
        return Counter(self.counting, self.link_cost)


TakesOf = Callable[[str], Takes]
"""Channel name to what it takes."""


def anything(name: str) -> Takes:  # noqa: ARG001 - whatever the channel
    """Where no channel is known."""
    return Takes()


def takes(provider: str, capabilities: Capabilities) -> Takes:
    """What a provider declares."""
    return Takes(
        provider,
        capabilities.max_text,
        capabilities.link_cost,
        Counting(capabilities.counting),
        capabilities.cards,
        capabilities.pictures,
        capabilities.picture_as_card,
    )


def find_takes(plan: ChannelPlan | None) -> Takes:
    """What a channel of the workspace takes; anything where it or its provider is not there."""
    if plan is None:
        return Takes()
    try:
        return takes(plan.provider, find_provider(plan.provider).capabilities)
    except NotFound:
        return Takes(plan.provider)
