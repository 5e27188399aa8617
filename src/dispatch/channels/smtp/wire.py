"""Many mails under way at once to one mail server, over several connections, in one thread.

Offered mails wait in a pool. Each connection announces one of them; when its mail is handed over,
the next announcement leaves in the same packet. A mail whose connection breaks before the server
can have it goes over another one; where that was already handed over, nobody has to ask again.
"""

import time
from collections import deque
from collections.abc import Sequence
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from dispatch.channels.provider import READY, WireEvent
from dispatch.channels.smtp.answers import (
    NotTaken,
    explain,
    explain_break,
    wants_new_connection,
)
from dispatch.channels.smtp.connection import SmtpConnection
from dispatch.channels.smtp.conversation import END, MAIL, VERBS, Conversation
from dispatch.channels.smtp.extensions import read_extensions
from dispatch.channels.smtp.login import SmtpLogin
from dispatch.channels.smtp.opener import Opener
from dispatch.channels.smtp.session import Session
from dispatch.errors import (
    CredentialsRefused,
    MessageUnusable,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Mail, Outcome, Refused

MOST_LINES = 3
"""Connections that one mail may lose before it has come out as not handed over."""

LISTENING = EVENT_READ
TALKING = EVENT_READ | EVENT_WRITE


class SmtpWire:
    """Keeps up to `connections` connections busy; see `Wire` in provider.py for the verbs.

    `depth` is how many mails each connection may carry without an answer, if the server allows
    more than one; `quota` how many it carries in all before it is replaced.
    """

    def __init__(self, login: SmtpLogin, connections: int, *, quota: int, depth: int) -> None:
        self._login = login
        self._connections = connections
        self._quota = quota
        self._depth_asked = depth
        self._depth = 1  # until a server says that it knows more
        # Offered and not handed over, by id; with its line if it was announced on one.
        self._offered: dict[str, SmtpConnection | None] = {}
        self._pool: deque[Mail] = deque()
        self._again: deque[Mail] = deque()  # for new lines, having lost one
        self._losses: dict[str, int] = {}
        self._released: dict[str, Mail] = {}  # handed over here, and on no line yet
        self._lines: list[SmtpConnection] = []
        self._hungry: list[SmtpConnection] = []
        self._events: list[WireEvent] = []
        self._trouble: Exception | None = None
        self._now = time.monotonic()
        self._check_from = self._now
        self._check_each = min(1.0, login.timeout / 4)
        self._selector = DefaultSelector()
        self._opener = Opener(login.connect)
        self._selector.register(self._opener.bell, EVENT_READ, None)

    @property
    def room(self) -> int:
        """For each connection: what is on its way, what is announced, and what comes after."""
        busy = len(self._offered) + sum(line.talk.handed for line in self._lines)
        return max(0, self._connections * (self._depth + 2) - busy)

    @property
    def in_flight(self) -> int:
        """Mails on their way and those that a broken connection gave back."""
        return len(self._released) + sum(line.talk.handed for line in self._lines)

    def offer(self, mails: Sequence[Mail]) -> None:
        """Announce them, as far as connections are free for it."""
        self._pool.extend(mails)
        self._offered.update((mail.id, None) for mail in mails)
        if self._hungry:
            self._now = time.monotonic()
            for line in list(self._hungry):  # has one of them been closed meanwhile?
                if not line.talk.awaited:
                    self._read(line)
            self._feed_hungry()

    def poll(self, seconds: float) -> Sequence[WireEvent]:
        """What has happened; every connection gets its turn."""
        self._raise_trouble()
        self._open_lines()
        if self._again and self._hungry and not self._opener.pending:
            self._feed_hungry()
        wait = 0.0 if self._events else max(0.0, min(seconds, self._check_each))
        found = self._selector.select(wait)
        self._now = time.monotonic()
        for key, mask in found:
            line = key.data
            if line is None:
                self._take_lines()
                continue
            if mask & EVENT_WRITE and not line.lost:
                self._write(line)
            if mask & EVENT_READ and not line.lost:
                self._read(line)
        if self._now >= self._check_from:
            self._check_from = self._now + self._check_each
            self._check_times()
        if self._released:
            self._send_released()
        self._raise_trouble()
        events, self._events = self._events, []
        return events

    def hand_over(self, mails: Sequence[Mail]) -> None:
        """Send them; one whose connection is lost meanwhile goes as soon as there is another."""
        self._now = time.monotonic()
        self._hear_unasked()
        offered = self._offered
        for mail in mails:
            if mail.id not in offered:
                continue  # lost too many connections a moment ago: how it came out is in `_events`
            line = offered[mail.id]
            if line is None or not line.talk.can_finish(mail):
                self._released[mail.id] = mail
                continue
            del offered[mail.id]
            if not line.talk.awaited:
                line.since = self._now
            line.talk.finish(mail)
            self._feed(line)

    def withdraw(self, mails: Sequence[Mail]) -> None:
        """Forget them; a connection on which the server waits for one of them is ended."""
        ids = {mail.id for mail in mails if mail.id in self._offered}
        self._pool = deque(mail for mail in self._pool if mail.id not in ids)
        self._again = deque(mail for mail in self._again if mail.id not in ids)
        self._events = [event for event in self._events if event[0].id not in ids]
        for mail in mails:
            line = self._offered.pop(mail.id, None)
            self._released.pop(mail.id, None)
            self._losses.pop(mail.id, None)
            if line is not None:
                line.talk.withdraw(mail)
                self._after(line)

    def close(self) -> None:
        """Take leave of every connection."""
        for line in self._lines:
            line.close()
        self._lines.clear()
        self._hungry.clear()
        self._selector.close()
        self._opener.close()

    # Mails to connections.

    def _feed(self, line: SmtpConnection) -> None:
        """Announce what comes next on this connection, and send all that it has to say."""
        talk = line.talk
        if not talk.awaited:
            line.since = self._now
        while talk.wants:
            mail = self._next(line) if self._trouble is None else None
            if mail is None:
                if not line.hungry:
                    line.hungry = True
                    self._hungry.append(line)
                break
            try:
                talk.begin(mail)
            except MessageUnusable as error:
                self._come_out(mail, Refused(str(error)))
                continue
            self._offered[mail.id] = line
            if talk.depth > 1:
                self._events.append((mail, READY))
        if talk.out:
            self._flush(line)

    def _next(self, line: SmtpConnection) -> Mail | None:
        # What a broken connection gave back is for new ones, as long as any are to come:
        # the old ones may have reached the same limit of the server's.
        if self._again and (not line.talk.mails or not self._opener.pending):
            return self._again.popleft()
        return self._pool.popleft() if self._pool else None

    def _feed_hungry(self) -> None:
        hungry, self._hungry = self._hungry, []
        for line in hungry:
            line.hungry = False
            self._feed(line)

    def _flush(self, line: SmtpConnection) -> None:
        line.flush()
        if line.broken:
            self._lose(line)
        elif line.unsent is not None:
            self._selector.modify(line.sock, TALKING, line)

    def _write(self, line: SmtpConnection) -> None:
        line.flush()
        if line.broken:
            self._lose(line)
        elif line.unsent is None:
            self._selector.modify(line.sock, LISTENING, line)

    def _hear_unasked(self) -> None:
        """Read where nothing is awaited: an answer that came early is not one to the mail."""
        for key, mask in self._selector.select(0):
            line = key.data
            if line is not None and mask & EVENT_READ and not line.talk.awaited and not line.lost:
                self._read(line)

    def _send_released(self) -> None:
        """Hand over what was released before its connection was there, now that it is."""
        told = [mail.id for mail, what in self._events if what is READY]
        ready = [self._released.pop(name) for name in told if name in self._released]
        if ready:
            ids = {mail.id for mail in ready}
            self._events = [event for event in self._events if event[0].id not in ids]
            self.hand_over(ready)

    # Answers to events.

    def _read(self, line: SmtpConnection) -> None:
        data = line.read()
        if data is None:
            return
        if not data:
            self._lose(line)
            return
        if line.talk.hear(data, self._events, line.sent):
            line.since = self._now
        self._after(line)

    def _after(self, line: SmtpConnection) -> None:
        """See to what the last answer has left behind."""
        talk = line.talk
        if talk.noes:
            noes, talk.noes = talk.noes, []
            for mail, no in noes:
                self._turned_down(line, mail, no)
        if talk.over or talk.spent:
            self._lose(line)
        elif talk.wants or talk.out:
            self._feed(line)

    def _turned_down(self, line: SmtpConnection, mail: Mail, no: NotTaken) -> None:
        ended = no.command == VERBS[END]
        if ended and no.code // 100 not in {4, 5}:
            self._come_out(mail, self._unknown(f"answer to the mail not understood ({no})"))
            return
        means = explain(no, str(self._login))
        released = ended or mail.id in self._released or mail.id not in self._offered
        if line.talk.answered > ended and wants_new_connection(no, ended=ended):
            line.talk.retire()
            # No loss of the mail's: this connection has carried some, and carries none any more.
            self._give_back(mail, means, released=released, lost=False)
        elif isinstance(means, ProviderUnavailable) and not ended:
            self._give_back(mail, means, released=released)
        elif isinstance(means, RateLimited | CredentialsRefused):
            if no.command == VERBS[MAIL] and not released:  # whoever the mail is for
                self._offered.pop(mail.id, None)
                self._trouble = self._trouble or means
            else:
                self._come_out(mail, means)
        else:
            line.talk.answered += not ended
            self._come_out(mail, means)

    def _come_out(self, mail: Mail, how: Outcome | ProviderError) -> None:
        self._offered.pop(mail.id, None)
        self._released.pop(mail.id, None)
        self._losses.pop(mail.id, None)
        self._events.append((mail, how))

    def _give_back(
        self, mail: Mail, why: Outcome | ProviderError, *, released: bool, lost: bool = True
    ) -> None:
        """Try a mail that the server cannot have on another connection, but not for ever."""
        losses = self._losses[mail.id] = self._losses.get(mail.id, 0) + lost
        if losses >= MOST_LINES:
            self._come_out(mail, why)
            return
        self._offered[mail.id] = None
        if released:
            self._released[mail.id] = mail
        self._again.append(mail)
        self._open_lines()

    def _unknown(self, what: str) -> OutcomeUnknown:
        return OutcomeUnknown(f"{self._login}: {what} - look in the server's log")

    # Connections.

    def _lose(self, line: SmtpConnection, *, late: str = "") -> None:
        """Let go of a connection; each mail on it comes out or goes over another."""
        if line.lost:
            return
        line.lost = True
        talk = line.talk
        if line.broken:  # perhaps the server has said why, or answered for others
            while not talk.over and (data := line.read()):
                talk.hear(data, self._events, line.sent)
        self._selector.unregister(line.sock)
        line.close()
        self._lines.remove(line)
        if line.hungry:
            self._hungry.remove(line)
        self._settle(line, late)
        self._open_lines()

    def _settle(self, line: SmtpConnection, late: str) -> None:
        talk = line.talk
        flaw = late or talk.flaw
        broke = explain_break(talk.farewell, flaw, str(self._login))
        maybe, noes, never = talk.unsettled(line.sent)
        noes, talk.noes = [*talk.noes, *noes], []
        for mail, no in noes:
            self._turned_down(line, mail, no)
        for mail in maybe:
            self._come_out(mail, self._unknown(flaw or "the line broke before the answer"))
        begun = talk.begun
        ids = {mail.id for mail in begun}
        self._events = [
            event for event in self._events if not (event[1] is READY and event[0].id in ids)
        ]
        for mail in (*never, *begun):
            if late and not talk.answered:
                self._losses[mail.id] = MOST_LINES  # waiting so long again helps nobody
            handed_over = mail.id not in ids or mail.id in self._released
            self._give_back(mail, broke, released=handed_over)

    def _open_lines(self) -> None:
        """Have a connection for each mail that waits, as far as more of them are allowed."""
        waiting = len(self._pool) + len(self._again)
        if waiting and self._trouble is None:
            missing = self._connections - len(self._lines)
            self._opener.fill(missing, waiting, first=not self._lines, now=self._now)

    def _take_lines(self) -> None:
        for opened in self._opener.collect():
            if isinstance(opened, Session):
                self._take_line(opened)
            elif self._lines and isinstance(opened, ProviderError):
                # The server wants no more of them; those which are there carry on.
                self._opener.rest(self._now)
            elif self._offered:
                self._trouble = self._trouble or opened

    def _take_line(self, opened: Session) -> None:
        talk = Conversation(
            read_extensions(opened.features),
            depth=self._depth_asked,
            quota=self._quota,
            hide=self._login.hide,
        )
        self._depth = talk.depth
        line = SmtpConnection(opened, talk, self._now)
        self._lines.append(line)
        self._selector.register(line.sock, LISTENING, line)
        self._feed(line)

    def _check_times(self) -> None:
        for line in list(self._lines):
            if late := line.lateness(self._now, self._login.timeout):
                self._lose(line, late=late)

    def _raise_trouble(self) -> None:
        """Raise what keeps every mail from going, once all that happened before is told."""
        if self._trouble is None:
            return
        for mail in list(self._released.values()):
            self._come_out(mail, ProviderUnavailable(str(self._trouble)))
        if self._events:
            return
        trouble, self._trouble = self._trouble, None
        for line in list(self._lines):
            self.withdraw(line.talk.begun)
        self._pool.clear()
        self._again.clear()
        self._offered.clear()
        self._losses.clear()
        raise trouble
