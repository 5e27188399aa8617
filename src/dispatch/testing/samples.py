"""Messages, posts and people to test with, the awkward ones included."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dispatch.channels.mail.headers import mail_address
from dispatch.channels.mail.mime import needs_smtputf8, to_mime
from dispatch.model.delivery.message import (
    Address,
    EmailForm,
    EmailMessage,
    FilledEmail,
    Mail,
    SocialMessage,
)
from dispatch.model.intake.feed import Image
from dispatch.model.intake.post import Post
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.placeholders import Place, Placeholder

LETTER = Address("lettre@example.org", "La Lettre")

SUBSCRIBERS = (
    Subscriber(1, "ada@example.org", "Ada Lovelace", "en", "Europe/London", ("ai",), "weekly"),
    Subscriber(2, "jerome@example.org", "Jérôme Aîné-Dœuf", "fr", "Europe/Paris"),
    Subscriber(3, "o'neil+news@example.org", 'Sean "Shay" O\'Neil, Jr.', "en"),
    Subscriber(4, "yuki@example.org", "山田 雪", "ja", "Asia/Tokyo"),
    Subscriber(5, "nobody@example.org"),
    Subscriber(6, "bücher@bücher.example", "Bücher <GmbH>", "de"),
    Subscriber(7, "sam@xn--bcher-kva.example", "{{ name }} & <b>Söhne</b>", "de"),
    Subscriber(8, "inject@example.org", "Eve\r\nBcc: all@example.org"),
    Subscriber(9, "flags@example.org", "🏳️‍🌈 Zoë 👩‍💻", "en"),
    Subscriber(10, "long@example.org", "Wolfeschlegelsteinhausenbergerdorff" * 4, "de"),
)


def an_email(number: int = 1, **changes: Any) -> EmailMessage:
    """A digest as render makes them; each `number` is another delivery to another reader."""
    leave = f"https://news.example.org/leave/{'t' * 160}{number}"
    message = EmailMessage(
        id=f"delivery-{number}",
        message_id=f"<delivery-{number}@news.example.org>",
        sender=LETTER,
        to=Address(f"reader{number}@example.org", f"Reader {number}"),
        subject="Créer avec l’IA : les nouvelles de la semaine",
        text="Bonjour,\n\nvoici les nouvelles.\n.\nFrom here on: a line that a dot begins\n",
        html="<!doctype html><html><body><p>Voici les nouvelles.</p></body></html>",
        headers=(
            ("List-Id", "La Lettre <weekly.news.example.org>"),
            ("List-Unsubscribe", f"<{leave}>, <mailto:leave+{number}@news.example.org>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )
    return replace(message, **changes)


A_FORM = EmailForm(
    sender=LETTER,
    subject=("Créer avec l’IA, ", Placeholder("name", Place.PLAIN)),
    text=(
        "Bonjour ",
        Placeholder("name", Place.PLAIN),
        ",\n\nvoici les nouvelles.\n.\nPour partir : https://news.example.org/leave/",
        Placeholder("token", Place.PLAIN),
        "\n",
    ),
    html=(
        '<!doctype html><html><body><p title="',
        Placeholder("name", Place.ATTRIBUTE),
        '">Bonjour ',
        Placeholder("name", Place.HTML),
        '</p><a href="https://news.example.org/leave/',
        Placeholder("token", Place.ATTRIBUTE),
        '">Partir</a></body></html>',
    ),
    headers=(
        ("List-Id", ("La Lettre <weekly.news.example.org>",)),
        (
            "List-Unsubscribe",
            (
                "<https://news.example.org/leave/",
                Placeholder("token", Place.PLAIN),
                ">, <mailto:lettre@example.org?subject=unsubscribe%20",
                Placeholder("token", Place.PLAIN),
                ">",
            ),
        ),
        ("List-Unsubscribe-Post", ("List-Unsubscribe=One-Click",)),
    ),
    names=("name", "token"),
)
"""A digest with all kinds of places: in its subject, its texts, an attribute and a header."""


def a_filled(number: int = 1, *, form: EmailForm = A_FORM, **changes: Any) -> FilledEmail:
    """A digest in a form that all of them share; each `number` is another reader's."""
    email = an_email(number)
    values = (email.to.name, f"{'t' * 160}{number}")
    filled = FilledEmail(email.id, email.message_id, email.to, form, values)
    return filled._replace(**changes)


def a_mail(number: int = 1, **changes: Any) -> Mail:
    """The digest of `an_email` as it goes over the wire; `changes` are the digest's."""
    message = an_email(number, **changes)
    return Mail(
        id=message.id,
        sender=mail_address(message.sender.email),
        recipient=mail_address(message.to.email),
        parts=(to_mime(message, date=datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),),
        utf8=needs_smtputf8(message),
    )


def a_snippet(number: int = 1, **changes: Any) -> SocialMessage:
    """A snippet as render makes them; each `number` is another delivery."""
    link = f"https://blog.example.org/posts/{number}"
    message = SocialMessage(
        id=f"delivery-{number}",
        text=f"Des images qui parlent — numéro {number} 🎨 {link}",
        link=link,
        title="Des images qui parlent",
        language="fr",
        image=Image(f"https://blog.example.org/images/{number}.jpg", "Une aquarelle bleue"),
        topics=("ia", "création"),
    )
    return replace(message, **changes)


def a_post(number: int = 1, **changes: Any) -> Post:
    """A post as feeds keeps them."""
    seen = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    post = Post(
        id=number,
        feed="blog",
        guid=f"https://blog.example.org/?p={number}",
        link=f"https://blog.example.org/posts/{number}",
        title=f"Des images qui parlent, numéro {number}",
        summary="Comment une aquarelle devient un récit.",
        content="<p>Comment une aquarelle devient un <em>récit</em>.</p>",
        authors=("Ada Lovelace",),
        topics=("ia", "création"),
        image=Image(f"https://blog.example.org/images/{number}.jpg", "Une aquarelle bleue"),
        language="fr",
        published=seen,
        updated=None,
        first_seen=seen,
    )
    return replace(post, **changes)


def a_png(width: int = 120, height: int = 40) -> bytes:
    """A picture of one grey, as the bytes of a file."""
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    sides = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", sides), (b"IDAT", rows), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
