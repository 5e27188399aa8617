"""Reports of mail servers: who failed, how, why, and which of our mails it was."""

import base64
import quopri
from datetime import UTC, datetime

import pytest

from channels.bounces.returned_mails import (
    MESSAGE_ID,
    NEWSLETTER,
    OURS,
    failed,
    mail,
    multipart,
    part,
    report,
)
from dispatch.channels.bounces.fate import Fate
from dispatch.channels.bounces.returned import read_mail
from dispatch.model.delivery.event import EventKind

HARD, SOFT = (EventKind.BOUNCED, True), (EventKind.BOUNCED, False)
WAITS, ARRIVED = (EventKind.DEFERRED, False), (EventKind.DELIVERED, False)
UNKNOWN = "550 5.1.1 User unknown"


def told(raw: bytes) -> list[tuple[str, EventKind, bool]]:
    return [(one.recipient, one.kind, one.permanent) for one in read_mail(raw).fates]


def status(*lines: str, **more: str) -> bytes:
    return report("\n".join(lines), **more)


ADA = "Final-Recipient: rfc822; ada@one.example"
RECIPIENTS = [
    ((ADA,), "ada@one.example"),
    (("Final-Recipient: rfc822;ada@one.example",), "ada@one.example"),
    (("Final-Recipient: RFC822; <ada@one.example>",), "ada@one.example"),
    (("Final-Recipient: <ada@one.example>",), "ada@one.example"),
    (("Final-Recipient: ada@one.example",), "ada@one.example"),
    (("Final-Recipient: rfc822; ada@one.example (forwarded)",), "ada@one.example"),
    (('Final-Recipient: rfc822; "ada b"@one.example',), '"ada b"@one.example'),
    (("Final-Recipient: rfc822; @relay.example:ada@one.example",), "ada@one.example"),
    (("Final-Recipient: rfc822; o'neill@one.example",), "o'neill@one.example"),
    (
        (
            "Original-Recipient: rfc822; ada@one.example",
            "Final-Recipient: rfc822; ab12@inner.example",
        ),
        "ada@one.example",
    ),
    (
        (
            "Final-Recipient: rfc822; ab12@inner.example",
            "Original-Recipient: rfc822;ada@one.example",
        ),
        "ada@one.example",
    ),
    (
        ("Original-Recipient: rfc822; ada@one.example", "Final-Recipient: x400; /S=ada/C=GB/"),
        "ada@one.example",
    ),
    (
        ("Original-Recipient: rfc822; unknown", "Final-Recipient: rfc822; ada@one.example"),
        "ada@one.example",
    ),
    (
        ("Original-Recipient: rfc822;ada+40one.example", "Final-Recipient: x-local; 17"),
        "ada@one.example",
    ),
    (("Final-Recipient: utf-8; 用户@例え.example",), "用户@例え.example"),
    (
        (r"Final-Recipient: utf-8; \x{7528}\x{6237}@xn--r8jz45g.example",),
        "用户@xn--r8jz45g.example",
    ),
    (
        ("Original-Recipient: utf-8; jürgen@one.example", "Final-Recipient: rfc822; j@one.example"),
        "jürgen@one.example",
    ),
    (("final-recipient:rfc822;ada@one.example",), "ada@one.example"),
    (("Final-Recipient: rfc822;", "\tada@one.example"), "ada@one.example"),
]


@pytest.mark.parametrize(("lines", "recipient"), RECIPIENTS)
def test_whom_a_report_is_about_is_whom_we_wrote_to(lines: tuple[str, ...], recipient: str):
    assert told(status(*lines, "Action: failed", "Status: 5.1.1")) == [(recipient, *HARD)]


ACTIONS = [
    ("failed", "5.1.1", HARD),
    ("Failed", "5.1.1", HARD),
    ("failure", "5.1.1", HARD),
    ("failed (bad destination mailbox address)", "5.1.1", HARD),
    ("error", "5.1.1", HARD),
    ("failed", "5.2.2", SOFT),
    ("failed", "5.7.1", SOFT),
    ("failed", "4.4.7", SOFT),
    ("failed", "5.1.1 (mailbox is full)", SOFT),
    ("delayed", "4.4.1", WAITS),
    ("delayed", "5.1.1", WAITS),
    ("delivered", "2.1.5", ARRIVED),
    ("expanded", "2.0.0", ARRIVED),
    ("relayed", "2.0.0", (EventKind.OTHER, False)),
    ("", "5.1.1", HARD),
    ("", "4.2.2", WAITS),
    ("", "", (EventKind.OTHER, False)),
]


@pytest.mark.parametrize(("action", "number", "expected"), ACTIONS)
def test_action_and_status_decide_together(action: str, number: str, expected: object):
    lines = [f"Action: {action}"] * bool(action) + [f"Status: {number}"] * bool(number)

    assert told(status(ADA, *lines)) == [("ada@one.example", *expected)]


def test_each_recipient_has_a_fate_of_its_own():
    raw = report(
        failed(UNKNOWN, "5.1.1", "a@one.example"),
        failed("552 5.2.2 Mailbox full", "5.2.2", "b@one.example"),
        "Final-Recipient: rfc822; c@one.example\nAction: delayed\nStatus: 4.4.1",
        "Final-Recipient: rfc822; d@one.example\nAction: delivered\nStatus: 2.0.0",
    )

    assert told(raw) == [
        ("a@one.example", *HARD),
        ("b@one.example", *SOFT),
        ("c@one.example", *WAITS),
        ("d@one.example", *ARRIVED),
    ]


def test_recipients_without_empty_lines_between_them_and_with_too_many():
    close = "\n".join(failed(UNKNOWN, "5.1.1", f"{one}@one.example") for one in "ab")
    torn = failed(UNKNOWN, "5.1.1", "a@one.example").replace("\nAction", "\n\nAction")

    assert [one[0] for one in told(report(close))] == ["a@one.example", "b@one.example"]
    assert told(report(torn)) == [("a@one.example", *HARD)]


def test_the_reason_is_the_servers_in_one_line_and_the_time_that_of_the_last_try():
    read = read_mail(
        status(
            ADA,
            "Action: failed",
            "Status: 5.0.0",
            "Remote-MTA: dns; mx.one.example",
            "Diagnostic-Code: smtp; 550-5.1.1 The account does not exist.",
            "    550 5.1.1 Try another.",
            "Last-Attempt-Date: Mon, 30 Nov 2026 10:15:00 +0100",
        )
    )

    assert read.at == datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
    assert read.fates == (
        Fate(
            kind=EventKind.BOUNCED,
            recipient="ada@one.example",
            permanent=True,
            status="5.1.1",
            said="failed",
            reason="550-5.1.1 The account does not exist. 550 5.1.1 Try another.",
        ),
    )


def test_two_ways_lead_to_the_delivery():
    raw = report(failed(UNKNOWN, "5.1.1"))

    by_both = read_mail(raw)
    by_name = read_mail(raw.replace(OURS.encode(), b"postmaster@news.example"))
    by_token = read_mail(report(failed(UNKNOWN, "5.1.1"), original=b""))

    assert (by_both.tokens, by_both.message_ids) == (("k3x9aa7qq",), (MESSAGE_ID,))
    assert (by_name.tokens, by_name.message_ids) == ((), (MESSAGE_ID,))
    assert (by_token.tokens, by_token.message_ids) == (("k3x9aa7qq",), ())


WAYS = [
    {"to": "postmaster@news.example", "delivered_to": OURS},
    {"to": "postmaster@news.example", "x_original_to": OURS},
    {"to": "undisclosed-recipients:;", "envelope_to": OURS.upper()},
    {"to": f'"Bounces" <{OURS}>'},
    {"to": "x@news.example", "received": f"from mx by mail with SMTP for <{OURS}>; Mon, 30 Nov"},
]


@pytest.mark.parametrize("headers", WAYS)
def test_the_token_is_found_wherever_servers_write_whom_a_mail_came_to(headers: dict[str, str]):
    assert read_mail(report(failed(UNKNOWN), original=b"", **headers)).tokens == ("k3x9aa7qq",)


ORIGINALS = [
    part("message/rfc822", NEWSLETTER),
    part("message/global", NEWSLETTER),
    part("text/rfc822-headers", NEWSLETTER.partition("\n\n")[0]),
    part("message/global-headers", NEWSLETTER.partition("\n\n")[0]),
    part(
        "text/rfc822-headers; charset=us-ascii",
        base64.b64encode(NEWSLETTER.encode()),
        encoding="base64",
    ),
    part("message/rfc822", base64.b64encode(NEWSLETTER.encode()), encoding="base64"),
    part("message/rfc822", quopri.encodestring(NEWSLETTER.encode()), encoding="quoted-printable"),
    part("message/rfc822", "X-Junk: ä\n" * 5 + NEWSLETTER, "latin-1"),
    part("message/rfc822", NEWSLETTER.replace("\n", "\r\n")),
]


@pytest.mark.parametrize("original", ORIGINALS)
def test_our_message_id_is_found_in_every_form_of_what_is_returned(original: bytes):
    read = read_mail(report(failed(UNKNOWN, "5.1.1"), original=original, to="x@news.example"))

    assert (read.message_ids, read.tokens) == ((MESSAGE_ID,), ("k3x9aa7qq",))


JAPANESE = "あなたのメールは配信できませんでした。\n宛先: ada@one.example"
RUSSIAN = "Ваше письмо не доставлено.\nПользователь не найден: ada@one.example"
LYING = [
    ("text/plain; charset=iso-2022-jp", JAPANESE.encode("iso-2022-jp")),
    ("text/plain; charset=us-ascii", JAPANESE.encode("iso-2022-jp")),
    ("text/plain; charset=utf-8", JAPANESE.encode("cp932")),
    ("text/plain; charset=iso-8859-1", JAPANESE.encode("euc-jp")),
    ("text/plain; charset=koi8-r", RUSSIAN.encode("koi8-r")),
    ("text/plain; charset=us-ascii", RUSSIAN.encode("koi8-r")),
    ("text/plain; charset=koi8-r", RUSSIAN.encode("utf-8")),
    ("text/plain; charset=x-no-such", RUSSIAN.encode("cp1251")),
    ("text/plain; charset=utf-16", b"\xff\xfe\x00"),
    ("text/plain; charset=punycode", b"\xff" * 90),
    ('text/plain; charset="', b"\x00\x80\x00"),
]


@pytest.mark.parametrize(("kind", "text"), LYING)
def test_whatever_the_charset_says_the_fields_are_read(kind: str, text: bytes):
    raw = report(failed(UNKNOWN, "5.1.1"), text=text, text_type=kind)

    assert told(raw) == [("ada@one.example", *HARD)]


@pytest.mark.parametrize(("kind", "text"), LYING[:8])
@pytest.mark.parametrize("subject", ["Undelivered Mail", "=?iso-2022-jp?B?GyRCR1s/LklUR10bKEI=?="])
def test_a_report_in_another_language_is_read_without_fields_too(
    kind: str, text: bytes, subject: str
):
    raw = mail(from_="MAILER-DAEMON@mx.one.example", subject=subject, content_type=kind) + text

    [(recipient, event, _)] = told(raw)

    assert (recipient, event) == ("ada@one.example", EventKind.BOUNCED)


def test_what_is_said_in_another_charset_is_readable_in_the_reason():
    words = "550 ユーザーが見つかりません"
    raw = report(failed(words, "5.0.0"), charset="iso-2022-jp")

    assert [(one.reason, one.permanent) for one in read_mail(raw).fates] == [(words, True)]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_parts_in_a_transfer_encoding_are_read(encoding: str):
    fields = failed(UNKNOWN, "5.1.1").encode()
    body = base64.encodebytes(fields) if encoding == "base64" else quopri.encodestring(fields)
    parts = [
        part("text/plain", "Not delivered"),
        part("message/delivery-status", body, encoding=encoding),
        part("message/rfc822", NEWSLETTER),
    ]

    raw = multipart("report; report-type=delivery-status", parts, from_="postmaster@one.example")

    assert told(raw) == [("ada@one.example", *HARD)]


def test_a_status_of_internationalised_mail_is_read():
    fields = "Final-Recipient: utf-8; jürgen@bücher.example\nAction: failed\nStatus: 5.1.1"

    raw = report(fields, status_type="message/global-delivery-status; charset=utf-8")

    assert told(raw) == [("jürgen@bücher.example", *HARD)]


def test_a_recipient_that_is_a_file_is_whom_the_mail_went_to():
    fields = "Action: failed\nFinal-Recipient: rfc822;/mail/spool/a/ada\nStatus: 5.0.0"

    named = report(fields, text="mailbox is full", x_failed_recipients="ada%one@mx.example")

    assert told(report(fields, text="mailbox is full")) == [("ada@one.example", *SOFT)]
    assert told(named) == [("ada%one@mx.example", *SOFT)]


def test_folded_lines_that_have_lost_their_space_are_read():
    raw = report(failed(UNKNOWN, "5.1.1")).replace(b"; boundary=", b";\nboundary=", 1)

    assert told(raw) == [("ada@one.example", *HARD)]


def test_a_list_may_have_put_something_around_a_report():
    inner = report(failed(UNKNOWN, "5.1.1"), from_="odd@one.example", subject="Hm")

    raw = multipart("mixed", [inner, part("text/plain", "-- \nA footer")], from_="odd@one.example")

    assert told(raw) == [("ada@one.example", *HARD)]


def test_a_report_that_a_filter_has_wrapped_is_read_and_one_that_a_person_sends_is_not():
    inner = report(failed(UNKNOWN, "5.1.1"))
    wrapped = [part("text/plain", "Scanned."), part("message/rfc822", inner)]
    subject = "Undelivered Mail Returned to Sender"

    by_server = multipart("mixed", wrapped, from_="postmaster@mx.example", subject=subject)
    by_person = multipart("mixed", wrapped, from_="ada@one.example", subject=f"Fwd: {subject}")

    assert told(by_server) == [("ada@one.example", *HARD)]
    assert told(by_person) == []


def test_events_are_of_the_delivery_that_was_found_and_have_a_name_each():
    read = read_mail(report(failed(UNKNOWN, "5.1.1"), failed("full", "5.2.2", "b@one.example")))

    first, second = read.events("ed1.4711", "ADA@one.example")

    assert (first.delivery, first.recipient) == ("ed1.4711", "ADA@one.example")
    assert (first.permanent, first.id, second.id) == (True, f"{read.id}.0", f"{read.id}.1")
    assert (second.delivery, second.recipient) == ("", "b@one.example")
    assert [one.recipient for one in read.events()] == ["ada@one.example", "b@one.example"]


@pytest.mark.parametrize(
    ("other", "permanent"),
    [(failed(UNKNOWN, "5.1.1", "b@x.example"), True), (failed("", "4.4.1", "b@x.example"), False)],
)
def test_who_has_mail_forwarded_is_as_dead_as_all_they_forward_to(other: str, permanent: bool):
    fields = (failed(UNKNOWN, "5.1.1", "a@x.example"), other)

    events = read_mail(report(*fields)).events("ed1.4711", "ada@one.example")
    without = read_mail(report(*fields, original=b"")).events("ed1.4711", "ada@one.example")

    assert {(one.delivery, one.recipient) for one in events} == {("ed1.4711", "ada@one.example")}
    assert any(one.permanent for one in events) is permanent
    assert not any(one.permanent for one in without)


def test_a_boundary_may_stand_in_pieces():
    raw = report(failed(UNKNOWN, "5.1.1"))

    for pieces in (b'boundary*0="=";\n boundary*1="_', b"boundary*0*==; boundary*1*=_"):
        whole = raw.replace(b'boundary="=_', pieces, 1)
        whole = whole if b'"' in pieces else whole.replace(b'"', b"", 1)
        assert told(whole) == [("ada@one.example", *HARD)]


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize("in_front", [b"", b"\xef\xbb\xbf", b"From daemon Mon Nov 30 2026\n"])
def test_lines_end_as_they_like(end: bytes, in_front: bytes):
    raw = in_front + report(failed(UNKNOWN, "5.1.1"))

    assert told(raw.replace(b"\n", end)) == [("ada@one.example", *HARD)]
