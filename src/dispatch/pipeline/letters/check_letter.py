"""What is looked at in a letter besides what is in every edition: for whom it is, and when."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.editions.plan_days import PlannedSlot
from dispatch.pipeline.letters.audience import count_for_letter
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

NEAR = timedelta(days=1)
"""Two mails of one audience are close together that are not further apart."""

WEEK = timedelta(days=7)
"""So long readers remember a post that they have been told."""

MOST_NAMED = 3

PlanDays = Callable[[datetime, datetime], Collection[PlannedSlot]]
"""The slots of all schedules from one moment on and before another."""


def nothing_planned(first: datetime, until: datetime) -> Collection[PlannedSlot]:  # noqa: ARG001
    """Where no calendar is at hand."""
    return ()


def check_letter(
    edition: Edition, tx: Transaction, renderer: Renderer, *, plan_days: PlanDays, now: datetime
) -> Iterator[Finding]:
    """What is found; of others that go out near it only those for the same audience are told."""
    content = edition.content
    slot, approved = content.sending.slot, edition.state is EditionState.APPROVED
    if slot is not None and slot.moment < now and not approved:
        yield Finding(Kind.STOP, "letter_passed", {"moment": slot.moment})
    if content.email is None:
        return
    yield from _readers(content.email, tx, renderer)
    moment = max(slot.moment, now) if slot else now
    near = plan_days(max(moment - NEAR, now), moment + NEAR)
    yield from _beside(edition, content.email, tx, near, moment)
    yield from _twice(edition, content.email, tx, moment)


def _readers(email: EmailPlan, tx: Transaction, renderer: Renderer) -> Iterator[Finding]:
    try:
        counted = count_for_letter(email.audience, email.segment, tx=tx, renderer=renderer)
    except TemplateFailed as error:
        yield Finding(Kind.STOP, "letter_segment", {"problem": str(error)})
        return
    if not counted.asked:
        yield Finding(Kind.STOP, "nobody", {"audience": email.audience})
    elif counted.whole and not counted.number:
        yield Finding(Kind.STOP, "nobody_picked", {"segment": email.segment})
    elif counted.whole and not counted.get_it:
        yield Finding(Kind.STOP, "letter_suppressed", {"count": counted.number})
    else:
        yield Finding(Kind.FINE, "letter_readers", {"count": counted.get_it})


def _beside(
    edition: Edition,
    email: EmailPlan,
    tx: Transaction,
    planned: Collection[PlannedSlot],
    moment: datetime,
) -> Iterator[Finding]:
    first, until = moment - NEAR, moment + NEAR
    made = tx.letters.beside(edition.id, email.audience, first=first, until=until)
    near = [(tx.editions.get(one).content.title, at) for one, _, at in made[:MOST_NAMED]]
    taken = {(campaign, at) for _, campaign, at in made}
    near += [
        (one.campaign.title, one.slot.moment)
        for one in planned
        if one.campaign.email is not None
        and one.campaign.email.audience == email.audience
        and not one.is_off
        and (one.campaign.name, one.slot.moment) not in taken
    ]
    for title, at in sorted(near, key=lambda one: one[1])[:MOST_NAMED]:
        yield Finding(Kind.LOOK, "letter_beside", {"title": title, "moment": at})


def _twice(
    edition: Edition, email: EmailPlan, tx: Transaction, moment: datetime
) -> Iterator[Finding]:
    posts = {post.id: post.title or post.link for post in edition.content.posts}
    if not posts:
        return
    others = tx.letters.beside(edition.id, email.audience, first=moment - WEEK, until=moment + WEEK)
    told = tx.letters.told_beside([one for one, _, _ in others], list(posts))
    when = {one: at for one, _, at in others}
    for post_id in [one for one in posts if one in told][:MOST_NAMED]:
        at = when[told[post_id][0]]
        yield Finding(Kind.LOOK, "letter_twice", {"title": posts[post_id], "moment": at})
