"""How far an edition is that goes out, and what each of its channels waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.channels.feedback import Feedback
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState, count_open
from dispatch.model.editions.edition import Course, Edition, EditionState
from dispatch.pipeline.delivery.publishing import hours_of, plan_of
from dispatch.pipeline.delivery.queue import DAY_IS_OVER
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Transaction

SOON = timedelta(seconds=2)
"""What is due by then is under way: a pace of more than one in two seconds is no wait."""


class Why(StrEnum):
    """Why a channel goes on as it does, or does not."""

    DONE = "done"
    PACE = "pace"  # goes on, as fast as its pace allows
    FREE = "free"  # goes on, as fast as the provider takes it
    NEXT = "next"  # the next one is some time away by its pace
    WORKER = "worker"  # nobody has taken it yet
    BEGINS = "begins"  # its time has not come
    AGAIN = "again"  # what is left is tried again later
    APART = "apart"  # the next post is kept apart from the one before it
    QUIET = "quiet"  # quiet hours, or no business day
    ZONE = "zone"  # the hour of the next time zone
    DAY = "day"  # what it may send in a day has been sent
    STOPPED = "stopped"  # its provider asked for patience, cannot be reached, or refused us
    FAILS_OVER = "fails over"  # it is down, and another one steps in
    STANDS_BY = "stands by"  # steps in if the first one is down
    STEPS_IN = "steps in"
    PAUSED = "paused"  # the edition is
    GONE = "gone"  # not in schedules.yaml any more


MOVING = frozenset({Why.PACE, Why.FREE, Why.STEPS_IN})
"""Goes on right now, so that how long it takes can be reckoned."""


@dataclass(frozen=True, slots=True)
class ChannelProgress:
    """How far one channel is.

    `until` is when it goes on, if that is known. `words` are the provider's, or name the other
    channel or the time zone.
    """

    name: str
    provider: str
    counts: Mapping[DeliveryState, int]
    why: Why
    until: datetime | None = None
    words: str = ""
    pace: Pace = field(default_factory=Pace)

    @property
    def total(self) -> int:
        """How many deliveries it has carried, or is to."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """How many are still to be done."""
        return count_open(self.counts)


@dataclass(frozen=True, slots=True)
class Progress:
    """An edition at one moment.

    `later` is what came later of it by channel, and `feedback` how channels are heard.
    """

    course: Course
    counted: Counted
    channels: tuple[ChannelProgress, ...]
    now: datetime
    later: Mapping[str, Mapping[Later, int]] = field(default_factory=dict)
    feedback: Mapping[str, Feedback] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many deliveries there are."""
        return self.counted.total

    @property
    def open(self) -> int:
        """How many are still to be done."""
        return count_open(self.counted.by_state)


def watch_edition(
    edition: Edition,
    tx: Transaction,
    *,
    plans: Mapping[str, ChannelPlan],
    now: datetime,
    feedback: Mapping[str, Feedback] | None = None,
) -> Progress:
    """Look at an edition that has been addressed; it takes a few rows, however many readers.

    Of `edition` only what never changes is used, so that it need not be read again each time.
    """
    course = tx.editions.course(edition.id)
    counted = tx.deliveries.counted(edition)
    email = edition.content.email
    names = [*edition.content.channels, *(email.failover if email else ())]
    later = tx.later.counts_by_channel(edition)
    look = _Look(edition, Progress(course, counted, (), now, later, feedback or {}), plans, tx)
    return replace(look.progress, channels=tuple(map(look.at, dict.fromkeys(names))))


class _Look:
    """Looks at the channels of an edition one by one."""

    def __init__(
        self,
        edition: Edition,
        progress: Progress,
        plans: Mapping[str, ChannelPlan],
        tx: Transaction,
    ) -> None:
        self.progress = progress
        self._edition = edition
        self._paused = progress.course.state is EditionState.PAUSED
        self._counted = progress.counted
        self._plans = plans
        self._tx = tx
        self._now = progress.now
        self._held = tx.batches.in_hand(edition.id)
        found = (stop for stop in tx.channels.stops() if stop.is_in_force(self._now))
        self._stops = {stop.channel: stop for stop in found}

    def at(self, name: str) -> ChannelProgress:
        plan = self._plans.get(name)
        why, until, words = self._why(name, plan)
        return ChannelProgress(
            name=name,
            provider=plan.provider if plan else "",
            counts=self._counted.by_channel.get(name, {}),
            why=why,
            until=until,
            words=words,
            pace=plan.pace if plan else Pace(),
        )

    def _why(self, name: str, plan: ChannelPlan | None) -> tuple[Why, datetime | None, str]:
        stop = self._stops.get(name)
        first = self._first_of(name)
        if first and name not in self._held:
            return self._in_reserve(first, stop)
        if name not in self._held:
            return Why.DONE, None, ""
        if self._paused:
            return Why.PAUSED, None, ""
        if stop is not None:
            return self._stopped(name, stop)
        if plan is None:
            return Why.GONE, None, ""
        return self._goes_on(name, plan)

    def _first_of(self, name: str) -> str:
        """The channel in whose place this one would step, or empty."""
        email = self._edition.content.email
        return email.via if email and name in email.failover else ""

    def _in_reserve(self, first: str, stop: Stop | None) -> tuple[Why, datetime | None, str]:
        if stop is not None:
            return Why.STOPPED, stop.until, stop.reason
        steps_in = self._steps_in(first) and not self._paused
        return (Why.STEPS_IN if steps_in else Why.STANDS_BY), None, first

    def _steps_in(self, first: str) -> bool:
        stop = self._stops.get(first)
        return bool(stop and stop.down and first in self._held)

    def _stopped(self, name: str, stop: Stop) -> tuple[Why, datetime | None, str]:
        if stop.reason == DAY_IS_OVER:
            return Why.DAY, stop.until, ""
        email = self._edition.content.email
        if stop.down and email and name == email.via:
            for other in email.failover:
                if other not in self._stops:
                    return Why.FAILS_OVER, stop.until, other
        return Why.STOPPED, stop.until, stop.reason

    def _is_social(self, name: str) -> bool:
        """Whether nothing but posts goes over a channel: digests wait for other reasons."""
        content = self._edition.content
        mails = content.email is not None and name == content.email.via
        return not mails and any(plan.via == name for plan in content.social)

    def _is_quiet(self, name: str) -> bool:
        edition, now = self._edition, self._now
        if self._is_social(name):
            return hours_of(edition, plan_of(edition, name)).open_from(now) > now
        return edition.content.sending.open_from(now) > now

    def _rest(self, name: str) -> Why:
        """For what those wait whose time is still to come."""
        counts = self._counted.by_channel.get(name, {})
        if all(state is DeliveryState.PENDING for state in counts):
            return Why.BEGINS
        in_vain = self._tx.deliveries.some_tried_again(self._edition)
        return Why.APART if self._is_social(name) and not in_vain else Why.AGAIN

    def _goes_on(self, name: str, plan: ChannelPlan) -> tuple[Why, datetime | None, str]:
        now, next_at = self._now, self._tx.paces.next_at(name)
        if plan.pace.per_second and next_at is not None and next_at > now + SOON:
            return Why.NEXT, next_at, ""
        if self._held[name]:
            return (Why.PACE if plan.pace.per_second else Why.FREE), None, ""
        due, zone = self._tx.batches.next_free(self._edition.id, name) or (now, "")
        if due <= now:
            return Why.WORKER, None, ""
        if zone:
            return Why.ZONE, due, zone
        if self._is_quiet(name):
            return Why.QUIET, due, ""
        return self._rest(name), due, ""
