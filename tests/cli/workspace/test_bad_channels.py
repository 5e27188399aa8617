"""A mail server that cannot be used: said plainly, nobody lost, everybody once when it works."""

import pytest

from app_stage import change
from cli.campaigns.test_run import READERS as SAMPLES
from dispatch.testing.smtp_server import DROP, LOSE_ANSWER, Fault, SmtpServer
from loopback import free_port

PASSWORD = "hunter22-hunter22"
READERS = {one.replace("readers.example", "example.org") for one in SAMPLES}


@pytest.fixture
def by_smtp(dispatch, monkeypatch):
    """Make the digest of the weekly campaign go to this port."""
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    change(dispatch.folder, "@readers.example", "@example.org", "subscribers/readers.csv")
    dispatch.edit(
        "audience: readers, template: weekly", "audience: readers, template: weekly, via: mail"
    )

    def configure(port: int, *, login: bool = False) -> None:
        options = f"host: 127.0.0.1, port: {port}, security: none"
        if login:
            options += ", username: marie, password: env:SMTP_PASSWORD"
        text = (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")
        text = text.partition("\nchannels:\n")[0]
        channels = f"\nchannels:\n  mail: {{provider: smtp, options: {{{options}}}}}\n"
        dispatch.write(text + channels)

    return configure


def states(dispatch) -> dict[str, int]:
    """How many mails are in each state, by the ledger."""
    rows = dispatch("deliveries", "list", "--json").json
    found = [row["state"] for row in rows if row["channel"] == "mail"]
    return {state: found.count(state) for state in found}


def test_a_server_that_cannot_be_reached_loses_nobody(dispatch, by_smtp):
    port = free_port()
    by_smtp(port)

    down = dispatch("run", "weekly")
    waiting = states(dispatch)
    with SmtpServer() as server:
        by_smtp(server.port)
        up = dispatch("-q", "run", "weekly")
        after = dispatch("run", "weekly")

    assert down.code == 1
    assert up.out.endswith(" is finished: 16 accepted\n")
    assert f"smtp: 127.0.0.1:{port}: no connection (Connection refused) - check host" in down.err
    assert waiting == {"pending": 8}
    assert (up.code, up.err, after.code) == (0, "", 0)
    assert server.copies == dict.fromkeys(READERS, 1)


def test_a_refused_login_stops_the_channel_until_it_is_mended(dispatch, by_smtp, monkeypatch):
    with SmtpServer(login=("marie", "the right one")) as server:
        by_smtp(server.port, login=True)
        refused = dispatch("run", "weekly")
        stopped = dispatch("channels", "list", "--json").json[0]
        checked = dispatch("channels", "check", "mail")
        monkeypatch.setenv("SMTP_PASSWORD", "the right one")
        mended = dispatch("run", "weekly")

    assert refused.code == 1
    assert "channel mail is stopped until a person acts: smtp: 127.0.0.1:" in refused.err
    assert "login not accepted (535 5.7.8 not you) - check username and password" in refused.err
    assert (stopped["stopped"], stopped["until"]) == (True, None)
    assert (checked.code, "login not accepted" in checked.out) == (1, True)
    assert (mended.code, server.copies) == (0, dict.fromkeys(READERS, 1))
    assert PASSWORD not in refused.out + refused.err + checked.out + checked.err


def test_a_channel_whose_secret_is_missing_hides_no_other(dispatch, by_smtp, monkeypatch):
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    by_smtp(free_port(), login=True)

    checked = dispatch("channels", "check", "--json")

    works = {row["channel"]: (row["works"], row["says"]) for row in checked.json}
    assert (checked.code, works["outbox"][0], works["mail"][0]) == (2, True, False)
    assert "SMTP_PASSWORD is not set" in works["mail"][1]


def test_the_snippets_go_out_while_the_mail_server_is_down(dispatch, by_smtp, workspace):
    by_smtp(free_port())

    dispatch("run", "weekly")

    assert len(list(workspace.glob("outbox/social/*.json"))) == 8


def test_one_refused_recipient_is_told_and_the_others_get_theirs(dispatch, by_smtp):
    fault = Fault("rcpt", "550 5.1.1 no such person", recipient="reader@example.org")
    with SmtpServer(faults=[fault]) as server:
        by_smtp(server.port)
        ended = dispatch("run", "weekly")
        again = dispatch("run", "weekly")

    [refused] = dispatch("deliveries", "list", "--state", "refused", "--json").json
    assert (ended.code, again.code) == (1, 0)
    assert (refused["recipient"], refused["reason"]) == (
        "reader@example.org",
        "550 5.1.1 no such person",
    )
    assert server.copies == dict.fromkeys(READERS - {"reader@example.org"}, 1)


def test_a_lost_answer_is_never_sent_again(dispatch, by_smtp):
    fault = Fault("dot", LOSE_ANSWER, recipient="reader@example.org", times=1)
    with SmtpServer(faults=[fault]) as server:
        by_smtp(server.port)
        ended = dispatch("run", "weekly")
        dispatch("run", "weekly")
        dispatch("run", "weekly")

    [unknown] = dispatch("deliveries", "list", "--state", "unknown", "--json").json
    assert ended.code == 1
    assert unknown["recipient"] == "reader@example.org"
    assert server.copies == dict.fromkeys(READERS, 1)


def test_a_server_that_hangs_up_once_is_called_again_at_once(dispatch, by_smtp):
    with SmtpServer(faults=[Fault("mail", DROP, times=1)]) as server:
        by_smtp(server.port)
        ended = dispatch("run", "weekly")

    assert ended.code == 0
    assert server.copies == dict.fromkeys(READERS, 1)


def test_a_test_mail_that_cannot_be_sent_says_why(dispatch, by_smtp):
    port = free_port()
    by_smtp(port)
    dispatch("feeds", "poll")

    ended = dispatch("test-send", "weekly", "me@example.org")

    assert ended.code == 1
    assert ended.err.startswith(f"smtp: 127.0.0.1:{port}: no connection (Connection refused) - ")


def test_a_secret_that_is_not_set_stops_the_run_before_anything_is_kept(
    dispatch, by_smtp, monkeypatch
):
    by_smtp(free_port(), login=True)
    monkeypatch.delenv("SMTP_PASSWORD")

    checked = dispatch("check")
    ran = dispatch("run", "weekly")

    problem = (
        "channels.mail.options.password: the environment variable SMTP_PASSWORD is not set - "
        "set it before you start dispatch"
    )
    assert (checked.code, ran.code) == (2, 2)
    assert problem in checked.err
    assert problem in ran.err
    assert checked.err.startswith("schedules.yaml:")
    assert dispatch("editions", "list", "--json").json == []


def test_a_password_that_is_written_out_is_refused_and_not_repeated(dispatch, by_smtp):
    by_smtp(free_port(), login=True)
    dispatch.edit("env:SMTP_PASSWORD}", "my-written-password}")

    ended = dispatch("check")

    assert ended.code == 2
    assert "channels.mail.options.password: a secret is written out here - keep it" in ended.err
    assert "my-written-password" not in ended.out + ended.err
