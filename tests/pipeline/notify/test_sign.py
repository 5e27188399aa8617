"""Secrets to sign with, and what the documentation tells receivers to do."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from dispatch.clock import system_clock
from dispatch.config.files.problems import InvalidValueError
from dispatch.pipeline.notify.sign import headers_of, key_of, new_secret
from docs.docs_pages import DOCS, blocks_of
from notify_stage import SECRET

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
BODY = b'{"type":"test.ping"}'


def secret_of(number: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * number).decode()


@pytest.mark.parametrize("number", [24, 64])
def test_a_secret_has_as_many_bytes_as_the_specification_allows(number):
    assert key_of(f" {secret_of(number)}\n") == b"k" * number


@pytest.mark.parametrize(
    "written", ["", "hunter2-hunter2", "whsec_", "whsec_!!!", secret_of(23), secret_of(65)]
)
def test_another_secret_is_refused_and_never_shown(written):
    with pytest.raises(InvalidValueError) as refused:
        key_of(written)

    assert "dispatch notify secret" in str(refused.value)
    assert not written or written not in str(refused.value)


def test_a_new_secret_is_one_that_others_take():
    secret = new_secret()

    assert len(key_of(secret)) == 32
    headers = headers_of("msg_1", BODY, [key_of(secret)], now=system_clock())
    assert Webhook(secret).verify(BODY, headers) == {"type": "test.ping"}


def test_the_code_of_the_documentation_tells_genuine_calls_from_others():
    names = {}
    for block in blocks_of(DOCS / "how-to" / "notify-other-programs.md"):
        if block.info == "python":
            exec(block.body, names)  # what a page shows is ours
    read, headers = names["read"], headers_of("msg_1", BODY, [key_of(SECRET)], now=NOW)
    both = headers_of("msg_1", BODY, [b"k" * 24, key_of(SECRET)], now=NOW)
    late = (NOW + timedelta(minutes=6)).timestamp()

    assert read(headers, BODY, SECRET, now=NOW.timestamp) == {"type": "test.ping"}
    assert read(both, BODY, SECRET, now=NOW.timestamp) == {"type": "test.ping"}
    for spoilt in (
        {"body": BODY + b" "},
        {"secret": secret_of(24)},
        {"now": lambda: late},
        {"headers": headers | {"webhook-id": "msg_2"}},
    ):
        given = {"headers": headers, "body": BODY, "secret": SECRET, "now": NOW.timestamp}
        with pytest.raises(ValueError, match="it was signed"):
            read(**{**given, **spoilt})
