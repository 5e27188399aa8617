"""The words and signatures of WebSub."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from dispatch.feeds.websub.protocol import (
    Advertised,
    Question,
    SignatureCheck,
    read_link_header,
    read_question,
    request_form,
)
from dispatch.model.intake.websub_subscription import Wish

HUB, SELF = "https://hub.example/", "https://blog.example/feed"


@pytest.mark.parametrize(
    "header",
    [
        f'<{HUB}>; rel="hub", <{SELF}>; rel="self"',
        f"<{SELF}>;rel=self,<{HUB}>;rel=hub",
        f'<{HUB}>; title="a, b; c"; rel="hub", <{SELF}>; rel="canonical self"',
        f'<{HUB}>; Rel=HUB, <feed>; REL="Self"',
        f'<{HUB}>; rel="hub", <https://hub2.example/>; rel="hub", </feed>; rel="self"',
        f"</style.css>; rel=preload; as=style, <{HUB}>; rel=hub, <{SELF}>; rel=self",
    ],
)
def test_link_headers_name_the_first_hub_and_the_feeds_own_address(header):
    assert read_link_header(header, base="https://blog.example/") == Advertised(HUB, SELF)


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", "<", "<>; rel=hub", f"<{HUB}>", f"<{HUB}>; rel=", "<javascript:x>; rel=hub"],
)
def test_what_is_no_link_names_nothing(header):
    assert not read_link_header(header, base="https://blog.example/")


def test_a_hub_without_the_feeds_own_address_is_none():
    assert not read_link_header(f"<{HUB}>; rel=hub", base=SELF)


def test_a_header_of_a_megabyte_is_read_in_no_time():
    header = "<a>;" + 'x="' * 300_000 + f", <{HUB}>; rel=hub"

    assert not read_link_header(header, base=SELF)


def test_who_leaves_sends_no_secret():
    form = request_form(Wish.UNSUBSCRIBE, topic=SELF, callback="https://us.example/", secret="s")

    assert form == {
        "hub.mode": "unsubscribe",
        "hub.topic": SELF,
        "hub.callback": "https://us.example/",
    }


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("3600", timedelta(hours=1)),
        ("", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 4000, timedelta(seconds=999_999_999)),
    ],
)
def test_a_lease_is_a_number_of_seconds_or_not_said(seconds, lease):
    query = {
        "hub.mode": "subscribe",
        "hub.topic": SELF,
        "hub.challenge": "c",
        "hub.lease_seconds": seconds,
    }

    assert read_question(query) == Question("subscribe", SELF, "c", lease)


def test_the_reason_of_a_denial_is_one_short_line():
    query = {"hub.mode": "denied", "hub.topic": SELF, "hub.reason": "no\r\nway " + "x" * 5000}

    question = read_question(query)

    assert question.reason.startswith("no way")
    assert len(question.reason) <= 200
    assert "\n" not in question.reason


def signed(header, body=b"body"):
    check = SignatureCheck(header, "secret")
    for byte in body:
        check.feed(bytes([byte]))
    return check.is_right()


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_over_the_whole_body_is_right_in_each_method(method):
    right = hmac.new(b"secret", b"body", getattr(hashlib, method)).hexdigest()

    assert signed(f"{method}={right}")
    assert signed(f"{method.upper()}={right.upper()}")
    assert not signed(f"{method}={right}", b"body and more")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "=",
        "sha1",
        "sha1=",
        "sha256=é",
        f"md5={'0' * 32}",
        f"new={'0' * 64}",
        "sha1=" + "0" * 40,
    ],
)
def test_anything_else_is_wrong(header):
    assert not signed(header)


def test_a_method_that_is_not_in_the_standard_never_counts():
    right = hmac.new(b"secret", b"body", hashlib.sha256).hexdigest()

    assert not signed(f"md5={right}")
    assert not signed(f"={right}")
