"""A form is written once, and each reader's values are encoded for their place in it."""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import pytest

from dispatch.channels.mail.form import MailForm, Marks
from dispatch.channels.mail.mime import to_mime
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Address
from dispatch.model.text.placeholders import Place, Placeholder
from dispatch.testing.samples import SUBSCRIBERS, an_email

DATE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MARKS = Marks(id="slot-id-of-ours", token="slot-token-of-ours" * 3)
ADA = Address("ada@example.org", "Ada")
NAME, TOKEN = Placeholder("name", Place.PLAIN), Placeholder("token", Place.PLAIN)


def a_form(subject=("Hello",), text=("x",), html=("<p>x</p>",), **changes) -> MailForm:
    leave = f"https://news.example.org/leave/{MARKS.token}"
    pattern = an_email(
        message_id=f"<{MARKS.id}@news.example.org>",
        subject="".join(part for part in subject if isinstance(part, str)),
        headers=(("List-Unsubscribe", f"<{leave}>, <mailto:l@example.org?subject={MARKS.token}>"),),
    )
    return MailForm(
        replace(pattern, **changes),
        marks=MARKS,
        subject=subject,
        text=text,
        html=html,
        names=("name", "token"),
        date=DATE,
    )


def filled(form: MailForm, name: str = "Ada", to: Address = ADA) -> bytes:
    return b"".join(form.fill(to.email, to.name, "e1.7", [name, "7.abc.def"]))


def parsed(data: bytes):
    return email.message_from_bytes(data, policy=policy.default)


def texts(data: bytes) -> list[str]:
    return [part.get_content() for part in parsed(data).iter_parts()]


def test_each_reader_has_their_own_id_address_and_way_out():
    message = parsed(filled(a_form()))

    assert message["To"] == "Ada <ada@example.org>"
    assert message["Message-ID"] == "<e1.7@news.example.org>"
    assert message["List-Unsubscribe"] == (
        "<https://news.example.org/leave/7.abc.def>, <mailto:l@example.org?subject=7.abc.def>"
    )


@pytest.mark.parametrize("reader", SUBSCRIBERS, ids=lambda one: one.email)
def test_an_address_is_written_as_to_mime_writes_it(reader):
    to = Address(reader.email, reader.name)

    data = filled(a_form(), to=to)

    assert parsed(data)["To"] == parsed(to_mime(an_email(to=to), date=DATE))["To"]


@pytest.mark.parametrize("name", ["Ada", "é", "<&>\"'\xa0", "=41=", "x" * 500, ".", "🏳️‍🌈" * 40])
def test_a_value_is_written_for_its_place(name):
    in_text, in_attribute = Placeholder("name", Place.HTML), Placeholder("name", Place.ATTRIBUTE)
    form = a_form(
        text=(NAME, "\n", NAME, ".", NAME, NAME, "\n.é ", TOKEN, "\n"),
        html=("<p>", in_text, '</p><a title="', in_attribute, '">'),
    )

    plain, html = texts(filled(form, name))

    assert plain == f"{name}\r\n{name}.{name}{name}\r\n.é 7.abc.def\r\n"
    escaped = name.replace("&", "&amp;").replace("\xa0", "&nbsp;")
    words = escaped.replace("<", "&lt;").replace(">", "&gt;")
    title = escaped.replace('"', "&quot;")
    assert html == f'<p>{words}</p><a title="{title}">\r\n'


@pytest.mark.parametrize("name", [".", "..a", "a" * 80 + "." * 80, "é" * 99, "=" * 99])
def test_no_line_begins_with_a_dot_or_is_long(name):
    text = ("." * 300 + " ", NAME, "." * 100 + "\n.\n..\n", NAME, "\n.")

    data = filled(a_form(text=text), name)

    lines = data.split(b"\r\n")
    assert not any(line.startswith(b".") for line in lines)
    assert all(len(line) <= 76 for line in lines[lines.index(b"") :])
    assert texts(data)[0].replace("\r\n", "\n") == "".join(
        part if isinstance(part, str) else name for part in text
    ) + "\n"  # fmt: skip


@pytest.mark.parametrize("evil", ["x\r\nBcc: all@example.org", "x\n\nbody", "é\r\nBcc: a@b.c"])
def test_no_value_begins_a_header(evil):
    form = a_form(subject=("For ", NAME))

    message = parsed(filled(form, evil, to=Address("ada@example.org", evil)))

    assert message["Bcc"] is None
    assert message["Subject"] == "For " + " ".join(evil.split())


@pytest.mark.parametrize(
    ("message_id", "token"),
    [("e1.7\r\nBcc: a@b.c", "7.a.b"), ("e1 7", "7.a.b"), ("e1.7", "7>\r\nX: y"), ("e1.7", "")],
)
def test_refuses_an_id_or_token_that_is_no_word(message_id, token):
    with pytest.raises(MessageUnusable):
        a_form().fill(ADA.email, ADA.name, message_id, ["Ada", token])


def test_refuses_what_is_no_address():
    with pytest.raises(MessageUnusable):
        filled(a_form(), to=Address("ada@example.org\r\nRCPT TO:<b@c.d>"))


def test_refuses_headers_that_cannot_be_when_it_is_made():
    with pytest.raises(MessageUnusable):
        a_form(headers=(("Subject", "again"),))


def test_a_subject_with_a_slot_is_encoded_as_a_whole():
    data = filled(a_form(subject=("Für ", NAME, "!")), "Zoë " * 20)

    head = data.partition(b"\r\n\r\n")[0]
    assert parsed(data)["Subject"] == "Für " + "Zoë " * 20 + "!"
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]*\?=", head))
