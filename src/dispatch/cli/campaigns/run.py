"""`dispatch run`: a campaign's whole job, once, now."""

from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli import completion
from dispatch.cli.campaigns.run_summary import as_json as told_as_json
from dispatch.cli.campaigns.run_summary import exit_code, tell
from dispatch.cli.editions.sending_times import would_wait
from dispatch.cli.output.console import JsonFlag, say, show, show_json
from dispatch.cli.output.verbosity import configure_log, verbosity
from dispatch.cli.process.stopping import stopping_at_signals

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.pipeline.run_campaign import RunReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Examples: dispatch run weekly --dry-run, then dispatch run weekly")(run)


def run(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign.", autocompletion=completion.campaigns)
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would go out; keep nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a campaign's edition and deliver it: people and posts come in first.

    An edition that is not finished, because the process was ended or a channel was down, is
    gone on with first; one that goes out later, by its campaign's hours, waits. After one that
    somebody has approved, the next is made only if a slot has come due since. Reviewers are told of
    one that waits for approval. Exits with 1 if a feed, a channel, a delivery or a reviewer's mail
    failed, with 2 if a subscriber file needs mending; the rest is done all the same. Where a
    channel cannot be used, as its secret is missing, and none steps in, it exits with 2 and has
    changed nothing.
    """
    from dispatch.app import open_app

    with stopping_at_signals() as at_signal, open_app(context.obj) as opened:
        at_signal(opened.stop)
        configure_log(as_json=opened.settings.log_json, at_length=True)
        plan = opened.campaign(campaign)
        opened.check_database()
        if dry_run:
            raise typer.Exit(_rehearse(opened, plan, as_json=as_json))
        opened.notify.forget()  # with cron alone nobody else does
        report = _run(opened, plan, quiet=as_json)
        people = opened.look_at_people(plan, [one.file for one in report.imports])
        is_silent = as_json or verbosity().quiet or not report.deliveries
        places = list(opened.channels.outboxes(() if is_silent else plan.all_channels))
    if as_json:
        show_json({**told_as_json(report), "notices": [str(one) for one in people]})
    else:
        tell(report, plan, every_post=verbosity().verbose)
        for notice in people:
            say(str(notice), err=True)
        for sentence in places:
            say(sentence)
    raise typer.Exit(end(report))


def end(report: "RunReport") -> int:
    """The exit code; raises the first of the errors that were noted, and says the others."""
    for error in report.errors[1:]:
        say(str(error), err=True)
    if report.errors:
        raise report.errors[0]
    return exit_code(report)


def _run(opened: "App", plan: "Campaign", *, quiet: bool) -> "RunReport":
    from dispatch.cli.campaigns.watching import watching

    with watching(opened.folder, quiet=quiet) as watcher:
        return opened.campaigns.run(plan, watcher)


def _rehearse(opened: "App", plan: "Campaign", *, as_json: bool) -> int:
    rehearsal = opened.rehearse(plan)
    report, content = rehearsal.report, rehearsal.content
    digest = None
    if content is not None and (report.edition or report.only_finished):
        digest = opened.editions.preview(content).digest
    subject = digest.subject if digest else ""
    unfinished, numbers = rehearsal.unfinished, rehearsal.recipients
    if as_json:
        would = {"edition": None, "would_finish": unfinished, "would_deliver": numbers}
        notices = [str(one) for one in rehearsal.people]
        show_json({**told_as_json(report), **would, "subject": subject, "notices": notices})
    else:
        tell(report, plan, every_post=True)
        for edition_id, number in unfinished.items():
            say(f"edition {edition_id[:8]} would be gone on with first: {number} deliveries")
        if subject:
            say(f"Subject: {subject}")
        rows = [{"channel": name, "messages": number} for name, number in numbers.items()]
        show("Would go out", ("channel", "messages"), rows, as_json=False)
        for notice in rehearsal.people:
            say(str(notice), err=True)
        if report.edition:
            when = would_wait(report.edition, opened.clock())
            if when:
                say(f"it would wait for its hours, until {when}")
        say("dry run: nothing was kept, nothing was sent", aside=True)
    return end(report)
