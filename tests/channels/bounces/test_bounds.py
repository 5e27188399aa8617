"""Mails made to cost time: reading has an end, and stumbles over nothing."""

import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.bounces.returned_mails import NEWSLETTER, failed, mail, multipart, part, report
from dispatch.channels.bounces.parts import read_parts
from dispatch.channels.bounces.returned import read_mail

HEAD = mail(from_="MAILER-DAEMON@x.example", subject="Undelivered Mail Returned to Sender")
MEGABYTES = 10_000_000
MANY = [failed("550 5.1.1 no", "5.1.1", f"r{number}@one.example") for number in range(2000)]

COSTLY = {
    "a long line": HEAD + b"a" * MEGABYTES,
    "addresses": HEAD + b"<a@b.example>: user unknown\n" * 300_000,
    "signs of addresses": HEAD + b"a@" * (MEGABYTES // 2),
    "dots": HEAD + b"a." * (MEGABYTES // 2),
    "line ends": HEAD + b"\n" * MEGABYTES,
    "tags": HEAD.replace(b"\n\n", b"\nContent-Type: text/html\n\n") + b"<a " * 3_000_000,
    "styles": HEAD.replace(b"\n\n", b"\nContent-Type: text/html\n\n") + b"<style>" * 1_000_000,
    "fields": b"A: b\n" * 1_000_000,
    "one field": b"Subject: " + b"x" * MEGABYTES,
    "folds": b"Subject: " + b"x\n " * 3_000_000,
    "encoded words": b"From: MAILER-DAEMON\nSubject: " + b"=?utf-8?q?a?= " * 300_000 + b"\n\n",
    "boundaries": HEAD.replace(b"\n\n", b"\nContent-Type: multipart/mixed; boundary=b\n\n")
    + b"--b\n" * 2_000_000,
    "nested parts": HEAD[:-1]
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    ),
    "nested mails": HEAD[:-1] + b"Content-Type: message/rfc822\n\n" * 100_000,
    "parts": multipart("report", [part("message/delivery-status", one) for one in MANY[:1000]]),
    "recipients": report(*MANY),
    "japanese": HEAD + "宛先ユーザー".encode() * 300_000,
}


@pytest.mark.parametrize("name", COSTLY)
def test_reading_takes_less_than_two_seconds(name: str):
    begun = process_time()

    read_mail(COSTLY[name])

    assert process_time() - begun < 2


def test_what_is_told_behind_a_large_original_is_read():
    large = NEWSLETTER + "News of 76 characters.\n" * 400_000
    parts = [part("message/rfc822", large), part("message/delivery-status", failed("", "5.1.1"))]
    raw = multipart("report; report-type=delivery-status", parts, from_="postmaster@one.example")

    assert [one.recipient for one in read_mail(raw).fates] == ["ada@one.example"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2**32))
def test_nothing_that_is_broken_stumbles(noise: bytes, seed: int):
    chance = random.Random(seed)
    whole = bytearray(report(failed("550 5.1.1 no", "5.1.1"), text=noise))
    for _ in range(chance.randrange(12)):
        at = chance.randrange(len(whole))
        whole[at : at + chance.randrange(9)] = noise[: chance.randrange(20)]

    read_mail(noise)
    read_mail(bytes(whole))


def test_a_part_without_a_header_and_one_without_an_end_are_parts():
    whole = read_parts(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nX: y\n\nsecond"
    )

    assert [one.text.strip() for one in whole.parts] == ["first", "second"]
