"""The same questions, put to a mail server that nobody here wrote: Postfix's smtp-sink."""

import os
import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable, TryLater
from dispatch.http import new_client
from dispatch.model.message import Accepted, Refused
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import an_email
from loopback import free_port, running

SINK = Path("/usr/sbin/smtp-sink")
pytestmark = pytest.mark.skipif(
    not SINK.exists(), reason="smtp-sink is missing: it comes with the package postfix"
)


@pytest.fixture
def dump():
    """A folder that the sink may write to after giving up root: pytest's own is closed to it."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@contextmanager
def sink(dump, *options):
    """A provider that talks to a running smtp-sink, which writes what it takes to `dump`."""
    port = free_port()
    as_root = ["-u", "nobody"] if os.geteuid() == 0 else []
    mails = ["-d", f"{dump}/mail."]
    command = [str(SINK), *as_root, *mails, *options, f"127.0.0.1:{port}", "9"]
    settings = SmtpOptions(host="127.0.0.1", port=port, security="none", timeout=5)
    provider = Smtp(settings, new_client(), FakeClock())
    with running(command, port) as process:
        yield provider
        provider.close()
        assert process.poll() is None


def recipients(dump):
    texts = (path.read_text() for path in dump.glob("mail.*"))
    return [to for text in texts for to in re.findall(r"^X-Rcpt-Args: <(.+?)>", text, re.MULTILINE)]


def test_hands_over_to_each_reader_once(dump):
    with sink(dump) as provider:
        outcomes = [provider.send([an_email(number)])[0] for number in range(30)]

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(recipients(dump)) == sorted(f"reader{n}@example.org" for n in range(30))


def test_does_not_know_what_a_lost_answer_means(dump):
    with sink(dump, "-q", ".") as provider, pytest.raises(OutcomeUnknown):
        provider.send([an_email()])


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_knows_that_nothing_was_sent_when_the_line_breaks_earlier(dump, command):
    with sink(dump, "-q", command) as provider, pytest.raises(ProviderUnavailable):
        provider.send([an_email()])

    assert recipients(dump) == []


@pytest.mark.parametrize("command", ["RCPT", "DATA", "."])
def test_gives_the_reason_of_a_refusal(dump, command):
    with sink(dump, "-f", command) as provider:
        [outcome] = provider.send([an_email()])

    assert isinstance(outcome, Refused)
    assert outcome.reason.startswith("500 ")


@pytest.mark.parametrize("command", ["RCPT", "DATA", "."])
def test_tries_later_what_is_turned_down_for_now(dump, command):
    with sink(dump, "-r", command) as provider, pytest.raises(TryLater):
        provider.send([an_email()])


def test_knows_that_nothing_was_taken_when_the_server_says_goodbye_instead(dump):
    with sink(dump, "-Q", ".") as provider, pytest.raises(ProviderUnavailable):
        provider.send([an_email()])
