"""A slot that is to come: what it would have now, why it is on that day, and leaving it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from starlette.responses import Response

from dispatch.errors import BadInput, Conflict, NotFound, NotWritable
from dispatch.model.campaigns.approval import Otherwise, Review
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import wall
from dispatch.model.editions.run import SKIPPED
from dispatch.model.intake.post import Choice, Decision, Post
from dispatch.model.team.act import Done
from dispatch.pipeline.editions.look_ahead import Outlook
from dispatch.pipeline.editions.plan_days import PlannedSlot, find_slot, plan_days
from dispatch.pipeline.editions.skip_slot import slot_name
from dispatch.store.team.agenda import PastSlot
from dispatch.web.team.campaign_words import PlanWords
from dispatch.web.team.days import PLANNED, past_path, slot_path
from dispatch.web.team.reasons import told
from dispatch.web.team.standing_pieces import lines_of
from dispatch.web.team.times import capital
from dispatch.web.team.visit import Visit
from dispatch.web.team.waiting import called

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

MOST_POSTS = 50
"""So many are shown of those that would be in it, and of those that would not."""

AROUND = timedelta(days=40)
EARLIER, LATER = 2, 3

SKIP = "slot.skip"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another slot of the campaign."""

    moment: datetime
    href: str
    state: str
    is_this: bool = False


@dataclass(frozen=True, slots=True)
class Would:
    """A post, and why it would be in the edition or not."""

    post: Post
    feed: str
    why: Markup
    is_held: bool = False


def show(visit: Visit) -> Response:
    """The page; a slot that has its edition leads there."""
    campaign, local = _asked(visit)
    with visit.app.store.read() as tx:
        ran = tx.agenda.at(campaign.name, wall(local))
        if ran is not None and ran.edition:
            return visit.to(f"/editions/{ran.edition}")
        planned = find_slot(campaign, local)
        if ran is None and planned is None:
            raise _no_slot(campaign, local)
        if ran is not None or (planned and planned.slot.moment <= visit.now):
            return _over(visit, tx, campaign, ran, planned)
    assert planned is not None  # noqa: S101 - said above
    return _page(visit, planned)


def skip(visit: Visit) -> Response:
    """Leave its day out."""
    planned = _planned(visit)
    try:
        visit.app.calendar.skip(planned, by=visit.by, reason=visit.form("reason"))
    except (BadInput, NotWritable) as error:
        return _page(visit, planned, {"skip": str(error)})
    return visit.to(_path(planned), said="slot_skipped")


def unskip(visit: Visit) -> Response:
    """Take that back."""
    planned = _planned(visit)
    try:
        visit.app.calendar.unskip(planned, by=visit.by)
    except (BadInput, NotWritable, Conflict) as error:
        return _page(visit, planned, {"skip": str(error)})
    return visit.to(_path(planned), said="slot_back")


def _asked(visit: Visit) -> tuple[Campaign, datetime]:
    campaign = visit.app.campaign(visit.part("name"))
    try:
        local = datetime.fromisoformat(visit.part("slot"))
    except ValueError:
        raise NotFound("") from None
    return campaign, local.replace(tzinfo=None)


def _planned(visit: Visit) -> PlannedSlot:
    campaign, local = _asked(visit)
    planned = find_slot(campaign, local)
    if planned is None:
        raise _no_slot(campaign, local)
    return planned


def _no_slot(campaign: Campaign, local: datetime) -> NotFound:
    when = campaign.when_told or "only when somebody starts it"
    return NotFound(
        f"campaign {campaign.name}: has no slot at {local:%Y-%m-%d %H:%M} - it runs {when}"
    )


def _path(planned: PlannedSlot) -> str:
    return slot_path(planned.campaign.name, planned.slot.local)


def _over(
    visit: Visit,
    tx: "Transaction",
    campaign: Campaign,
    ran: PastSlot | None,
    planned: PlannedSlot | None,
) -> Response:
    """A slot that came to nothing."""
    moment = ran.moment if ran else planned.slot.moment if planned else visit.now
    why = told(visit.times, ran.skipped) if ran else Markup()
    if not ran:
        left_out = planned is not None and planned.is_off
        why = escape(visit.words("slot.was_left_out" if left_out else "slot.never_ran"))
    return visit.page(
        "slot_over.html",
        here="calendar",
        campaign=campaign,
        day=capital(visit.times.day(visit.times.local(moment).date(), full=True)),
        moment=moment,
        why=why,
        around=_around(visit, tx, campaign, moment),
    )


def _page(visit: Visit, planned: PlannedSlot, errors: dict[str, str] | None = None) -> Response:
    campaign, slot = planned.campaign, planned.slot
    day = slot.local.date()
    outlook = visit.app.calendar.look_ahead(campaign, day)
    with visit.app.store.read() as tx:
        counts = tx.reader_counts.now(campaign.email.audience) if campaign.email else None
        names = tx.persons.names()
        acts = tx.audit.about("slot", slot_name(campaign, day), most=1)
        around = _around(visit, tx, campaign, slot.moment)
    values: dict[str, Any] = {
        "here": "calendar",
        "campaign": campaign,
        "planned": planned,
        "day": capital(visit.times.day(day, full=True)),
        "plain_day": visit.times.day(day, full=True),
        "short_day": visit.times.day(day),
        "own_time": _own_time(visit, planned),
        "readers": counts.readers if counts else None,
        "accounts": len(campaign.social),
        "why_day": _why_day(visit, planned, names),
        "approvers": called(campaign.approval.by, names),
        "names": names,
        "review": _review(campaign, planned) if campaign.approval_needed else None,
        "sends_anyway": campaign.approval.otherwise is Otherwise.SEND,
        "inside": [_inside(visit, post, names) for post in outlook.posts[:MOST_POSTS]],
        "outside": [_outside(visit, one) for one in outlook.out[:MOST_POSTS]],
        "numbers": (len(outlook.posts), len(outlook.out)),
        "again": lines_of(visit, outlook.pieces),
        "taken": _taken(visit, outlook),
        "why_none": told(visit.times, outlook.skipped) if outlook.skipped else Markup(),
        "skipped_by": _skipped_by(acts),
        "same_day": _same_day(planned),
        "next_one": next((one for one in around if one.moment > slot.moment), None),
        "around": around,
        "path": _path(planned),
        "yaml": _yaml(visit, planned),
        "why_not": visit.app.texts.why_not(),
    }
    if errors:
        return visit.wrong("slot.html", errors, **values)
    return visit.page("slot.html", **values)


def _own_time(visit: Visit, planned: PlannedSlot) -> str:
    """The time on the wall where the campaign has its clocks, if those are not ours."""
    slot = planned.slot
    if slot.timezone == visit.app.zone.key:
        return ""
    return f"{visit.words.moment(slot.local, visit.words('time.clock'))} {slot.timezone}"


def _why_day(visit: Visit, planned: PlannedSlot, names: Mapping[str, str]) -> str:
    """What the schedule says, by whose clocks, and how many days are left out."""
    plan = PlanWords(visit.times, visit.app.workspace.feeds, names, {})
    times = replace(visit.times, zone=ZoneInfo(planned.slot.timezone))
    said = visit.words("slot.why_when", when=plan.when(planned.campaign), city=times.city)
    off = planned.campaign.schedule.days_off if planned.campaign.schedule else ()
    coming = sum(day >= visit.times.local(visit.now).date() for day in off)
    return f"{said} {visit.words('slot.why_off', count=coming)}" if coming else said


def _review(campaign: Campaign, planned: PlannedSlot) -> Review:
    return campaign.approval.review(needed=True, moment=planned.slot.moment, now=planned.made)


def _inside(visit: Visit, post: Post, names: Mapping[str, str]) -> Would:
    times, words = visit.times, visit.words
    hold = post.hold
    if hold is not None and hold.decision is Decision.RELEASED and hold.at is not None:
        why = words("slot.released", who=names.get(hold.by, hold.by), when=times.plain(hold.at))
    else:
        why = words("slot.came", when=times.plain(post.first_seen))
    return Would(post.whole, _feed(visit, post), escape(why))


def _outside(visit: Visit, choice: Choice) -> Would:
    post = choice.post
    return Would(post, _feed(visit, post), told(visit.times, choice.reason), post.awaits_decision)


def _feed(visit: Visit, post: Post) -> str:
    feed = visit.app.workspace.feeds.get(post.feed)
    return (feed.title if feed else None) or post.feed


def _taken(visit: Visit, outlook: Outlook) -> list[tuple[str, str, int]]:
    """The editions that have posts which may come back: address, day, how many."""
    return [
        (f"/editions/{edition}", visit.times.day(datetime.fromisoformat(slot[:10]).date()), number)
        for edition, slot, number in outlook.taken
    ]


def _skipped_by(acts: Sequence[Done]) -> Done | None:
    """Who has left the day out, and why; None where nobody has here, or it was taken back."""
    return acts[0] if acts and acts[0].act == SKIP else None


def _same_day(planned: PlannedSlot) -> int:
    """How many slots the day has, all of which are left out together."""
    schedule = planned.campaign.schedule
    return len(schedule.at) if schedule else 1


def _around(
    visit: Visit, tx: "Transaction", campaign: Campaign, moment: datetime
) -> list[Neighbour]:
    """The slots before and after."""
    ran = tx.agenda.between(moment - AROUND, moment + AROUND, campaign=campaign.name)
    done = {one.slot for one in ran}
    found = [
        Neighbour(one.moment, past_path(one), one.stage(visit.now), one.moment == moment)
        for one in ran
    ]
    for one in plan_days([campaign], first=max(visit.now, moment - AROUND), until=moment + AROUND):
        if one.slot.key not in done:
            state = SKIPPED if one.is_off else PLANNED
            is_this = one.slot.moment == moment
            found.append(Neighbour(one.slot.moment, _path(one), state, is_this))
    found.sort(key=lambda one: one.moment)
    at = next((place for place, one in enumerate(found) if one.moment >= moment), len(found))
    return found[max(at - EARLIER, 0) : at + LATER]


def _yaml(visit: Visit, planned: PlannedSlot) -> tuple[str, str]:
    """What is written: the key around it, and the line."""
    place = visit.app.workspace.place_of(planned.campaign, "schedule")
    day = str(planned.slot.local.date())
    others = planned.campaign.schedule and planned.campaign.schedule.days_off
    return ".".join(map(str, place)), f"except: […, {day}]" if others else f"except: [{day}]"
