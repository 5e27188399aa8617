r"""A mail server on loopback that means no good: it keeps to the book, but for some points.

For example, one whose answer to EHLO has no end:

    with HostileSmtp(ehlo=flood(b"250-and\r\n")) as server:
        ...  # hand mails to 127.0.0.1, server.port
"""

import os
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from types import TracebackType
from typing import Literal, Self, get_args

Point = Literal[
    "connect", "greeting", "ehlo", "helo", "starttls", "auth", "challenge", "noop", "mail", "rcpt",
    "data", "body", "dot", "rset", "quit",
]  # fmt: skip
"""What it is to answer, as a rule; `connect` is before TLS, `challenge` what was said after a 334,
`body` when it is about to read the mail itself."""

OTHERS: dict[str, Point] = {
    "HELO": "helo", "MAIL": "mail", "NOOP": "noop", "RCPT": "rcpt", "RSET": "rset",
}  # fmt: skip
"""Commands that need nothing but a yes."""

UNREAD = 65_536
"""Bytes, about, that may wait for it to read them; else that would depend on the machine."""

Deed = Callable[["Talk"], None]
"""What it does in place of the usual answer; after that it goes on, if it comes to that."""


def say(answer: bytes) -> Deed:
    """These bytes, as they are, in one piece."""
    return lambda talk: talk.say(answer)


def drip(piece: bytes, *, first: bytes = b"", every: float = 0.02) -> Deed:
    """First something at once, and then the bytes of `piece` one by one, over and over."""

    def deed(talk: "Talk") -> None:
        talk.say(first)
        while True:
            for one in piece:
                talk.say(bytes([one]))
                talk.pause(every)

    return deed


def drip_record(*, first: bytes = b"", every: float = 0.02) -> Deed:
    """A record of TLS that announces 16 KB and comes byte by byte; TLS need not have begun."""

    def deed(talk: "Talk") -> None:
        talk.say(first)
        kind = 0x17 if isinstance(talk.line, ssl.SSLSocket) else 0x16
        for one in (kind, 3, 3, 0x3F, 0xFF, *bytes(0x3FFF)):
            os.write(talk.line.fileno(), bytes([one]))
            talk.pause(every)

    return deed


def flood(piece: bytes) -> Deed:
    """The same again and again, as quickly as it is taken."""

    def deed(talk: "Talk") -> None:
        while True:
            talk.say(piece * (1 + 4096 // len(piece)))

    return deed


def sip(size: int = 1, *, every: float = 0.02, times: int = 1_000_000) -> Deed:
    """At `body`: take so little of it, now and then, and the rest at once."""

    def deed(talk: "Talk") -> None:
        for _ in range(times):
            talk.take(size)
            talk.pause(every)

    return deed


def keep_silent(talk: "Talk") -> None:
    """Say nothing more, and hear nothing."""
    while True:
        talk.pause(60)


def hang_up(_talk: "Talk") -> None:
    """Close the connection."""
    raise Over


class Over(Exception):
    """The talk has ended; nothing is wrong."""


class HostileSmtp:
    """Listens on 127.0.0.1 at `port` from `with` to its end, with a deed at some points.

    `offers` are its answer to EHLO, which it does not know if there are none. With `tls`, STARTTLS
    is spoken, or with `tls_at_once` TLS from the first byte. Every login is welcome. The first
    `spared` deeds are not done, and at most `times`. `taken` holds the mails that it said yes to.
    """

    def __init__(
        self,
        *,
        offers: Sequence[str] = ("PIPELINING",),
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
        spared: int = 0,
        times: int = 1_000_000,
        **deeds: Deed,
    ) -> None:
        """`deeds` are those at each Point."""
        assert set(deeds) <= set(get_args(Point))
        self.offers = offers
        self.tls = tls
        self.tls_at_once = tls_at_once
        self.taken: list[bytes] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._deeds = deeds
        self._order = chain(repeat(False, spared), repeat(True, times))
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = _Listener(self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def deed(self, point: Point) -> Deed | None:
        """What is to be done here, if it is anything."""
        with self._lock:
            if point in self._deeds and next(self._order, False):
                return self._deeds[point]
        return None


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, owner: HostileSmtp) -> None:
        self.owner = owner
        self.calls: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), Talk)

    def server_bind(self) -> None:
        # Calls inherit it, and do not grow as they do by themselves: to 6 MB, or to more.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UNREAD)
        super().server_bind()

    def hang_up(self) -> None:
        """End talks that clients left open, so that no thread outlives the test."""
        for call in self.calls:
            try:
                call.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Talk(socketserver.BaseRequestHandler):
    """One connection: `line` is what is spoken on, encrypted or not."""

    server: _Listener

    def handle(self) -> None:
        self.owner = self.server.owner
        self.owner.connections += 1
        self.line: socket.socket = self.request
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.calls.append(self.line)
        self._heard = bytearray()
        try:
            self._answer("connect", b"")
            if self.owner.tls_at_once:
                self._encrypt()
            self._answer("greeting", b"220 localhost ready\r\n")
            while True:
                self._obey(self._line().decode("utf-8", "replace"))
        except (Over, OSError):
            return
        finally:
            self.line.close()

    def say(self, data: bytes) -> None:
        self.line.sendall(data)

    def pause(self, seconds: float) -> None:
        if self.owner.stopped.wait(seconds):
            raise Over

    def _answer(self, point: Point, usual: bytes) -> bool:
        """Say the usual thing, or do what is to be done here; whether it was the usual thing."""
        deed = self.owner.deed(point)
        if deed is None:
            self.say(usual)
        else:
            deed(self)
        return deed is None

    def _obey(self, line: str) -> None:
        match line.upper().split():
            case ["EHLO", *_]:
                self._answer("ehlo", self._offers() or b"500 what?\r\n")
            case ["STARTTLS"]:
                if self._answer("starttls", b"220 go on\r\n"):
                    self._encrypt()
            case ["AUTH", "PLAIN", _]:
                self._answer("auth", b"235 welcome\r\n")
            case ["AUTH", *_]:
                self._answer("auth", b"334 UGFzc3dvcmQ6\r\n")
                self._line()
                self._answer("challenge", b"235 welcome\r\n")
            case ["DATA"]:
                self._answer("data", b"354 go on\r\n")
                self._take(lambda: self._until(b"\r\n.\r\n"))
            case ["BDAT", size, "LAST"]:
                self._take(lambda: self._exactly(int(size)))
            case ["QUIT"]:
                self._answer("quit", b"221 bye\r\n")
                raise Over
            case [verb, *_] if verb in OTHERS:
                self._answer(OTHERS[verb], b"250 ok\r\n")
            case _:
                self.say(b"500 what?\r\n")

    def _offers(self) -> bytes:
        if not self.owner.offers:
            return b""
        offers = ["localhost", *self.owner.offers]
        offers += ["STARTTLS"] * bool(self.owner.tls and self.line is self.request)
        lines = [f"250-{offer}\r\n" for offer in offers[:-1]] + [f"250 {offers[-1]}\r\n"]
        return "".join(lines).encode()

    def _take(self, read: Callable[[], bytes]) -> None:
        self._answer("body", b"")
        mail = read()
        if self._answer("dot", b"250 ok\r\n"):
            self.owner.taken.append(mail)

    def _encrypt(self) -> None:
        assert self.owner.tls is not None
        self.line = self.owner.tls.wrap_socket(self.line, server_side=True)
        self.server.calls.append(self.line)

    def _line(self) -> bytes:
        return self._until(b"\n").strip()

    def _until(self, end: bytes) -> bytes:
        looked = 0
        while (at := self._heard.find(end, looked)) < 0:
            looked = max(0, len(self._heard) - len(end))
            self.take()
        return self._exactly(at + len(end))

    def _exactly(self, size: int) -> bytes:
        while len(self._heard) < size:
            self.take()
        found = bytes(self._heard[:size])
        del self._heard[:size]
        return found

    def take(self, size: int = 65536) -> None:
        """Wait for what is said, and keep at most so many bytes of it."""
        data = self.line.recv(size)
        if not data:
            raise Over
        self._heard += data
