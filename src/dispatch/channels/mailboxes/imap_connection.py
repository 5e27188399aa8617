"""A line to an IMAP server: dialled, encrypted and logged in, each answer in its time."""

import base64
import imaplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Timer
from typing import Any

from dispatch.channels.smtp.dial import dial
from dispatch.errors import MailboxUnavailable
from dispatch.model.delivery.bounce_mailbox import ImapPlan
from dispatch.model.text.plain_text import one_line

MOST_LITERAL = 2_000_000
"""Bytes of one piece of an answer: we ask for less."""

_FOR_NOW = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED")

MOST_WORDS = 300
"""Characters of a server's own words that are shown."""


class ImapConnection(imaplib.IMAP4):
    """The library's, with what it lacks: all addresses of a host, and an end to what is read."""

    def __init__(
        self, plan: ImapPlan, context: ssl.SSLContext | None, ends: "End", seconds: float
    ) -> None:
        self._plan = plan
        self._trusted = context
        self._ends = ends
        super().__init__(plan.host, plan.port, timeout=seconds)
        if plan.security == "starttls" and context is not None:
            try:
                self._encrypt(context)
            except BaseException:
                self.shutdown()
                raise
            ends.watch(self.sock)

    def _encrypt(self, context: ssl.SSLContext) -> None:
        if "STARTTLS" not in self.capabilities:
            raise MailboxUnavailable(
                f"imap {self._plan}: offers no STARTTLS - check the port, or set security to tls"
            )
        self.starttls(context)

    def _create_socket(self, timeout: float) -> socket.socket:
        sock = dial(self._plan.host, self._plan.port, timeout)
        try:
            sock.settimeout(timeout)
            if self._plan.security == "tls" and self._trusted is not None:
                sock = self._trusted.wrap_socket(
                    sock, server_hostname=self._plan.host, do_handshake_on_connect=False
                )
                self._ends.watch(sock)
                sock.do_handshake()
            self._ends.watch(sock)
        except BaseException:
            sock.close()
            raise
        return sock

    def read(self, size: int) -> bytes:
        """So many bytes of an answer, as the server has announced them."""
        if size > MOST_LITERAL:
            raise self.abort(f"announces {size:,} bytes that nobody has asked for")
        return super().read(size)


class End:
    """Cuts a line after so many seconds in all, however slowly its answers come."""

    def __init__(self, seconds: float) -> None:
        self.came = False
        self._sock: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, sock: socket.socket) -> None:
        """From now on it is this one."""
        self._sock = sock

    def call_off(self) -> None:
        """Nothing is to be cut any more."""
        self._timer.cancel()

    def _cut(self) -> None:
        self.came = True
        if self._sock is not None:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)


def log_in(line: ImapConnection, plan: ImapPlan, password: str) -> None:
    """Log in by the way that the server offers. Raises MailboxUnavailable."""
    if any(sign in f"{plan.username}{password}" for sign in "\r\n\0"):
        raise MailboxUnavailable(
            f"imap {plan}: username or password has a line break in it - correct it"
        )
    try:
        if "AUTH=PLAIN" in line.capabilities:
            line.authenticate("PLAIN", lambda _: f"\0{plan.username}\0{password}".encode())
        elif "LOGINDISABLED" in line.capabilities:
            advice = "set security to tls or starttls"
            raise MailboxUnavailable(f"imap {plan}: takes no password on this line - {advice}")
        else:
            line.login(_quoted(plan.username), password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        problem = "login refused - check username and password"
        if is_for_now(str(error)):
            problem = "nobody can log in now - it is tried again"
        raise MailboxUnavailable(f"imap {plan}: {problem}") from error


def folder_name(folder: str) -> str:
    r"""A folder's name as it is sent: in quotes, other letters in modified UTF-7 (RFC 3501, 5.1.3).

    >>> folder_name("INBOX"), folder_name("Zurück & weg")
    ('"INBOX"', '"Zur&APw-ck &- weg"')
    """
    written, other = "", ""
    for sign in [*folder, ""]:
        if sign and not " " <= sign <= "~":
            other += sign
            continue
        if other:
            coded = base64.b64encode(other.encode("utf-16-be"), b"+,").decode().rstrip("=")
            written, other = f"{written}&{coded}-", ""
        written += "&-" if sign == "&" else sign
    return _quoted(written)


def is_for_now(words: str) -> bool:
    """Whether a server says that what it does not do is no fault of ours (RFC 5530)."""
    return any(f"[{code}" in words.upper() for code in _FOR_NOW)


def says(answer: Sequence[Any]) -> str:
    """A server's words in one line."""
    words = (one.decode("utf-8", "replace") for one in answer if isinstance(one, bytes))
    return one_line(" ".join(words))[:MOST_WORDS]


def why_not(error: Exception, seconds: float, hide: Callable[[str], str]) -> str:
    """What went wrong on a line, and what to do."""
    problem, advice = "cannot be read", "it is tried again"
    match error:
        case ssl.SSLCertVerificationError():
            problem = f"certificate not trusted ({error.verify_message})"
            advice = "ask who runs it, or name its authority in ca_file"
        case ssl.SSLError():
            problem = "no encrypted connection"
            advice = "check port and security (tls or starttls)"
        case socket.gaierror():
            problem, advice = "no such host", "check 'host'"
        case TimeoutError():
            problem = f"did not answer within {seconds:g} seconds"
            advice = "check host and port"
        case imaplib.IMAP4.error() | ValueError():
            words = hide(one_line(str(error)))[:MOST_WORDS]
            problem = f"the line broke, or was not understood ({words})"
        case OSError():
            problem = f"no connection ({error.strerror or 'refused'})"
            advice = "check host and port"
    return f"{problem} - {advice}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
