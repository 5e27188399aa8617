"""A connection to a mail server: dialled, encrypted, greeted and logged in, each in its time."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import structlog

from dispatch.channels.smtp.answers import read_code
from dispatch.channels.smtp.auth import log_in, said_at_login
from dispatch.channels.smtp.dial import dial, own_name
from dispatch.channels.smtp.extensions import odd_size, read_features
from dispatch.channels.smtp.session import Session
from dispatch.errors import ProviderUnavailable
from dispatch.masking import Mask

log = structlog.get_logger()

Security = Literal["starttls", "tls", "none"]

HOW = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}

ODD_SIZE = "its SIZE is no number that we know, and counts as no limit"


@dataclass(slots=True)
class SmtpLogin:
    """Where to connect and as whom; several threads may open connections with it.

    `timeout` is in seconds, a total for each step: finding and reaching the server, the handshake
    of TLS, and each answer. `hide` takes the password out of what is shown of a server's words.
    """

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    timeout: float
    ca_file: Path | None
    hide: Mask = field(init=False, repr=False)
    _context: ssl.SSLContext | None = None
    _own_name: str = ""
    _told_of_size: bool = False

    def __post_init__(self) -> None:
        password = self.password
        self.hide = Mask(password, *said_at_login(self.username, password) if password else ())

    def __str__(self) -> str:
        return f"smtp: {self.host}:{self.port}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets what was said, and makes its own of the rest."""
        said = self.host, self.port, self.security, self.username, self.password
        return SmtpLogin, (*said, self.timeout, self.ca_file)

    def connect(self) -> Session:
        """A connection on which mail can be sent.

        Raises ProviderUnavailable or CredentialsRefused.
        """
        session = self._dial()
        try:
            if self.security == "tls":
                self._encrypt(session)
            self._expect(session, "greeting", session.greeting(), 220)
            self._introduce(session)
            if self.security == "starttls":
                self._start_tls(session)
            if self.username:
                log_in(session, self.username, self.password)
            session.hears_nothing()
        except BaseException:
            session.close()
            raise
        # The end of a mail is a packet of its own; it must not wait for an acknowledgement.
        session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return session

    def check(self) -> str:
        """The server and login, after connecting, encrypting and logging in."""
        session = self.connect()
        try:
            self._expect(session, "answer to NOOP", session.ask("NOOP", "NOOP"), 250)
            with suppress(OSError):
                session.sock.sendall(b"QUIT\r\n")  # nothing hangs on the answer
        finally:
            session.close()
        login = f" as {self.username}" if self.username else ""
        size = f"; {ODD_SIZE}" if odd_size(session.features) else ""
        return f"{self.host}:{self.port}{login} ({HOW[self.security]}){size}"

    def _dial(self) -> Session:
        with self._explained():
            sock = dial(self.host, self.port, self.timeout)
        return Session(sock, server=str(self), seconds=self.timeout, hide=self.hide)

    def _encrypt(self, session: Session) -> None:
        context = self._trust()
        with self._explained():
            session.encrypt(context, self.host)

    def _start_tls(self, session: Session) -> None:
        if "starttls" not in session.features:
            raise ProviderUnavailable(
                f"{self}: offers no STARTTLS - check the port, or set security to tls"
            )
        self._expect(session, "answer to STARTTLS", session.ask("STARTTLS", "STARTTLS"), 220)
        self._encrypt(session)
        self._introduce(session)  # what was offered before may be somebody's on the way

    def _introduce(self, session: Session) -> None:
        if not self._own_name:
            self._own_name = own_name(session.sock)
        session.features = {}
        answer = session.ask("EHLO", f"EHLO {self._own_name}")
        if read_code(answer) // 100 == 5:  # older than EHLO
            answer = session.ask("HELO", f"HELO {self._own_name}")
            self._expect(session, "answer to HELO", answer, 250)
            return
        self._expect(session, "answer to EHLO", answer, 250)
        session.features = read_features(answer)
        if odd_size(session.features) and not self._told_of_size:
            self._told_of_size = True
            log.warning("smtp.odd_answer", problem=f"{self}: {ODD_SIZE}")

    def _expect(self, session: Session, what: str, answer: bytes, code: int) -> None:
        """Raise ProviderUnavailable where the answer is not the one that lets us go on."""
        if read_code(answer) == code:
            return
        no = session.no(answer)
        if no.code // 100 in {4, 5}:
            raise ProviderUnavailable(f"{self}: turned us away ({no}) - ask who runs it")
        raise ProviderUnavailable(
            f"{self}: {what} not understood ({no}) - check host, port and security"
        )

    def _trust(self) -> ssl.SSLContext:
        if self._context is None:  # reading all authorities takes longer than a handshake
            try:
                self._context = ssl.create_default_context(cafile=self.ca_file)
            except OSError as error:
                raise ProviderUnavailable(
                    f"{self}: certificate file {self.ca_file} unreadable - correct ca_file"
                ) from error
        return self._context

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in words why no connection came about; nothing was sent in any case."""
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a host name that TLS does not know
            raise ProviderUnavailable(f"{self}: {_why(error, self.timeout)}") from error


def _why(error: OSError | ValueError, seconds: float) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"certificate not trusted ({error.verify_message}) - ask who runs it"
        case ssl.SSLError():
            return "no encrypted connection - check port and security (tls or starttls)"
        case socket.gaierror() | ValueError():
            return "no such host - check the option 'host'"
        case TimeoutError():
            return f"did not answer within {seconds:g} seconds - check host and port"
    return f"no connection ({error.strerror or 'refused'}) - check host and port"
