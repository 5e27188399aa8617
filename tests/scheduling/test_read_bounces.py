"""The service reads what comes back beside its ticks, and says what is wrong with the mailbox."""

from datetime import timedelta

import pytest

from app_stage import change, place
from dispatch.errors import NotFound
from dispatch.scheduling.mails import read_bounces

MAILDIR = "\nbounces: {address: bounces@atelier.example, maildir: back}\n"
IMAP = """
bounces:
  address: bounces@atelier.example
  imap: {host: 127.0.0.1, port: 1, username: bounces, password: env:BOUNCES_PASSWORD}
"""
SMTP = "\nchannels: {mail: {provider: smtp, options: {host: 127.0.0.1}}}\n"
SPAM = b"From: a@b.example\r\nSubject: win\r\n\r\nwin\r\n"


@pytest.fixture
def write(app, folder):
    """Write this into schedules.yaml in front of the campaigns."""

    def write(text: str) -> None:
        change(folder, "\ncampaigns:\n", f"{text}\ncampaigns:\n")
        app.reload_if_changed()

    return write


def told(app) -> list[str]:
    return [str(one) for one in app.check() if "bounces" in str(one)]


def test_the_mailbox_is_read_when_it_is_due_and_its_trouble_known_until_it_is_over(
    app, folder, clock, write
):
    write(SMTP + MAILDIR)
    read_bounces(app)
    absent, failed = told(app), app.pulse.troubles

    (folder / "back" / "new").mkdir(parents=True)
    (folder / "back" / "new" / "1").write_bytes(SPAM)
    told_since = told(app)
    read_bounces(app)
    early = app.bounces.state().read
    clock.advance(timedelta(minutes=5))
    read_bounces(app)

    problem = "is no Maildir - write the folder that has new/ and cur/ in it"
    assert absent == [f"{place(folder, 'maildir')}: bounces.maildir: 'back' {problem}"]
    assert list(failed) == ["bounces"]
    assert "could not be read (maildir" in told_since[0]
    assert (early, app.bounces.state().read, told(app)) == (0, 1, [])
    assert app.pulse.troubles == {}


def test_what_keeps_a_mailbox_from_being_read_is_said_with_its_line(app, folder, write):
    write(IMAP)

    found = told(app)
    report = app.bounces.read()

    channel = (
        "bounces: nothing comes back to it, as no channel's mails have a sender of ours"
        " - add a channel of smtp; services tell it by their hooks"
    )
    password = (
        "bounces.imap.password: the environment variable BOUNCES_PASSWORD is not set"
        " - set it before you start dispatch"
    )
    assert found == [
        f"{place(folder, 'bounces:')}: {channel}",
        f"{place(folder, 'imap:')}: {password}",
    ]
    assert report.problem.startswith("bounces.imap.password: the environment variable")


def test_a_certificate_that_is_not_there_is_said_before_anybody_needs_it(app, folder, write):
    (folder / "password").write_text("secret")
    named = IMAP.replace("env:BOUNCES_PASSWORD", "file:password, ca_file: none.pem")

    write(SMTP + named)

    [found] = told(app)
    assert "bounces.imap.ca_file: there is no file 'none.pem' - write the path of the" in found


def test_without_a_mailbox_nothing_is_asked(app):
    assert not app.bounces.is_due()
    with pytest.raises(NotFound, match="there is no mailbox in"):
        app.bounces.read(early=True)
