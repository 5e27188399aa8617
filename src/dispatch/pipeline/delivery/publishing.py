"""Posts for a network are reserved before they are handed over, so that none is told twice.

A reservation is one row and one transaction, right before the intent. It says no where the account
was told the same by another delivery, where it was told something a moment ago, and where the
channel's budget for the month is used up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.errors import ProviderError, RateLimited
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.campaigns.spreading import SnippetHours, slack, spread
from dispatch.model.delivery.message import Accepted, SocialMessage
from dispatch.model.delivery.published import (
    STANDS,
    Published,
    PublishedRow,
    PublishedState,
    told_by,
)
from dispatch.model.delivery.state import Delivery, DeliveryState, On, Settlement, move
from dispatch.model.editions.edition import Edition
from dispatch.model.text.plain_text import printable
from dispatch.pipeline.delivery.settle import given_back, refused
from dispatch.store.transactions import Store, Transaction

TOLD_ALREADY = "told already"
"""How the reason begins for which we refuse to tell an account the same once more."""

BUDGET_USED_UP = "its budget of "
"""How the reason begins for which a channel stops until the next month."""

_NOT_THERE = frozenset({DeliveryState.REFUSED, DeliveryState.FAILED})
_FOUND = move(DeliveryState.SENDING, On.FOUND)

_KEPT_APART = "kept apart"


class Withheld(NamedTuple):
    """What keeps a post from being handed over now; `trouble` is the channel's."""

    settlement: Settlement
    trouble: ProviderError | None = None


class Publishing:
    """What is put on networks for one edition, over one channel."""

    def __init__(self, edition: Edition, channel: Channel, store: Store, clock: Clock) -> None:
        self._edition = edition
        self._channel = channel
        self._store = store
        self._clock = clock
        self._posts = {str(post.id): post for post in edition.content.posts}
        self._zone = ZoneInfo(edition.content.publisher.timezone)
        self._plan = plan_of(edition, channel.name)
        self.hours = hours_of(edition, self._plan)
        self._every = spacing(self._plan, channel.capabilities.spacing)

    def reserve(self, wanted: Sequence[tuple[Delivery, SocialMessage]]) -> dict[int, Withheld]:
        """Reserve what is about to be handed over; what is not to be, by the delivery's key."""
        withheld: dict[int, Withheld] = {}
        with self._store.begin() as tx:
            tx.published.take_turn(self._channel.account_mark)
            for delivery, message in wanted:
                why_not = self._reserve(delivery, message, tx, self._clock())
                if why_not is not None:
                    withheld[delivery.id] = why_not
        return withheld

    def keep(self, taken: Mapping[int, Accepted]) -> None:
        """Keep where posts are; before their outcomes, as those say no more than that they are."""
        with self._store.begin() as tx:
            for key, accepted in taken.items():
                tx.published.note_accepted(key, readable(accepted), now=self._clock())

    def free(self, settled: Iterable[Settlement]) -> None:
        """Let others tell what has been refused or has failed; once that is kept."""
        over = [one.delivery.id for one in settled if one.state in _NOT_THERE]
        if over:
            with self._store.begin() as tx:
                freed = tx.published.note_failed(over, now=self._clock())
                give_back(freed, self._zone, tx)

    def _reserve(
        self, delivery: Delivery, message: SocialMessage, tx: Transaction, now: datetime
    ) -> Withheld | None:
        row = tx.published.of_delivery(delivery.id)
        known = row if row is not None and row.state in STANDS else None
        if known is not None and known.state is not PublishedState.RESERVED:
            return Withheld(Settlement(delivery, _FOUND, On.FOUND.value))
        new = PublishedRow(
            delivery_id=delivery.id,
            edition_number=self._edition.number,
            channel=self._channel.name,
            account=self._channel.account_mark,
            told=told_by(self._posts.get(delivery.part), self._edition.id),
            state=PublishedState.RESERVED,
            post=Published((), text=message.whole),
            at=now,
            parts=len(message.texts),
        )
        # Whoever has a reservation was asked before, or a person has decided.
        if known is None and not self._channel.capabilities.stays_here:
            before = tx.published.told_before(new.account, new.told, besides=delivery.id)
            if before is not None:
                # So that a person may have it told again all the same.
                tx.published.reserve(replace(new, state=PublishedState.FAILED))
                return Withheld(refused(delivery, self._told_already(before, tx)))
        too_long = thread_over_budget(self._channel, new.parts)
        if too_long:  # before it stops the channel for what could leave, month after month
            return Withheld(refused(delivery, too_long))
        later = self._too_close(delivery, tx, now)
        if later is not None:
            back = given_back(delivery, _KEPT_APART, now=now)
            return Withheld(replace(back, due=later))
        counted = known if known and self._same_month(known.at, now) else None
        more = new.parts - (counted.parts if counted else 0)
        used_up = budget_used_up(self._channel, more, self._zone, tx, now)
        if used_up is not None:
            return Withheld(given_back(delivery, str(used_up), now=now), used_up)
        if known is not None and counted is None:  # it is made in this month, if it is
            give_back([known], self._zone, tx)
        tx.published.reserve(new)
        if more:
            tx.budgets.add(self._channel.name, month_of(new.at, self._zone), more)
        return None

    def _told_already(self, before: PublishedRow, tx: Transaction) -> str:
        found = tx.events.deliveries([before.delivery_id]).get(before.delivery_id)
        by = f" by edition {found.edition_id[:8]}" if found else ""
        at = f", {before.post.address}" if before.post.address else ""
        again = f"'dispatch deliveries tell-again --edition {self._edition.id[:8]}'"
        on = before.at.astimezone(self._zone)
        return f"{TOLD_ALREADY}{by} on {on:%Y-%m-%d}{at} - {again} does so all the same"

    def _too_close(self, delivery: Delivery, tx: Transaction, now: datetime) -> datetime | None:
        """When it may leave, where the account got another post a moment ago."""
        every = self._every
        if not every:
            return None
        last = tx.published.last_at(
            self._channel.account_mark, since=now - every + slack(every), besides=delivery.id
        )
        if last is None:
            return None
        planned = tx.batches.planned(self._channel.name, after=now)
        start = last + every
        return next(spread(1, start=start, every=every, hours=self.hours, taken=planned))

    def _same_month(self, one: datetime, other: datetime) -> bool:
        return month_of(one, self._zone) == month_of(other, self._zone)


def plan_of(edition: Edition, channel: str) -> SocialPlan:
    """The plan by which an edition's snippets go over a channel."""
    return next(plan for plan in edition.content.social if plan.via == channel)


def spacing(plan: SocialPlan, usual: timedelta) -> timedelta:
    """How far apart snippets of a plan are kept: as it says, or as is usual on the network."""
    return usual if plan.every is None else plan.every


def hours_of(edition: Edition, plan: SocialPlan) -> SnippetHours:
    """When snippets of a plan may leave."""
    content = edition.content
    return SnippetHours(content.sending, plan.quiet, content.publisher.timezone)


def readable(accepted: Accepted) -> Accepted:
    """What a service says of a post, as far as it can be kept and shown."""
    address = printable(accepted.address)
    linked = address if address.startswith(("https://", "http://")) else ""
    return Accepted(printable(accepted.id), linked, tuple(map(printable, accepted.others)))


def give_back(freed: Iterable[PublishedRow], zone: ZoneInfo, tx: Transaction) -> None:
    """Count posts no more that turned out not to be there."""
    for row in freed:
        if row.parts:
            tx.budgets.add(row.channel, month_of(row.at, zone), -row.parts)


def thread_over_budget(channel: Channel, parts: int) -> str:
    """Why a thread never leaves, as it has more posts than a month has; empty: it may."""
    budget = channel.posts_per_month
    if budget is None or parts <= budget:
        return ""
    return (
        f"{parts} posts are more than its channel's budget of {budget} for a month"
        " - raise budget: posts_per_month, then 'dispatch deliveries retry-failed --refused'"
    )


def budget_used_up(
    channel: Channel, more: int, zone: ZoneInfo, tx: Transaction, now: datetime
) -> RateLimited | None:
    """Why so many more posts may not leave this month; None: they may."""
    budget = channel.posts_per_month
    if budget is None or not more:
        return None
    used = tx.budgets.used(channel.name, month_of(now, zone))
    if used + more <= budget:
        return None
    ends = end_of_month(now, zone)
    here, next_ = now.astimezone(zone), ends.astimezone(zone)
    return RateLimited(
        f"{BUDGET_USED_UP}{budget} posts for {here:%B} is used up - raise"
        f" budget: posts_per_month or wait until 1 {next_:%B}",
        retry_after=ends - now,
    )


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """The month that a post counts for, such as 2026-11."""
    return f"{moment.astimezone(zone):%Y-%m}"


def end_of_month(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next month begins, in UTC."""
    first = now.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return slot_on(following, time(), zone.key).moment
