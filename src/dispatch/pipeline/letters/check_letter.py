"""What is looked at in a letter besides what is in every edition: for whom it is, and when."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import cache

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.editions.plan_days import PlannedSlot
from dispatch.pipeline.letters.audience import count_for_letter
from dispatch.pipeline.letters.in_common import Common, readers_in_common
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

NEAR = timedelta(days=1)
"""Two mails to the same readers are close together that are not further apart."""

WEEK = timedelta(days=7)
"""So long readers remember a post that they have been told."""

MOST_NAMED = 3

MOST_LOOKED_AT = 20
"""Other mails whose readers are looked up."""

PlanDays = Callable[[datetime, datetime], Collection[PlannedSlot]]
"""The slots of all schedules from one moment on and before another."""


def nothing_planned(first: datetime, until: datetime) -> Collection[PlannedSlot]:  # noqa: ARG001
    """Where no calendar is at hand."""
    return ()


def check_letter(
    edition: Edition, tx: Transaction, renderer: Renderer, *, plan_days: PlanDays, now: datetime
) -> Iterator[Finding]:
    """What is found; of others that go out near it only those with readers in common are told."""
    content = edition.content
    slot, approved = content.sending.slot, edition.state is EditionState.APPROVED
    if slot is not None and slot.moment < now and not approved:
        yield Finding(Kind.STOP, "letter_passed", {"moment": slot.moment})
    if content.email is None:
        return
    yield from _readers(content.email, tx, renderer)
    moment = max(slot.moment, now) if slot else now
    both = _Both(content.email, tx, renderer)
    near = plan_days(max(moment - NEAR, now), moment + NEAR)
    yield from _beside(edition, both, tx, near, moment)
    yield from _twice(edition, both, tx, moment)


class _Both:
    """Whether somebody gets a letter and another mail, looked up once for each."""

    def __init__(self, mine: EmailPlan, tx: Transaction, renderer: Renderer) -> None:
        self._mine = mine
        self._tx = tx
        self._renderer = renderer
        self._known: dict[EmailPlan, Common] = {}
        self.content_of = cache(lambda one: tx.editions.get(one).content)  # of another edition

    def of(self, theirs: EmailPlan | None) -> dict[str, object] | None:
        """How many that are, for a finding; None: nobody, as far as is known."""
        if theirs is None:
            return None
        if theirs not in self._known:
            try:
                found = readers_in_common(self._mine, theirs, tx=self._tx, renderer=self._renderer)
            except TemplateFailed:
                found = Common(0)  # which stops the letter anyway
            self._known[theirs] = found
        common = self._known[theirs]
        if not common.number:
            return None
        counted: dict[str, object] = {"count": common.number}
        return counted if common.whole else {**counted, "least": True}


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
    both: _Both,
    tx: Transaction,
    planned: Collection[PlannedSlot],
    moment: datetime,
) -> Iterator[Finding]:
    made = tx.letters.beside(edition.id, first=moment - NEAR, until=moment + NEAR)
    near = [(at, both.content_of(one)) for one, _, at in made[:MOST_LOOKED_AT]]
    mails = [(at, content.title, content.email) for at, content in near]
    taken = {(campaign, at) for _, campaign, at in made}
    mails += [
        (one.slot.moment, one.campaign.title, one.campaign.email)
        for one in planned
        if not one.is_off and (one.campaign.name, one.slot.moment) not in taken
    ]
    told = 0
    for at, title, email in sorted(mails, key=lambda one: one[0]):
        if told < MOST_NAMED and (common := both.of(email)):
            told += 1
            yield Finding(Kind.LOOK, "letter_beside", {"title": title, "moment": at, **common})


def _twice(edition: Edition, both: _Both, tx: Transaction, moment: datetime) -> Iterator[Finding]:
    posts = {post.id: post.title or post.link for post in edition.content.posts}
    if not posts:
        return
    others = tx.letters.beside(edition.id, first=moment - WEEK, until=moment + WEEK)
    told = tx.letters.told_beside([one for one, _, _ in others], list(posts))
    named = 0
    for post_id, title in posts.items():
        mails = [(one, at) for one, _, at in others if one in told.get(post_id, ())]
        for other, at in mails[:MOST_LOOKED_AT]:
            common = both.of(both.content_of(other).email)
            if common and named < MOST_NAMED:
                named += 1
                values = {"title": title, "moment": at, **common}
                yield Finding(Kind.LOOK, "letter_twice", values, str(post_id))
                break
