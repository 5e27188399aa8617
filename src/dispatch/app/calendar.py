"""What is to come in an opened workspace, and days that are left out."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from dispatch.app.texts import Texts
from dispatch.app.tools import Tools
from dispatch.config.files.line_numbers import Path
from dispatch.config.splice.change import Change
from dispatch.errors import NothingChanges
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.team.person import Person
from dispatch.pipeline.editions.look_ahead import Outlook, look_ahead
from dispatch.pipeline.editions.plan_days import HORIZON, PlannedSlot, plan_days
from dispatch.pipeline.editions.skip_slot import (
    check_still_open,
    skip_day,
    slot_name,
    unskip_day,
)
from dispatch.pipeline.team.calendar_links import (
    CalendarLinks,
    end_calendar_link,
    new_calendar_link,
)
from dispatch.store.team.agenda import PastSlot


class Calendar:
    """Looks ahead over all campaigns."""

    def __init__(self, tools: Tools, texts: Texts) -> None:
        self._tools = tools
        self._texts = texts

    def plan(self, first: datetime, until: datetime) -> list[PlannedSlot]:
        """The slots of all schedules from one moment on and before another, run or not."""
        campaigns = self._tools.files.workspace.campaigns.values()
        return plan_days(campaigns, first=first, until=until)

    def begins(self, day: date) -> datetime:
        """When a day begins by the clocks of the workspace."""
        return slot_on(day, time(), self._zone.key).moment

    def coming(
        self, first: datetime, until: datetime, ran: Iterable[PastSlot]
    ) -> list[PlannedSlot]:
        """The slots to come that are not among those that `ran`, no further ahead than HORIZON."""
        now = self._tools.clock()
        until = min(until, self.begins(now.astimezone(self._zone).date()) + HORIZON)
        if until <= now:
            return []
        done = {(one.campaign, one.slot) for one in ran}
        return [
            one
            for one in self.plan(first, until)
            if one.slot.moment > now and (one.campaign.name, one.slot.key) not in done
        ]

    def look_ahead(self, campaign: Campaign, day: date | None = None) -> Outlook:
        """What the next edition of a campaign would have, were it made now for a slot of `day`."""
        with self._tools.store.read() as tx:
            return look_ahead(campaign, tx=tx, now=self._tools.clock(), day=day)

    def skip(self, planned: PlannedSlot, *, by: str, reason: str = "") -> None:
        """Leave the day of a slot out of its campaign's schedule.

        Raises Conflict where its edition is made, its time is over, or it is left out already, and
        whatever writing the file raises.
        """
        if planned.is_off:
            day = planned.slot.local.date()
            raise NothingChanges(f"campaign {planned.campaign.name}: {day} is left out already")
        self._change(planned, "slot.skip", skip_day, by=by, seen=None, reason=reason)

    def unskip(self, planned: PlannedSlot, *, by: str) -> None:
        """Take that back; raises Conflict, too, where the day is a holiday."""
        file = self._texts.plan
        changes = partial(unskip_day, file.text)
        self._change(planned, "slot.unskip", changes, by=by, seen=file.fingerprint)

    def _change(
        self,
        planned: PlannedSlot,
        act: str,
        changes: Callable[[Path, date], list[Change]],
        *,
        by: str,
        seen: str | None,
        **detail: str,
    ) -> None:
        tools = self._tools
        campaign, day = planned.campaign, planned.slot.local.date()
        with tools.store.read() as tx:
            check_still_open(planned, tx=tx, now=tools.clock())
        self._texts.change_plan(
            changes(tools.files.workspace.place_of(campaign, "schedule"), day),
            by=by,
            seen=seen,
            act=act,
            kind="slot",
            subject=slot_name(campaign, day),
            **{key: value for key, value in detail.items() if value},
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._tools.files.workspace.publisher.timezone or "UTC")

    @property
    def links(self) -> CalendarLinks:
        """Make and read the links by which calendar programs ask."""
        tools = self._tools
        url = tools.files.workspace.publisher.public_url
        return CalendarLinks(url, tuple(tools.settings.secret_keys))

    def new_link(self, *, by: str) -> Person:
        """Give somebody a link of their own; the one before is over."""
        return new_calendar_link(by=by, store=self._tools.store, clock=self._tools.clock)

    def end_link(self, *, by: str) -> Person:
        """Let somebody's link be over."""
        return end_calendar_link(by=by, store=self._tools.store, clock=self._tools.clock)
