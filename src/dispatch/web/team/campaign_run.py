"""A campaign run by hand: first what it would come to, on a copy; then the edition itself."""

from starlette.responses import Response

from dispatch.errors import BadInput, DispatchError
from dispatch.model.intake.post import Choice
from dispatch.pipeline.run_campaign import RunReport
from dispatch.web.team.campaigns import head, named
from dispatch.web.team.visit import Visit

MOST_POSTS = 100


def show(visit: Visit) -> Response:
    """What running it does; with `?look=yes` what it would come to now. Nothing of it is kept."""
    campaign = named(visit)
    rehearsal, subject = None, ""
    problems: list[str] = []
    if visit.asked("look") == "yes":
        try:
            rehearsal = visit.app.rehearse(campaign)
            problems = _told(rehearsal.report)
            if rehearsal.content is not None and rehearsal.report.edition:
                digest = visit.app.editions.preview(rehearsal.content).digest
                subject = digest.subject if digest else ""
        except DispatchError as error:
            problems = str(error).splitlines()
    choices = _choices(rehearsal.report) if rehearsal else []
    return visit.page(
        "campaign_run.html",
        **head(visit, campaign, "run"),
        rehearsal=rehearsal,
        subject=subject,
        included=[one for one in choices if one.included][:MOST_POSTS],
        left=[one for one in choices if not one.included][:MOST_POSTS],
        problems=problems,
    )


def run(visit: Visit) -> Response:
    """Make the edition of this moment; without one it is said why."""
    campaign = named(visit)
    try:
        report = visit.app.campaigns.make_by_hand(campaign, by=visit.by)
    except BadInput as error:
        return _without(visit, str(error).splitlines())
    if report.edition is not None:
        return visit.to(f"/editions/{report.edition.id}", said="campaigns_ran")
    why = report.composed.draft.skipped if report.composed else ""
    return _without(visit, [*([why] if why else []), *map(str, report.errors)])


def _without(visit: Visit, problems: list[str]) -> Response:
    return visit.wrong(
        "campaign_run.html",
        {f"file{number}": problem for number, problem in enumerate(problems)},
        **head(visit, named(visit), "run"),
        rehearsal=None,
        subject="",
        included=[],
        left=[],
        problems=[],
    )


def _told(report: RunReport) -> list[str]:
    polls = [poll.problem for poll in report.polls if poll.problem]
    return [*map(str, report.borne), *polls, *map(str, report.errors)]


def _choices(report: RunReport) -> list[Choice]:
    if report.composed is None:
        return []
    return [one for one in report.composed.draft.choices if not one.past or one.included]
