"""A mail is written so that every mail program reads the same, and nothing can be slipped in."""

import email
import re
from datetime import UTC, datetime
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.channels.mail import headers
from dispatch.channels.mail.mime import needs_smtputf8, to_mime
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Address
from dispatch.testing.samples import SUBSCRIBERS, an_email

DATE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ONE_EACH = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "List-Unsubscribe")


def parsed(data):
    return email.message_from_bytes(data, policy=policy.default)


def raw_header(data, name):
    """The value as it is on the wire, unfolded."""
    head = data.partition(b"\r\n\r\n")[0].decode()
    unfolded = re.sub(r"\r\n(?=[ \t])", "", head)
    [value] = [
        line.partition(": ")[2] for line in unfolded.split("\r\n") if line.startswith(f"{name}:")
    ]
    return value


def assert_well_formed(data):
    """The RFC form of a mail: no defects, no bare line ends, short lines, one of each header."""
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]*\?=", data))
    assert data.endswith(b"\r\n")
    message = parsed(data)
    for part in message.walk():
        assert part.defects == []
        assert [defect for value in part.values() for defect in value.defects] == []
    for name in ONE_EACH:
        assert len(message.get_all(name, [])) == 1
    return message


# The parser calls every UTF-8 address a defect, so those that need SMTPUTF8 have a test below.
ASCII_PEOPLE = [one for one in SUBSCRIBERS if one.email.partition("@")[0].isascii()]


@pytest.mark.parametrize("subscriber", ASCII_PEOPLE, ids=lambda one: one.email)
def test_writes_a_well_formed_mail_to_anybody(subscriber):
    message = an_email(to=Address(subscriber.email, subscriber.name))

    data = to_mime(message, date=DATE)

    read = assert_well_formed(data)
    [to] = read["To"].addresses
    # Without spaces: some versions of the parser show one between two encoded words.
    assert "".join(to.display_name.split()) == "".join(subscriber.name.split())
    assert to.username == subscriber.email.partition("@")[0]


def test_keeps_every_word_of_subject_and_texts():
    message = an_email(
        subject="Créer avec l’IA " * 12, text="Héhé\n" * 3, html="<p>日本語</p>" * 99
    )

    read = assert_well_formed(to_mime(message, date=DATE))

    assert read["Subject"] == message.subject.strip()
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in read.iter_parts())
    assert plain.splitlines() == message.text.splitlines()
    assert html.strip() == message.html


def test_lets_a_long_unsubscribe_address_whole():
    message = an_email()

    data = to_mime(message, date=DATE)

    sent = dict(message.headers)
    assert raw_header(data, "List-Unsubscribe") == sent["List-Unsubscribe"]
    assert raw_header(data, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert b"=?" not in data.partition(b"List-Unsubscribe: ")[2].partition(b"MIME-Version")[0]


def test_encodes_the_title_in_a_list_id_and_leaves_the_id():
    message = an_email(headers=(("List-Id", '"Créer, encore" <weekly.news.example.org>'),))

    value = raw_header(to_mime(message, date=DATE), "List-Id")

    assert value.endswith("?= <weekly.news.example.org>")
    assert headers.phrase("Créer, encore") in value


def test_keeps_lines_of_dots_and_spaces_through_the_transport():
    message = an_email(text=".\n..\nFrom me\ntrailing  \n\n\tend")

    plain = next(iter(parsed(to_mime(message, date=DATE)).iter_parts()))

    lines = plain.get_content().split("\r\n")
    assert lines == [".", "..", "From me", "trailing  ", "", "\tend", ""]


def test_breaks_long_lines_without_changing_them():
    url = "https://example.org/" + "x" * 2000

    read = assert_well_formed(to_mime(an_email(text=url), date=DATE))

    assert next(iter(read.iter_parts())).get_content() == url + "\r\n"


def test_writes_the_same_bytes_for_the_same_mail():
    assert to_mime(an_email(), date=DATE) == to_mime(an_email(), date=DATE)


def test_sends_plain_text_alone_where_there_is_no_html():
    read = assert_well_formed(to_mime(an_email(html=""), date=DATE))

    assert read.get_content_type() == "text/plain"


def test_writes_an_international_domain_in_ascii():
    data = to_mime(an_email(to=Address("ada@bücher.example", "Ada")), date=DATE)

    assert raw_header(data, "To") == "Ada <ada@xn--bcher-kva.example>"
    assert not needs_smtputf8(an_email(to=Address("ada@bücher.example")))


def test_keeps_an_international_name_before_the_at_and_says_so():
    message = an_email(to=Address("jérôme@bücher.example"))

    data = to_mime(message, date=DATE)

    assert raw_header(data, "To") == "jérôme@xn--bcher-kva.example"
    assert needs_smtputf8(message)


@pytest.mark.parametrize("field", ["subject", "to", "sender", "header"])
def test_lets_nobody_slip_in_a_header(field):
    evil = "x\r\nBcc: all@example.org\r\n\r\nbody"
    changes = {
        "subject": {"subject": evil},
        "to": {"to": Address("ada@example.org", evil)},
        "sender": {"sender": Address("a@example.org", evil)},
        "header": {"headers": (*an_email().headers, ("X-Title", evil))},
    }

    read = assert_well_formed(to_mime(an_email(**changes[field]), date=DATE))

    assert read["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["", "ada", "@example.org", "ada@", "a@b@c.org", "a b@example.org", "ada@example.org\r\nRCPT",
     "<ada@example.org>", "ada@example.org,bob@example.org", "ada@exa mple.org", "ada@\u2028.org",
     "ada@bü..cher.example", "ada\x00@example.org", "\ud800@example.org"],
)  # fmt: skip
def test_refuses_what_is_no_single_address(address):
    with pytest.raises(MessageUnusable):
        to_mime(an_email(to=Address(address)), date=DATE)


@pytest.mark.parametrize(
    "extra",
    [
        ("Subject", "again"),
        ("bcc", "all@example.org"),
        ("Content-Type", "text/plain"),
        ("X Title", "1"),
        ("X-Title:", "1"),
        ("X-Title\r\nBcc", "1"),
        ("", "1"),
        ("X-Long", "x" * 2000),
        ("list-id", "<second.example.org>"),
    ],
)
def test_refuses_a_header_that_cannot_be(extra):
    with pytest.raises(MessageUnusable, match=r"^header .+ - .+"):
        to_mime(an_email(headers=(*an_email().headers, extra)), date=DATE)


@pytest.mark.parametrize("message_id", ["", "x@y", "<x y@z>", "<x@y>\r\nBcc: z", "<@>"])
def test_refuses_a_message_id_that_is_none(message_id):
    with pytest.raises(MessageUnusable):
        to_mime(an_email(message_id=message_id), date=DATE)


ANYTHING = st.text(max_size=300)


@given(subject=ANYTHING, name=ANYTHING, text=ANYTHING)
def test_whatever_people_write_the_mail_is_well_formed(subject, name, text):
    message = an_email(subject=subject, to=Address("ada@example.org", name), text=text)

    data = to_mime(message, date=DATE)

    assert_well_formed(data)


@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=400))
def test_folding_does_not_change_a_value(value):
    line = headers.field("X-Value", value)

    assert (
        re.sub(rb"\r\n(?=[ \t])", b"", line)
        == f"X-Value: {value.strip()}".rstrip().encode() + b"\r\n"
    )
    assert all(part.strip() for part in line.split(b"\r\n")[:-1])


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("Plain words", "Plain words"),
        ("x" * 149, "x" * 149),
        ("see https://example.org/" + "a" * 100, "see https://example.org/" + "a" * 100),
        ("Un été chez nous", "=?utf-8?q?Un_=C3=A9t=C3=A9_chez_nous?="),
        (
            "Le brouillon a de nouveau droit de cité, et trois",
            "=?utf-8?q?Le_brouillon_a_de_nouveau_droit_de_cit=C3=A9=2C_et_trois?=",
        ),
        ("é" * 10 + "x" * 50, f"=?utf-8?q?{'=C3=A9' * 9}?= =?utf-8?q?=C3=A9{'x' * 50}?="),
        ("読者の皆様", "=?utf-8?b?6Kqt6ICF44Gu55qG5qeY?="),
        ("=?utf-8?q?x?=", "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="),
    ],
)
def test_plain_words_stay_plain_and_others_as_readable_as_they_can_be(subject, written):
    data = to_mime(an_email(subject=subject, text="a=b=" * 200), date=DATE)

    assert raw_header(data, "Subject").replace("\r\n", "") == written
    assert all(len(line) <= headers.AIM for line in data.split(b"\r\n") if b"=?utf-8" in line)
    assert parsed(data)["Subject"] == subject
    assert b"base64" not in data
