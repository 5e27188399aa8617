"""The keys of the mailbox that gets what mail servers send back."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, field_validator, model_validator

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import Duration, Text
from dispatch.model.delivery.bounce_mailbox import SEPARATOR, BounceMailbox, ImapPlan

MOST_LOCAL = 26
"""Letters in front of the @: what dispatch adds has up to 38, and mail allows 64 (RFC 5321)."""

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=1)
"""Who bounces is mailed again until the mailbox is read."""

PORTS = {"tls": 993, "starttls": 143, "none": 143}


def _address(text: str) -> str:
    address = checked_address(text)
    local = address.rpartition("@")[0]
    if not local.isascii() or local.startswith('"'):
        raise InvalidValueError(
            "has more than plain letters in front of the @, which many servers do not send back to",
            "use one such as bounces@example.org",
        )
    if SEPARATOR in local:
        raise InvalidValueError(
            "has a + in front of the @, which is where dispatch adds which mail it was",
            "use one without it, such as bounces@example.org",
        )
    if len(local) > MOST_LOCAL:
        raise InvalidValueError(
            f"has more than {MOST_LOCAL} letters in front of the @, and no room for which mail it"
            " was",
            "use a shorter one, such as bounces@example.org",
        )
    return address


def _password(reference: str) -> str:
    kind, _, name = reference.strip().partition(":")
    if kind not in {"env", "file"} or not name:
        # Not shown: perhaps it is the secret itself.
        advice = "put it in an environment variable and write its name"
        raise InvalidValueError(
            "secrets are named, never written", f"{advice}, such as env:BOUNCES_PASSWORD"
        )
    return reference.strip()


ReturnAddress = Annotated[
    str, AfterValidator(_address), WithJsonSchema({"type": "string", "format": "email"})
]
Password = Annotated[
    str, AfterValidator(_password), WithJsonSchema({"type": "string", "pattern": "^(env|file):.+$"})
]


def _host(text: str) -> str:
    if re.search(r"[/@\s]|^[^:]*:[^:]*$", text):
        raise InvalidValueError(
            f"{quoted(text)} is not the name of a host",
            "write the name alone, and the port in 'port'",
        )
    return text


class ImapKeys(Keys):
    """The account by which the mailbox is read."""

    host: Annotated[Text, AfterValidator(_host)] = Field(
        description="The mail server's name.", examples=["imap.example.org"]
    )
    username: Text = Field(description="The account's name there.", examples=["bounces"])
    password: Password = Field(
        description="Its password, named as env:NAME or file:PATH.",
        examples=["env:BOUNCES_PASSWORD"],
    )
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls",
        description="How the connection is encrypted; the certificate is checked. none: not at all,"
        " for a server on the same machine.",
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        strict=True,
        description="993 (tls) or 143 (starttls, none) by default.",
    )
    folder: Text = Field(default="INBOX", description="The folder that is read.")
    ca_file: Text | None = Field(
        default=None,
        description="Certificate of a private authority to trust, in PEM, seen from the workspace.",
        examples=["certificates/ours.pem"],
    )


class BouncesKeys(Keys):
    """The mailbox that gets what comes back; for channels whose mails carry our own sender."""

    address: ReturnAddress = Field(
        description="Its address. Mails have it as their envelope's sender, with '+' and a signed"
        " token that says which mail it was: the server must deliver such addresses to it.",
        examples=["bounces@example.org"],
    )
    imap: ImapKeys | None = Field(default=None, description="It is read by IMAP.")
    maildir: Text | None = Field(
        default=None,
        description="It is read from a Maildir on this machine, seen from the workspace.",
        examples=["/var/mail/bounces"],
    )
    every: Duration = Field(
        default_factory=lambda: timedelta(minutes=5),
        description="How often it is read; 5m by default.",
        examples=["5m"],
    )

    @field_validator("every")
    @classmethod
    def _is_bearable(cls, value: timedelta) -> timedelta:
        if not SHORTEST <= value <= LONGEST:
            raise InvalidValueError("is not between 1m and 1d", "write such as 5m")
        return value

    @model_validator(mode="before")
    @classmethod
    def _one_way(cls, keys: Any) -> Any:
        if isinstance(keys, dict) and ("imap" in keys) == ("maildir" in keys):
            if "imap" in keys:
                problem = "is read by imap or from a maildir, and not by both"
                raise InvalidValueError(problem, "remove one of them")
            raise InvalidValueError("does not say how it is read", "add imap or maildir below it")
        return keys


def to_bounce_mailbox(keys: BouncesKeys | None) -> BounceMailbox | None:
    """What `bounces:` says, if anything."""
    if keys is None:
        return None
    return BounceMailbox(keys.address, keys.every, _imap(keys.imap), keys.maildir or "")


def _imap(keys: ImapKeys | None) -> ImapPlan | None:
    if keys is None:
        return None
    return ImapPlan(
        keys.host,
        keys.port or PORTS[keys.security],
        keys.security,
        keys.username,
        keys.password,
        keys.folder,
        keys.ca_file or "",
    )
