"""Send the review mails that are due.

At least once: an answer that was lost, or a process that died, has a mail sent again, with the same
Message-ID, by which receivers drop it.

Nothing here stops a channel for its readers: their hand-overs find out by themselves what is wrong,
and one reviewer's mail server says little about theirs. The stops that they have put hold here,
too. Review mails are so few that they count for no pace.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from dispatch.channels.one_by_one import OneByOne
from dispatch.channels.open import Channel
from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    DispatchError,
    MessageUnusable,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    RenderingStopped,
    TemplateFailed,
    TryLater,
)
from dispatch.log import at_work_on
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.delivery.message import Message, Refused
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import ReviewMail, ReviewMailState
from dispatch.model.text.plain_text import printable
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import finish, sign
from dispatch.pipeline.people.readers import count_readers
from dispatch.pipeline.reviews.write_review_mail import write_mail
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store, Transaction
from dispatch.words.catalogues import words_in

log = structlog.get_logger()

MOST = 50
"""Mails of one round; the next one comes soon."""

PATIENCE = timedelta(seconds=30)
"""How long one mail may take, whatever the channel's own timeouts are."""

LEASE = timedelta(minutes=5)
"""Longer than an attempt takes, with its rendering: after that its process is taken for dead."""

LOOK_AGAIN = timedelta(minutes=15)
"""How long it rests where the login was refused, as a mail server may lock the account; and how
long at most where the channel is stopped, as a person may lift that sooner."""


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
    round_ = _Round(store, open_channel, links, clock, keep_going, takes_of, renderer)
    try:
        for review_mail in due:
            if not keep_going():
                return
            told = round_.tell(review_mail)
            if told is not None:
                yield told
    finally:
        round_.close()


@dataclass(slots=True)
class _Round:
    """One look at what is due. `desks` are the channels in use, `troubles` those that fail now."""

    store: Store
    open_channel: Callable[[str], Channel]
    links: SignedLinks
    clock: Clock
    keep_going: Callable[[], bool]
    takes_of: TakesOf
    renderer: Renderer
    desks: dict[str, OneByOne] = field(default_factory=dict)
    troubles: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    readers: dict[str, int | None] = field(default_factory=dict)  # by the edition's fingerprint

    def tell(self, review_mail: ReviewMail) -> ReviewMailReport | None:
        """What came of one; None where it is nobody's business any more, or another node's."""
        with self.store.begin() as tx:
            edition = tx.editions.get(review_mail.edition_id)
            if not review_mail.is_so(edition, self.clock()):
                tx.review_mails.end(review_mail, ReviewMailState.DROPPED, reason="is no longer so")
                return None
            never = tx.suppressions.why(review_mail.address)
            if never:
                ended = tx.review_mails.end(review_mail, ReviewMailState.REFUSED, reason=never)
                return ReviewMailReport(review_mail, edition.campaign, never) if ended else None
            blocked = self._blocked(edition.review.tell_via, tx)
            if blocked is not None:
                reason, due = blocked
                put_off = tx.review_mails.put_off(review_mail, due=due, reason=reason)
                return (
                    ReviewMailReport(review_mail, edition.campaign, reason, again=True)
                    if put_off
                    else None
                )
            claimed = tx.review_mails.claim(review_mail, until=self.clock() + LEASE)
        if claimed is None:
            return None
        with at_work_on(campaign=edition.campaign, edition=edition.id):
            return self._try(claimed, edition)

    def close(self) -> None:
        """Let go of the channels."""
        for desk in self.desks.values():
            desk.close()

    def _blocked(self, via: str, tx: Transaction) -> tuple[str, datetime] | None:
        """Why and until when nothing is to be sent over a channel."""
        stop, now = tx.channels.stop(via), self.clock()
        if stop is None or not stop.is_in_force(now):
            return self.troubles.get(via)
        soon = now + LOOK_AGAIN
        return str(stop), min(stop.until or soon, soon)

    def _try(self, review_mail: ReviewMail, edition: Edition) -> ReviewMailReport | None:
        try:
            outcome = self._hand_over(review_mail, edition)
        except RenderingStopped as error:
            return self._later(review_mail, edition, error)
        except (TemplateFailed, MessageUnusable) as error:
            reason = str(error).removeprefix(f"{review_mail.address}: ")  # it is told before it
            return self._end(review_mail, edition, ReviewMailState.FAILED, reason)
        except DispatchError as error:
            return self._later(review_mail, edition, error)
        except Exception as error:
            log.exception("review_mail.crashed", review_mail=review_mail.id)
            return self._later(review_mail, edition, error)
        if isinstance(outcome, Refused):
            return self._end(review_mail, edition, ReviewMailState.REFUSED, outcome.reason)
        with self.store.begin() as tx:
            tx.review_mails.accept(review_mail, now=self.clock())
        return ReviewMailReport(review_mail, edition.campaign)

    def _hand_over(self, review_mail: ReviewMail, edition: Edition) -> object:
        desk = self._desk(edition.review.tell_via)
        message = self._message(review_mail, edition, desk.channel)
        return desk.send(message, keep_going=self.keep_going)

    def _desk(self, via: str) -> OneByOne:
        if via not in self.desks:
            channel = self.open_channel(via)
            self.desks[via] = OneByOne(channel, clock=self.clock, patience=PATIENCE)
        return self.desks[via]

    def _message(self, review_mail: ReviewMail, edition: Edition, channel: Channel) -> Message:
        now = self.clock()
        letter = write_mail(
            review_mail,
            edition,
            readers=self._count(edition),
            words=words_in(edition.content.publisher.locale),
            links=self.links,
            now=now,
            takes_of=self.takes_of,
            renderer=self.renderer,
        )
        if not channel.capabilities.takes_mail:
            return letter
        return sign(finish(letter, date=now), channel)

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

    def _later(
        self, review_mail: ReviewMail, edition: Edition, error: Exception
    ) -> ReviewMailReport | None:
        is_ours = isinstance(error, ProviderUnavailable | RenderingStopped)
        if is_ours and not self.keep_going():
            with self.store.begin() as tx:  # given back, as nothing is wrong with it
                tx.review_mails.put_off(review_mail, due=review_mail.due, reason=review_mail.reason)
            return None
        now, via = self.clock(), edition.review.tell_via
        due = review_mail.next_due(now)
        reason = _reason(error)
        if due is None:
            return self._end(review_mail, edition, ReviewMailState.FAILED, reason)
        if isinstance(error, CredentialsRefused):
            due = max(due, now + LOOK_AGAIN)
        if isinstance(error, RateLimited) and error.retry_after is not None:
            due = max(due, now + error.retry_after)
        # A lost answer says nothing about the next mail, and a line that broke is opened anew.
        if isinstance(error, DispatchError) and not isinstance(error, TryLater | OutcomeUnknown):
            self.troubles[via] = (reason, due)
        with self.store.begin() as tx:
            tx.review_mails.put_off(review_mail, due=due, reason=reason)
        return ReviewMailReport(review_mail, edition.campaign, reason, again=True)

    def _end(
        self, review_mail: ReviewMail, edition: Edition, state: ReviewMailState, reason: str
    ) -> ReviewMailReport:
        reason = printable(reason)
        with self.store.begin() as tx:
            tx.review_mails.end(review_mail, state, reason=reason)
        return ReviewMailReport(review_mail, edition.campaign, reason)


def _reason(error: Exception) -> str:
    if isinstance(error, DispatchError):
        return printable(str(error))
    return f"{type(error).__name__} inside dispatch - see the log"
