"""What a letter is for: whom, over what, when; and what is frozen of that."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from dispatch.errors import BadInput
from dispatch.model.campaigns.campaign import Each, EmailPlan, SocialPlan
from dispatch.model.campaigns.letter_rule import LATE
from dispatch.model.campaigns.schedule import Slot, slot_at, slot_on
from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.known_limits import known_limits
from dispatch.store.transactions import Transaction

MOST_YEARS = 10
"""Until a letter leaves."""


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
        leaves=Leaves(slot.local.date(), slot.local.time()) if slot else Leaves(),
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

    Raises BadInput where its time has passed, TemplateFailed where the template cannot be read.
    """
    timezone = materials.publisher.timezone
    check_day(plan.leaves.day, now)
    slot = plan.leaves.slot(timezone)
    before = content.sending.slot
    if slot is not None and slot.moment <= now and slot != before:
        raise BadInput(["day: has passed - name a time to come, or none: as soon as approved"])
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
        pictures=dict(materials.load_pictures(plan.template, materials.publisher.brand)),
        email=email,
        social=_social(content.social, plan, tx),
        snippets=tuple(one for one in content.snippets if one.channel in plan.social),
        sending=SendingPlan(slot=slot, timezone=timezone, late=LATE if slot else None),
        letter=replace(content.letter, tells=plan.tells) if content.letter else None,
    )


def check_day(day: date | None, now: datetime) -> None:
    """Raise BadInput for a day of which no clock is sure to have a moment."""
    if day is None:
        return
    if day.year < now.year - MOST_YEARS:
        raise BadInput(["day: has passed - name one to come, or none: as soon as approved"])
    if day.year > now.year + MOST_YEARS:
        problem = f"is more than {MOST_YEARS} years away - name one sooner"
        raise BadInput([f"day: {problem}, or none: as soon as approved"])


def _social(before: Sequence[SocialPlan], plan: Plan, tx: Transaction) -> tuple[SocialPlan, ...]:
    kept = {one.via: one for one in before if one.template == plan.template}
    wanted = [
        kept.get(via) or SocialPlan(via, plan.template, each=Each.EDITION)
        for via in dict.fromkeys(plan.social)
    ]
    return known_limits(tuple(wanted), tx)
