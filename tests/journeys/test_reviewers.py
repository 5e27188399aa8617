"""Reviewers hear of what waits for them, from a run by hand and from the service."""

import pytest

from journey_stage import Mailbox, Stage, wait_until
from patience import PATIENCE

MARIE, JEAN = "marie@example.org", "jean@example.org"
TELL = f"true, deadline: 4h, tell: [{MARIE}, {JEAN}]"


@pytest.fixture
def mailbox():
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def stage(tmp_path, blog, mailbox, database_url):
    stage = Stage(
        tmp_path / "workspace", feed=blog.address, port=mailbox.port, database_url=database_url
    )
    stage.move_to(mailbox.port, approval=TELL)
    stage.subscribe("ada@example.org")
    blog.publish("First light")
    return stage


def test_reviewers_are_told_by_a_run_and_then_by_the_service(stage, mailbox):
    made = stage.run("run", "weekly")
    edition = stage.records().edition
    asked = stage.run("editions", "request-changes", edition.id, "--note", "no", "--by", "jean")
    with stage.running("up", "--port", "0") as service:
        mailbox.reached(4)
        edited = stage.run("editions", "edit", edition.id, "--subject", "Light", "--by", "ada")
        stage.run("editions", "approve", edition.id, "--by", "marie")
        wait_until(stage.has_finished, seconds=PATIENCE, what="the edition goes out")
        service.terminate()
        service.communicate(timeout=PATIENCE)

    assert (made.returncode, made.stderr) == (0, "")
    assert f"told {MARIE}" in made.stdout
    assert (asked.returncode, edited.returncode, service.returncode) == (0, 0, 0)
    readers = [message for message in mailbox.messages if message["To"] == "ada@example.org"]
    assert [message["Subject"] for message in readers] == ["Light"]
    told = [message for message in mailbox.messages if message["To"] in {MARIE, JEAN}]
    subjects = [message["Subject"].partition(" by ")[0] for message in told]
    assert (
        subjects[:4] == ["To approve"] * 2 + ["Changes requested: The Letter, " + day(told[2])] * 2
    )
    for message in told:
        assert message.defects == []
        assert message["Auto-Submitted"] == "auto-generated"
        assert "List-Unsubscribe" not in message


def day(message) -> str:
    return message["Subject"].rpartition(", ")[2]
