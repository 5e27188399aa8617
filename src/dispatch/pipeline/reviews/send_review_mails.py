"""Send the review mails that are due; how is said in `messages/single_mails.py`.

Review mails are so few that they count for no pace.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from dispatch.channels.opened import Channel
from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import (
    TemplateFailed,
)
from dispatch.log import at_work_on
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.delivery.message import EmailMessage
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import ReviewMail
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.single_mails import Came, Round
from dispatch.pipeline.people.readers import count_readers
from dispatch.pipeline.reviews.write_review_mail import write_mail
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store
from dispatch.words.catalogues import words_in

log = structlog.get_logger()

MOST = 50
"""Mails of one round; the next one comes soon."""


@dataclass(frozen=True, slots=True)
class ReviewMailReport:
    """What came of a mail: accepted if `problem` is empty; `again`: it will be tried again."""

    review_mail: ReviewMail
    campaign: str
    problem: str = ""
    again: bool = False

    def __str__(self) -> str:
        if not self.problem:
            return f"told {self.review_mail.address}"
        later = "; it is tried again" if self.again else ""
        return f"{self.review_mail.address}: not told: {self.problem}{later}"


def send_review_mails(
    *,
    store: Store,
    open_channel: Callable[[str], Channel],
    links: SignedLinks,
    clock: Clock,
    keep_going: Callable[[], bool] = lambda: True,
    campaign: str | None = None,
    anew: bool = False,
    takes_of: TakesOf = anything,
    renderer: Renderer = HERE,
) -> Iterator[ReviewMailReport]:
    """Hand over the mails that are due, of one campaign or all; any number of nodes may do so.

    With `anew` also those that were put off. What is no longer so is dropped without a word. The
    trouble of one address holds up no other; that of a channel puts off all that it is to carry.
    """
    with store.read() as tx:
        due = tx.review_mails.due(now=clock(), limit=MOST, campaign=campaign, anew=anew)
    round_ = Round[ReviewMail](lambda tx: tx.review_mails, store, open_channel, clock, keep_going)
    telling = _Telling(round_, store, links, clock, takes_of, renderer)
    try:
        for review_mail in due:
            if not keep_going():
                return
            told = telling.tell(review_mail)
            if told is not None:
                yield told
    finally:
        round_.close()


@dataclass(slots=True)
class _Telling:
    """One look at what is due, and what its mails are written with."""

    round: Round[ReviewMail]
    store: Store
    links: SignedLinks
    clock: Clock
    takes_of: TakesOf
    renderer: Renderer
    readers: dict[str, int | None] = field(default_factory=dict)  # by the edition's fingerprint

    def tell(self, review_mail: ReviewMail) -> ReviewMailReport | None:
        """What came of one; None where it is nobody's business any more, or another node's."""
        with self.store.begin() as tx:
            edition = tx.editions.get(review_mail.edition_id)
            if not review_mail.is_so(edition, self.clock()):
                tx.review_mails.end(review_mail, MailState.DROPPED, reason="is no longer so")
                return None
            never = tx.suppressions.why(review_mail.address)
            if never:
                ended = tx.review_mails.end(review_mail, MailState.REFUSED, reason=never)
                return ReviewMailReport(review_mail, edition.campaign, never) if ended else None
            via = edition.review.tell_via
            blocked = self.round.put_off_if_blocked(review_mail, via, tx)
            if blocked is not None:
                return _report(review_mail, edition, blocked.came)
            claimed = self.round.claim(review_mail, tx)
        if claimed is None:
            return None
        with at_work_on(campaign=edition.campaign, edition=edition.id):
            write = partial(self._write, claimed, edition)
            try:
                came = self.round.hand_over(claimed, via, write)
            except Exception as bug:
                log.exception("review_mail.crashed", review_mail=claimed.id)
                came = self.round.later(claimed, via, bug)
        return _report(claimed, edition, came)

    def _write(self, review_mail: ReviewMail, edition: Edition, now: datetime) -> EmailMessage:
        return write_mail(
            review_mail,
            edition,
            readers=self._count(edition),
            words=words_in(edition.content.publisher.locale),
            links=self.links,
            now=now,
            takes_of=self.takes_of,
            renderer=self.renderer,
            page=self._page(edition),
        )

    def _page(self, edition: Edition) -> str:
        """Where reviewers can look at it; empty where nobody can sign in."""
        with self.store.read() as tx:
            if tx.persons.is_empty():
                return ""
        return f"{edition.content.publisher.public_url}/team/editions/{edition.id}"

    def _count(self, edition: Edition) -> int | None:
        """How many people would get its digest; None where that cannot be answered."""
        plan = edition.content.email
        if plan is None:
            return None
        if edition.fingerprint not in self.readers:
            self.readers[edition.fingerprint] = self._readers(plan)
        return self.readers[edition.fingerprint]

    def _readers(self, plan: EmailPlan) -> int | None:
        try:
            with self.store.read() as tx:
                return count_readers(plan, tx, self.renderer)
        except TemplateFailed:
            # Somebody has joined about whom it cannot be answered: no reason to be silent.
            return None


def _report(
    review_mail: ReviewMail, edition: Edition, came: Came | None
) -> ReviewMailReport | None:
    if came is None:
        return None
    return ReviewMailReport(review_mail, edition.campaign, came.problem, again=came.again)
