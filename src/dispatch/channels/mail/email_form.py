"""An email as a form that many readers share, for providers that write the mails themselves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from dispatch.channels.mail.form import Marks
from dispatch.channels.mail.headers import mail_address
from dispatch.channels.mail.mime import head_fields
from dispatch.model.delivery.message import Address, EmailForm, EmailMessage, FilledEmail
from dispatch.model.text.placeholders import Place, Placeholder, PlaceholderText, fill
from dispatch.model.text.plain_text import one_line

KEY = 66
"""What a key counts: so that 150 of them, which is all that SendGrid takes, come to 10,000."""

MOST_OF_CHARACTER = 6
"""Bytes that one character of a value may become: `&quot;` or `&nbsp;`."""


def email_form(
    pattern: EmailMessage,
    *,
    marks: Marks,
    subject: PlaceholderText,
    text: PlaceholderText,
    html: PlaceholderText,
    names: Sequence[str],
    date: datetime,
) -> EmailForm:
    """The form of a variant, from what a `MailForm` is made of; the token is the last of `names`.

    Raises MessageUnusable where a header is impossible for everybody.
    """
    _check_headers(pattern, date)
    stands_for = {marks.token: Placeholder(names[-1], Place.PLAIN)}
    return EmailForm(
        pattern.sender,
        subject,
        text,
        html,
        tuple((name, tuple(_cut(value, stands_for))) for name, value in pattern.headers),
        tuple(names),
        pattern.pictures,
    )


def filled_alone(message: EmailMessage, *, date: datetime) -> FilledEmail:
    """A mail that one reader gets, as a form without placeholders.

    Raises MessageUnusable where an address or a header is impossible.
    """
    _check_headers(message, date)
    form = EmailForm(
        message.sender,
        (one_line(message.subject),),
        (message.text,),
        (message.html,),
        tuple((name, (value,)) for name, value in message.headers),
        pictures=message.pictures,
    )
    return FilledEmail(message.id, message.message_id, address_of(message.to), form)


def has_too_many_values(email: FilledEmail, most: int) -> bool:
    """Whether a reader's own values come to more than `most`, as `size_of_values` counts them."""
    # What is certain is told at once: nearly everybody's come to far less.
    times, constant = _bound(email.form)
    return constant + times * sum(map(len, email.values)) > most and size_of_values(email) > most


@lru_cache(maxsize=64)  # a form is the same for call after call
def _bound(form: EmailForm) -> tuple[int, int]:
    """What one character of a value comes to at most in a call, and all the rest of the values."""
    names = [one.name for one in (*form.placeholders, *_placeholders(form.subject))]
    often = max(map(names.count, names), default=0)
    subject = MOST_OF_CHARACTER * sum(len(one) for one in form.subject if isinstance(one, str))
    return often * MOST_OF_CHARACTER, KEY * (len(form.placeholders) + 1) + subject


def _placeholders(text: PlaceholderText) -> Iterator[Placeholder]:
    return (part for part in text if isinstance(part, Placeholder))


def size_of_values(email: FilledEmail) -> int:
    """How much a reader's own values come to in a call: their bytes, and a key for each of them.

    A subject with placeholders is one value more, as services get it.
    """
    size = sum(KEY + len(value.encode()) for value in email.written)
    subject = email.form.subject
    if any(_placeholders(subject)):
        values = dict(zip(email.form.names, email.values, strict=True))
        size += KEY + len(fill(subject, values).encode())
    return size


def address_of(to: Address) -> Address:
    """The recipient as a service can be given it: the name on one line, the domain in ASCII.

    Raises MessageUnusable where it is no address.
    """
    email = mail_address(to.email)
    name = one_line(to.name)
    return to if (email, name) == (to.email, to.name) else Address(email, name)


def _check_headers(message: EmailMessage, date: datetime) -> None:
    for _ in head_fields(replace(message, to=message.sender), date):
        pass


def _cut(value: str, stands_for: Mapping[str, Placeholder]) -> Iterator[str | Placeholder]:
    for piece in re.split("(" + "|".join(map(re.escape, stands_for)) + ")", value):
        if piece:
            yield stands_for.get(piece, piece)
