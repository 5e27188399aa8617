"""`dispatch simulate`: the editions that a campaign's rules would have made."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.arguments import check_order, day
from dispatch.cli.output.console import JsonFlag, say, show_json
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from dispatch.model.editions.simulation import SimulatedRun, Simulation
    from dispatch.model.intake.post import Post

BACK = timedelta(days=90)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: dispatch simulate weekly --from 2026-09-01")(simulate)


def simulate(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="The campaign.", autocompletion=completion.campaigns)
    ],
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            parser=day,
            metavar="<day>",
            help="The first day.",
            show_default="90 days before --to",
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            parser=day,
            metavar="<day>",
            help="The last day; it may be to come.",
            show_default="now",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the editions that would have gone out, had the campaign been as it is now.

    Replays the stored posts against its schedule and its rules in schedules.yaml.
    It keeps nothing and sends nothing. It shows the rules and not what has
    happened: the campaign begins on the first day, whatever it has really used;
    polls, approvals and readers are taken for granted. Posts came when a poll
    first met them; what was in a feed at its first poll came on its date.
    With --verbose it also shows why posts are out of an edition.
    """
    from dispatch.app import open_app
    from dispatch.pipeline.editions.simulate import simulate_campaign

    with open_app(context.obj) as opened:
        plan, now = opened.campaign(campaign), opened.clock()
        check_order(first, last, now=now)
        start = first or (last or now) - BACK
        made = simulate_campaign(
            plan,
            first=start.date(),
            last=last.date() if last else None,
            store=opened.store,
            now=now,
        )
    if as_json:
        show_json({"campaign": plan.name, "schedule": plan.when_told, **_as_json(made)})
        return
    say(f"{plan.title}: {plan.when_told}. Nothing is kept, nothing is sent.")
    for run in made.runs:
        _tell(run, verbose=verbosity().verbose)
    _tell_totals(made)


def _tell(run: "SimulatedRun", *, verbose: bool) -> None:
    slot = run.slot
    place = f"{slot.local:%Y-%m-%d %H:%M} {slot.timezone} ({slot.moment:%H:%M} UTC)"
    if run.skipped:
        say(f"{place}: skipped: {run.skipped}")
    else:
        more = "waits" if run.waiting == 1 else "wait"
        waiting = f", {run.waiting} more {more}" if run.waiting else ""
        say(f"{place}: {_count(len(run.posts), 'post')}{waiting}")
    for post in run.posts:
        say(f"  {post.feed}: {post.title}")
    for choice in run.choices if verbose else ():
        if not choice.included:
            say(f"  out: {choice.post.feed}: {choice.post.title} - {choice.reason}")


def _tell_totals(made: "Simulation") -> None:
    skipped = len(made.runs) - len(made.editions)
    slots, editions = _count(len(made.runs), "slot"), _count(len(made.editions), "edition")
    say(f"{slots}: {editions} with {_count(made.published, 'post')}, {skipped} skipped")
    for why, number in made.reasons.items():
        say(f"in no edition: {_count(number, 'post')} - {why}", aside=True)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _as_json(made: "Simulation") -> dict[str, Any]:
    return {
        "slots": len(made.runs),
        "editions": len(made.editions),
        "told": made.published,
        "never_told": dict(made.reasons),
        "runs": [
            {
                "slot": run.slot.key,
                "local": run.slot.local,
                "timezone": run.slot.timezone,
                "moment": run.slot.moment,
                "skipped": run.skipped,
                "posts": [_row(post) for post in run.posts],
                "out": [
                    {**_row(choice.post), "why": choice.reason}
                    for choice in run.choices
                    if not choice.included
                ],
                "waiting": run.waiting,
            }
            for run in made.runs
        ],
        "in_no_edition": [{**_row(post), "why": why.value} for post, why in made.never],
    }


def _row(post: "Post") -> dict[str, Any]:
    return {"post": post.id, "feed": post.feed, "title": post.title, "link": post.link}
