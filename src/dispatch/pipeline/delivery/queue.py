"""A queue lets the messages of a batch out at the channel's pace, which all workers share."""

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain, islice
from zoneinfo import ZoneInfo

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.model.campaigns.pace import BURST, CALL_BURST
from dispatch.model.campaigns.schedule import start_of_next_day
from dispatch.store.delivery.channels import Stop
from dispatch.store.delivery.item import Item
from dispatch.store.transactions import Store

AHEAD = timedelta(seconds=5)
"""What goes out in so long may be announced to the service; at a slow pace it is one message."""

SOON_SECONDS = 0.03
"""How long what came out may wait for the next to leave, to be written down with it. Nothing else
is handed over meanwhile, so that no more is unknown after a crash."""

MOST_WAITS = 20
"""So often: others may use up the pace, and it is not to wait for ever."""

DAY_IS_OVER = "what it may send in a day has been sent"
"""The reason of a channel's stop until tomorrow."""


class Queue:
    """The items of one batch, in order, but for those whose domain has to wait.

    An item is taken when it may be announced, and permitted when it could leave at once. Between
    the two a connection is opened, for example. That takes now long and now short, and would undo
    a pace that was reckoned before.
    """

    def __init__(
        self,
        items: Sequence[Item],
        *,
        channel: Channel,
        store: Store,
        clock: Clock,
        timezone: str,
        closes: datetime | None = None,
    ) -> None:
        """Begin with the items of one batch.

        The channel's messages are counted by the days of `timezone`. Nothing is permitted from
        when it `closes` on.
        """
        self.day_is_over = False  # nothing more may leave today
        self.is_closed = False  # nothing more of this batch may leave for now
        self._closes = closes
        self._items = deque(items)
        self._aside: deque[Item] = deque()  # for domains that are at their limit
        self._domains: dict[str, datetime] = {}  # domain -> when to ask again
        self._channel = channel
        self._pace = channel.pace
        self._burst = CALL_BURST if channel.capabilities.batch > 1 else BURST
        self._store = store
        self._clock = clock
        self._timezone = ZoneInfo(timezone)
        self._permitted = 0  # and not used; below zero: used and not permitted yet
        self._permitted_on: date | None = None
        self._waits = 0  # how often what came out has waited since one was permitted
        self._again: datetime | None = None  # when more may be permitted
        self._blocked_until: datetime | None = None  # until when the last `take` was held up

    def __len__(self) -> int:
        return len(self._items) + len(self._aside)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits any more."""
        return not len(self)

    def pause(self, most: float, *, ready: bool, room: bool) -> float:
        """How many seconds there is nothing to do, at most `most`.

        `ready`: messages wait for permission. `room`: more could be taken.
        """
        moments = [self._again] if ready else []
        moments += [self._blocked_until] if room else []
        soonest = min((one for one in moments if one is not None), default=None)
        if soonest is None:
            return most
        return max(0.0, min(most, (soonest - self._clock()).total_seconds()))

    def opens_soon(self, ready: int) -> bool:
        """Whether some of those that are ready may leave so soon that what came out can wait."""
        return ready > 0 and self.pause(1.0, ready=True, room=False) <= SOON_SECONDS

    def puts_off(self, ready: int) -> bool:
        """The same, counted: False, too, where it has waited long enough."""
        if not self.opens_soon(ready):
            return False
        self._waits = self._waits % MOST_WAITS + 1
        return self._waits < MOST_WAITS

    def take(self, most: int, *, offered: int) -> list[Item]:
        """Up to `most` items to be announced, where so many others wait for permission."""
        now = self._clock()
        # Some were refused when they were announced, and the pace has to make up for them first.
        self._blocked_until = self._again if self._permitted < 0 else None
        if self._blocked_until is not None and now < self._blocked_until:
            return []
        self._blocked_until = None
        if self._pace.per_second:
            announced = max(1, int(self._pace.per_second * AHEAD.total_seconds()))
            most = max(0, min(most, announced - offered))
        if self._pace.per_domain:
            return self._take_by_domain(most, now)
        return [self._items.popleft() for _ in range(min(most, len(self._items)))]

    def coming(self, most: int) -> list[int]:
        """The keys of the next items, as far as that is known: domains may have to wait."""
        return [item.id for item in islice(chain(self._aside, self._items), most)]

    def permit(self, ready: int) -> int:
        """How many of those that could leave at once may do so; they count as used."""
        if self._closes is not None and self._clock() >= self._closes:
            self.is_closed = True
            return 0
        if not self._pace.limited:
            return ready
        wanted = ready - self._permitted
        now = self._clock()
        if wanted > 0 and (self._again is None or now >= self._again):
            self._ask(wanted, now)
        permitted = max(0, min(ready, self._permitted))
        self._permitted -= permitted
        if permitted:
            self._waits = 0
        return permitted

    def used(self, number: int) -> None:
        """Count messages that left without permission; below zero: that had one and did not."""
        if self._pace.limited:
            self._permitted -= number

    def close(self) -> None:
        """Return what was permitted and is not used; stop the channel where its day is over."""
        if self._permitted > 0 and self._pace.per_day and self._permitted_on is not None:
            with self._store.begin() as tx:
                tx.paces.give_back(self._channel.name, self._permitted, today=self._permitted_on)
        self._permitted = 0
        if self.day_is_over:
            # Not before: it would keep back what is on its way out.
            self._stop_until_tomorrow()

    def _ask(self, wanted: int, now: datetime) -> None:
        """Ask for the permission of the channel."""
        today = now.astimezone(self._timezone).date()
        with self._store.begin() as tx:
            permission = tx.paces.take(
                self._channel.name, self._pace, wanted, now=now, today=today, burst=self._burst
            )
        self._permitted += permission.number
        self._permitted_on = today
        self._again = permission.again
        if self._again is not None and self._burst > BURST:
            # So that the next call carries as many, and not the few of a moment.
            self._again = max(self._again, now + self._burst)
        self.day_is_over = not permission.number and permission.again is None

    def _stop_until_tomorrow(self) -> None:
        name, now = self._channel.name, self._clock()
        tomorrow = start_of_next_day(now, self._timezone)
        with self._store.begin() as tx:
            stop = tx.channels.stop(name)
            if stop is None or not stop.is_in_force(now):
                tx.channels.put_stop(Stop(name, tomorrow, DAY_IS_OVER, 0))

    def _take_by_domain(self, most: int, now: datetime) -> list[Item]:
        taken: list[Item] = []
        self._domains = {name: again for name, again in self._domains.items() if again > now}
        for waiting in (self._aside, self._items):
            for _ in range(len(waiting)):
                if len(taken) == most:
                    return taken
                item = waiting.popleft()
                if self._may_go(item, now):
                    taken.append(item)
                else:
                    self._aside.append(item)
        self._blocked_until = min(self._domains.values(), default=None)
        return taken

    def _may_go(self, item: Item, now: datetime) -> bool:
        domain = item.recipient.rpartition("@")[2].lower()
        per_second = self._pace.per_domain.get(domain)
        if per_second is None:
            return True
        if domain in self._domains:
            return False
        with self._store.begin() as tx:
            permission = tx.paces.take_domain(self._channel.name, domain, per_second, now=now)
        if permission.again is not None:
            self._domains[domain] = permission.again
        return permission.number == 1
