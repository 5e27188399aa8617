"""What there is to know of an edition before one decides: when, to whom, over what, until when."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from dispatch.model.campaigns.approval import Otherwise, same_person
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.team.role import Right
from dispatch.web.team.frame import tagged
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.previews import number_of

COUNTED = 20_000
"""So many readers are counted while somebody waits; of more the number is the last one kept."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of them as sentences."""

    leaves: Markup
    to: str
    over: str
    deadline: Markup
    may_approve: str
    snippets: int
    starts: datetime


def facts_of(desk: Desk) -> Facts:
    """As they are now."""
    content = desk.edition.content
    return Facts(
        leaves=leaves(desk),
        to=", ".join(_to(desk)),
        over=", ".join(content.channels),
        deadline=_deadline(desk),
        may_approve=may_approve(desk),
        snippets=sum(number_of(desk.edition, plan) for plan in content.social),
        starts=starts(desk),
    )


def starts(desk: Desk) -> datetime:
    """When the first message leaves if it is approved now, or as it is."""
    edition = desk.edition
    if desk.is_approved and edition.goes_out is not None:
        return max(edition.goes_out, desk.visit.now)
    return edition.content.sending.starts(desk.visit.now)


def leaves(desk: Desk) -> Markup:
    """When it leaves, with the zone."""
    words, plan, times = desk.visit.words, desk.edition.content.sending, desk.visit.times
    if plan.local_time and plan.slot is not None:
        clock = times.clock_of(plan.slot.local)
        day = times.day(plan.slot.local.date())
        return tagged(words, "edition.leaves_by_clock", day=day, time=clock)
    moment = starts(desk)
    if moment <= desk.visit.now:
        name = "edition.leaves_now" if desk.is_approved else "edition.leaves_once_approved"
        return tagged(words, name)
    zone = str(times.zone.key)
    return tagged(words, "edition.leaves_at", moment=times.when(moment), zone=zone)


def _to(desk: Desk) -> list[str]:
    words, content = desk.visit.words, desk.edition.content
    told = []
    if content.email is not None:
        told.append(_readers(desk, content.email))
    if content.social:
        told.append(words("edition.accounts", count=len(content.social)))
    return told


def _readers(desk: Desk, email: EmailPlan) -> str:
    words = desk.visit.words
    with desk.visit.app.store.read() as tx:
        number = tx.subscribers.count_up_to(COUNTED, email.audience, email.offer)
        if number > COUNTED and (counted := tx.reader_counts.now(email.audience)):
            number = max(counted.readers, COUNTED)
    if email.segment or (email.offer is not None and number >= COUNTED):
        return words("edition.readers_at_most", count=number)
    return words("edition.readers", count=number)


def _deadline(desk: Desk) -> Markup:
    words, review = desk.visit.words, desk.edition.review
    if review.deadline is None or not desk.is_undecided:
        return Markup()
    moment = desk.visit.times.short(review.deadline)
    if review.otherwise is Otherwise.SEND:
        return tagged(words, "edition.until_then_out", moment=moment)
    return tagged(words, "edition.until_then_skipped", moment=moment)


def may_approve(desk: Desk) -> str:
    """Who may, by name."""
    words, review = desk.visit.words, desk.edition.review
    if not review.needed:
        return words("edition.nobody_needs_to")
    return ", ".join(map(desk.named, review.by)) or words("edition.any_approver")


def bar(desk: Desk) -> str:
    """Why this person cannot approve it as it is; the name of a sentence, or empty.

    The rule is `Review.why_not`, which says it in English.
    """
    edition, visit = desk.edition, desk.visit
    review = edition.review
    if not visit.may(Right.APPROVE):
        return "edition.bar_role"
    if review.by and not any(same_person(visit.by, one) for one in review.by):
        return "edition.bar_named"
    if review.why_not(visit.by, author=edition.author):
        return "edition.bar_author"
    return ""
