"""Campaigns are made, changed, and run by hand."""

from dispatch.config.splice.change import Put
from dispatch.errors import BadInput, Conflict, DispatchError
from dispatch.model.intake.post import Choice
from dispatch.model.team.role import Right
from dispatch.pipeline.run_campaign import RunReport
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.campaigns import brief, campaign_of
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import change_plan, entry_of, merged, plan_of, plan_tag
from dispatch.web.api.shapes.campaigns import (
    CampaignPatch,
    NewCampaign,
    RehearsalShape,
    RunMade,
)
from dispatch.web.api.shapes.plan import ChangeQuery, PlanChanged

NEW = "new"
"""No campaign is called that: its page would be that of a new one."""

MOST_POSTS = 100
ORDER = ("title", "feeds", "posts", "schedule", "approval", "email", "social")


def add_campaign(call: Call) -> Answer:
    """Make a campaign: it is written into schedules.yaml, checked as `dispatch check` does."""
    said = call.said(NewCampaign)
    if said.name == NEW:
        raise BadInput([f"name: cannot be '{NEW}' - choose another one"])
    known = call.app.texts.written(plan_of(call), "campaigns")
    if isinstance(known, dict) and said.name in known:
        raise Conflict(f"campaign {said.name}: is there already - choose another name")
    plan = merged({}, said.plan)
    ordered = {key: plan[key] for key in (*ORDER, *plan) if key in plan}
    return change_plan(
        call,
        [Put(("campaigns", said.name), ordered)],
        name=said.name,
        act="campaign.add",
        kind="campaign",
        place=f"campaigns.{said.name}",
        is_new=True,
    )


def change_campaign(call: Call) -> Answer:
    """Change a campaign by a merge patch of its keys in schedules.yaml.

    Only what differs is written; comments and all other lines of the file stay. With `try_only` it
    is checked and shown. Of a family all cadences are changed by one patch.
    """
    campaign = campaign_of(call)
    name = campaign.family or campaign.name
    wanted = merged(entry_of(call, "campaigns", name), call.said(CampaignPatch).root)
    return change_plan(
        call,
        [Put(("campaigns", name), wanted)],
        name=name,
        act="campaign.edit",
        kind="campaign",
        place=f"campaigns.{name}",
    )


def rehearse_campaign(call: Call) -> RehearsalShape:
    """Rehearse a run: what it would come to now, on a copy of the database; nothing is kept."""
    campaign = campaign_of(call)
    rehearsal = call.app.rehearse(campaign)
    report, subject = rehearsal.report, ""
    problems = [*map(str, report.borne), *(one.problem for one in report.polls if one.problem)]
    problems += map(str, report.errors)
    if rehearsal.content is not None and report.edition:
        try:
            digest = call.app.editions.preview(rehearsal.content).digest
            subject = digest.subject if digest else ""
        except DispatchError as error:
            problems.append(str(error))
    choices = _choices(report)
    return RehearsalShape(
        made=report.edition is not None,
        skipped=report.composed.draft.skipped if report.composed else "",
        subject=subject,
        posts=brief(one for one in choices if one.included)[:MOST_POSTS],
        left=brief(one for one in choices if not one.included)[:MOST_POSTS],
        recipients=dict(rehearsal.recipients),
        problems=problems,
    )


def run_campaign(call: Call) -> RunMade:
    """Run a campaign by hand: feeds are polled and the edition of this moment is made.

    It goes out once it may: when it is approved, or at once where nobody needs to. Without an
    edition the answer says why.
    """
    report = call.app.campaigns.make_by_hand(campaign_of(call), by=call.by)
    made = report.edition
    return RunMade(
        edition=made.id if made else None,
        skipped=report.composed.draft.skipped if report.composed and not made else "",
        problems=[*(one.problem for one in report.polls if one.problem), *map(str, report.errors)],
    )


def _choices(report: RunReport) -> list[Choice]:
    if report.composed is None:
        return []
    return [one for one in report.composed.draft.choices if not one.past or one.included]


OPERATIONS = (
    Operation(
        "POST",
        "/campaigns",
        add_campaign,
        Right.PLAN,
        gives=PlanChanged,
        takes=NewCampaign,
        query=ChangeQuery,
        slow=True,
    ),
    Operation(
        "PATCH",
        "/campaigns/{name}",
        change_campaign,
        Right.PLAN,
        gives=PlanChanged,
        takes=CampaignPatch,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
    ),
    Operation(
        "GET",
        "/campaigns/{name}/rehearsal",
        rehearse_campaign,
        Right.MEND,
        gives=RehearsalShape,
    ),
    Operation(
        "POST",
        "/campaigns/{name}/run",
        run_campaign,
        Right.MEND,
        gives=RunMade,
        slow=True,
    ),
)
