"""Read the mailbox that gets what mail servers send back, and keep what it tells.

What a portion of mails tells is kept first, and then that it was read: after a crash it is read
again, and what was kept is known by its id.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from dispatch.channels.bounces.returned import Returned, read_mail
from dispatch.channels.mailboxes.mailbox import Mailbox, Portion
from dispatch.clock import Clock
from dispatch.errors import Conflict, DispatchError, MailboxUnavailable
from dispatch.model.delivery.bounce_mailbox import BounceMailbox
from dispatch.pipeline.events.record import record_events
from dispatch.pipeline.events.trace_returned import Came, trace_returned
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.leave_by_mail import leave_by_mail
from dispatch.store.events.mailboxes import MailboxRow
from dispatch.store.transactions import Store

if TYPE_CHECKING:
    from dispatch.model.delivery.event import Event

log = structlog.get_logger()

LEASE = timedelta(minutes=20)
"""Longer than a portion takes, and a line to a server that answers slowly: then its reader is
taken for dead."""

VISIT = timedelta(minutes=5)
"""Then it is let go of, and goes on at once: whoever is to stop need not wait for 100,000 mails."""

LONGEST_PAUSE = timedelta(hours=1)
"""Between two looks at a mailbox that cannot be opened."""


@dataclass(slots=True)
class MailboxReport:
    """What came of one look: how many mails were read, and what they told.

    `told` counts events by their words, `left` who has left by mail, `strangers` events of no
    delivery of ours, and `suppressed` addresses to which nothing goes any more. `more`: there is
    more to read.
    """

    place: str
    read: int = 0
    understood: int = 0
    left: int = 0
    strangers: int = 0
    suppressed: int = 0
    told: Counter[str] = field(default_factory=Counter)
    more: bool = False
    problem: str = ""

    @property
    def said(self) -> str:
        """What they told, in words and numbers.

        >>> MailboxReport("maildir b", left=1, told=Counter({"bounced": 3})).said
        '3 bounced, 1 left by mail'
        """
        told = [f"{number:,} {word}" for word, number in sorted(self.told.items())]
        left = [f"{self.left:,} left by mail"] if self.left else []
        return ", ".join(told + left) or "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading works with. `channel` is whose the events are that are of no delivery."""

    open_mailbox: Callable[[], Mailbox]
    channel: str
    reader: str
    links: SignedLinks
    store: Store
    clock: Clock
    endings: Endings
    keep_going: Callable[[], bool] = lambda: True
    read_mail: Callable[[bytes], Returned] = read_mail


def read_mailbox(
    plan: BounceMailbox, reading: Reading, *, early: bool = False
) -> MailboxReport | None:
    """Read what is new in the mailbox, unless somebody is at it or it is not due; then None.

    With `early` before it is due, too: raises Conflict where somebody is at it.
    """
    store, clock = reading.store, reading.clock
    with store.begin() as tx:
        now = clock()
        row = tx.mailboxes.claim(
            plan.place, reader=reading.reader, now=now, until=now + LEASE, early=early
        )
    if row is None and early:
        raise Conflict(
            f"{plan.place}: is being read now - try again in a moment; if whoever read it was"
            f" killed, in {LEASE // timedelta(minutes=1)} minutes"
        )
    if row is None:
        return None
    report = MailboxReport(plan.place)
    try:
        _read_all(row, report, reading)
    except MailboxUnavailable as error:
        report.problem = str(error)
    except BaseException as error:
        _let_go(plan, row, report, reading, problem=_why(error))
        raise
    _let_go(plan, row, report, reading, problem=report.problem)
    return report


def _read_all(row: MailboxRow, report: MailboxReport, reading: Reading) -> None:
    mailbox = reading.open_mailbox()
    try:
        last = row.last if mailbox.validity == row.validity else 0
        until = reading.clock() + VISIT
        while (portion := mailbox.take(last)) is not None:
            last = portion.last
            if not _keep(portion, last, mailbox, report, reading):
                return  # it is another's by now
            if not reading.keep_going() or reading.clock() >= until:
                report.more = True
                break
        report.problem = mailbox.trouble
    finally:
        mailbox.close()


def _keep(
    portion: Portion, last: int, mailbox: Mailbox, report: MailboxReport, reading: Reading
) -> bool:
    understood = _understand(portion, report, reading)
    with reading.store.begin() as tx:
        ours = tx.mailboxes.go_on(
            report.place,
            reader=reading.reader,
            validity=mailbox.validity,
            last=last,
            read=len(portion.mails),
            understood=len(understood),
            until=reading.clock() + LEASE,
        )
    if ours:
        report.read += len(portion.mails)
        report.understood += len(understood)
        mailbox.mark(portion, understood)
    return ours


def _understand(portion: Portion, report: MailboxReport, reading: Reading) -> set[str]:
    """Keep what mails tell; which of them told anything."""
    told: list[Came] = []
    understood = set()
    for name, raw in portion.mails:
        returned = _read_one(raw, reading)
        if returned is None:
            continue
        if returned.fates:
            told.append((returned, raw))
            understood.add(name)
        elif leave_by_mail(
            returned.subject,
            links=reading.links,
            store=reading.store,
            clock=reading.clock,
            endings=reading.endings,
        ):
            report.left += 1
            understood.add(name)
    _record(told, report, reading)
    return understood


def _read_one(raw: bytes, reading: Reading) -> Returned | None:
    try:
        return reading.read_mail(raw)
    except Exception:
        log.exception("bounces.crashed")  # the mails behind it are read all the same
        return None


def _record(told: Sequence[Came], report: MailboxReport, reading: Reading) -> None:
    if not told:
        return
    with reading.store.read() as tx:
        deliveries = trace_returned(told, tx=tx, links=reading.links)
    by_channel: dict[str, list[Event]] = {}
    for (returned, _), of in zip(told, deliveries, strict=True):
        if of is None:
            by_channel.setdefault(reading.channel, []).extend(returned.events())
        else:
            about_it = returned.events(f"{of.edition_id}.{of.key}", of.recipient)
            by_channel.setdefault(of.channel, []).extend(about_it)
    for channel, events in sorted(by_channel.items()):
        recorded = record_events(
            events,
            channel=channel,
            store=reading.store,
            clock=reading.clock,
            endings=reading.endings,
        )
        report.strangers += recorded.strangers
        report.suppressed += recorded.suppressed
    report.told.update(one.kind.value for events in by_channel.values() for one in events)


def _let_go(
    plan: BounceMailbox, row: MailboxRow, report: MailboxReport, reading: Reading, *, problem: str
) -> None:
    now = reading.clock()
    failures = row.failures + 1 if problem else 0
    pause = plan.every
    if report.more:
        pause = timedelta(0)
    elif problem:
        longest = max(plan.every, LONGEST_PAUSE)
        pause = min(plan.every * 2 ** min(failures - 1, 10), longest)
    with reading.store.begin() as tx:
        tx.mailboxes.end(
            plan.place,
            reader=reading.reader,
            now=now,
            due=now + pause,
            problem=problem,
            failures=failures,
        )


def _why(error: BaseException) -> str:
    if isinstance(error, DispatchError):
        return str(error)
    return f"{type(error).__name__} inside dispatch - see the log"
