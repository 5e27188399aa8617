"""How much a service still lets an account send, as pages tell it."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from dispatch.channels.provider import Quota
from dispatch.words.catalogues import Words

ENOUGH = 0.1
"""Below this share of what there is in a period, little is left."""


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """`waiting` messages are to go over the channel."""

    quota: Quota
    waiting: int
    words: Words

    @property
    def state(self) -> str:
        """`out` where nothing is left, `short` where less than waits, `low` below a tenth."""
        left, most = self.quota.left, self.quota.most
        if left is None:
            return ""
        if left <= 0:
            return "out"
        if left < self.waiting:
            return "short"
        return "low" if most and left < most * ENOUGH else ""

    @property
    def sentence(self) -> Markup:
        """What is left of what, and in which time."""
        left, most = self.quota.left, self.quota.most
        if left is None:
            text = self.words("channels.quota_most", most=most)
        elif most is None:
            text = self.words("channels.quota_left", left=max(left, 0))
        else:
            text = self.words("channels.quota_left_of", left=max(left, 0), most=most)
        return Markup("{}{}.").format(text, self._period)

    @property
    def bar(self) -> list[tuple[str, int]]:
        """What is used and what is left, for a chart; empty where one of them is not told."""
        left, most = self.quota.left, self.quota.most
        if left is None or not most:
            return []
        return [("bad" if self.state else "set", max(most - left, 0)), ("rest", max(left, 0))]

    @property
    def _period(self) -> Markup:
        period = self.quota.period
        if not period:
            return Markup()
        try:
            return Markup(" {}").format(self.words(f"channels.period_{_name(period)}"))
        except LookupError:  # as a service of somebody else's plugin calls it
            return Markup(' <span lang="en">per {}</span>').format(period)


def quota_shown(quota: Quota | None, words: Words, *, waiting: int = 0) -> QuotaShown | None:
    """None where the service tells nothing."""
    if quota is None or (quota.left is None and quota.most is None):
        return None
    return QuotaShown(quota, waiting, words)


def _name(period: str) -> str:
    return re.sub(r"\W+", "_", period.lower()).strip("_")
