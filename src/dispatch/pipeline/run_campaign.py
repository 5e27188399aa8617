"""Run a campaign: people in, feeds polled, its edition made, and what is due delivered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.clock import Clock
from dispatch.errors import DispatchError, Problem
from dispatch.log import at_work_on
from dispatch.model.campaigns.approval import NOBODY_NEEDED
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import Edition, EditionState

if TYPE_CHECKING:
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.delivery.run_loop import Progress
    from dispatch.pipeline.delivery.welcome import WelcomeReport
    from dispatch.pipeline.editions.compose import Composed
    from dispatch.pipeline.intake.poll import PollReport
    from dispatch.pipeline.people.import_file import ImportReport
    from dispatch.pipeline.people.send_reader_mails import ReaderMailReport
    from dispatch.pipeline.reviews.send_review_mails import ReviewMailReport

TROUBLE = frozenset({DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN})

LEAST_WAIT = 0.5
"""Seconds between two looks at what another process has in hand."""


@dataclass(slots=True)
class RunReport:
    """What a run came to. `errors` are what ended a part of it; the rest was done all the same.

    `scheduled` are editions that go out later, and when; `waiting` those that somebody has to
    decide about. `composed` is None where the slot had run already, or it did not come to that:
    `only_finished` where what was approved comes first, and no slot has come due since.
    `borne` is what is wrong with channels in whose place others step in.
    """

    borne: tuple[Problem, ...] = ()
    imports: "list[ImportReport]" = field(default_factory=list)
    polls: "list[PollReport]" = field(default_factory=list)
    composed: "Composed | None" = None
    only_finished: bool = False
    deliveries: "list[DeliveryReport]" = field(default_factory=list)
    scheduled: list[tuple[Edition, datetime]] = field(default_factory=list)
    waiting: list[Edition] = field(default_factory=list)
    paused: list[Edition] = field(default_factory=list)
    told: "list[ReviewMailReport]" = field(default_factory=list)
    welcomes: "list[WelcomeReport]" = field(default_factory=list)
    reader_mails: "list[ReaderMailReport]" = field(default_factory=list)
    errors: list[DispatchError] = field(default_factory=list)

    @property
    def edition(self) -> Edition | None:
        """The edition that was made."""
        return self.composed.edition if self.composed else None

    @property
    def has_failed(self) -> bool:
        """Whether a feed, a channel, a delivery or a reviewer's mail failed.

        A reader's mail counts where it is tried again: else it is their address that is wrong.
        """
        return bool(
            self.errors
            or self.paused
            or any(poll.problem for poll in self.polls)
            or any(one.problem for one in self.told)
            or any(one.again for one in self.reader_mails)
            or any(_went_wrong(report) for report in self.deliveries)
        )

    @property
    def has_faulty_files(self) -> bool:
        """Whether a file of subscribers needs mending."""
        return any(not one.file.readable or one.file.faulty for one in self.imports)

    @contextmanager
    def noting_errors(self) -> Iterator[None]:
        """Let what fails be told at the end, so that the rest of the work goes on."""
        try:
            yield
        except DispatchError as error:
            self.errors.append(error)


class Part(StrEnum):
    """The parts of a run that may take long."""

    PEOPLE = "bringing in people"
    FEEDS = "polling feeds"
    ADDRESSING = "addressing"
    DELIVERING = "delivering"


class Watcher:
    """Somebody who looks on while a run is at work; this one does nothing."""

    def looks_at(
        self,
        part: Part,  # noqa: ARG002 - for those who show something
        number: int | None = None,  # noqa: ARG002
    ) -> "AbstractContextManager[Progress]":
        """A part of the run, with so many things to do, if that is known.

        What it gives is called as they are done, from any thread.
        """
        return nullcontext(lambda _: None)

    def waits(self, until: datetime) -> None:
        """Another process has some of them in hand, until then at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The use cases that a run is made of, with their tools in them."""

    check: Callable[[Campaign], Sequence[Problem]]
    import_people: "Callable[[Progress], Iterable[ImportReport]]"
    poll: "Callable[[Campaign, Progress], Iterable[PollReport]]"
    came_due: Callable[[Campaign], bool]
    compose: "Callable[[Campaign, Slot | None], Composed | None]"
    resume_channels: Callable[[Campaign], object]
    settle_what_was_left: Callable[[], object]
    unfinished: Callable[[str], list[Edition]]
    waiting: Callable[[str], list[Edition]]
    paused: Callable[[str], list[Edition]]
    address: Callable[[str], int | None]
    send: "Callable[[str, Progress], DeliveryReport]"
    send_review_mails: "Callable[[str], Iterable[ReviewMailReport]]"
    make_welcomes: "Callable[[str], Iterable[WelcomeReport]]"
    send_reader_mails: "Callable[[], Iterable[ReaderMailReport]]"
    keep_going: Callable[[], bool]


def make_edition(campaign: Campaign, slot: Slot | None, *, steps: Steps) -> RunReport:
    """Bring people in, poll the feeds, and make the campaign's edition of a slot.

    Without a slot it is this moment, if new posts call for an edition. Told to stop, it ends
    without an edition: not all feeds were heard. What keeps the edition from being made is the
    report's only error. Raises BadInput where a channel cannot be used, before anything changes.
    """
    report = RunReport(
        borne=tuple(steps.check(campaign)), imports=list(steps.import_people(unseen))
    )
    if slot is not None:
        report.polls.extend(steps.poll(campaign, unseen))
    if steps.keep_going():
        with report.noting_errors():
            report.composed = steps.compose(campaign, slot)
    return report


def run_campaign(
    campaign: Campaign,
    slot: Slot,
    *,
    steps: Steps,
    clock: Clock,
    engine_clock: Clock,
    wait: Callable[[float], object],
    watcher: Watcher | None = None,
) -> RunReport:
    """The campaign's whole job, for a person who asks for it.

    Editions that are not finished, because a process was ended or a channel was down, are gone on
    with first; one that goes out later waits. After one that somebody has approved, the next is
    made only if a slot has come due since. Reviewers are told of one that waits for approval.
    Raises BadInput where a channel cannot be used and none steps in, before anything changes.
    """
    run = _Run(steps, clock, engine_clock, wait, watcher or Watcher())
    with at_work_on(campaign=campaign.name):
        return run.work(campaign, slot)


def send_edition(
    edition: Edition,
    *,
    steps: Steps,
    clock: Clock,
    engine_clock: Clock,
    wait: Callable[[float], object],
    watcher: Watcher | None = None,
) -> RunReport:
    """Send what is due of one edition that was approved, and nothing else."""
    run = _Run(steps, clock, engine_clock, wait, watcher or Watcher())
    with at_work_on(campaign=edition.campaign), run.report.noting_errors():
        steps.settle_what_was_left()
        run.deliver_or_wait(edition)
    return run.report


def next_is_due(campaign: Campaign, unfinished: Iterable[Edition], *, steps: Steps) -> bool:
    """Whether a run makes an edition, too, that has these to go on with.

    Who runs a campaign after approving its edition means that one.
    """
    made = [one for one in unfinished if not one.welcome_of]
    answered = [one for one in made if one.approved_by != NOBODY_NEEDED]
    return not answered or steps.came_due(campaign)


@dataclass(slots=True)
class _Run:
    steps: Steps
    clock: Clock
    engine_clock: Clock
    wait: Callable[[float], object]
    watcher: Watcher
    report: RunReport = field(default_factory=RunReport)

    def work(self, campaign: Campaign, slot: Slot) -> RunReport:
        report, steps = self.report, self.steps
        report.borne = tuple(steps.check(campaign))
        with self.watcher.looks_at(Part.PEOPLE) as progress:
            report.imports.extend(steps.import_people(progress))
        steps.resume_channels(campaign)
        steps.settle_what_was_left()
        unfinished = steps.unfinished(campaign.name)
        report.only_finished = not next_is_due(campaign, unfinished, steps=steps)
        for edition in unfinished:
            with report.noting_errors():
                self.deliver_or_wait(edition)
        if steps.keep_going() and not report.only_finished:
            self._make_next(campaign, slot)
        if not steps.keep_going():
            return report
        with report.noting_errors():
            report.told.extend(steps.send_review_mails(campaign.name))
        self._look_after_readers(campaign)
        report.waiting = steps.waiting(campaign.name)
        told = {one.edition.id for one in report.deliveries}
        report.paused = [one for one in steps.paused(campaign.name) if one.id not in told]
        return report

    def _look_after_readers(self, campaign: Campaign) -> None:
        """What single readers wait for; after the edition, which those who are new get, too."""
        report, steps = self.report, self.steps
        with report.noting_errors():
            report.reader_mails.extend(steps.send_reader_mails())
        with report.noting_errors():
            report.welcomes.extend(steps.make_welcomes(campaign.name))
        for edition in [one.edition for one in report.welcomes if one.edition]:
            with report.noting_errors():
                self.deliver_or_wait(edition)

    def _make_next(self, campaign: Campaign, slot: Slot) -> None:
        report, steps = self.report, self.steps
        with self.watcher.looks_at(Part.FEEDS, len(campaign.feeds)) as progress:
            report.polls.extend(steps.poll(campaign, progress))
        if not steps.keep_going():
            return  # not all feeds were heard
        with report.noting_errors():
            report.composed = steps.compose(campaign, slot)
            if report.edition and report.edition.state is EditionState.APPROVED:
                self.deliver_or_wait(report.edition)

    def deliver_or_wait(self, edition: Edition) -> None:
        """Deliver what is due of an edition; one whose time has not come waits."""
        with at_work_on(edition=edition.id):
            with self.watcher.looks_at(Part.ADDRESSING):
                number = self.steps.address(edition.id)
            until = edition.waits_until(self.clock())
            if number is not None:
                self.report.deliveries.append(self._deliver(edition.id, number))
            elif until is not None:
                self.report.scheduled.append((edition, until))

    def _deliver(self, edition_id: str, number: int) -> "DeliveryReport":
        """Deliver, and wait for what another process has in hand: it may just have been killed."""
        waited_for = None
        with self.watcher.looks_at(Part.DELIVERING, number) as progress:
            while True:
                report = self.steps.send(edition_id, progress)
                until = report.leased_until
                going_on = report.edition.state is EditionState.SENDING
                # A lease that is over and still there: a stopped channel keeps us from taking over.
                if until in {None, waited_for} or not (going_on and self.steps.keep_going()):
                    return report
                waited_for = until
                self.watcher.waits(until)
                self.wait(max((until - self.engine_clock()) / timedelta(seconds=1), LEAST_WAIT))


def unseen(_number: int) -> None:
    """Progress that nobody looks at."""


def _went_wrong(report: "DeliveryReport") -> bool:
    waits = report.waiting_until is not None and not report.as_planned
    return waits or not TROUBLE.isdisjoint(report.counts)
