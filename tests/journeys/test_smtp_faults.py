"""Mail servers that turn mails down, say goodbye, fall silent or hang up during a send."""

import os
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dispatch.channels.opened import WIRED_CONNECTIONS
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.testing.smtp_server import HANG, LOSE_ANSWER, Fault, SmtpServer
from journey_stage import Arrivals, Stage, check_promises, readers
from loopback import free_port, running

PEOPLE = readers(200)
SOME = PEOPLE[50:150:10]
"""Ten of them: 5 %, which does not make the edition pause."""

SINK = Path("/usr/sbin/smtp-sink")
SILENCE_SECONDS = 1
"""How long a server may say nothing in these journeys."""

MOST_RUNS = 5


@pytest.fixture
def stage(tmp_path, blog, sqlite_url):
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=free_port(),
        database_url=sqlite_url,
        timeout=SILENCE_SECONDS,
    )
    stage.subscribe(*PEOPLE)
    blog.publish("First light")
    return stage


def send_over(stage: Stage, faults: list[Fault]) -> Counter[str]:
    """Run until the edition has ended, with the waits between skipped; what the server took."""
    with SmtpServer(faults=faults, taken=Arrivals()) as server:
        stage.move_to(server.port)
        run_until_finished(stage)
    return server.copies


def run_until_finished(stage: Stage) -> None:
    for _ in range(MOST_RUNS):
        ran = stage.run("run", "weekly")
        assert "Traceback" not in ran.stderr
        if stage.records().edition.state is EditionState.FINISHED:
            return
        stage.let_pass(timedelta(minutes=10))
    raise AssertionError(f"not finished after {MOST_RUNS} runs")


@pytest.mark.parametrize(
    ("phase", "says"),
    [("rcpt", "450 4.2.1 greylisted"), ("dot", "452 4.3.1 no room"), ("mail", "451 4.3.0 not now")],
)
def test_who_is_turned_down_for_now_gets_it_later(stage, phase, says):
    # What is said to MAIL, or of the disk, holds for everybody: the channel stops each time.
    recipients = {"mail": [""] * 2, "dot": SOME[:2]}.get(phase, SOME)
    faults = [Fault(phase, says, recipient=one, times=1) for one in recipients]

    copies = send_over(stage, faults)

    records = check_promises(stage, PEOPLE, copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}


@pytest.mark.parametrize("phase", ["rcpt", "data", "dot"])
def test_who_is_turned_down_for_good_is_refused_and_nobody_else(stage, phase):
    faults = [Fault(phase, "554 5.7.1 no", recipient=one) for one in SOME]

    copies = send_over(stage, faults)

    records = check_promises(stage, PEOPLE, copies, unknown_at_most=0)
    assert records.recipients(DeliveryState.REFUSED) == set(SOME)


@pytest.mark.parametrize("phase", ["mail", "rcpt", "dot"])
def test_a_server_that_says_goodbye_now_and_then_serves_all_the_same(stage, phase):
    recipients = [""] * 10 if phase == "mail" else SOME[:3]
    faults = [Fault(phase, "421 4.3.2 going down", recipient=one, times=1) for one in recipients]

    copies = send_over(stage, faults)

    records = check_promises(stage, PEOPLE, copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}


@pytest.mark.parametrize("phase", ["mail", "rcpt"])
def test_a_server_that_falls_silent_before_a_mail_left_costs_nothing(stage, phase):
    recipients = [""] * 3 if phase == "mail" else SOME[:3]
    faults = [Fault(phase, HANG, recipient=one, times=1) for one in recipients]

    copies = send_over(stage, faults)

    records = check_promises(stage, PEOPLE, copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}


@pytest.mark.parametrize("does", [HANG, LOSE_ANSWER])
def test_where_the_answer_to_a_mail_is_lost_nobody_is_asked_again(stage, does):
    faults = [Fault("dot", does, recipient=one, times=1) for one in SOME[:3]]

    copies = send_over(stage, faults)

    records = check_promises(stage, PEOPLE, copies, unknown_at_most=len(faults))
    assert records.recipients(DeliveryState.UNKNOWN) == set(SOME[:3])


@pytest.mark.skipif(not SINK.exists(), reason="smtp-sink is missing: it is part of postfix")
def test_a_foreign_server_that_hangs_up_after_each_mail_until_it_is_mended(stage):
    port = free_port()
    as_root = ["-u", "nobody"] if os.geteuid() == 0 else []
    with TemporaryDirectory() as folder:
        dump = Path(folder)
        dump.chmod(0o777)  # the sink gives up root
        hangs_up = [str(SINK), *as_root, "-q", ".", "-d", f"{dump}/mail.", f"127.0.0.1:{port}", "9"]
        stage.move_to(port)
        with running(hangs_up, port):
            ran = stage.run("run", "weekly")
        taken = Counter(recipients_in(dump))

    copies = taken + send_over(stage, [])

    assert ran.returncode == 1
    assert "the line broke before the answer" in ran.stdout + ran.stderr
    records = check_promises(stage, PEOPLE, copies, unknown_at_most=WIRED_CONNECTIONS)
    assert records.recipients(DeliveryState.UNKNOWN)


def recipients_in(dump: Path) -> list[str]:
    texts = (path.read_text() for path in dump.glob("mail.*"))
    return [to for text in texts for to in re.findall(r"^X-Rcpt-Args: <(.+?)>", text, re.MULTILINE)]
