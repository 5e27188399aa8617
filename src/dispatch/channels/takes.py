"""What a channel takes of a text, known without its secrets: for those who look before it goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Capabilities
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan, SocialPlan
from dispatch.model.text.counting import Counter, Counting


@dataclass(frozen=True, slots=True)
class Takes:
    """The limits of a channel, and whose they are; anything without a limit.

    `declared` is what its provider declares in the place of `max_text`, where the server told that.
    """

    provider: str = ""
    max_text: int | None = None
    link_cost: int | None = None
    counting: Counting = Counting.CODE_POINTS
    declared: int | None = None

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
        provider, capabilities.max_text, capabilities.link_cost, Counting(capabilities.counting)
    )


def find_takes(plan: ChannelPlan | None, *, told: int | None = None) -> Takes:
    """What a channel of the workspace takes; anything where it or its provider is not there.

    `told` is how much text its account takes, as the server said when it was last checked.
    """
    if plan is None:
        return Takes()
    try:
        found = takes(plan.provider, find_provider(plan.provider).capabilities)
    except NotFound:
        return Takes(plan.provider)
    return found if told is None else replace(found, max_text=told, declared=found.max_text)


def frozen(found: Takes, plan: SocialPlan) -> Takes:
    """What it was known to take when the edition of this plan was made: approved is approved."""
    if plan.max_text is not None:
        return replace(found, max_text=plan.max_text)
    return found if found.declared is None else replace(found, max_text=found.declared)


def find_spacing(plan: ChannelPlan | None) -> timedelta:
    """How far apart a channel's provider keeps posts; nothing where it is not there."""
    try:
        return find_provider(plan.provider).capabilities.spacing if plan else timedelta(0)
    except NotFound:
        return timedelta(0)
