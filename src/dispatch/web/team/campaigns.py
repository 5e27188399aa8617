"""Campaigns: the list, one plan in words, what it did, and what it would have done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from starlette.responses import Response

from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Slot, slots
from dispatch.model.editions.simulation import Simulation
from dispatch.pipeline.editions.simulate import simulate_campaign
from dispatch.store.team.agenda import PastSlot
from dispatch.web.team.campaign_words import PlanWords
from dispatch.web.team.numbers import number_in
from dispatch.web.team.reasons import told
from dispatch.web.team.standing_pieces import lines_of
from dispatch.web.team.visit import Visit

A_PAGE = 50
NEXT_RUNS = 6
RUNS = 50
RUNS_BESIDE = 6
WEEKS = (8, 26, 52)
READERS_BACK = timedelta(weeks=12)
AHEAD_AT_MOST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Coming:
    """A slot to come: with the edition that was made ahead of it, if one was."""

    slot: Slot
    made: PastSlot | None

    @property
    def local(self) -> str:
        """The time on the wall, as addresses of slots have it."""
        return self.slot.key.partition("[")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign in the list."""

    campaign: Campaign
    next: Coming | None


def show(visit: Visit) -> Response:
    """All campaigns, in the order of the file."""
    asked, after = visit.asked("q").casefold(), visit.asked("after")
    found = [one for one in visit.app.workspace.campaigns.values() if _matches(one, asked)]
    names = [one.name for one in found]
    start = names.index(after) + 1 if after in names else 0
    page = found[start : start + A_PAGE]
    made = made_ahead(visit)
    rows = [Row(one, next(iter(coming(one, visit.now, made, most=1)), None)) for one in page]
    more = page[-1].name if start + A_PAGE < len(found) else ""
    return visit.page(
        "campaigns.html",
        here="campaigns",
        rows=rows,
        plans=plan_words(visit),
        readers=readers(visit),
        q=visit.asked("q"),
        older=more,
        is_first=not start,
        why_not=visit.app.texts.why_not(),
    )


def show_one(visit: Visit) -> Response:
    """One plan in words, what comes next, and what came last."""
    campaign = named(visit)
    with visit.app.store.read() as tx:
        runs = tx.runs.latest(campaign.name, limit=RUNS_BESIDE)
        counts = []
        if campaign.email:
            since = visit.times.local(visit.now).date() - READERS_BACK
            counts = list(tx.reader_counts.since(since, campaign.email.audience))
        again = tx.standing.of(campaign.name, visit.app.editions.standing.today)
    return visit.page(
        "campaign.html",
        **head(visit, campaign, "plan"),
        next_runs=coming(campaign, visit.now, made_ahead(visit, campaign.name), most=NEXT_RUNS),
        facts=plan_words(visit).facts(campaign),
        feed_name=plan_words(visit).feed,
        line=visit.app.workspace.lines.of(*visit.app.workspace.place_of(campaign)),
        runs=runs,
        again=lines_of(visit, again),
        counts=[one.readers for one in counts],
    )


def show_runs(visit: Visit) -> Response:
    """What each run found, and why it did what it did."""
    campaign = named(visit)
    with visit.app.store.read() as tx:
        found = tx.runs.latest(campaign.name, limit=RUNS + 1, before=_before(visit))
    older = ""
    if len(found) > RUNS:
        last = found[RUNS - 1]
        older = f"{last.moment.isoformat()}~{last.id}"
    return visit.page(
        "campaign_runs.html", **head(visit, campaign, "runs"), runs=found[:RUNS], older=older
    )


def show_simulation(visit: Visit) -> Response:
    """The last weeks by the plan as it is now; nothing is kept."""
    campaign = named(visit)
    asked = visit.asked("weeks")
    weeks = int(asked) if asked in {str(one) for one in WEEKS} else WEEKS[0]
    found, problem = _simulated(visit, campaign, weeks)
    real: dict[str, PastSlot] = {}
    if found is not None:
        first = visit.now - timedelta(weeks=weeks, days=1)
        with visit.app.store.read() as tx:
            past = tx.agenda.between(first, visit.now, campaign=campaign.name)
            real = {one.slot: one for one in past}
            numbers = tx.agenda.posts_in([one.edition for one in past if one.edition])
    else:
        numbers = {}
    return visit.page(
        "campaign_simulation.html",
        **head(visit, campaign, "simulate"),
        weeks=weeks,
        choices=WEEKS,
        found=found,
        problem=problem,
        real=real,
        numbers=numbers,
    )


def named(visit: Visit) -> Campaign:
    """The campaign of the address; of a family, that of its default cadence. Raises NotFound."""
    return visit.app.workspace.campaign_or_default(visit.part("name"))


def head(visit: Visit, campaign: Campaign, tab: str) -> dict[str, Any]:
    """What stands above all pages of a campaign."""
    return {
        "here": "campaigns",
        "campaign": campaign,
        "tab": tab,
        "sentence": plan_words(visit).sentence(campaign),
        "siblings": siblings(visit.app.workspace, campaign),
        "why": partial(told, visit.times),
    }


def siblings(workspace: Workspace, campaign: Campaign) -> Sequence[Campaign]:
    """The campaigns of the same family, this one among them; none where it has none."""
    family = workspace.families.get(campaign.family)
    return [workspace.campaigns[name] for name in family.campaigns.values()] if family else []


def coming(
    campaign: Campaign, now: datetime, made: Mapping[tuple[str, str], PastSlot], *, most: int
) -> list[Coming]:
    """The next slots of a campaign; none of one that has no schedule."""
    if campaign.schedule is None:
        return []
    found = islice(slots(campaign.schedule, after=now), most)
    return [Coming(slot, made.get((campaign.name, slot.key))) for slot in found]


def made_ahead(visit: Visit, campaign: str = "") -> Mapping[tuple[str, str], PastSlot]:
    """What was made for slots that are still to come, by campaign and slot."""
    with visit.app.store.read() as tx:
        found = tx.agenda.between(visit.now, visit.now + AHEAD_AT_MOST, campaign=campaign)
    return {(one.campaign, one.slot): one for one in found}


def plan_words(visit: Visit, workspace: Workspace | None = None) -> PlanWords:
    """What tells plans to who visits."""
    with visit.app.store.read() as tx:
        names = {one.handle: one.name or one.handle for one in tx.persons.all()}
    workspace = workspace or visit.app.workspace
    return PlanWords(visit.times, workspace.feeds, names, readers(visit))


def readers(visit: Visit) -> Mapping[str, int]:
    """How many there are in each audience, as last counted."""
    with visit.app.store.read() as tx:
        return {name: one.readers for name, one in tx.reader_counts.latest().items()}


def _simulated(visit: Visit, campaign: Campaign, weeks: int) -> tuple[Simulation | None, str]:
    first = (visit.now - timedelta(weeks=weeks)).astimezone(visit.app.zone).date()
    try:
        found = simulate_campaign(
            campaign, first=first, last=None, store=visit.app.store, now=visit.now
        )
    except BadInput:
        return None, visit.words("campaigns.simulate_no_schedule")
    except NotFound:
        return None, visit.words("campaigns.simulate_no_posts")
    return found, ""


def _matches(campaign: Campaign, asked: str) -> bool:
    words = (campaign.name, campaign.title, *campaign.feeds)
    return not asked or any(asked in word.casefold() for word in words)


def _before(visit: Visit) -> tuple[datetime, int] | None:
    moment, _, number = visit.asked("before").partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    key = number_in(number)
    return (at, key) if at.tzinfo and key else None
