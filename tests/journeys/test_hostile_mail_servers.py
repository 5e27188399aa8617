"""A mail server that is waited for in vain: the next channel steps in, while the service runs."""

import pytest

from dispatch.model.delivery import DeliveryState
from dispatch.testing.hostile_smtp import HostileSmtp, drip, flood
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
        with stage.running("up") as service:
            finish(stage)
            service.terminate()
            said = service.communicate(timeout=30)

    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}
    assert "Traceback" not in said[1]
