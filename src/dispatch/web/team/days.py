"""What days have: editions that were made, and slots that are to come, as one kind of thing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from dispatch.model.campaigns.campaign import Campaign, Each, SocialPlan
from dispatch.model.campaigns.schedule import wall
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.run import SKIPPED
from dispatch.pipeline.editions.plan_days import PlannedSlot
from dispatch.store.team.agenda import PastSlot
from dispatch.web.team.campaign_titles import subjects_of, title_of
from dispatch.web.team.queries import with_query
from dispatch.web.team.reasons import told
from dispatch.web.team.states import MOODS
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

PLANNED = "planned"

NOTHING = Markup()

_OVER = frozenset({SKIPPED, "rejected", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something on a day: `local` is by the clocks of the workspace, `href` below /team.

    `state` is one of the table of states. `channel` is that of its snippets; empty: it is a mail,
    or the whole of it.
    """

    moment: datetime
    local: datetime
    title: str
    href: str
    state: str
    campaign: str
    channel: str = ""
    number: int = 0
    is_social: bool = False
    why: Markup = NOTHING
    goes_out: datetime | None = None
    planned: PlannedSlot | None = None

    @property
    def mood(self) -> str:
        """Its colour in the calendar."""
        return "plan" if self.state == PLANNED else MOODS[self.state]

    @property
    def leaves(self) -> datetime:
        """When its first message leaves, or did."""
        return self.planned.leaves if self.planned else self.goes_out or self.moment

    @property
    def is_coming(self) -> bool:
        """Whether something is to leave."""
        return self.state not in _OVER


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the calendar somebody wants to see: of one campaign, over one channel."""

    campaign: str = ""
    channel: str = ""

    def takes(self, campaign: str, channels: Iterable[str]) -> bool:
        """Whether something is among it."""
        return self.campaign in ("", campaign) and (not self.channel or self.channel in channels)


EVERYTHING = Choice()


def start_of_day(visit: Visit, day: date | None = None) -> datetime:
    """When a day begins by the clocks of the workspace; today without one."""
    return visit.app.calendar.begins(day or visit.now.astimezone(visit.app.zone).date())


def slot_path(campaign: str, local: datetime) -> str:
    """The page of a slot."""
    return f"/campaigns/{campaign}/slots/{wall(local)}"


def past_path(slot: PastSlot) -> str:
    """The page of what a slot came to."""
    if slot.edition:
        return f"/editions/{slot.edition}"
    return slot_path(slot.campaign, slot.local)


def events(
    visit: Visit,
    tx: "Transaction",
    *,
    first: datetime,
    until: datetime,
    choice: Choice = EVERYTHING,
) -> list[Event]:
    """What there is from one moment on and before another, in order."""
    between = tx.agenda.between(first, until, campaign=choice.campaign)
    ran = [one for one in between if one.state is not EditionState.DRAFT]  # has no time yet
    planned = visit.app.calendar.coming(first, until, ran)
    counts = _numbers_of_posts(visit, ran, tx)
    subjects = subjects_of(((one.campaign, one.edition) for one in ran), tx)
    found = [*_past(visit, ran, counts, subjects, choice), *_to_come(visit, planned, choice)]
    return sorted(found, key=lambda one: (one.moment, one.is_social, one.title))


def _numbers_of_posts(
    visit: Visit, ran: Sequence[PastSlot], tx: "Transaction"
) -> Mapping[str, int]:
    """Edition to its number of posts, of those that have a snippet for each."""
    campaigns = visit.app.workspace.campaigns
    social = {name for name, campaign in campaigns.items() if campaign.social}
    return tx.agenda.posts_in(
        [one.edition for one in ran if one.edition and one.campaign in social]
    )


def _past(
    visit: Visit,
    ran: Sequence[PastSlot],
    counts: Mapping[str, int],
    subjects: Mapping[str, str],
    choice: Choice,
) -> Iterator[Event]:
    accounts: dict[tuple[date, str, str], list[tuple[PastSlot, Campaign, int]]] = defaultdict(list)
    for slot in ran:
        campaign = visit.app.workspace.campaigns.get(slot.campaign)
        stage = slot.stage(visit.now)
        if _is_shown_whole(campaign, slot, choice):
            yield _whole(visit, slot, campaign, stage, subjects.get(slot.edition, ""))
        if campaign is None or not slot.edition:
            continue
        for plan in campaign.social:
            if choice.takes(slot.campaign, (plan.via,)):
                day = visit.times.local(slot.moment).date()
                number = _snippets(plan, counts.get(slot.edition, 0))
                accounts[day, plan.via, stage].append((slot, campaign, number))
    for (day, via, stage), found in accounts.items():
        yield _account(visit, day, via, stage, found)


def _is_shown_whole(campaign: Campaign | None, slot: PastSlot, choice: Choice) -> bool:
    """Whether it stands for itself: as a mail, as skipped, or as of a campaign that is gone."""
    if campaign is None:
        return choice.takes(slot.campaign, ())
    if campaign.email is None and slot.edition:
        return False
    mail = campaign.email.via if campaign.email and slot.edition else ""
    return choice.takes(slot.campaign, (mail,) if mail else campaign.channels)


def _whole(
    visit: Visit, slot: PastSlot, campaign: Campaign | None, stage: str, subject: str
) -> Event:
    return Event(
        moment=slot.moment,
        local=visit.times.local(slot.moment),
        title=title_of(visit, slot.campaign, subject),
        href=past_path(slot),
        goes_out=slot.goes_out,
        state=stage,
        campaign=slot.campaign,
        is_social=campaign is not None and campaign.email is None,
        why=told(visit.times, slot.skipped) if slot.skipped else Markup(),
    )


def _account(
    visit: Visit,
    day: date,
    via: str,
    stage: str,
    found: Sequence[tuple[PastSlot, Campaign, int]],
) -> Event:
    """The snippets of a day on one account."""
    slot, campaign, _ = found[0]
    alone = len({one.edition for one, _, _ in found}) == 1
    return Event(
        moment=slot.moment,
        local=visit.times.local(slot.moment),
        title=campaign.title if alone and campaign.email is None else via,
        href=with_query(f"/editions/{slot.edition}", tab=via)
        if alone
        else with_query("/calendar", list=day, channel=via),
        state=stage,
        goes_out=slot.goes_out,
        campaign=slot.campaign,
        channel=via,
        number=sum(number for _, _, number in found),
        is_social=True,
    )


def _snippets(plan: SocialPlan, posts: int) -> int:
    return posts if plan.each is Each.POST else 1


def _to_come(visit: Visit, planned: Iterable[PlannedSlot], choice: Choice) -> Iterator[Event]:
    left_out = escape(visit.words("calendar.left_out"))
    for one in planned:
        campaign, slot = one.campaign, one.slot
        if choice.takes(campaign.name, campaign.channels):
            yield Event(
                moment=slot.moment,
                local=visit.times.local(slot.moment),
                title=campaign.title,
                href=slot_path(campaign.name, slot.local),
                state=SKIPPED if one.is_off else PLANNED,
                planned=one,
                campaign=campaign.name,
                is_social=campaign.email is None,
                why=left_out if one.is_off else NOTHING,
            )
