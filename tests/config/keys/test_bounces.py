"""`bounces:`, the mailbox that gets what comes back."""

from datetime import timedelta

import pytest

from dispatch.config.schedules.load import load_workspace
from dispatch.errors import BadInput
from dispatch.model.delivery.bounce_mailbox import BounceMailbox, ImapPlan

FILE = """\
feeds: {blog: {url: "https://blog.example/feed.xml"}}
campaigns: {weekly: {feeds: [blog], social: [{template: weekly}]}}
"""
IMAP = "imap: {host: imap.example.org, username: b, password: 'env:P'"


@pytest.fixture
def load(tmp_path):
    (tmp_path / "templates" / "weekly").mkdir(parents=True)
    (tmp_path / "templates" / "weekly" / "snippet.txt").write_text("{{ post.title }}")

    def load(bounces: str) -> BounceMailbox | None:
        return load_workspace(tmp_path, FILE + bounces).bounces

    return load


def test_a_mailbox_is_read_by_imap_or_from_a_maildir(load):
    by_imap = load(f"bounces: {{address: bounces@bücher.example, {IMAP}}}}}")
    starttls = load(f"bounces: {{address: b@example.org, {IMAP}, security: starttls}}}}")
    maildir = load("bounces: {address: b@example.org, maildir: /var/mail/b, every: 2m}")

    plan = ImapPlan("imap.example.org", 993, "tls", "b", "env:P")
    assert by_imap == BounceMailbox("bounces@xn--bcher-kva.example", timedelta(minutes=5), plan)
    assert starttls.imap.port == 143
    assert (maildir.every, maildir.place) == (timedelta(minutes=2), "maildir /var/mail/b")
    assert load("") is None


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("address: b@example.org", "bounces: does not say how it is read - add imap or maildir"),
        (
            f"address: b@example.org, maildir: m, {IMAP}}}",
            "imap or from a maildir, and not by both",
        ),
        ("maildir: m", "bounces.address: missing key - add 'address: bounces@example.org'"),
        ("address: bounces, maildir: m", "bounces.address: 'bounces' is not an e-mail address"),
        ("address: a+b@example.org, maildir: m", "has a + in front of the @"),
        (f"address: {'b' * 27}@example.org, maildir: m", "more than 26 letters in front of the @"),
        ("address: zurück@example.org, maildir: m", "more than plain letters in front of the @"),
        ("address: b@example.org, maildir: m, every: 30h", "is not between 1m and 1d"),
        (
            "address: b@example.org, imap: {host: h, username: b, password: hunter2}",
            "never written",
        ),
        (f"address: b@example.org, {IMAP}, security: ssl}}", "security: unknown value 'ssl' - "),
        (
            "address: b@example.org, imap: {host: 'h.example:993', username: b, password: 'env:P'}",
            "'h.example:993' is not the name of a host - write the name alone, and the port in",
        ),
        (
            "address: b@example.org, imap: {host: 'imaps://h', username: b, password: 'env:P'}",
            "'imaps://h' is not the name of a host",
        ),
        (f"address: b@example.org, {IMAP}, port: 0}}", "bounces.imap.port: must be 1 or more"),
        (f"address: b@example.org, {IMAP}, securty: tls}}", "did you mean 'security'?"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(load, said, problem):
    with pytest.raises(BadInput) as error:
        load(f"bounces: {{{said}}}")

    assert problem in str(error.value)
    assert "hunter2" not in str(error.value)
