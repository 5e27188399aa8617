"""What one recipient or account gets, and what a provider says at once."""

from dataclasses import dataclass, field

from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Image


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: `email` as written, `name` as shown."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """A digest for one recipient.

    `id` stays the same for the same delivery, however often it is tried; `message_id` is
    derived from it, with angle brackets. `headers` are the further ones, in order.
    `pictures` go with it, as `html` shows them by `cid:` and their `content_id`.
    """

    id: str
    message_id: str
    sender: Address
    to: Address
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A digest as it goes over the wire, for providers that take finished mails.

    `id` stays the same for the same delivery. `sender` and `recipient` are the envelope's
    addresses; `utf8` says that one of them needs SMTPUTF8 (RFC 6531). `parts` together are the
    whole mail: CRLF line ends, at most 998 bytes in a line, not yet dot-stuffed; with `dotless` no
    line in it begins with a dot, and nobody has to look for one. They are parts because most of
    them are the same bytes for all readers, which need not be copied.
    """

    id: str
    sender: str
    recipient: str
    parts: tuple[bytes, ...]
    utf8: bool = False
    dotless: bool = False

    @property
    def data(self) -> bytes:
        """The whole mail in one piece."""
        return b"".join(self.parts)

    @property
    def size(self) -> int:
        """How many bytes the mail has."""
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class SocialMessage:
    """A snippet for one account; `id` stays the same for the same delivery."""

    id: str
    text: str
    link: str = ""
    title: str = ""
    language: str = ""
    image: Image | None = None
    topics: tuple[str, ...] = field(default=())


Message = EmailMessage | Mail | SocialMessage


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `id` is its name for it, or empty."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not take this message, now or later, for the reason it gave.

    Not `sure`: the reason may be the account's as well, and where it is given to people of
    different domains in a row, it is.
    """

    reason: str
    sure: bool = field(default=True, compare=False)


Outcome = Accepted | Refused
