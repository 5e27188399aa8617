"""Runs of an opened workspace's campaigns."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dispatch.app.channels import Channels
from dispatch.app.delivery import Delivery
from dispatch.app.editions import Editions
from dispatch.app.intake import Intake
from dispatch.app.people import People
from dispatch.app.reader_mails import ReaderMails
from dispatch.app.tools import Tools
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.intake.poll import PollReport, Wanted, always, is_stale
from dispatch.pipeline.run_campaign import (
    RunReport,
    Steps,
    Watcher,
    make_edition,
    run_campaign,
    send_edition,
)

if TYPE_CHECKING:
    from dispatch.pipeline.delivery.run_loop import Progress


class Campaigns:
    """Runs campaigns: their whole job, or the part that a schedule does.

    `by_person` are the steps of a run that a person asks for.
    """

    def __init__(
        self,
        tools: Tools,
        *,
        channels: Channels,
        people: People,
        intake: Intake,
        editions: Editions,
        delivery: Delivery,
        reader_mails: ReaderMails,
    ) -> None:
        self._tools = tools
        self._channels = channels
        self._intake = intake
        self._editions = editions
        self.by_person = Steps(
            check=editions.check_channels,
            import_people=people.import_files,
            poll=self.poll,
            came_due=editions.came_due,
            compose=partial(editions.compose_unchecked, manual=True),
            resume_channels=lambda campaign: channels.resume(campaign.all_channels),
            settle_what_was_left=delivery.settle_what_was_left,
            unfinished=editions.unfinished,
            waiting=editions.waiting,
            paused=editions.paused,
            address=delivery.address,
            send=delivery.send,
            send_review_mails=editions.send_review_mails,
            make_welcomes=delivery.make_welcomes,
            send_reader_mails=reader_mails.send_all,
            keep_going=tools.keep_going,
        )
        self._by_schedule = replace(
            self.by_person,
            poll=partial(self.poll, wanted=is_stale),
            compose=editions.compose_unchecked,
        )

    def run(self, campaign: Campaign, watcher: Watcher | None = None) -> RunReport:
        """The campaign's whole job, now: people, feeds, edition, deliveries, review mails.

        Raises UnknownDatabase where nothing may go out over this one, and BadInput where a channel
        cannot be used.
        """
        tools = self._tools
        tools.guard.check(tools.store)
        return run_campaign(
            campaign,
            self._editions.this_slot(campaign),
            steps=self.by_person,
            clock=tools.clock,
            engine_clock=tools.engine_clock(),
            wait=tools.stopping.wait,
            watcher=watcher,
        )

    def send(self, edition: Edition, watcher: Watcher | None = None) -> RunReport:
        """What is due of one approved edition, now, over channels that may be stopped.

        Raises UnknownDatabase where nothing may go out over this one, and Conflict where it is not
        for sending.
        """
        from dispatch.pipeline.delivery.may_go_out import check_may_go_out

        tools = self._tools
        tools.guard.check(tools.store)
        check_may_go_out(edition)
        content, channels = edition.content, tools.files.workspace.channels
        plan = tools.files.workspace.campaigns.get(edition.campaign)
        as_made = plan and replace(plan, email=content.email, social=content.social)
        known = channels.keys() >= {*content.channels}  # else its deliveries say what is wrong
        borne = self._editions.check_channels(as_made) if as_made and known else ()
        self._channels.resume(content.channels)
        report = send_edition(
            edition,
            steps=self.by_person,
            clock=tools.clock,
            engine_clock=tools.engine_clock(),
            wait=tools.stopping.wait,
            watcher=watcher,
        )
        report.borne = borne
        return report

    def make_by_hand(self, campaign: Campaign, *, by: str) -> RunReport:
        """What a page does: the edition of this moment; the service sends it once it may go out.

        Raises UnknownDatabase, and BadInput where a channel cannot be used.
        """
        self._tools.guard.check(self._tools.store)
        compose = partial(self._editions.compose_unchecked, manual=True, by=by)
        steps = replace(self.by_person, compose=compose)
        return make_edition(campaign, self._editions.this_slot(campaign), steps=steps)

    def make_edition(self, campaign: Campaign, slot: Slot | None) -> RunReport:
        """What a schedule asks for: people, feeds that were not heard lately, and the edition."""
        return make_edition(campaign, slot, steps=self._by_schedule)

    def poll(
        self,
        campaign: Campaign,
        progress: "Progress" = lambda _: None,
        *,
        wanted: Wanted = always,
    ) -> list[PollReport]:
        """Poll a campaign's feeds; the reports in its order, not in that of answers."""
        order, found = list(campaign.feeds), []
        for report in self._intake.poll(order, wanted=wanted):
            found.append(report)
            progress(1)
        return sorted(found, key=lambda report: order.index(report.feed))
