"""One connection to a mail server: a socket that never waits, and the conversation on it."""

import ssl
from contextlib import suppress
from smtplib import SMTP

from dispatch.channels.smtp_conversation import Conversation

MOST_AT_ONCE = 16384
"""Bytes read at once; an answer has about sixty."""


class Line:
    """Sends what the conversation has to say, as far as the socket takes it.

    `sent` counts bytes that have left, `unsent` is what the socket did not take yet,
    `since` the moment of the last sign of life, in seconds of the caller's clock.
    """

    __slots__ = ("_tls", "broken", "hungry", "lost", "sent", "since", "sock", "talk", "unsent")

    def __init__(self, opened: SMTP, talk: Conversation, now: float) -> None:
        assert opened.sock is not None  # noqa: S101 - connect gives only those
        self.sock = opened.sock
        if opened.file:
            opened.file.close()
        self.sock.setblocking(False)
        self._tls = isinstance(self.sock, ssl.SSLSocket)
        self.talk = talk
        self.since = now
        self.sent = 0
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

    def close(self) -> None:
        """Take leave, where that can be understood, and let go."""
        talk = self.talk
        polite = not (talk.over or talk.awaited or talk.ready or self.unsent or self.broken)
        if polite:
            with suppress(OSError):
                self.sock.send(b"QUIT\r\n")
        self.sock.close()

    def _send_first(self, out: list[bytes]) -> int:
        """Send what waits; what the socket does not take is `unsent` from now on."""
        if self._tls:
            out[:] = [b"".join(out)]
        sent = self._send(out[0]) if len(out) == 1 else self._send_all(out)
        if sent < sum(map(len, out)):
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
        try:
            return self.sock.send(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            self.broken = True
            return 0
