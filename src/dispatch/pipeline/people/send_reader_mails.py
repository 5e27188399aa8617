"""Send the mails to readers about their own affairs; how is said in `messages/single_mails.py`.

A person waits for each of them, so that they go ahead of an edition that is going out. They count
for the channel's pace, and a round takes no more than a share of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.errors import DispatchError
from dispatch.model.campaigns.pace import Pace
from dispatch.model.campaigns.schedule import start_of_next_day
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.people.reader_mail import ReaderMail
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.single_mails import Came, Round
from dispatch.pipeline.people.write_reader_mail import (
    MailMaterials,
    MailSubject,
    find_subject,
    write_reader_mail,
)
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()

EVERY_SECONDS = 2.0
"""How often somebody looks whether there are any: a person waits, and may give up soon."""

MOST = 50
"""Mails of one round; the next one comes soon."""

SHARE = 0.1
"""Of what a channel may send between two rounds: the rest stays with the edition that goes out."""


@dataclass(frozen=True, slots=True)
class ReaderMailReport:
    """What came of a mail: accepted if `problem` is empty; `again`: it will be tried again.

    The problem names nobody: what is logged outlives a reader who asks to be forgotten.
    """

    reader_mail: ReaderMail
    problem: str = ""
    again: bool = False

    def __str__(self) -> str:
        what = f"mail {self.reader_mail.id} to a reader ({self.reader_mail.about})"
        if not self.problem:
            return f"{what} is accepted"
        later = "; it is tried again" if self.again else ""
        return f"{what}: not accepted: {self.problem}{later}"


def _as_written(mail: ReaderMail) -> str:
    return mail.via


def send_reader_mails(
    *,
    store: Store,
    materials: MailMaterials,
    open_channel: Callable[[str], Channel],
    links: SignedLinks,
    clock: Clock,
    keep_going: Callable[[], bool] = lambda: True,
    renderer: Renderer = HERE,
    via_of: Callable[[ReaderMail], str] = _as_written,
) -> Iterator[ReaderMailReport]:
    """Hand over the mails that are due; any number of nodes may do so.

    `via_of` says by which channel one goes now: its own may be gone since it was written.

    What is no longer so is dropped without a word. The trouble of one address holds up no other;
    that of a channel puts off all that it is to carry.
    """
    with store.read() as tx:
        due = tx.reader_mails.due(now=clock(), limit=MOST)
    round_ = Round[ReaderMail](lambda tx: tx.reader_mails, store, open_channel, clock, keep_going)
    sending = _Sending(round_, store, materials, links, clock, renderer)
    try:
        for mail in (replace(one, via=via_of(one)) for one in due):
            if not keep_going():
                return
            came = sending.send(mail)
            if came is not None:
                problem = came.problem.replace(mail.address, "the address")
                yield ReaderMailReport(mail, problem, again=came.again)
    finally:
        round_.close()


@dataclass(slots=True)
class _Sending:
    """One look at what is due. `used` is how many went over each channel."""

    round: Round[ReaderMail]
    store: Store
    materials: MailMaterials
    links: SignedLinks
    clock: Clock
    renderer: Renderer
    used: dict[str, int] = field(default_factory=dict)

    def send(self, mail: ReaderMail) -> Came | None:
        """What came of one; None where nobody needs it, it waits its turn, or is another node's."""
        pace = self._pace(mail.via)
        if pace is not None and self.used.get(mail.via, 0) >= _most(pace):
            return None  # the next round has it
        with self.store.begin() as tx:
            subject = find_subject(mail, tx, links=self.links, now=self.clock())
            if subject is None:
                tx.reader_mails.end(mail, MailState.DROPPED, reason="is no longer so")
                return None
            blocked = self.round.put_off_if_blocked(mail, mail.via, tx)
            if blocked is not None:
                return blocked.came
            if pace is not None and not self._may_go(mail, pace, tx):
                return None
            claimed = self.round.claim(mail, tx)
        if claimed is None:
            return None
        claimed = replace(claimed, via=mail.via)
        self.used[mail.via] = self.used.get(mail.via, 0) + 1
        return self._hand_over(claimed, subject)

    def _hand_over(self, mail: ReaderMail, subject: MailSubject) -> Came | None:
        write = partial(
            write_reader_mail,
            mail,
            subject,
            materials=self.materials,
            renderer=self.renderer,
        )
        try:
            return self.round.hand_over(mail, mail.via, lambda _: write())
        except Exception as bug:
            log.exception("reader_mail.crashed", reader_mail=mail.id)
            return self.round.later(mail, mail.via, bug)

    def _pace(self, via: str) -> Pace | None:
        """The pace of a channel; None for one without, or that cannot be opened: it says so."""
        try:
            pace = self.round.desk(via).channel.pace
        except DispatchError:
            return None
        return pace if pace.limited else None

    def _may_go(self, mail: ReaderMail, pace: Pace, tx: Transaction) -> bool:
        now, zone = self.clock(), ZoneInfo(self.materials.publisher.timezone)
        today = now.astimezone(zone).date()
        found = tx.paces.take_ahead(mail.via, pace, now=now, today=today)
        if found.number:
            return True
        again = found.again or start_of_next_day(now, zone)
        reason = "waits for the pace of its channel"
        tx.reader_mails.put_off(mail, due=again, reason=reason)
        return False


def _most(pace: Pace) -> int:
    if not pace.per_second:
        return MOST
    return max(1, int(pace.per_second * EVERY_SECONDS * SHARE))
