"""`dispatch run`: a campaign's whole job, once, now."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.campaigns.run_summary import Story, tell
from dispatch.cli.campaigns.run_summary import as_json as told_as_json
from dispatch.cli.editions.sending_times import would_wait
from dispatch.cli.output.console import JsonFlag, progress, say, show, show_json
from dispatch.cli.process.stopping import stopping_at_signals

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.campaigns.schedule import Slot
    from dispatch.model.editions.edition import Edition
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.intake.poll import PollReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Examples: dispatch run weekly --dry-run, then dispatch run weekly")(run)


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
    gone on with first; one that goes out later, by its campaign's hours, waits. Reviewers are told
    of one that waits for approval. Exits with 1 if a feed, a channel, a delivery or a reviewer's
    mail failed, with 2 if a subscriber file needs mending; the rest is done all the same.
    """
    from dispatch import log
    from dispatch.app import open_app

    with stopping_at_signals() as at_signal, open_app(context.obj) as opened:
        at_signal(opened.stop)
        log.configure(as_json=opened.settings.log_json)
        plan = opened.campaign(campaign)
        opened.check_database()
        if dry_run:
            raise typer.Exit(_rehearse(opened, plan, as_json=as_json))
        story = _run(opened, plan, quiet=as_json)
        places = [] if as_json else opened.outboxes(plan)
    if as_json:
        show_json(told_as_json(story))
    else:
        tell(story, plan)
        for sentence in places:
            say(sentence)
    raise typer.Exit(_end(story))


def _end(story: Story) -> int:
    """The exit code; raises the first of the errors that were noted, and says the others."""
    for error in story.errors[1:]:
        say(str(error), err=True)
    if story.errors:
        raise story.errors[0]
    return story.exit_code


def _run(opened: "App", plan: "Campaign", *, quiet: bool) -> Story:
    from dispatch.model.editions.edition import EditionState

    story = Story(imports=list(opened.import_people()))
    opened.resume_channels(plan)
    opened.settle_what_was_left()
    for edition in opened.unfinished(plan.name):
        with _noting_errors(story):
            _deliver_or_wait(opened, edition, story, quiet=quiet)
    if not opened.stopping.is_set():
        story.polls = _poll(opened, plan)
    if opened.stopping.is_set():
        return story
    with _noting_errors(story):
        story.composed = opened.compose(plan, _this_slot(opened, plan), manual=True)
        made = story.composed.edition if story.composed else None
        if made and made.state is EditionState.APPROVED:
            _deliver_or_wait(opened, made, story, quiet=quiet)
    with _noting_errors(story):
        for told in opened.tell_reviewers(plan.name):
            story.told.append(told)
    story.waiting = opened.waiting(plan.name)
    reported = {report.edition.id for report in story.deliveries}
    story.paused = [one for one in opened.paused(plan.name) if one.id not in reported]
    return story


def _poll(opened: "App", plan: "Campaign") -> "list[PollReport]":
    """Poll the campaign's feeds; the reports in the campaign's order, not in that of answers."""
    order = list(plan.feeds)
    return sorted(opened.poll(order), key=lambda report: order.index(report.feed))


def _this_slot(opened: "App", plan: "Campaign") -> "Slot":
    from dispatch.model.campaigns.schedule import slot_at

    timezone = plan.when.timezone if plan.when else opened.workspace.publisher.timezone
    return slot_at(opened.clock(), timezone)


@contextlib.contextmanager
def _noting_errors(story: Story) -> Iterator[None]:
    """Let what fails be told at the end, so that the rest of the work goes on."""
    from dispatch.errors import DispatchError

    try:
        yield
    except DispatchError as error:
        story.errors.append(error)


def _deliver_or_wait(opened: "App", edition: "Edition", story: Story, *, quiet: bool) -> None:
    """Deliver what is due of an edition; one whose time has not come waits."""
    number, until = opened.address(edition.id), edition.waits_until(opened.clock())
    if number is not None:
        story.deliveries.append(_deliver(opened, edition.id, number, quiet=quiet))
    elif until is not None:
        story.scheduled.append((edition, until))


def _deliver(opened: "App", edition_id: str, number: int, *, quiet: bool) -> "DeliveryReport":
    """Deliver, and wait for what another process has in its hands: it may just have been killed."""
    from dispatch.model.editions.edition import EditionState

    with progress(quiet=quiet) as bar:
        task = bar.add_task("delivering", total=number)
        clock, waited_for = opened.engine_clock(), None
        while True:
            report = opened.send(edition_id, lambda ended: bar.advance(task, ended))
            until = report.held_until
            going_on = report.edition.state is EditionState.SENDING
            # A lease that is over and still there: a stopped channel keeps us from taking over.
            if until in {None, waited_for} or opened.stopping.is_set() or not going_on:
                return report
            waited_for = until
            sentence = f"waiting for what another process has in hand, until {until:%H:%M:%S} UTC"
            bar.update(task, description=sentence)
            if quiet or bar.disable:
                say(sentence, err=True)
            opened.stopping.wait(max((until - clock()) / timedelta(seconds=1), 0.5))


def _rehearse(opened: "App", plan: "Campaign", *, as_json: bool) -> int:
    from dispatch.pipeline.people.readers import count_recipients

    story = Story()
    unfinished: dict[str, int] = {}
    numbers: dict[str, int] = {}
    with opened.rehearsal() as rehearsal:
        # Feeds first: a rehearsal on PostgreSQL holds what it changes until its end.
        story.polls = _poll(rehearsal, plan)
        story.imports = list(rehearsal.import_people())
        for edition in rehearsal.unfinished(plan.name):
            with _noting_errors(story):
                number, until = rehearsal.address(edition.id), edition.waits_until(opened.clock())
                if number is not None:
                    unfinished[edition.id] = number
                elif until is not None:
                    story.scheduled.append((edition, until))
        with _noting_errors(story):
            story.composed = rehearsal.compose(plan, _this_slot(opened, plan), manual=True)
        if story.composed and story.composed.draft.content:
            with rehearsal.store.read() as tx:
                content = story.composed.draft.content
                numbers = count_recipients(content, tx, opened.renderer)
    if as_json:
        would = {"edition": None, "would_finish": unfinished, "would_deliver": numbers}
        show_json({**told_as_json(story), **would})
    else:
        tell(story, plan, rehearsed=True)
        for edition_id, number in unfinished.items():
            say(f"edition {edition_id[:8]} would be gone on with first: {number} deliveries")
        rows = [{"channel": name, "messages": number} for name, number in numbers.items()]
        show("Would go out", ("channel", "messages"), rows, as_json=False)
        if story.composed and story.composed.edition:
            when = would_wait(story.composed.edition, opened.clock())
            if when:
                say(f"it would wait for its hours, until {when}")
        say("dry run: nothing was kept, nothing was sent")
    return _end(story)
