"""`dispatch run`: a campaign's whole job, once, now."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.feeds import POLL_COLUMNS, poll_row
from dispatch.cli.output import JsonFlag, progress, say, show, show_json

if TYPE_CHECKING:
    from dispatch.app import App, ImportReport
    from dispatch.model.campaign import Campaign
    from dispatch.model.post import Choice
    from dispatch.pipeline.compose import Composed
    from dispatch.pipeline.deliver import DeliveryReport
    from dispatch.pipeline.poll import PollReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Examples: dispatch run weekly --dry-run, then dispatch run weekly")(run)


@dataclass(slots=True)
class Story:
    """What a run came to, as it is told at the end."""

    imports: "list[ImportReport]" = field(default_factory=list)
    polls: "list[PollReport]" = field(default_factory=list)
    composed: "Composed | None" = None
    deliveries: "list[DeliveryReport]" = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 where something failed, else 2 where a file needs mending, else 0."""
        from dispatch.model.delivery import DeliveryState

        trouble = {DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN}
        if any(poll.problem for poll in self.polls) or any(
            report.waiting_until is not None or not trouble.isdisjoint(report.counts)
            for report in self.deliveries
        ):
            return 1
        return 2 if any(not one.file.readable or one.file.faulty for one in self.imports) else 0


def run(
    context: typer.Context,
    campaign: Annotated[str, typer.Argument(help="The campaign.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would go out; keep nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring in subscribers, poll the feeds, make the edition and deliver it.

    An edition that is not finished, because the process was ended or a channel was down, is
    gone on with first. Exits with 1 if a feed, a channel or a delivery failed, with 2 if a
    subscriber file needs mending; the rest is done all the same.
    """
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        plan = opened.campaign(campaign)
        if dry_run:
            raise typer.Exit(_rehearse(opened, plan, as_json=as_json))
        with _stopped_by_signals(opened):
            story = _run(opened, plan, quiet=as_json)
    if as_json:
        show_json(_story_as_json(story))
    else:
        _tell(story, plan)
        for sentence in opened.outboxes(plan):
            say(sentence)
    raise typer.Exit(story.exit_code)


def _run(opened: "App", plan: "Campaign", *, quiet: bool) -> Story:
    from dispatch.model.edition import EditionState
    from dispatch.model.schedule import slot_at

    story = Story(imports=list(opened.import_people()))
    opened.resume_channels(plan)
    for edition in opened.unfinished(plan.name):
        story.deliveries.append(_deliver(opened, edition.id, quiet=quiet))
    story.polls = list(opened.poll(plan.feeds))
    timezone = plan.schedule.timezone if plan.schedule else opened.workspace.publisher.timezone
    story.composed = opened.compose(plan, slot_at(opened.clock(), timezone))
    made = story.composed.edition if story.composed else None
    if made and made.state is EditionState.APPROVED:
        story.deliveries.append(_deliver(opened, made.id, quiet=quiet))
    return story


def _deliver(opened: "App", edition_id: str, *, quiet: bool) -> "DeliveryReport":
    """Deliver, and wait for what another process has in its hands: it may just have been killed."""
    from dispatch.model.delivery import DeliveryState

    with progress(quiet=quiet) as bar:
        task = bar.add_task("delivering", total=opened.address(edition_id))
        while True:
            report = opened.send(edition_id, lambda ended: bar.advance(task, ended))
            held = report.counts.get(DeliveryState.SENDING, 0)
            if not held or report.waiting_until is None or opened.stopping.is_set():
                return report
            until = report.waiting_until
            sentence = (
                f"waiting for {held} that another process had in hand, until {until:%H:%M:%S} UTC"
            )
            bar.update(task, description=sentence)
            if quiet or bar.disable:
                say(sentence, err=True)
            opened.stopping.wait(max((until - opened.clock()) / timedelta(seconds=1), 0.05))


def _rehearse(opened: "App", plan: "Campaign", *, as_json: bool) -> int:
    from dispatch.model.schedule import slot_at
    from dispatch.pipeline.address import recipients

    rehearsal = opened.rehearsal()
    try:
        story = Story(
            imports=list(rehearsal.import_people()), polls=list(rehearsal.poll(plan.feeds))
        )
        composed = rehearsal.compose(plan, slot_at(opened.clock(), "UTC"))
        story.composed = composed
        numbers: dict[str, int] = {}
        if composed and composed.draft.content:
            with rehearsal.store.read() as tx:
                for one in recipients(composed.draft.content, tx):
                    numbers[one.channel] = numbers.get(one.channel, 0) + 1
    finally:
        rehearsal.close()
    if as_json:
        show_json({**_story_as_json(story), "would_deliver": numbers})
        return story.exit_code
    _tell(story, plan, past=True)
    rows = [{"channel": name, "messages": number} for name, number in numbers.items()]
    show("Would go out", ("channel", "messages"), rows, as_json=False)
    say("dry run: nothing was kept, nothing was sent")
    return story.exit_code


@contextlib.contextmanager
def _stopped_by_signals(opened: "App") -> Iterator[None]:
    """Let Ctrl-C and SIGTERM stop between two hand-overs, so that no outcome is lost."""

    def stop(_number: int, _frame: object) -> None:
        opened.stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(story: Story, plan: "Campaign", *, past: bool = False) -> None:
    for one in story.imports:
        for problem in one.file.problems:
            say(str(problem), err=True)
    rows = [_import_row(one) for one in story.imports]
    show("Subscribers", ("audience", "rows", "new"), rows, as_json=False, empty="no file")
    show("Feeds", POLL_COLUMNS, map(poll_row, story.polls), as_json=False)
    choices = story.composed.draft.choices if story.composed else ()
    rows = [_choice_row(choice) for choice in choices if past or not choice.past]
    show("Posts", ("feed", "post", "in", "why"), rows, as_json=False, empty="nothing new")
    for report in story.deliveries:
        _tell_deliveries(report)
    _tell_edition(story, plan)


def _tell_edition(story: Story, plan: "Campaign") -> None:
    if story.composed is None:
        say(f"{plan.title}: this slot has run already - nothing was sent for it")
    elif story.composed.edition is None:
        say(f"{plan.title}: {story.composed.draft.skipped} - nothing new was sent")
    elif plan.approval_needed:
        made = story.composed.edition.id[:8]
        say(
            f"{plan.title}: edition {made} waits for approval - look at it with "
            f"'dispatch editions show {made}', then 'dispatch editions approve {made}'"
        )


def _tell_deliveries(report: "DeliveryReport") -> None:
    edition = report.edition
    rows = [
        {"edition": edition.id[:8], "state": state.value, "deliveries": number}
        for state, number in report.counts.items()
    ]
    show("Deliveries", ("edition", "state", "deliveries"), rows, as_json=False, empty="nobody")
    for sentence in report.stops:
        say(sentence, err=True)
    if report.waiting_until is not None:
        say(
            f"edition {edition.id[:8]}: not everybody is served yet, the next is due at "
            f"{report.waiting_until:%Y-%m-%d %H:%M} UTC - run again then, or leave 'dispatch up' "
            "running",
            err=True,
        )


def _choice_row(choice: "Choice") -> dict[str, object]:
    return {
        "feed": choice.post.feed,
        "post": choice.post.title,
        "in": choice.included,
        "why": choice.reason,
    }


def _import_row(one: "ImportReport") -> dict[str, object]:
    return {
        "audience": one.file.audience,
        "rows": len(one.file.rows),
        "new": one.new,
        "problems": [str(problem) for problem in one.file.problems],
    }


def _story_as_json(story: Story) -> dict[str, object]:
    composed = story.composed
    return {
        "subscribers": [_import_row(one) for one in story.imports],
        "feeds": [poll_row(poll) for poll in story.polls],
        "posts": [_choice_row(choice) for choice in (composed.draft.choices if composed else ())],
        "edition": composed.edition.id if composed and composed.edition else None,
        "skipped": composed.draft.skipped if composed else "this slot has run already",
        "deliveries": [
            {
                "edition": report.edition.id,
                "state": report.edition.state.value,
                "counts": report.counts,
                "waiting_until": report.waiting_until,
                "stops": report.stops,
            }
            for report in story.deliveries
        ],
    }
