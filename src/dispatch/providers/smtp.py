"""Any mail server, by SMTP (RFC 5321), over connections that stay open between mails.

Where the conversation breaks decides what is known. Before the end of the mail has left, nothing
was sent; between that and its answer anything may be; after the answer it is as the answer says.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, Field, SecretStr, model_validator

from dispatch.channels.smtp.login import Security, SmtpLogin
from dispatch.channels.smtp.wires import SmtpWires
from dispatch.plugin import (
    Capabilities,
    Carries,
    Clock,
    Mail,
    Outcome,
    ProviderError,
    Ready,
    WorkspacePath,
)

if TYPE_CHECKING:
    import httpx

    from dispatch.channels.smtp.wire import SmtpWire

PORTS = {"starttls": 587, "tls": 465, "none": 25}

AT_ONCE = 60.0
"""Seconds of one look for answers; the option `timeout` decides when one is late."""


class SmtpOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    host: str = Field(description="the server's name", min_length=1, examples=["smtp.example.org"])
    security: Security = Field(default="starttls", description="how the connection is encrypted")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="587 (starttls), 465 (tls) or 25 (none) if absent"
    )
    username: str = Field(default="", description="login, if the server asks for one")
    password: SecretStr = Field(default=SecretStr(""), description="password of that login")
    timeout: float = Field(
        default=60,
        gt=0,
        le=600,
        description="seconds for each answer as a whole, and for reaching the server",
    )
    ca_file: WorkspacePath | None = Field(
        default=None, description="certificate of a private authority to trust, in PEM"
    )
    mails_per_connection: int = Field(
        default=1000, ge=1, description="after so many mails a connection is replaced by a new one"
    )
    in_flight: int = Field(
        default=1,
        ge=1,
        le=20,
        description="mails that each connection may carry without an answer, if the server knows"
        " CHUNKING; after a crash up to connections x in_flight mails can be unknown",
    )

    @model_validator(mode="after")
    def _login_is_whole(self) -> "SmtpOptions":
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("username and password belong together - give both or neither")
        return self


class Smtp:
    """Hands mails to one server: one at a time, or many over a wire."""

    Options: ClassVar[type[BaseModel]] = SmtpOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_mail=True,
        keeps_envelope=True,
        returns_to="{sender}",  # MAIL FROM is the address in From
        source="https://www.rfc-editor.org/rfc/rfc5321",
        evidence="live",
    )

    def __init__(self, options: SmtpOptions, http: "httpx.Client", clock: Clock) -> None:  # noqa: ARG002
        self._login = SmtpLogin(
            host=options.host,
            port=options.port or PORTS[options.security],
            security=options.security,
            username=options.username,
            password=options.password.get_secret_value(),
            timeout=options.timeout,
            ca_file=options.ca_file,
        )
        self._wires = SmtpWires(self._login, options.mails_per_connection, options.in_flight)
        self._own: SmtpWire | None = None

    @property
    def wires(self) -> SmtpWires:
        """What opens wires in whichever process."""
        return self._wires

    def __str__(self) -> str:
        return str(self._login)

    def send(self, batch: Sequence[Mail]) -> Sequence[Outcome]:
        """Hand over the one mail, and wait for what becomes of it."""
        [mail] = batch
        self._own = self._own or self.open_wire(1)
        try:
            return [_send(mail, self._own)]
        except ProviderError:
            raise
        except BaseException:
            self.close()  # an answer may still be unread, and must not be taken for the next one
            raise

    def open_wire(self, connections: int) -> "SmtpWire":
        """A wire of at most this many connections, opened as they are needed."""
        return self._wires.open_wire(connections)

    def check(self) -> str:
        """The server and login, after connecting, encrypting and logging in."""
        return self._login.check()

    def close(self) -> None:
        """End the connection of `send`, if there is one."""
        own, self._own = self._own, None
        if own is not None:
            own.close()


def _send(mail: Mail, wire: "SmtpWire") -> Outcome:
    wire.offer([mail])
    while True:
        for _, what in wire.poll(AT_ONCE):
            if isinstance(what, ProviderError):
                raise what
            if isinstance(what, Ready):
                wire.hand_over([mail])
            else:
                return what
