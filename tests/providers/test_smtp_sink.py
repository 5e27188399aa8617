"""The same questions, put to a mail server that nobody here wrote: Postfix's smtp-sink."""

import os
import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable, TryLater
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_mail
from loopback import free_port, running
from wire_driver import drive

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
        outcomes = [provider.send([a_mail(number)])[0] for number in range(30)]

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(recipients(dump)) == sorted(f"reader{n}@example.org" for n in range(30))


def test_does_not_know_what_a_lost_answer_means(dump):
    with sink(dump, "-q", ".") as provider, pytest.raises(OutcomeUnknown):
        provider.send([a_mail()])


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_knows_that_nothing_was_sent_when_the_line_breaks_earlier(dump, command):
    with sink(dump, "-q", command) as provider, pytest.raises(ProviderUnavailable):
        provider.send([a_mail()])

    assert recipients(dump) == []


@pytest.mark.parametrize("command", ["RCPT", "DATA", "."])
def test_takes_a_500_for_nobodys_refusal(dump, command):
    unavailable = pytest.raises(ProviderUnavailable, match=r"500 5\.3\.0")
    with sink(dump, "-f", command) as provider, unavailable:
        provider.send([a_mail()])


@pytest.mark.parametrize("command", ["RCPT", "DATA", "."])
def test_tries_later_what_is_turned_down_for_now(dump, command):
    with sink(dump, "-r", command) as provider, pytest.raises(TryLater):
        provider.send([a_mail()])


def test_knows_that_nothing_was_taken_when_the_server_says_goodbye_instead(dump):
    with sink(dump, "-Q", ".") as provider, pytest.raises(ProviderUnavailable):
        provider.send([a_mail()])


class TestWire:
    MAILS = tuple(a_mail(number) for number in range(24))

    def drive(self, provider):
        wire = provider.open_wire(4)
        result = drive(wire, self.MAILS)
        wire.close()
        return result

    def test_hands_over_to_each_reader_once(self, dump):
        with sink(dump) as provider:
            result = self.drive(provider)

        assert result.kinds() == {Accepted}
        assert sorted(recipients(dump)) == sorted(mail.recipient for mail in self.MAILS)

    def test_does_not_know_what_lost_answers_mean(self, dump):
        with sink(dump, "-q", ".") as provider:
            result = self.drive(provider)

        assert result.kinds() == {OutcomeUnknown}
        assert len(result.came_out) == len(self.MAILS)

    @pytest.mark.parametrize(
        ("option", "command", "kind"),
        [
            ("-Q", ".", ProviderUnavailable),
            ("-r", ".", TryLater),
            ("-f", ".", ProviderUnavailable),
            ("-r", "RCPT", TryLater),
            ("-f", "RCPT", ProviderUnavailable),
            ("-f", "DATA", ProviderUnavailable),
            ("-q", "RCPT", ProviderUnavailable),
            ("-q", "DATA", ProviderUnavailable),
        ],
    )
    def test_sorts_what_the_sink_says_to_everybody(self, dump, option, command, kind):
        with sink(dump, option, command) as provider:
            result = self.drive(provider)

        assert result.kinds() == {kind}
        assert len(result.came_out) == len(self.MAILS)
        if command != ".":
            assert result.told_ready == set()
            assert recipients(dump) == []
