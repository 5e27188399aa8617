"""The calendar: what was, what waits and what is planned; and slots that are left out."""

from datetime import date, datetime, timedelta

from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import wall
from dispatch.model.editions.edition import NOT_SENT
from dispatch.model.intake.post import Choice
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.plan_days import HORIZON, PlannedSlot, find_slot
from dispatch.store.team.agenda import PastSlot
from dispatch.web.api.call import Call
from dispatch.web.api.campaigns import brief
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.calendar import (
    MOST_DAYS,
    CalendarQuery,
    CalendarShape,
    EventShape,
    SkipBody,
    SlotShape,
)

MOST_POSTS = 50
USUAL_DAYS = 31
_FIRST_YEAR, _LAST_YEAR = 1971, 9000


def show_calendar(call: Call) -> CalendarShape:
    """Show some days: slots that had their run, those that wait, and those that are planned."""
    asked = call.query(CalendarQuery)
    first, until = _days(call, asked)
    with call.app.store.read() as tx:
        ran = tx.agenda.between(first, until, campaign=asked.campaign)
    coming = call.app.calendar.coming(first, until, ran)
    campaigns = call.app.workspace.campaigns
    found = [_past(call, one, campaigns.get(one.campaign)) for one in ran]
    found += [_planned(one) for one in coming if asked.campaign in ("", one.campaign.name)]
    shown = [one for one in found if asked.channel in ("", *one.channels)]
    shown.sort(key=lambda one: (one.moment, one.campaign))
    return CalendarShape(items=shown, horizon=HORIZON.days)


def show_slot(call: Call) -> SlotShape:
    """Show one slot; of one that is to come also what its edition would have now."""
    campaign, local = _asked(call)
    with call.app.store.read() as tx:
        ran = tx.agenda.at(campaign.name, wall(local))
    if ran is not None:
        return _slot(_past(call, ran, campaign))
    planned = _find(campaign, local)
    if planned.slot.moment <= call.now:
        why = "its day was left out" if planned.is_off else "it never ran"
        event = _planned(planned).model_copy(
            update={"kind": "past", "state": "skipped", "why": why}
        )
        return _slot(event)
    outlook = call.app.calendar.look_ahead(campaign)
    posts = [Choice(post, included=True, reason="may be used") for post in outlook.posts]
    return SlotShape(
        **_planned(planned).model_dump(),
        made=planned.made,
        posts=brief(posts[:MOST_POSTS]),
        left=brief(outlook.out[:MOST_POSTS]),
        why_none=outlook.skipped,
    )


def skip_slot(call: Call) -> SlotShape:
    """Skip a slot: its day is left out of the campaign's schedule, with all slots of that day."""
    reason = call.said(SkipBody).reason
    call.app.calendar.skip(_find(*_asked(call)), by=call.by, reason=reason)
    return show_slot(call)


def unskip_slot(call: Call) -> SlotShape:
    """Take that back: the day is one of the schedule again."""
    call.app.calendar.unskip(_find(*_asked(call)), by=call.by)
    return show_slot(call)


def _days(call: Call, asked: CalendarQuery) -> tuple[datetime, datetime]:
    """From which moment on, and before which."""
    first = asked.first or call.now.astimezone(call.app.zone).date()
    for name, day in (("from", first), ("to", asked.last or first)):
        if not _FIRST_YEAR < day.year < _LAST_YEAR:
            raise BadInput([f"{name}: no day that a calendar of ours has - name another"])
    last: date = asked.last or first + timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise BadInput(["to: is before 'from' - name a day that is not"])
    if (last - first).days >= MOST_DAYS:
        raise BadInput([f"to: is more than {MOST_DAYS} days on - ask for fewer"])
    calendar = call.app.calendar
    return calendar.begins(first), calendar.begins(last + timedelta(days=1))


def _past(call: Call, one: PastSlot, campaign: Campaign | None) -> EventShape:
    waits = one.state in NOT_SENT
    return EventShape(
        kind="waiting" if waits else "past",
        campaign=one.campaign,
        title=campaign.title if campaign else one.campaign,
        slot=one.slot,
        moment=one.moment,
        leaves=one.goes_out,
        state=one.stage(call.now),
        why=one.skipped,
        edition=one.edition or None,
        channels=list(campaign.channels) if campaign else [],
    )


def _planned(one: PlannedSlot) -> EventShape:
    return EventShape(
        kind="left out" if one.is_off else "planned",
        campaign=one.campaign.name,
        title=one.campaign.title,
        slot=one.slot.key,
        moment=one.slot.moment,
        leaves=None if one.is_off else one.leaves,
        state="skipped" if one.is_off else "planned",
        why="its day is left out" if one.is_off else "",
        edition=None,
        channels=list(one.campaign.channels),
    )


def _slot(event: EventShape) -> SlotShape:
    return SlotShape(**event.model_dump(), made=None, posts=[], left=[], why_none="")


def _asked(call: Call) -> tuple[Campaign, datetime]:
    campaign, text = call.app.campaign(call.part("name")), call.part("slot")
    try:
        local = datetime.fromisoformat(text.partition("[")[0])
    except ValueError:
        raise _no_slot(campaign, text) from None
    return campaign, local.replace(tzinfo=None)


def _find(campaign: Campaign, local: datetime) -> PlannedSlot:
    planned = find_slot(campaign, local)
    if planned is None:
        raise _no_slot(campaign, wall(local))
    return planned


def _no_slot(campaign: Campaign, asked: str) -> NotFound:
    advice = "see the calendar for those that there are"
    return NotFound(f"campaign {campaign.name}: has no slot at {asked[:40]} - {advice}")


_SLOT = "/campaigns/{name}/slots/{slot}"
OPERATIONS = (
    Operation(
        "GET", "/calendar", show_calendar, Right.LOOK, gives=CalendarShape, query=CalendarQuery
    ),
    Operation("GET", _SLOT, show_slot, Right.LOOK, gives=SlotShape),
    Operation(
        "POST",
        f"{_SLOT}/skip",
        skip_slot,
        Right.PLAN,
        gives=SlotShape,
        takes=SkipBody,
        slow=True,
    ),
    Operation("POST", f"{_SLOT}/unskip", unskip_slot, Right.PLAN, gives=SlotShape, slow=True),
)
