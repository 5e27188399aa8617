"""Our half of the talk on one connection to a mail server, as a state machine without a socket.

Where the server knows PIPELINING (RFC 2920), the end of a mail and MAIL, RCPT, DATA of the next one
go out together: one round trip for each mail. With CHUNKING (RFC 3030) BDAT takes the place of
DATA and its final dot. Answers come in the order of the commands and are matched by it.
"""

from collections import deque
from sys import maxsize

from dispatch.channels.provider import READY, WireEvent
from dispatch.channels.smtp.answers import (
    CLOSING,
    UNREADABLE,
    Hide,
    NotTaken,
    accepted,
    is_out_of_step,
    not_taken,
    read_code,
)
from dispatch.channels.smtp.extensions import Extensions
from dispatch.channels.smtp.replies import Replies
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Mail

# What an answer is for. The first three are a mail's envelope, VOID ends a mail that has no
# recipient, and NOTHING is no step: it stands where none is the last one.
MAIL, RCPT, DATA, END, RSET, VOID, NOTHING = range(7)

VERBS = ("MAIL", "RCPT", "DATA", "the mail", "RSET", "the empty mail")
_ENVELOPE = frozenset({MAIL, RCPT, DATA})
USUAL = (b"250 ", b"250 ", b"354 ", b"250 ", b"250 ", b"250 ")


class Conversation:
    """Say `begin` and later `finish` for each mail; bytes to send gather in `out`.

    `depth` is how many mails may be handed over without an answer. With 1, a mail is ready to be
    finished once the server has taken its envelope (`ready`). With more, which needs PIPELINING
    and CHUNKING, the envelope goes out together with the mail and nothing is asked before.

    `over` says that the connection is of no more use, and `flaw` why, where it was not the server
    that ended it. `noes` gathers what the server turned down, `said` counts bytes, `answered` the
    mails that the server said yes or no to. What is shown of the server's words goes by `hide`.
    """

    __slots__ = (
        "_dirty", "_envelope_end", "_hide", "_later", "_no", "_quota", "_replies", "_void",
        "announced", "answered", "awaited", "depth", "farewell", "flaw", "handed", "mails", "noes",
        "offers", "out", "over", "ready", "said",
    )  # fmt: skip

    def __init__(
        self, offers: Extensions, *, depth: int = 1, quota: int = 1000, hide: Hide = str
    ) -> None:
        self.offers = offers
        self.depth = depth if offers.chunking and offers.pipelining else 1
        # Begun, and neither handed over nor turned down: by id, with its envelope and its size.
        self.announced: dict[str, tuple[Mail, bytes, int]] = {}
        self.handed = 0
        self.mails = 0
        self.answered = 0
        self.ready: Mail | None = None
        self.over = False
        self.farewell: NotTaken | None = None
        self.flaw = ""
        self.noes: list[tuple[Mail, NotTaken]] = []
        self.out: list[bytes] = []
        self.said = 0
        # What each answer to come is for, and how many bytes have to be on their way before there
        # can be one: where it is for the end of a mail, all of it.
        self.awaited: deque[tuple[int, Mail | None, int]] = deque()
        self._quota = quota
        self._envelope_end = NOTHING if self.depth > 1 else RCPT if offers.chunking else DATA
        self._later: deque[tuple[int, Mail | None, bytes]] = deque()
        self._hide = hide
        self._replies = Replies()
        self._void: int | None = None  # the step that ended a mail whose envelope is under way
        self._no: NotTaken | None = None  # to a mail that went out with its envelope
        self._dirty = False  # an envelope was begun and not finished: RSET before the next

    @property
    def begun(self) -> list[Mail]:
        """The mails that are announced."""
        return [mail for mail, *_ in self.announced.values()]

    @property
    def wants(self) -> bool:
        """Whether a mail can be begun now."""
        if self.mails >= self._quota or self.over:
            return False
        if self.depth > 1:
            return self.handed + len(self.announced) < self.depth
        if self.announced or self._void is not None:
            return False
        return self.offers.pipelining or not self.awaited

    @property
    def spent(self) -> bool:
        """Whether nothing is under way, and nothing more may be begun."""
        return self.mails >= self._quota and not self.announced and not self.awaited

    def retire(self) -> None:
        """Begin no more mails on this connection."""
        self._quota = 0
        self.over = self.over or not self.handed

    def can_finish(self, mail: Mail) -> bool:
        """Whether the server waits for this mail, or need not be asked."""
        ready = self.ready
        return ready is mail or self.depth > 1 or (ready is not None and ready.id == mail.id)

    def begin(self, mail: Mail) -> None:
        """Announce a mail. Raises MessageUnusable where this server can never take it."""
        size = mail.size
        envelope = self._envelope(mail, size)
        self.announced[mail.id] = mail, envelope, size
        self.mails += 1
        if self.depth > 1:
            return
        if not self.offers.pipelining:
            self._say_in_turn(mail, envelope)
            return
        begins = self.said + 1
        if self._dirty:
            self._dirty = False
            envelope = b"RSET\r\n" + envelope
            self.awaited.append((RSET, None, begins))
        self.said += len(envelope)
        self.out.append(envelope)
        if self._envelope_end == RCPT:
            self.awaited.extend(((MAIL, mail, begins), (RCPT, mail, begins)))
        else:
            self.awaited.extend(((MAIL, mail, begins), (RCPT, mail, begins), (DATA, mail, begins)))

    def finish(self, mail: Mail) -> None:
        """Send the mail itself; from its last byte on, the server may have it."""
        out = self.out
        _, envelope, size = self.announced.pop(mail.id)
        if self.depth > 1:
            # RSET, because a server may still hold the envelope of a mail that it turned down.
            envelope = b"RSET\r\n" + envelope
            begins = self.said + 1
            self.awaited.extend(((RSET, None, begins), (MAIL, mail, begins), (RCPT, mail, begins)))
            self.said += len(envelope)
            out.append(envelope)
        if self.offers.chunking:
            command = b"BDAT %d LAST\r\n" % size
            self.said += len(command) + size
            out.append(command)
            out += mail.parts
        elif mail.dotless:
            self.said += size + 3
            out += mail.parts
            out.append(b".\r\n")
        else:
            data = stuffed(mail.data)
            self.said += len(data) + 3
            out += (data, b".\r\n")
        self.ready = None
        self.handed += 1
        self.awaited.append((END, mail, self.said))

    def withdraw(self, mail: Mail) -> None:
        """Forget a mail that was begun; where that needs a new connection, this one is `over`."""
        del self.announced[mail.id]
        if self.depth > 1:
            return
        self._dirty = True
        if self.ready is not mail:
            self._void = NOTHING
        elif self._envelope_end == DATA:
            self.over = True  # whatever is said after DATA would be a mail
        self.ready = None

    def hear(self, data: bytes, events: list[WireEvent], sent: int = maxsize) -> bool:
        """Read what has come, in whatever pieces; adds to `events` and to `noes`.

        `sent` is how many bytes had left by then. Whether an answer has ended with it.
        """
        awaited, replies = self.awaited, self._replies
        answers = replies.cut(data)
        for answer in answers:
            if not awaited or awaited[0][2] > sent:
                self._hear_too_early(answer)
                return True
            step, mail, _ = awaited.popleft()
            if self._void is not None or not answer.startswith(USUAL[step]):
                self._hear_unusual(step, mail, answer, events)
                if self.over:
                    return True
            elif step == END and mail is not None:
                self._end(mail, answer, True, events)
            elif step == self._envelope_end and mail is not None:
                self.ready = mail
                events.append((mail, READY))
            if self._later:
                self._say_next()
        if replies.endless:
            self._give_up(replies.endless)
        return bool(answers)

    def unsettled(self, sent: int) -> tuple[list[Mail], list[tuple[Mail, NotTaken]], list[Mail]]:
        """Once the connection is gone and `sent` bytes had left: what became of handed-over mails.

        Those which the server may have taken, those it had turned down, those it cannot have.
        """
        maybe: list[Mail] = []
        noes: list[tuple[Mail, NotTaken]] = []
        never: list[Mail] = []
        for step, mail, mark in self.awaited:
            if step != END or mail is None:
                continue
            no, self._no = self._no, None  # it is about the first of them
            if no is not None:
                noes.append((mail, no))
            else:
                (maybe if mark <= sent else never).append(mail)
        return maybe, noes, never

    # Saying.

    def _envelope(self, mail: Mail, size: int) -> bytes:
        offers = self.offers
        if offers.largest and size > offers.largest:
            raise MessageUnusable(
                f"mail: {size:,} bytes, and the mail server takes {offers.largest:,}"
                " - choose fewer or shorter posts"
            )
        extras = f" SIZE={size}" if offers.sizes else ""
        if mail.utf8:
            if not offers.utf8:
                raise MessageUnusable(
                    "address: the mail server takes no such letters in front of the @"
                    " - use a server that knows SMTPUTF8"
                )
            extras += " BODY=8BITMIME SMTPUTF8"
        data = "" if offers.chunking else "DATA\r\n"
        envelope = (
            f"MAIL FROM:<{mail.sender}>{extras}\r\nRCPT TO:<{mail.recipient}>\r\n{data}"
        ).encode()
        lines = 2 if offers.chunking else 3
        if envelope.count(b"\n") != lines or envelope.count(b"\r") != lines:
            raise MessageUnusable("address: not one that mail can be sent to - correct it")
        return envelope

    def _say_in_turn(self, mail: Mail, envelope: bytes) -> None:
        if self._dirty:
            self._dirty = False
            self._later.append((RSET, None, b"RSET\r\n"))
        commands = zip((MAIL, RCPT, DATA), envelope.splitlines(keepends=True), strict=False)
        self._later.extend((step, mail, command) for step, command in commands)
        self._say_next()

    def _say_next(self) -> None:
        step, mail, command = self._later.popleft()
        self._say(step, mail, command)

    def _say(self, step: int, mail: Mail | None, command: bytes) -> None:
        self.said += len(command)
        self.out.append(command)
        self.awaited.append((step, mail, self.said))

    # Hearing.

    def _hear_unusual(
        self, step: int, mail: Mail | None, answer: bytes, events: list[WireEvent]
    ) -> None:
        """An answer of several lines, with another code, or within an envelope that has ended."""
        yes = self._is_yes(step, answer)
        if self.over:
            self._lose_track(step, mail, answer)
        elif mail is None:
            return
        elif step == END:
            self._end(mail, answer, yes, events)
        elif not yes or self._void is not None:
            self._stop(step, mail, answer, yes)
        elif step == self._envelope_end:
            self.ready = mail
            events.append((mail, READY))

    def _is_yes(self, step: int, answer: bytes) -> bool:
        """Whether the answer is a yes; with one that makes no sense here, the talk is over."""
        code = read_code(answer)
        kind = code // 100
        yes = kind == (3 if step == DATA else 2)
        self.over = code == CLOSING or not (yes or kind in {4, 5})
        if step in _ENVELOPE and self.depth == 1 and self._void is None:
            # What follows the first no may well be 503, and is about that no. A mail that went
            # out with its envelope has an answer of its own to come.
            self.over = self.over or is_out_of_step(VERBS[step], code)
        return yes

    def _lose_track(self, step: int, mail: Mail | None, answer: bytes) -> None:
        self.farewell = not_taken(VERBS[step], answer, self._hide)
        if step == END and mail is not None:
            self.handed -= 1
            self.noes.append((mail, self._no or self.farewell))
            self._no = None
        elif self.depth > 1 and mail is not None:
            self._no = self._no or self.farewell

    def _hear_too_early(self, answer: bytes) -> None:
        """Something was said that nobody had asked for: as a rule that this is the end."""
        kind = read_code(answer) // 100
        if self.awaited and self.awaited[0][0] == END and kind in {4, 5}:
            # It has seen enough of the mail. A yes is not believed: it cannot have the mail.
            step, mail, _ = self.awaited.popleft()
            self._lose_track(step, mail, answer)
            self.over = True
            return
        self.farewell = no = not_taken("", answer, self._hide)
        self._give_up(f"hung up ({no})" if no.code == CLOSING else f"spoke unasked ({no})")

    def _give_up(self, flaw: str) -> None:
        self.over = True
        self.flaw = flaw

    def _end(self, mail: Mail, answer: bytes, yes: bool, events: list[WireEvent]) -> None:
        self.handed -= 1
        no, self._no = self._no, None
        if no is not None:
            if yes and is_out_of_step(no.command, no.code):
                no = NotTaken(VERBS[END], UNREADABLE, f"{no} to {no.command}, and then a yes")
            self.noes.append((mail, no))
            return
        self.answered += 1
        if yes:
            events.append((mail, accepted(answer, self._hide)))
        else:
            self.noes.append((mail, not_taken(VERBS[END], answer, self._hide)))

    def _stop(self, step: int, mail: Mail, answer: bytes, yes: bool) -> None:
        """An answer within an envelope that is not, or no longer, meant to become a mail."""
        no = None if yes else not_taken(VERBS[step], answer, self._hide)
        if self.depth > 1:
            self._no = self._no or no  # the mail is out; what ends it comes with its own answer
            return
        if self._void is None and no is not None:
            del self.announced[mail.id]
            self.noes.append((mail, no))
            self._void = step
            self._dirty = True
        if step != self._envelope_end and self.offers.pipelining:
            return
        if step == DATA and yes and self._void == RCPT:
            self._say(VOID, None, b".\r\n")  # RFC 2920, 3.1: nobody is to get it
        elif step == DATA and yes:
            self.over = True
        self._later.clear()
        self._void = None


def stuffed(data: bytes) -> bytes:
    r"""The mail with a second dot where a line begins with one (RFC 5321, 4.5.2).

    >>> stuffed(b".a\r\n.\r\n")
    b'..a\r\n..\r\n'
    """
    if b"\r\n." in data:
        data = data.replace(b"\r\n.", b"\r\n..")
    if data[:1] == b".":
        data = b"." + data
    return data if data.endswith(b"\r\n") else data + b"\r\n"
