"""Runs of an opened workspace's campaigns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dispatch.app.channels import Channels
from dispatch.app.delivery import Delivery
from dispatch.app.editions import Editions
from dispatch.app.intake import Intake
from dispatch.app.people import People
from dispatch.app.tools import Tools
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.deliver import DeliveryReport, Progress
from dispatch.pipeline.editions.compose import Composed
from dispatch.pipeline.intake.poll import PollReport, Wanted, always, is_stale
from dispatch.pipeline.people.import_file import ImportReport
from dispatch.pipeline.reviews.send_review_mails import ReviewMailReport
from dispatch.pipeline.run_campaign import RunReport, Watcher, make_edition, run_campaign


@dataclass(frozen=True, slots=True)
class _Steps:
    """The use cases of a run, with the tools of the workspace."""

    tools: Tools
    channels: Channels
    people: People
    intake: Intake
    editions: Editions
    delivery: Delivery
    wanted: Wanted = always
    manual: bool = True

    def import_people(self) -> Iterator[ImportReport]:
        return self.people.import_files()

    def poll(self, names: Iterable[str]) -> list[PollReport]:
        """The reports in the campaign's order, not in that of answers."""
        order = list(names)
        found = self.intake.poll(order, wanted=self.wanted)
        return sorted(found, key=lambda report: order.index(report.feed))

    def compose(self, campaign: Campaign, slot: Slot | None) -> Composed | None:
        return self.editions.compose(campaign, slot, manual=self.manual)

    def resume_channels(self, campaign: Campaign) -> None:
        self.channels.resume(campaign)

    def settle_what_was_left(self) -> None:
        self.delivery.settle_what_was_left()

    def unfinished(self, campaign: str) -> list[Edition]:
        return self.editions.unfinished(campaign)

    def waiting(self, campaign: str) -> list[Edition]:
        return self.editions.waiting(campaign)

    def paused(self, campaign: str) -> list[Edition]:
        return self.editions.paused(campaign)

    def address(self, edition_id: str) -> int | None:
        return self.delivery.address(edition_id)

    def send(self, edition_id: str, progress: Progress) -> DeliveryReport:
        return self.delivery.send(edition_id, progress)

    def send_review_mails(self, campaign: str) -> Iterator[ReviewMailReport]:
        return self.editions.send_review_mails(campaign)

    def keep_going(self) -> bool:
        return self.tools.keep_going()


class Campaigns:
    """Runs campaigns: their whole job, or the part that a schedule does."""

    def __init__(
        self,
        tools: Tools,
        *,
        channels: Channels,
        people: People,
        intake: Intake,
        editions: Editions,
        delivery: Delivery,
    ) -> None:
        self._tools = tools
        self._by_person = _Steps(tools, channels, people, intake, editions, delivery)
        self._by_schedule = replace(self._by_person, wanted=is_stale, manual=False)

    def run(self, campaign: Campaign, watcher: Watcher | None = None) -> RunReport:
        """The campaign's whole job, now: people, feeds, edition, deliveries, review mails.

        Raises UnknownDatabase where nothing may go out over this one.
        """
        tools = self._tools
        tools.guard.check(tools.store)
        return run_campaign(
            campaign,
            self._by_person.editions.this_slot(campaign),
            steps=self._by_person,
            clock=tools.clock,
            engine_clock=tools.engine_clock(),
            wait=tools.stopping.wait,
            watcher=watcher,
        )

    def make_edition(self, campaign: Campaign, slot: Slot | None) -> RunReport:
        """What a schedule asks for: people, feeds that were not heard lately, and the edition."""
        return make_edition(campaign, slot, steps=self._by_schedule)
