"""What is to come in an opened workspace, and days that are left out."""

from datetime import datetime

from dispatch.app.tools import Tools
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.team.person import Person
from dispatch.pipeline.editions.look_ahead import Outlook, look_ahead
from dispatch.pipeline.editions.plan_days import PlannedSlot, plan_days
from dispatch.pipeline.team.calendar_links import (
    CalendarLinks,
    end_calendar_link,
    new_calendar_link,
)


class Calendar:
    """Looks ahead over all campaigns."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def plan(self, first: datetime, until: datetime) -> list[PlannedSlot]:
        """The slots of all schedules from one moment on and before another, run or not."""
        campaigns = self._tools.files.workspace.campaigns.values()
        return plan_days(campaigns, first=first, until=until)

    def look_ahead(self, campaign: Campaign) -> Outlook:
        """What the next edition of a campaign would have, were it made now."""
        with self._tools.store.read() as tx:
            return look_ahead(campaign, tx=tx, now=self._tools.clock())

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
