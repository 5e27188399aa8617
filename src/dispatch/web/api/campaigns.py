"""Campaigns: the list, one plan with what comes next, and what it would have done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot, slots
from dispatch.model.intake.post import Choice
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.simulate import simulate_campaign
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import entry_of, seen_plan
from dispatch.web.api.shapes.campaigns import (
    BriefPost,
    CampaignQuery,
    Campaigns,
    CampaignShape,
    CampaignWhole,
    NeverIn,
    NextRun,
    SimulatedRunShape,
    SimulationQuery,
    SimulationShape,
)

NEXT_RUNS = 6
AHEAD_AT_MOST = timedelta(days=400)


def list_campaigns(call: Call) -> Campaigns:
    """List the campaigns, in the order of schedules.yaml."""
    asked = call.query(CampaignQuery)
    text = asked.text.casefold()
    found = [
        one
        for one in call.app.workspace.campaigns.values()
        if any(text in word.casefold() for word in (one.name, one.title, *one.feeds))
    ]
    page, onward = page_in_order(found, asked, lambda one: one.name)
    return Campaigns(items=[_shape(call, one) for one in page], next=onward)


def show_campaign(call: Call) -> Answer:
    """Show one campaign: its plan, what uses it, and its next runs.

    Of a family, the campaign of its default cadence. The ETag is what changing it needs.
    """
    campaign = campaign_of(call)
    with call.app.store.read() as tx:
        ahead = tx.agenda.between(call.now, call.now + AHEAD_AT_MOST, campaign=campaign.name)
    made = {one.slot: one.edition for one in ahead}
    workspace = call.app.workspace
    may = call.may(Right.PLAN)
    whole = CampaignWhole(
        **_shape(call, campaign).model_dump(),
        next_runs=[
            NextRun(slot=one.key, moment=one.moment, edition=made.get(one.key) or None)
            for one in _coming(campaign, call.now, NEXT_RUNS)
        ],
        plan=entry_of(call, "campaigns", campaign.family or campaign.name) if may else None,
        line=workspace.lines.of(*workspace.place_of(campaign)),
    )
    return Answer(whole, headers=seen_plan(call))


def simulate_weeks(call: Call) -> SimulationShape:
    """Simulate the last weeks by the plan as it is now; nothing is kept.

    For a campaign with a schedule, or on new posts, whose feeds have posts.
    """
    weeks, campaign = call.query(SimulationQuery).weeks, campaign_of(call)
    app = call.app
    first = (call.now - timedelta(weeks=weeks)).astimezone(app.zone).date()
    found = simulate_campaign(campaign, first=first, last=None, store=app.store, now=call.now)
    with app.store.read() as tx:
        since = call.now - timedelta(weeks=weeks, days=1)
        past = tx.agenda.between(since, call.now, campaign=campaign.name)
    real = {one.slot: one.edition for one in past}
    return SimulationShape(
        runs=[
            SimulatedRunShape(
                slot=one.slot.key,
                moment=one.slot.moment,
                skipped=one.skipped,
                posts=brief(choice for choice in one.choices if choice.included),
                waiting=one.waiting,
                edition=real.get(one.slot.key) or None,
            )
            for one in found.runs
        ],
        editions=len(found.editions),
        published=found.published,
        never=[NeverIn(why=why.value, posts=number) for why, number in found.reasons.items()],
    )


def campaign_of(call: Call) -> Campaign:
    """The campaign of the address; of a family, that of its default cadence. Raises NotFound."""
    return call.app.workspace.campaign_or_default(call.part("name"))


def brief(choices: Iterable[Choice]) -> list[BriefPost]:
    """Posts by their titles, each with why it is in or not."""
    return [
        BriefPost(id=str(one.post.id), feed=one.post.feed, title=one.post.title, why=one.reason)
        for one in choices
    ]


def _shape(call: Call, campaign: Campaign) -> CampaignShape:
    def count() -> dict[str, int]:
        with call.app.store.read() as tx:
            return {name: one.readers for name, one in tx.reader_counts.latest().items()}

    audience = campaign.email.audience if campaign.email else None
    coming = _coming(campaign, call.now, 1)
    return CampaignShape(
        name=campaign.name,
        title=campaign.title,
        family=campaign.family or None,
        cadence=campaign.cadence.value if campaign.cadence else None,
        feeds=list(campaign.feeds),
        when=campaign.when_told,
        next_run=coming[0].moment if coming else None,
        approval_needed=campaign.approval_needed,
        audience=audience,
        readers=call.once("readers", count).get(audience) if audience else None,
        templates=list(campaign.templates),
        channels=list(campaign.channels),
        archive=campaign.archive.value,
    )


def _coming(campaign: Campaign, now: datetime, most: int) -> list[Slot]:
    if campaign.schedule is None:
        return []
    return list(islice(slots(campaign.schedule, after=now), most))


OPERATIONS = (
    Operation(
        "GET", "/campaigns", list_campaigns, Right.LOOK, gives=Campaigns, query=CampaignQuery
    ),
    Operation("GET", "/campaigns/{name}", show_campaign, Right.LOOK, gives=CampaignWhole),
    Operation(
        "GET",
        "/campaigns/{name}/simulation",
        simulate_weeks,
        Right.LOOK,
        gives=SimulationShape,
        query=SimulationQuery,
    ),
)
