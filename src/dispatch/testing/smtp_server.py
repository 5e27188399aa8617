"""A small real mail server on loopback that keeps what it takes and fails as it is told to.

For example, with one address greylisted at first:

    greylisting = Fault("rcpt", "450 4.2.0 greylisted", recipient="ada@example.org", times=1)
    with SmtpServer(faults=[greylisting]) as server:
        ...  # hand mails to 127.0.0.1, server.port
        server.copies["bob@example.org"]
"""

import base64
import socket
import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import ClassVar, Literal, Self

Phase = Literal[
    "connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "noop"
]

DROP = "drop"
"""Close the connection without an answer; a mail that was just finished is not taken."""

LOSE_ANSWER = "lose"
"""At `dot`: take the mail, then close the connection without an answer."""

HANG = "hang"
"""Say nothing more until the server is closed; a mail that was just finished is taken."""


@dataclass(slots=True)
class Fault:
    """What goes wrong in one phase: a whole reply line, DROP, LOSE_ANSWER or HANG.

    `recipient` narrows it to mails for one address (from `rcpt` on). It happens `times` times.
    A reply that starts with 421 closes the connection. At `body` the connection ends in the
    middle of the mail.
    """

    phase: Phase
    does: str
    recipient: str = ""
    times: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the server took, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass
class SmtpServer:
    """Listens on 127.0.0.1 at `port` from `with` to its end.

    `login` is who may send, everybody if None. With `tls`, STARTTLS is offered, or with
    `tls_at_once` spoken from the first byte. `in_pieces`: each byte of an answer leaves by itself.
    A command out of its order gets a 503. `taken` holds the mails in order, `commands` what
    clients said, without logins, and `connections` counts the calls.
    """

    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    smtputf8: bool = True
    pipelining: bool = True
    chunking: bool = False
    largest: int = 30_000_000
    in_pieces: bool = False
    faults: Iterable[Fault] = ()
    taken: list[Mail] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.faults = list(self.faults)
        self._lock = threading.Lock()
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

    @property
    def copies(self) -> Counter[str]:
        """How many mails each recipient got."""
        return Counter(to for mail in self.taken for to in mail.recipients)

    def fault(self, phase: Phase, recipients: Iterable[str] = ()) -> str:
        """What is to go wrong now, or nothing."""
        with self._lock:
            for fault in self.faults:
                aimed = not fault.recipient or fault.recipient in recipients
                if fault.phase == phase and fault.times and aimed:
                    fault.times -= 1
                    return fault.does
        return ""


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    request_queue_size = 128  # with the usual 5, a client that calls 20 times may wait for ever

    def __init__(self, owner: SmtpServer) -> None:
        self.owner = owner
        self.calls: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), _Conversation)

    def hang_up(self) -> None:
        """End conversations that clients left open, so that no thread outlives the test."""
        for call in self.calls:
            try:
                call.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Over(Exception):
    """The conversation has ended; nothing is wrong."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Listener
    disable_nagle_algorithm: ClassVar[bool] = True

    def handle(self) -> None:
        self.owner = self.server.owner
        self.owner.connections += 1
        self.server.calls.append(self.connection)
        self.line: socket.socket = self.connection
        self.allowed = self.owner.login is None
        try:
            if self.owner.tls_at_once:
                self.encrypt()
            self.forget()
            self.answer("connect", "220 localhost ready")
            while True:
                self.command(self.read())
        except (_Over, OSError):
            return
        finally:
            self.line.close()

    def forget(self) -> None:
        self.sender: str | None = None
        self.chunks: list[bytes] = []
        self.recipients: list[str] = []

    def encrypt(self) -> None:
        assert self.owner.tls is not None
        self.line = self.owner.tls.wrap_socket(self.line, server_side=True)
        self.server.calls.append(self.line)
        self.rfile = self.line.makefile("rb")

    def read(self) -> str:
        raw = self.rfile.readline(100_000)
        if not raw:
            raise _Over
        return raw.decode("utf-8", "replace").strip()

    def say(self, line: str) -> None:
        answer = f"{line}\r\n".encode()
        size = 1 if self.owner.in_pieces else len(answer)
        for start in range(0, len(answer), size):
            self.line.sendall(answer[start : start + size])

    def answer(self, phase: Phase, usual: str, *, recipients: Iterable[str] = ()) -> bool:
        """Say the usual thing, unless something is to go wrong; whether all went as usual."""
        fault = self.owner.fault(phase, recipients)
        if fault == HANG:
            self.owner.stopped.wait()
        if fault in {HANG, DROP, LOSE_ANSWER}:
            raise _Over
        self.say(fault or usual)
        if fault.startswith("421"):
            raise _Over
        return not fault

    def command(self, line: str) -> None:
        verb = line.partition(" ")[0].upper()
        self.owner.commands.append("AUTH" if verb == "AUTH" else line)
        known = getattr(self, f"say_{verb.lower()}", None)
        if known is None:
            self.say("500 5.5.2 what?")
        else:
            known(line)

    def say_starttls(self, _line: str) -> None:
        if self.owner.tls and self.answer("starttls", "220 go on"):
            self.encrypt()

    def say_mail(self, line: str) -> None:
        if not self.allowed:
            self.say("530 5.7.0 Authentication required")
            return
        if self.sender is not None:
            self.say("503 5.5.1 one after the other")
        elif self.answer("mail", "250 2.1.0 ok"):
            self.sender = _address(line)

    def say_rcpt(self, line: str) -> None:
        if self.sender is None:
            self.say("503 5.5.1 from whom?")
        elif self.answer("rcpt", "250 2.1.5 ok", recipients=[_address(line)]):
            self.recipients.append(_address(line))

    def say_data(self, _line: str) -> None:
        if not self.recipients:
            self.say("503 5.5.1 to whom?")
        elif self.answer("data", "354 go on", recipients=self.recipients):
            self.body()

    def say_rset(self, _line: str) -> None:
        self.forget()
        self.say("250 2.0.0 ok")

    def say_noop(self, _line: str) -> None:
        self.answer("noop", "250 2.0.0 ok")

    def say_quit(self, _line: str) -> None:
        self.say("221 2.0.0 bye")
        raise _Over

    def say_ehlo(self, _line: str) -> None:
        offers = ["localhost", f"SIZE {self.owner.largest}", "8BITMIME"]
        offers += ["SMTPUTF8"] * self.owner.smtputf8
        offers += ["PIPELINING"] * self.owner.pipelining
        offers += ["CHUNKING"] * self.owner.chunking
        offers += ["AUTH PLAIN LOGIN"] * bool(self.owner.login)
        plain = not isinstance(self.line, ssl.SSLSocket)
        offers += ["STARTTLS"] * bool(self.owner.tls and plain)
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self.answer("ehlo", "\r\n".join(lines))

    def say_auth(self, line: str) -> None:
        words = line.split()
        if words[1].upper() == "PLAIN":
            given = base64.b64decode(words[2]).decode().split("\0")[1:]
        else:
            given = [base64.b64decode(words[2]).decode() if len(words) > 2 else self.ask("User")]
            given.append(self.ask("Password"))
        if tuple(given) == self.owner.login:
            self.allowed = self.answer("auth", "235 2.7.0 welcome")
        else:
            self.answer("auth", "535 5.7.8 not you")

    def ask(self, what: str) -> str:
        self.say(f"334 {base64.b64encode(what.encode()).decode()}")
        return base64.b64decode(self.read()).decode()

    def body(self) -> None:
        fault = self.owner.fault("body", self.recipients)
        lines: list[bytes] = []
        while (raw := self.rfile.readline()) != b".\r\n":
            if not raw or fault == DROP:
                raise _Over
            lines.append(raw[1:] if raw.startswith(b".") else raw)
        self.end(b"".join(lines))

    def say_bdat(self, line: str) -> None:
        words = line.split()
        fault = self.owner.fault("body", self.recipients)
        if fault == DROP:
            raise _Over
        chunk = self.rfile.read(int(words[1]))
        if len(chunk) < int(words[1]):
            raise _Over
        self.chunks.append(chunk)
        if not self.recipients:
            self.say("503 5.5.1 to whom?")
        elif words[-1].upper() == "LAST":
            self.end(b"".join(self.chunks))
        else:
            self.say("250 2.0.0 go on")

    def end(self, data: bytes) -> None:
        """Answer to the end of a mail."""
        mail = Mail(self.sender or "", tuple(self.recipients), data)
        fault = self.owner.fault("dot", self.recipients)
        if fault in {"", LOSE_ANSWER, HANG}:
            self.owner.taken.append(mail)
        if fault == HANG:
            self.owner.stopped.wait()
        if fault in {LOSE_ANSWER, HANG, DROP}:
            raise _Over
        self.say(fault or f"250 2.0.0 Ok: queued as {len(self.owner.taken):08X}")
        self.forget()
        if fault.startswith("421"):
            raise _Over


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
