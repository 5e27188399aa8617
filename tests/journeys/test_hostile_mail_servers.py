"""A mail server that is down, or waited for in vain: the next channel steps in."""

import time

import pytest

from dispatch.model.delivery.state import DeliveryState
from dispatch.testing.hostile_smtp import HostileSmtp, drip, flood, hang_up, keep_silent, say
from dispatch.testing.smtp_server import SmtpServer
from journey_stage import Arrivals, Stage, check_promises, finish, readers
from loopback import free_port

PEOPLE = readers(100)
CONNECTIONS = 2


@pytest.fixture
def stage(tmp_path, blog, sqlite_url):
    """An approved edition that goes out by `mail`, and by `backup` while that is down."""
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=free_port(),
        database_url=sqlite_url,
        connections=CONNECTIONS,
        timeout=1,
        approval=True,
    )
    stage.subscribe(*PEOPLE)
    blog.publish("First light")
    return stage


def add_backup(stage: Stage, port: int) -> None:
    path = stage.folder / "schedules.yaml"
    backup = (
        f"  backup: {{provider: smtp, options: {{host: 127.0.0.1, port: {port}, security: none}}}}"
    )
    text = path.read_text().replace("campaigns:\n", f"{backup}\ncampaigns:\n")
    path.write_text(text.replace("via: mail", "via: [mail, backup]"))


@pytest.mark.parametrize(
    ("point", "deed"),
    [
        ("greeting", drip(b"220-")),
        ("ehlo", flood(b"250-and on\r\n")),
        ("rcpt", drip(b"250-ok\r\n")),
    ],
)
def test_the_next_channel_steps_in(stage, point, deed):
    arrivals = Arrivals()
    with HostileSmtp(**{point: deed}) as hostile, SmtpServer(taken=arrivals) as server:
        stage.move_to(hostile.port)
        add_backup(stage, server.port)
        stage.approve()
        with stage.running("up", "--port", "0") as service:
            finish(stage)
            service.terminate()
            said = service.communicate(timeout=30)

    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}
    assert "Traceback" not in said[1]


DOWN = {
    "closed": {"connect": hang_up},
    "turned away": {"greeting": say(b"521 no mail here\r\n")},
    "busy": {"greeting": say(b"421 too many of you\r\n")},
    "silent": {"greeting": keep_silent},
    "silent to the recipient": {"rcpt": keep_silent},
    "no login": {"ehlo": say(b"250-x\r\n250 8BITMIME\r\n"), "mail": say(b"530 log in\r\n")},
    "out of step": {"data": say(b"503 MAIL first\r\n")},
    "no such command": {"rcpt": say(b"500 what?\r\n")},
    "out of step at the end": {"dot": say(b"503 DATA first\r\n")},
    "sender refused": {"mail": say(b"550 not you\r\n")},
}


@pytest.mark.parametrize("deeds", DOWN.values(), ids=DOWN)
def test_a_run_goes_on_over_the_next_channel(stage, deeds):
    arrivals = Arrivals()
    with HostileSmtp(**deeds) as hostile, SmtpServer(taken=arrivals) as server:
        stage.move_to(hostile.port, approval="false")
        add_backup(stage, server.port)
        run = stage.run("run", "weekly")

    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}
    assert {one.channel for one in records.deliveries} == {"backup"}
    assert run.returncode == 0, run.stderr
    assert "channel mail is stopped" in run.stdout + run.stderr


def test_a_run_goes_on_over_the_next_channel_where_nobody_listens(stage):
    arrivals = Arrivals()
    with SmtpServer(taken=arrivals) as server:
        stage.move_to(free_port(), approval="false")
        add_backup(stage, server.port)
        stage.run("run", "weekly")

    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert {one.channel for one in records.deliveries} == {"backup"}


LOST = {
    "drips": {"dot": drip(b"250 2.0.0 Ok: queued as ABC", every=0.3)},
    "hangs up": {"dot": hang_up},
    "silent": {"dot": keep_silent},
    "goes on": {"dot": say(b"354 go on\r\n")},
    "two minds": {"dot": say(b"250-ok\r\n451 no\r\n")},
    "no answer": {"dot": say(b"hm\r\n")},
    "hangs up early": {"body": hang_up},
}


@pytest.mark.parametrize("deeds", LOST.values(), ids=LOST)
def test_a_run_whose_mails_are_not_answered_for_goes_on_over_the_next_channel(stage, deeds):
    arrivals = Arrivals()
    with HostileSmtp(**deeds) as hostile, SmtpServer(taken=arrivals) as server:
        stage.move_to(hostile.port, approval="false")
        add_backup(stage, server.port)
        run = stage.run("run", "weekly")

    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=CONNECTIONS)
    unknown = {one.channel for one in records.deliveries if one.state is DeliveryState.UNKNOWN}
    assert unknown <= {"mail"}
    assert set(records.counts) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert "channel mail is stopped" in run.stdout + run.stderr


@pytest.mark.parametrize("deeds", [LOST["drips"], LOST["hangs up"]], ids=["drips", "hangs up"])
def test_a_service_whose_mails_are_not_answered_for_goes_on_over_the_next_channel(stage, deeds):
    arrivals = Arrivals()
    with HostileSmtp(**deeds) as hostile, SmtpServer(taken=arrivals) as server:
        stage.move_to(hostile.port)
        add_backup(stage, server.port)
        stage.approve()
        with stage.running("up", "--port", "0") as service:
            finish(stage)
            service.terminate()
            service.communicate(timeout=30)

    check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=CONNECTIONS)


def test_running_again_and_again_loses_one_answer_each_time(stage):
    with HostileSmtp(dot=hang_up) as hostile:
        stage.move_to(hostile.port, approval="false")
        unknown = []
        for _ in range(3):
            stage.run("run", "weekly")
            unknown.append(stage.records().counts[DeliveryState.UNKNOWN])

    assert unknown[0] <= CONNECTIONS
    assert unknown[1:] == [unknown[0] + 1, unknown[0] + 2]


def test_a_run_whose_channels_are_all_down_says_so_and_loses_nobody(stage):
    with HostileSmtp(greeting=keep_silent) as hostile:
        stage.move_to(hostile.port, approval="false")
        add_backup(stage, free_port())
        run = stage.run("run", "weekly")

    assert run.returncode == 1
    assert stage.records().counts == {DeliveryState.PENDING: len(PEOPLE)}
    assert "channel mail is stopped" in run.stdout + run.stderr
    assert "channel backup is stopped" in run.stdout + run.stderr


def test_a_service_that_waits_for_an_answer_ends_within_seconds_of_sigterm(stage):
    arrivals = Arrivals(held_from=1)
    with SmtpServer(taken=arrivals) as server:
        stage.move_to(server.port, timeout=60)
        stage.approve()
        with stage.running("up", "--port", "0") as service:
            arrivals.reached(1)
            begin = time.monotonic()
            service.terminate()
            _, said = service.communicate(timeout=30)
            took = time.monotonic() - begin
        arrivals.let_go()
        stage.run("run", "weekly")

    assert service.returncode == 1
    assert took < 15  # ten, on a machine that has nothing else to do
    assert "ended all the same" in said
    check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=CONNECTIONS)
