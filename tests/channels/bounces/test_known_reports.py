"""The 117 mails of flufl.bounce's own tests: whom they are about, and how final that is."""

import json
import os
from pathlib import Path

import pytest

from dispatch.channels.bounces.returned import read_mail
from dispatch.model.delivery.event import EventKind

DATA = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "bounces-flufl"

ALIVE = {
    "over quota": [
        *("dsn_01", "dsn_04", "hotpop_01", "newmailru_01", "postfix_04", "qmail_02", "qmail_06"),
        *("qmail_07", "simple_01", "simple_07", "simple_09", "simple_14", "simple_38", "simple_45"),
        *("yahoo_02", "yahoo_04"),
    ],
    "the mail or its sender is judged": ["aol_01", "dsn_09", "simple_42"],
    "the mail is too large": ["dsn_03"],
    "nobody could be reached in time, or the way is broken": [
        *("bounce_03", "dsn_02", "netscape_01", "postfix_02", "sendmail_01", "simple_18"),
        *("simple_44", "smtp32_01", "smtp32_02", "yahoo_01"),
    ],
    "a program on the way failed, for reasons of its own": [
        *("postfix_03", "postfix_05", "simple_02", "simple_32", "sina_01"),
    ],
}
"""Whose address is not dead, though nobody will try that mail again: "permanent" in the labels is
about the mail, and ours about the address. Each is here for what it says itself."""

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


def test_recipients_and_how_final_it_is_are_as_labelled():
    lines = (DATA / "labels-flufl.jsonl").read_text("utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    alive = {f"{name}.txt" for names in ALIVE.values() for name in names}

    for label in labels:
        fates = read_mail((DATA / label["file"]).read_bytes()).fates
        named = [one for one in fates if one.recipient]
        waits = {one.recipient for one in named if one.kind is EventKind.DEFERRED}
        failed = {one.recipient for one in named if one.kind is EventKind.BOUNCED}
        dead = {one.recipient for one in named if one.permanent}

        assert (label["file"], waits) == (label["file"], {*label["temporary"]})
        assert (label["file"], failed) == (label["file"], {*label["permanent"]})
        expected = set() if label["file"] in alive else failed
        assert (label["file"], dead) == (label["file"], expected)
    assert len(labels) == 117
