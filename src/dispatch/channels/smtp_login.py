"""A connection to a mail server: opened, encrypted and logged in by the standard library."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from dispatch.channels.smtp_answers import not_taken
from dispatch.errors import CredentialsRefused, ProviderUnavailable

Security = Literal["starttls", "tls", "none"]

HOW = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}


@dataclass(slots=True)
class SmtpLogin:
    """Where to connect and as whom; several threads may open connections with it."""

    host: str
    port: int
    security: Security
    username: str
    password: SecretStr
    timeout: float
    ca_file: Path | None
    _context: ssl.SSLContext | None = None
    _own_name: str | None = None

    def __str__(self) -> str:
        return f"smtp: {self.host}:{self.port}"

    def connect(self) -> smtplib.SMTP:
        """A connection on which mail can be sent.

        Raises ProviderUnavailable or CredentialsRefused.
        """
        with self._explained():
            line = self._dial()
            try:
                if self.security == "starttls":
                    self._encrypt(line)
                line.ehlo_or_helo_if_needed()
                if self.username:
                    self._log_in(line)
            except BaseException:
                line.close()
                raise
        self._own_name = line.local_hostname  # found by asking DNS, which once is enough for
        if line.sock:
            # The end of a mail is a packet of its own; it must not wait for an acknowledgement.
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def check(self) -> str:
        """The server and login, after connecting, encrypting and logging in."""
        line = self.connect()
        try:
            line.noop()
        except OSError as error:
            raise ProviderUnavailable(f"{self}: the line broke - try again later") from error
        finally:
            with suppress(OSError):
                line.quit()
            line.close()
        login = f" as {self.username}" if self.username else ""
        return f"{self.host}:{self.port}{login} ({HOW[self.security]})"

    def _dial(self) -> smtplib.SMTP:
        name = self._own_name
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=self.timeout, context=self._trust()
            )
        return smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)

    def _encrypt(self, line: smtplib.SMTP) -> None:
        try:
            line.starttls(context=self._trust())
        except smtplib.SMTPNotSupportedError as error:
            raise ProviderUnavailable(
                f"{self}: offers no STARTTLS - check the port, or set security to tls"
            ) from error

    def _trust(self) -> ssl.SSLContext:
        if self._context is None:  # reading all authorities takes longer than a handshake
            try:
                self._context = ssl.create_default_context(cafile=self.ca_file)
            except OSError as error:
                raise ProviderUnavailable(
                    f"{self}: certificate file {self.ca_file} unreadable - correct ca_file"
                ) from error
        return self._context

    def _log_in(self, line: smtplib.SMTP) -> None:
        # No causes here: smtplib's errors can hold what was sent, and so the password.
        password = self.password.get_secret_value()
        try:
            line.login(self.username, password)
        except smtplib.SMTPAuthenticationError as error:
            no = not_taken("AUTH", error.smtp_code, _as_bytes(error.smtp_error))
            words = str(no).replace(password, "***")
            if no.code // 100 == 4:
                raise ProviderUnavailable(f"{self}: no login now ({words}) - tried again") from None
            raise CredentialsRefused(
                f"{self}: login not accepted ({words}) - check username and password"
            ) from None
        except UnicodeError:
            raise CredentialsRefused(
                f"{self}: username or password has letters that SMTP cannot send - change it"
            ) from None
        except smtplib.SMTPServerDisconnected:
            raise ProviderUnavailable(f"{self}: hung up at the login - tried again") from None
        except smtplib.SMTPException:
            raise CredentialsRefused(
                f"{self}: offers no login that we know - check port and security"
            ) from None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in words why no connection came about; nothing was sent in any case."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            no = not_taken("greeting", error.smtp_code, _as_bytes(error.smtp_error))
            problem = f"turned us away ({no}) - ask who runs it"
            raise ProviderUnavailable(f"{self}: {problem}") from error
        except smtplib.SMTPException as error:
            problem = "hung up while greeting - check port and security"
            raise ProviderUnavailable(f"{self}: {problem}") from error
        except OSError as error:
            raise ProviderUnavailable(f"{self}: {_why(error)}") from error


def _why(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"certificate not trusted ({error.verify_message}) - ask who runs it"
        case ssl.SSLError():
            return "no encrypted connection - check port and security (tls or starttls)"
        case socket.gaierror():
            return "no such host - check the option 'host'"
        case TimeoutError():
            return "did not answer - check host and port"
    return f"no connection ({error.strerror or 'refused'}) - check host and port"


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
