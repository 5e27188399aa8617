"""What the next run of a campaign would do and say: it is done on a copy of the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import Problem
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.editions.compose import Composed, Materials
from dispatch.pipeline.editions.stand_ins import stand_ins
from dispatch.pipeline.editions.try_out import TryOut
from dispatch.pipeline.people.readers import count_recipients
from dispatch.pipeline.run_campaign import RunReport, Steps, next_is_due, unseen
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store, Transaction


@dataclass(slots=True)
class Rehearsal:
    """What a run would come to now.

    `content` is what it would say; where `instead` is not empty, that says what is shown in its
    place, and why. It is None where that could not be made: the report has the error. `unfinished`
    has the deliveries of editions that would be gone on with, `recipients` the messages of a new
    one by channel. `reader` is who was asked for, if anybody has that address.
    `people` is what is odd about those it would write to.
    """

    report: RunReport = field(default_factory=RunReport)
    content: EditionContent | None = None
    instead: str = ""
    unfinished: Mapping[str, int] = field(default_factory=dict)
    recipients: Mapping[str, int] = field(default_factory=dict)
    reader: Subscriber | None = None
    people: tuple[Problem, ...] = ()


def rehearse_run(
    campaign: Campaign,
    slot: Slot,
    *,
    steps: Steps,
    store: Store,
    materials: Materials,
    clock: Clock,
    try_out: TryOut,
    renderer: Renderer,
    reader: str = "",
) -> Rehearsal:
    """Rehearse a run with steps that work on a copy; it chooses and says what the run would.

    `reader` is the address of somebody whom the database has, or a file that a run brings in.
    What would keep a run from its work is noted, and the rest is rehearsed all the same.
    """
    found = Rehearsal()
    report = found.report
    with report.noting_errors():
        report.borne = tuple(steps.check(campaign))
    report.waiting, report.paused = steps.waiting(campaign.name), steps.paused(campaign.name)
    unfinished = steps.unfinished(campaign.name)
    report.only_finished = not next_is_due(campaign, unfinished, steps=steps)
    # Feeds first: a rehearsal on PostgreSQL holds what it changes until its end.
    if not report.only_finished:
        report.polls.extend(steps.poll(campaign, unseen))
    report.imports.extend(steps.import_people(unseen))
    if reader:
        with store.read() as tx:
            found.reader = tx.subscribers.find(reader)
    found.unfinished = _address(unfinished, report, steps=steps, clock=clock)
    if report.only_finished:
        next_one = unfinished[0]
        found.content = next_one.content
        found.instead = f"edition {next_one.id[:8]} was approved, and is what a run sends"
        return found
    with report.noting_errors():
        report.composed = steps.compose(campaign, slot)
        if report.edition is not None:
            found.content = report.edition.content
            with store.read() as tx:
                found.recipients = count_recipients(found.content, tx, renderer)
            return found
        with store.read() as tx:
            content, found.instead = _in_place(
                report.composed, campaign, slot, tx=tx, materials=materials, now=clock()
            )
        try_out(content)
        found.content = content
    return found


def _address(
    unfinished: Iterable[Edition], report: RunReport, *, steps: Steps, clock: Clock
) -> dict[str, int]:
    """Edition id to how many deliveries of it a run would go on with; those to come are noted."""
    numbers: dict[str, int] = {}
    for edition in unfinished:
        with report.noting_errors():
            number = steps.address(edition.id)
            until = edition.waits_until(clock())
            if number is not None:
                numbers[edition.id] = number
            elif until is not None:
                report.scheduled.append((edition, until))
    return numbers


def _in_place(
    composed: Composed | None,
    campaign: Campaign,
    slot: Slot,
    *,
    tx: Transaction,
    materials: Materials,
    now: datetime,
) -> tuple[EditionContent, str]:
    """What is shown where a run would make no edition, and why."""
    draft = composed.draft if composed else None
    why = draft.skipped if draft else "this slot has run already"
    if draft is not None and draft.unread is not None:
        return draft.unread, f"{why} - this is what they would get"
    found = stand_ins(campaign, slot, tx=tx, materials=materials, now=now)
    return found.content, f"{why} - {found.told}"
