"""Who has asked too often, as this process remembers it: they are told so without the database."""

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 10_000
"""Networks that are remembered; of more, those that were refused first are asked about anew."""

LONGEST = timedelta(hours=1)
"""The time of all limits. A moment that is further away was said by a clock that was ahead."""


class Flood:
    """Until when somebody is refused; only for the thread of the loop.

    It only knows what the database has said: that decides, for all processes.
    """

    def __init__(self) -> None:
        self._until: OrderedDict[str, datetime] = OrderedDict()

    def until(self, *who: str, now: datetime) -> datetime | None:
        """When one of these may ask again; None: now."""
        known = [self._until[one] for one in who if one in self._until]
        return max((moment for moment in known if now < moment <= now + LONGEST), default=None)

    def refuse(self, who: str, until: datetime) -> None:
        """Remember that they are to wait."""
        self._until[who] = until
        self._until.move_to_end(who)
        if len(self._until) > MOST:
            self._until.popitem(last=False)
