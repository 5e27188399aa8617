"""One connection to a mail server: a socket that never waits, and the conversation on it."""

import socket
import ssl
import sys
from contextlib import suppress

from dispatch.channels.smtp.conversation import END, VERBS, Conversation
from dispatch.channels.smtp.session import MOST_AT_ONCE, Session

if sys.platform == "linux":
    import fcntl
    import termios

SLOWEST = 4096
"""Bytes a second that a server has to take of a mail; a bad line shared by many takes as much."""


class SmtpConnection:
    """Sends what the conversation has to say, as far as the socket takes it.

    `sent` counts bytes that have left, `unsent` is what the socket did not take yet,
    `since` the moment from which the next answer may be awaited, in seconds of the caller's clock.
    """

    __slots__ = (
        "_moved", "_since", "_taken", "_tls",
        "broken", "hungry", "lost", "sent", "since", "sock", "talk", "unsent",
    )  # fmt: skip

    def __init__(self, opened: Session, talk: Conversation, now: float) -> None:
        self.sock = opened.sock
        self.sock.setblocking(False)
        self._tls = isinstance(self.sock, ssl.SSLSocket)
        self.talk = talk
        self.since = self._since = self._moved = now
        self.sent = self._taken = 0
        self.unsent: memoryview | None = None
        self.hungry = False
        self.broken = False
        self.lost = False

    def flush(self) -> None:
        """Send all there is to say, or as much as goes at once; a failure makes it `broken`."""
        out = self.talk.out
        while self.unsent is not None or out:
            if self.unsent is None:
                sent = self._send_first(out)
            else:
                sent = self._send(self.unsent)
                # TLS has to be given the very same bytes again, so nothing is added to them.
                self.unsent = self.unsent[sent:] if sent < len(self.unsent) else None
            self.sent += sent
            if self.unsent is not None and (not sent or not self._tls):
                return

    def read(self) -> bytes | None:
        """What has come; nothing: the other side has hung up, None: not now."""
        try:
            data = self.sock.recv(MOST_AT_ONCE)
            if self._tls:
                while data and self.sock.pending():  # type: ignore[attr-defined]
                    data += self.sock.recv(MOST_AT_ONCE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError:
            return b""
        return data

    def lateness(self, now: float, seconds: float) -> str:
        """In words, if the answer that comes next is overdue; to be asked now and then.

        It has so many seconds. Where it is for a mail, they begin once the server has taken the
        mail, for which it may need as long as it goes on and is not slower than SLOWEST.
        """
        if not self.talk.awaited:
            return ""
        step, mail, end = self.talk.awaited[0]
        overdue = now - self.since > seconds
        if step == END and mail is not None:
            overdue = self._is_stuck(end - mail.size, end, now, seconds)
        if overdue and self.unsent is not None:
            return "it takes no more, or too slowly"
        return f"no answer to {VERBS[step]} within {seconds:g} seconds" if overdue else ""

    def close(self) -> None:
        """Take leave, where that can be understood, and let go."""
        talk = self.talk
        polite = not (talk.over or talk.awaited or talk.ready or self.unsent or self.broken)
        if polite:
            with suppress(OSError):
                self.sock.send(b"QUIT\r\n")
        self.sock.close()

    def _is_stuck(self, begin: int, end: int, now: float, seconds: float) -> bool:
        """Whether nothing happens to the mail that the bytes from `begin` to `end` are."""
        if self._since != self.since:
            self._since = self._moved = self.since
            self._taken = begin
        taken = min(self.sent - unacknowledged(self.sock), end)
        if taken > self._taken:
            self._taken, self._moved = taken, now
        too_slow = now - self.since > seconds + (self._taken - begin) / SLOWEST
        return too_slow or now - self._moved > seconds

    def _send_first(self, out: list[bytes]) -> int:
        """Send what waits; what the socket does not take is `unsent` from now on."""
        if self._tls:
            out[:] = [b"".join(out)]
        sent = self._send(out[0]) if len(out) == 1 else self._send_all(out)
        if self.sent + sent < self.talk.said:
            self.unsent = memoryview(b"".join(out))[sent:]
        out.clear()
        return sent

    def _send_all(self, parts: list[bytes]) -> int:
        """Several parts in one call, without copying them together first."""
        try:
            return self.sock.sendmsg(parts)
        except BlockingIOError:
            return 0
        except OSError:
            self.broken = True
            return 0

    def _send(self, data: bytes | memoryview) -> int:
        if self._tls:
            # One record: of several the library says nothing until the last of them is out, and
            # the server may have had all of a mail by then. Of a part of a record it has nothing.
            data = data[:MOST_AT_ONCE]
        try:
            return self.sock.send(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            self.broken = True
            return 0


def unacknowledged(sock: socket.socket) -> int:
    """Bytes that left us and did not arrive on the other side; 0 where the system does not say."""
    if sys.platform != "linux":
        return 0
    try:
        return int.from_bytes(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except OSError:
        return 0
