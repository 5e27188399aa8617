"""What `dispatch init --feed` makes: whatever a feed is called, the files are sound."""

from datetime import date

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.intake.feed_names import feed_name
from dispatch.config.new_workspace import new_workspace
from dispatch.config.own_workspace import MailServer, OwnWorkspace, mail_server_of, sender_of
from dispatch.config.people.subscribers import read_subscribers
from dispatch.config.schedules.load import load_workspace
from dispatch.model.delivery.message import Address

TODAY = date(2026, 11, 24)


def made(folder, title="Acme News", **values):
    own = OwnWorkspace(
        feed=feed_name(title, "https://blog.example.org/feed"),
        **{
            "url": "https://blog.example.org/feed?a=1&b=2",
            "title": title,
            "sender": Address("news@example.org", title),
            "reader": "me@example.org",
            **values,
        },
    )
    new_workspace(folder, own.files(today=TODAY))
    return load_workspace(folder)


def test_it_has_one_feed_one_campaign_and_one_reader_who_has_consented(tmp_path):
    workspace = made(tmp_path / "news", locale="fr")

    [feed], [campaign] = workspace.feeds.values(), workspace.campaigns.values()
    [row] = read_subscribers(tmp_path / "news/subscribers/readers.csv").rows
    assert (feed.name, feed.backfill.newest) == ("acme-news", 5)
    assert (campaign.name, campaign.feeds, campaign.email.via) == (
        "weekly",
        ("acme-news",),
        "outbox",
    )
    assert (row.email, row.locale) == ("me@example.org", "fr")
    assert (row.consent.at.date(), row.consent.source) == (
        TODAY,
        "own address, given to dispatch init",
    )
    assert workspace.publisher.locale == "fr"
    assert not (tmp_path / "news/samples").exists()


@pytest.mark.parametrize(
    "title",
    [
        'A "quoted" & \\ <odd> one: #1 {x}',
        "2026",
        "2026-11-24",
        "1e3",
        "0x1f",
        "Null",
        "True",
        "No",
        "Été à l’eau – 日本語 🌊",
        "日本語",
        "{{ title }}",
        "'",
        "- a",
    ],
)
def test_any_title_makes_a_file_that_can_be_read_again(tmp_path, title):
    workspace = made(tmp_path / "news", title)

    [name] = workspace.feeds
    assert workspace.campaigns["weekly"].feeds == (name,)
    assert workspace.campaigns["weekly"].title == title
    assert workspace.publisher.sender == Address("news@example.org", title)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("smtp.example.org", {"username": "env:SMTP_USER", "password": "env:SMTP_PASSWORD"}),
        (
            "smtp.example.org:465",
            {
                "port": 465,
                "security": "tls",
                "username": "env:SMTP_USER",
                "password": "env:SMTP_PASSWORD",
            },
        ),
        ("localhost:2525", {"port": 2525, "security": "none"}),
        ("localhost:465", {"port": 465, "security": "tls"}),
        (
            "mail_server:25",
            {"port": 25, "username": "env:SMTP_USER", "password": "env:SMTP_PASSWORD"},
        ),
    ],
)
def test_with_a_mail_server_mail_goes_there(tmp_path, typed, options):
    server = mail_server_of(typed)

    workspace = made(tmp_path / "news", smtp=server)

    assert workspace.channels["mail"].options == {"host": server.host, **options}
    assert workspace.campaigns["weekly"].email.via == "mail"


def test_the_lines_that_are_to_be_uncommented_work_once_they_are(tmp_path):
    made(tmp_path / "news")
    file = tmp_path / "news/schedules.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    first = lines.index("# channels:")
    lines[first : first + 4] = [line.removeprefix("# ") for line in lines[first : first + 4]]
    text = "\n".join(lines).replace("template: weekly}", "template: weekly, via: mail}")
    file.write_text(text, encoding="utf-8")

    workspace = load_workspace(tmp_path / "news")

    assert workspace.channels["mail"].options["host"] == "smtp.example.org"
    assert workspace.campaigns["weekly"].email.via == "mail"


@pytest.mark.parametrize(
    ("typed", "sender"),
    [
        ("news@example.org", Address("news@example.org")),
        ("<news@example.org>", Address("news@example.org")),
        ('"Acme, Inc." <news@example.org>', Address("news@example.org", "Acme, Inc.")),
        (" Acme <3 News <news@example.org>", Address("news@example.org", "Acme <3 News")),
        (r'"Acme \"A\" Inc." <news@example.org>', Address("news@example.org", 'Acme "A" Inc.')),
    ],
)
def test_a_sender_is_read_as_people_write_one(typed, sender):
    assert sender_of(typed) == sender


@pytest.mark.parametrize("typed", ["Acme", "Acme <news@>", "Acme <news@example.org", "<>", "@", ""])
def test_what_is_no_sender_is_said(typed):
    with pytest.raises(InvalidValueError):
        sender_of(typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("A <a@example.org>, B <b@example.org>", "names several senders"),
        ("Acme\nNews <news@example.org>", "has a line break"),
        ("Acme\u2028News <news@example.org>", "has a line break"),
        ("A" * 201 + " <news@example.org>", "is too long"),
    ],
)
def test_what_a_sender_cannot_be_is_said_for_what_it_is(typed, problem):
    with pytest.raises(InvalidValueError, match=problem):
        sender_of(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "a b",
        "smtp://x",
        "host:",
        ":25",
        "host:0",
        "host:99999",
        "h/x",
        "-x",
        "...",
        ".a",
        "a..b",
        "a-",
        "::1",
    ],
)
def test_what_is_no_mail_server_is_said(typed):
    with pytest.raises(InvalidValueError, match="is not the name of a mail server"):
        mail_server_of(typed)


def test_a_mail_server_on_this_machine_needs_no_login():
    assert MailServer("localhost").is_here
    assert not MailServer("smtp.example.org").is_here
