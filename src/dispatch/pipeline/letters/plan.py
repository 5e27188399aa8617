"""What a letter is for: whom, over what, when; and what is frozen of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from dispatch.errors import BadInput, TemplateFailed
from dispatch.model.campaigns.campaign import Each, EmailPlan, SocialPlan
from dispatch.model.campaigns.letter_rule import LATE
from dispatch.model.campaigns.schedule import Slot, slot_at, slot_on
from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.editions.picture import Picture
from dispatch.model.editions.standing import MOST_DAYS
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.known_limits import known_limits
from dispatch.store.transactions import Transaction

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leaves:
    """When a letter is to leave, by the workspace's clocks; no day: as soon as it is approved."""

    day: date | None = None
    hour: time = time(9)

    def slot(self, timezone: str) -> Slot | None:
        """The time of that day; one that spring skips is the first moment after the gap."""
        return slot_on(self.day, self.hour, timezone) if self.day else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that can be chosen. `segment` is a rule; `social` are names of channels."""

    audience: str
    template: str
    via: tuple[str, ...]
    segment: str = ""
    leaves: Leaves = field(default_factory=Leaves)
    tells: bool = False
    social: tuple[str, ...] = ()


def plan_of(content: EditionContent) -> Plan:
    """What is chosen for a letter so far."""
    email, slot = content.email, content.sending.slot
    return Plan(
        audience=email.audience if email else "",
        template=email.template if email else "",
        via=(email.via, *email.failover) if email else (),
        segment=email.segment if email else "",
        leaves=_leaves_of(slot) if slot else Leaves(),
        tells=content.letter is not None and content.letter.tells,
        social=tuple(one.via for one in content.social),
    )


def with_plan(
    content: EditionContent,
    plan: Plan,
    *,
    tx: Transaction,
    materials: Materials,
    begun: datetime,
    now: datetime,
) -> EditionContent:
    """The letter as it is for that; `begun` is its place in time where it has none of its own.

    Raises BadInput where its time has passed or is far away, TemplateFailed where the template
    cannot be read.
    """
    timezone = materials.publisher.timezone
    slot = _slot(plan.leaves, timezone, before=content.sending.slot, now=now)
    first, *failover = plan.via
    was = content.email
    email = EmailPlan(
        plan.audience, plan.template, first, segment=plan.segment, failover=tuple(failover)
    )
    if was is not None and replace(was, pause_at=email.pause_at) == email:
        email = was
    templates = content.templates
    if plan.template not in templates:
        templates = {plan.template: dict(materials.load_template(plan.template))}
    return replace(
        content,
        slot=(slot or slot_at(begun.replace(second=0, microsecond=0), timezone)).local,
        publisher=materials.publisher,
        templates=templates,
        pictures=_pictures(content, plan.template, materials),
        email=email,
        social=_social(content.social, plan, tx),
        snippets=tuple(one for one in content.snippets if one.channel in plan.social),
        sending=SendingPlan(slot=slot, timezone=timezone, late=LATE if slot else None),
        letter=replace(content.letter, tells=plan.tells) if content.letter else None,
    )


def _pictures(
    content: EditionContent, template: str, materials: Materials
) -> Mapping[str, Picture]:
    """Those of its template and brand; as they were frozen where the template's folder is gone."""
    brand = materials.publisher.brand
    try:
        return dict(materials.load_pictures(template, brand))
    except TemplateFailed:
        if template not in content.templates or brand != content.publisher.brand:
            raise
        return content.pictures


def last_day(now: datetime) -> date:
    """Until when a letter may wait."""
    return now.date() + timedelta(days=MOST_DAYS)


def _slot(leaves: Leaves, timezone: str, *, before: Slot | None, now: datetime) -> Slot | None:
    if leaves.day is None:
        return None
    if before and before.timezone == timezone and leaves == _leaves_of(before):
        return before
    if leaves.day > last_day(now):
        raise BadInput([f"day: is too far away - name one until {last_day(now)}"])
    # Days are compared first, as the first ones of the calendar have no moments.
    slot = leaves.slot(timezone) if leaves.day >= now.date() - _A_DAY else None
    if slot is None or slot.moment <= now:
        raise BadInput(["day: has passed - name a time to come, or none: as soon as approved"])
    return slot


def _leaves_of(slot: Slot) -> Leaves:
    return Leaves(slot.local.date(), slot.local.time())


def _social(before: Sequence[SocialPlan], plan: Plan, tx: Transaction) -> tuple[SocialPlan, ...]:
    kept = {one.via: one for one in before if one.template == plan.template}
    wanted = [
        kept.get(via) or SocialPlan(via, plan.template, each=Each.EDITION)
        for via in dict.fromkeys(plan.social)
    ]
    return known_limits(tuple(wanted), tx)
