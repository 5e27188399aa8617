"""What one recipient or account gets, and what a provider says at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Image
from dispatch.model.text.placeholders import Place, Placeholder, PlaceholderText, write_value
from dispatch.model.text.plain_text import one_line
from dispatch.model.text.threads import as_written


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


@dataclass(frozen=True, eq=False)
class EmailForm:
    """A digest written once for many readers, with placeholders where their own values go.

    `names` are those of the values that a `FilledEmail` has, in their order. `headers` are the
    further ones, as in an `EmailMessage`. Two forms are the same only if they are one object.
    """

    sender: Address
    subject: PlaceholderText
    text: PlaceholderText
    html: PlaceholderText
    headers: tuple[tuple[str, PlaceholderText], ...] = ()
    names: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @cached_property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """What is open, each once, in the order of reading.

        A name counts once for each `Place`, as its value is written differently there.
        """
        texts = (self.subject, *(value for _, value in self.headers), self.text, self.html)
        return tuple(
            dict.fromkeys(one for text in texts for one in text if isinstance(one, Placeholder))
        )

    def written(self, values: Sequence[str]) -> list[str]:
        """A reader's values as they are written at each of `placeholders`."""
        return [write_value(values[index], place) for index, place in self._places]

    @cached_property
    def _places(self) -> list[tuple[int, Place]]:
        index = {name: at for at, name in enumerate(self.names)}
        return [(index[one.name], one.place) for one in self.placeholders]


class FilledEmail(NamedTuple):
    """A digest for one recipient, as a form that many share and the values that are theirs.

    `id`, `message_id` and `to` are as in an `EmailMessage`; `values` are in the order of the form's
    `names`. A digest that no other reader gets has a form of its own, without placeholders.
    A tuple, as there is one for each reader, and to make one of those is quicker.
    """

    id: str
    message_id: str
    to: Address
    form: EmailForm
    values: Sequence[str] = ()

    @property
    def written(self) -> list[str]:
        """The values as they are written at each of the form's `placeholders`."""
        return self.form.written(self.values)

    @property
    def email(self) -> EmailMessage:
        """The same with every value in its place."""
        form = self.form
        written = dict(zip(form.placeholders, self.written, strict=True))

        def fill(text: PlaceholderText) -> str:
            return "".join(one if isinstance(one, str) else written[one] for one in text)

        return EmailMessage(
            self.id,
            self.message_id,
            form.sender,
            self.to,
            subject=one_line(fill(form.subject)),
            text=fill(form.text),
            html=fill(form.html),
            headers=tuple((name, fill(value)) for name, value in form.headers),
            pictures=form.pictures,
        )


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
class SocialPicture:
    """A picture for a network, fitted to what it takes: `kind` such as image/jpeg, sides in pixels.

    `alt` says what it shows to those who do not see it.
    """

    data: bytes = field(repr=False)
    kind: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands below a post for its link, where the network does not look that up itself."""

    link: str
    title: str
    description: str = ""
    picture: SocialPicture | None = None


@dataclass(frozen=True, slots=True)
class SocialMessage:
    """A snippet for one account; `id` stays the same for the same delivery.

    `image` is where the post's picture is, `picture` the picture itself, where the provider takes
    such. `thread` are the texts that answer to `text`, in order, where the provider takes threads.
    `warning` is shown before the text, which is then hidden until somebody asks for it. With
    `mentions`, "@name" in the text is to tell that account; without, nobody. `appears` is when the
    network is to show it, None: at once.
    """

    id: str
    text: str
    link: str = ""
    title: str = ""
    language: str = ""
    image: Image | None = None
    topics: tuple[str, ...] = field(default=())
    picture: SocialPicture | None = None
    card: Card | None = None
    thread: tuple[str, ...] = ()
    warning: str = ""
    mentions: bool = False
    appears: datetime | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of all its posts, in order: one, or those of a thread."""
        return self.text, *self.thread

    @property
    def whole(self) -> str:
        """All of it, as somebody may write it."""
        return as_written(self.texts)


Message = EmailMessage | FilledEmail | Mail | SocialMessage


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `id` is its name for it, or empty.

    Of a post on a network, `address` is where people see it, and `others` are the names of those
    that follow it in a thread, in order.
    """

    id: str = ""
    address: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not take this message, now or later, for the reason it gave.

    Not `sure`: the reason may be the account's as well, and where it is given to people of
    different domains in a row, it is.
    """

    reason: str
    sure: bool = field(default=True, compare=False)


Outcome = Accepted | Refused
