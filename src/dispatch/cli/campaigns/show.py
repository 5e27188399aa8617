"""`dispatch campaigns`: the standing plans, and when each runs next."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatch.cli import completion
from dispatch.cli.editions.sending_times import sending_facts, social_fact, social_words
from dispatch.cli.output.console import JsonFlag, say, show, show_json
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dispatch.model.campaigns.campaign import Campaign

app = typer.Typer(help="See the campaigns, and when they run next.", no_args_is_help=True)

NEXT_RUNS = 5
RUN_COLUMNS = ("campaign", "day", "local", "zone", "utc")


@app.command("list", epilog="Example: dispatch campaigns list")
def list_campaigns(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Show every campaign: its schedule in words, and its next run."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        rows = [
            {
                "campaign": campaign.name,
                "title": campaign.title,
                "cadence": _cadence(campaign),
                "schedule": campaign.when_told,
                "next_run_in_utc": _next_moment(campaign, opened.clock()),
            }
            for campaign in opened.workspace.campaigns.values()
        ]
    columns = ["campaign", "title", "schedule", "next_run_in_utc"]
    if any(row["cadence"] for row in rows):
        columns.insert(2, "cadence")
    show("Campaigns", columns, rows, as_json=as_json)


@app.command("show", epilog="Example: dispatch campaigns show weekly")
def show_campaign(
    context: typer.Context,
    campaign: Annotated[
        str, typer.Argument(help="Its name in schedules.yaml.", autocompletion=completion.campaigns)
    ],
    as_json: JsonFlag = False,
) -> None:
    """Show what a campaign is made of, and its next five runs."""
    from dispatch.app import open_app

    with open_app(context.obj) as opened:
        found = opened.campaign(campaign)
        runs = next_runs([found], opened.clock())
    facts = _facts(found)
    if as_json:
        show_json({**facts, "next_runs": runs})
        return
    verbosity().tell_whole()
    told = {**facts, "social": [*map(social_words, facts["social"])]}
    rows = [{"fact": name.replace("_", " "), "value": value} for name, value in told.items()]
    show(found.title, ("fact", "value"), rows, as_json=False)
    show_next_runs(runs, [found])
    if found.schedule and not runs:
        say(f"{campaign}: its schedule has ended - change 'until' to go on")


def next_runs(
    campaigns: "Iterable[Campaign]", now: "datetime", *, most: int = NEXT_RUNS
) -> list[dict[str, Any]]:
    """The next slots of each campaign: by the clock on the wall, its zone, and in UTC.

    And when their editions are made, and the first message of them leaves.
    """
    from itertools import islice

    from dispatch.model.campaigns.days import WEEKDAYS
    from dispatch.model.campaigns.schedule import slots

    return [
        {
            "campaign": campaign.name,
            "slot": slot.key,
            "day": WEEKDAYS[slot.local.weekday()],
            "local": slot.local,
            "zone": slot.timezone,
            "utc": slot.moment,
            "made_utc": slot.moment - campaign.schedule.ahead,
            "goes_out_utc": campaign.sending.starts(slot, ahead=campaign.schedule.ahead),
        }
        for campaign in campaigns
        if campaign.schedule
        for slot in islice(slots(campaign.schedule, after=now), most)
    ]


def show_next_runs(runs: "Iterable[dict[str, Any]]", campaigns: "Iterable[Campaign]") -> None:
    """Print the next slots as a table, and a sentence for each campaign that has none."""
    rows, on_new_posts = list(runs), [one for one in campaigns if one.new_posts]
    moved = [
        name for name in ("made_utc", "goes_out_utc") if any(r[name] != r["utc"] for r in rows)
    ]
    if rows or not on_new_posts:
        # When it goes out stands in UTC then: the slot itself is told by its own clock.
        columns = (*RUN_COLUMNS[:-1], *moved) if "goes_out_utc" in moved else (*RUN_COLUMNS, *moved)
        show("Next runs", columns, rows, as_json=False, empty="none scheduled")
    for campaign in on_new_posts:
        say(f"{campaign.name}: runs {campaign.new_posts}")


def _next_moment(campaign: "Campaign", now: "datetime") -> "datetime | None":
    return next((run["utc"] for run in next_runs([campaign], now, most=1)), None)


def _cadence(campaign: "Campaign") -> str:
    """What readers choose to get it, and whether those get it who choose nothing."""
    offer = campaign.email.offer if campaign.email else None
    if offer is None:
        return ""
    return f"{offer.cadence} (the default)" if offer.is_default else offer.cadence.value


def _facts(campaign: "Campaign") -> dict[str, Any]:
    email = campaign.email
    return {
        "campaign": campaign.name,
        "feeds": list(campaign.feeds),
        "family": campaign.family,
        "cadence": _cadence(campaign),
        "schedule": campaign.when_told,
        "audience": email.audience if email else "",
        "segment": email.segment if email else "",
        "templates": list(campaign.templates),
        "channels": list(campaign.channels),
        "approval": campaign.approval_needed,
        **sending_facts(campaign),
        "social": [social_fact(plan) for plan in campaign.social],
    }
