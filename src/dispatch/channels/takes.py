"""What a channel takes of a text, known without its secrets: for those who look before it goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Capabilities, PictureLimits
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan, SocialPlan
from dispatch.model.text.counting import Counter, Counting
from dispatch.model.text.limits import TextLimits
from dispatch.model.text.threads import posts_in


@dataclass(frozen=True, slots=True)
class Takes:
    """The limits of a channel, and whose they are; anything without a limit.

    With `stays_here` nothing of it leaves this machine. `declared` is what its provider declares in
    the place of `max_text`, where the server told that.
    """

    provider: str = ""
    max_text: int | None = None
    link_cost: int | None = None
    counting: Counting = Counting.CODE_POINTS
    most_text_bytes: int | None = None
    threads: bool = False
    mentions_by_text: bool = False
    declared: int | None = None
    cards: bool = False
    pictures: PictureLimits | None = None
    picture_as_card: bool = False
    warnings: bool = True
    stays_here: bool = False

    @property
    def counter(self) -> Counter:
        """Counts a text as the service will."""
        return Counter(self.counting, self.link_cost)

    @property
    def limits(self) -> TextLimits:
        """The same for those who know no channels."""
        return TextLimits(
            max_text=self.max_text,
            link_cost=self.link_cost,
            counting=self.counting,
            max_bytes=self.most_text_bytes,
            threads=self.threads,
            mentions_by_text=self.mentions_by_text,
        )

    def too_many(self, text: str) -> int:
        """How many characters too many a text has, or the longest post of the thread that it is."""
        return max(map(self.limits.too_many, posts_in(text, threads=self.threads)))

    def for_plan(self, plan: SocialPlan) -> "Takes":
        """What it takes of the snippets of an edition's plan: what it was known to take then.

        A check since then changes nothing: approved is approved. A content warning needs its room:
        it counts as the text does on Mastodon and its kin, and is a part of it where it begins it.
        """
        usual = self.max_text if self.declared is None else self.declared
        most = usual if plan.max_text is None else plan.max_text
        most_bytes = self.most_text_bytes
        if plan.warning and (not self.warnings or self.counting is Counting.FEDIVERSE):
            before = plan.warning if self.warnings else with_warning(plan.warning, "")
            if most is not None:
                most = max(most - self.counter.count(before), 0)
            if most_bytes is not None:
                most_bytes = max(most_bytes - len(before.encode()), 0)
        return replace(self, max_text=most, most_text_bytes=most_bytes)


def with_warning(warning: str, text: str) -> str:
    r"""A text behind its content warning, once, where a network has no place for that.

    >>> with_warning("Politics", "The vote is over.")
    'CW: Politics\n\nThe vote is over.'
    """
    before = f"CW: {warning}\n\n"
    return text if text.startswith(before) else f"{before}{text}"


TakesOf = Callable[[str], Takes]
"""Channel name to what it takes."""


def anything(name: str) -> Takes:  # noqa: ARG001 - whatever the channel
    """Where no channel is known."""
    return Takes()


def takes(provider: str, capabilities: Capabilities) -> Takes:
    """What a provider declares."""
    return Takes(
        provider,
        max_text=capabilities.max_text,
        link_cost=capabilities.link_cost,
        counting=Counting(capabilities.counting),
        most_text_bytes=capabilities.most_text_bytes,
        threads=capabilities.threads,
        mentions_by_text=capabilities.mentions_by_text,
        cards=capabilities.cards,
        pictures=capabilities.pictures,
        picture_as_card=capabilities.picture_as_card,
        warnings=capabilities.warnings,
        stays_here=capabilities.stays_here,
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


def find_spacing(plan: ChannelPlan | None) -> timedelta:
    """How far apart a channel's provider keeps posts; nothing where it is not there."""
    try:
        return find_provider(plan.provider).capabilities.spacing if plan else timedelta(0)
    except NotFound:
        return timedelta(0)
