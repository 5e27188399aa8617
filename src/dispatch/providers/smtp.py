"""Any mail server, by SMTP (RFC 5321), over connections that stay open between mails.

Where the conversation breaks decides what is known. Before the final dot nothing was sent;
between the dot and its answer anything may be; after the answer it is as the answer says.
smtplib's own `sendmail` does not tell these apart, so its commands are given one by one.
Its errors are all OSErrors.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import ClassVar, Literal

import httpx
from pydantic import BaseModel, Field, SecretStr, model_validator

from dispatch.channels.headers import mail_address
from dispatch.channels.mime import needs_smtputf8, to_mime
from dispatch.channels.options import WorkspacePath
from dispatch.channels.provider import Capabilities, Carries
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    MessageUnusable,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.message import Accepted, EmailMessage, Outcome, Refused

PORTS = {"starttls": 587, "tls": 465, "none": 25}
HOW = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}

MAILS_PER_CONNECTION = 100
"""Then a new connection is made: some servers allow no more, and load is spread anew."""

TOO_LARGE = 552
"""Said of one mail, although at MAIL (RFC 1870, 6.1)."""

LOGIN_NEEDED = frozenset({530, 534, 535, 538})
"""Replies about the account and not the mail (RFC 4954, 6)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What goes over the wire; `utf8`: the server has to know SMTPUTF8 (RFC 6531)."""

    sender: str
    recipient: str
    data: bytes
    utf8: bool


class NotTakenError(Exception):
    """The server's no to one command, before anything was sent or instead of taking it."""

    def __init__(self, command: str, code: int, words: bytes) -> None:
        self.command = command
        self.code = code
        self.words = " ".join(words.decode("utf-8", "replace").split())[:300]
        super().__init__(f"{code} {self.words}")


class SmtpOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    host: str = Field(description="the server's name", min_length=1, examples=["smtp.example.org"])
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the connection is encrypted"
    )
    port: int | None = Field(
        default=None, ge=1, le=65535, description="587 (starttls), 465 (tls) or 25 (none) if absent"
    )
    username: str = Field(default="", description="login, if the server asks for one")
    password: SecretStr = Field(default=SecretStr(""), description="password of that login")
    timeout: float = Field(default=60, gt=0, le=600, description="seconds to wait for each answer")
    ca_file: WorkspacePath | None = Field(
        default=None, description="certificate of a private authority to trust, in PEM"
    )

    @model_validator(mode="after")
    def _login_is_whole(self) -> "SmtpOptions":
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("username and password belong together - give both or neither")
        return self


class Smtp:
    """Hands mails to one server, one at a time."""

    Options: ClassVar[type[BaseModel]] = SmtpOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        source="https://www.rfc-editor.org/rfc/rfc5321",
        evidence="live",
    )

    def __init__(self, options: SmtpOptions, http: httpx.Client, clock: Clock) -> None:  # noqa: ARG002
        self._options = options
        self._clock = clock
        self._port = options.port or PORTS[options.security]
        self._line: smtplib.SMTP | None = None
        self._mails = 0

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Hand over the one mail."""
        [message] = batch
        try:
            return [self._hand_over(self._mail(message))]
        except MessageUnusable as error:
            return [Refused(str(error))]
        except NotTakenError as no:
            self._reset()
            return [self._refused(no)]
        except OSError as error:
            self.close()
            raise ProviderUnavailable(
                f"{self}: the line broke before the mail was sent - it is tried again"
            ) from error
        except BaseException:
            self.close()  # an answer may still be unread, and must not be taken for the next one
            raise

    def check(self) -> str:
        """The server and login, after connecting, encrypting and logging in."""
        line = self._connect()
        try:
            line.noop()
        except OSError as error:
            raise ProviderUnavailable(f"{self}: the line broke - try again later") from error
        finally:
            _hang_up(line)
        login = f" as {self._options.username}" if self._options.username else ""
        return f"{self._options.host}:{self._port}{login} ({HOW[self._options.security]})"

    def close(self) -> None:
        """End the connection, if there is one."""
        line, self._line = self._line, None
        if line is not None:
            _hang_up(line)

    def __str__(self) -> str:
        return f"smtp: {self._options.host}:{self._port}"

    # One mail.

    def _mail(self, message: EmailMessage) -> Mail:
        return Mail(
            mail_address(message.sender.email),
            mail_address(message.to.email),
            to_mime(message, date=self._clock()),
            utf8=needs_smtputf8(message),
        )

    def _hand_over(self, mail: Mail) -> Outcome:
        line = self._begin(mail)
        _say(line, f"RCPT TO:<{mail.recipient}>", success=2)
        _say(line, "DATA", success=3)
        self._line = None  # until the answer is there, nothing else may be said on this line
        try:
            line.send(re.sub(rb"(?m)^\.", b"..", mail.data))
        except smtplib.SMTPServerDisconnected:
            line.close()
            raise  # without the final dot the server must not take the mail
        return self._finish(line)

    def _begin(self, mail: Mail) -> smtplib.SMTP:
        """Say MAIL, on the open connection if there is one and the server still listens."""
        if self._mails >= MAILS_PER_CONNECTION:
            self.close()
        if self._line is not None:
            try:
                return self._say_mail(self._line, mail)
            except OSError:
                self.close()
            except NotTakenError as no:
                if no.code // 100 != 4:
                    raise
                self.close()  # idle for too long, or too many mails: a new line may do
        self._line, self._mails = self._connect(), 0
        return self._say_mail(self._line, mail)

    def _say_mail(self, line: smtplib.SMTP, mail: Mail) -> smtplib.SMTP:
        extras = f" SIZE={len(mail.data)}" if line.has_extn("size") else ""
        line.command_encoding = "ascii"
        if mail.utf8:
            if not line.has_extn("smtputf8"):
                raise MessageUnusable(
                    "address: the mail server takes no such letters in front of the @"
                    " - use a server that knows SMTPUTF8"
                )
            line.command_encoding = "utf-8"
            extras += " BODY=8BITMIME SMTPUTF8"
        _say(line, f"MAIL FROM:<{mail.sender}>{extras}", success=2)
        self._mails += 1
        return line

    def _finish(self, line: smtplib.SMTP) -> Outcome:
        """Send the final dot and read the answer: the only stretch where nobody knows."""
        try:
            line.send(b".\r\n")
            code, words = line.getreply()
        except OSError as error:
            line.close()
            raise OutcomeUnknown(
                f"{self}: the line broke before the answer - look in the server's log"
            ) from error
        if code // 100 not in {2, 4, 5}:
            line.close()
            raise OutcomeUnknown(f"{self}: unreadable answer - look in the server's log")
        self._line = line
        if code // 100 != 2:
            raise NotTakenError("the mail", code, words)
        queued = re.search(rb"queued as ([!-~]+)", words)
        return Accepted(queued[1].decode() if queued else "")

    def _refused(self, no: NotTakenError) -> Refused:
        """What the server's no means: for this mail, or for all of them."""
        if no.code in LOGIN_NEEDED:
            raise CredentialsRefused(
                f"{self}: account not accepted ({no}) - check username and password"
            ) from no
        if no.code // 100 == 5 and no.command.startswith("MAIL") and no.code != TOO_LARGE:
            # Said of the sender: the next mail would be refused too, and so would everybody's.
            raise CredentialsRefused(
                f"{self}: sender not accepted ({no}) - use one this account may send from"
            ) from no
        if no.code // 100 == 5:
            return Refused(str(no))
        if no.code == 421 or no.code // 100 != 4:
            self.close()
            raise ProviderUnavailable(f"{self}: takes no mail now ({no}) - tried again") from no
        if no.command.startswith("MAIL"):  # said of the sender, so it holds for everybody
            raise RateLimited(f"{self}: takes no mail now ({no}) - sending goes on later") from no
        raise TryLater(f"{self}: not taken now ({no}) - it is tried again") from no

    def _reset(self) -> None:
        """Forget a mail that was begun, so that the next one starts clean."""
        if self._line is None:
            return
        try:
            self._line.rset()
        except OSError:
            self.close()

    # The connection.

    def _connect(self) -> smtplib.SMTP:
        """A connection, encrypted and logged in as the options ask."""
        with self._explained():
            line = self._dial()
            try:
                if self._options.security == "starttls":
                    self._encrypt(line)
                line.ehlo_or_helo_if_needed()
                if self._options.username:
                    self._log_in(line)
            except BaseException:
                line.close()
                raise
        if line.sock:
            # The final dot is a packet of its own; it must not wait for an acknowledgement.
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _dial(self) -> smtplib.SMTP:
        host, timeout = self._options.host, self._options.timeout
        if self._options.security == "tls":
            return smtplib.SMTP_SSL(host, self._port, timeout=timeout, context=self._trust())
        return smtplib.SMTP(host, self._port, timeout=timeout)

    def _encrypt(self, line: smtplib.SMTP) -> None:
        try:
            line.starttls(context=self._trust())
        except smtplib.SMTPNotSupportedError as error:
            raise ProviderUnavailable(
                f"{self}: offers no STARTTLS - check the port, or set security to tls"
            ) from error

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._options.ca_file)
        except OSError as error:
            raise ProviderUnavailable(
                f"{self}: certificate file {self._options.ca_file} unreadable - correct ca_file"
            ) from error

    def _log_in(self, line: smtplib.SMTP) -> None:
        # No causes here: smtplib's errors can hold what was sent, and so the password.
        password = self._options.password.get_secret_value()
        try:
            line.login(self._options.username, password)
        except smtplib.SMTPAuthenticationError as error:
            no = NotTakenError("AUTH", error.smtp_code, _as_bytes(error.smtp_error))
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
            no = NotTakenError("greeting", error.smtp_code, _as_bytes(error.smtp_error))
            problem = f"turned us away ({no}) - ask who runs it"
            raise ProviderUnavailable(f"{self}: {problem}") from error
        except smtplib.SMTPException as error:
            problem = "hung up while greeting - check port and security"
            raise ProviderUnavailable(f"{self}: {problem}") from error
        except OSError as error:
            raise ProviderUnavailable(f"{self}: {_why(error)}") from error


def _say(line: smtplib.SMTP, command: str, *, success: int) -> None:
    code, words = line.docmd(command)
    if code // 100 != success:
        raise NotTakenError(command, code, words)


def _hang_up(line: smtplib.SMTP) -> None:
    with suppress(OSError):
        line.quit()
    line.close()


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
