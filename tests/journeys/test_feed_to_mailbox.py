"""From a blog's feed to readers' mailboxes, with real processes and servers in between."""

import json
import random
import signal

import pytest

from dispatch.channels.opened import WIRED_CONNECTIONS
from dispatch.model.delivery.state import DeliveryState
from dispatch.store.transactions import Store
from dispatch.testing.smtp_server import SmtpServer
from journey_stage import Arrivals, Mailbox, Stage
from patience import PATIENCE

KILLS = 1  # each costs a lease; test_crashes.py has twenty


@pytest.fixture
def mailbox():
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def stage(tmp_path, blog, mailbox, database_url):
    return Stage(
        tmp_path / "workspace", feed=blog.address, port=mailbox.port, database_url=database_url
    )


def deliveries(database_url):
    store = Store(database_url)
    with store.read() as tx:
        rows = list(tx.deliveries.latest())
    store.close()
    return rows


def test_the_next_run_sends_just_the_post_that_was_added(stage, blog, mailbox):
    stage.subscribe("ada@example.org", "bob@example.org")
    blog.publish("First light")
    first = stage.run("run", "weekly")
    blog.publish("Second sight")

    second = stage.run("run", "weekly")

    assert (first.returncode, first.stderr) == (0, "")
    assert (second.returncode, second.stderr) == (0, "")
    assert mailbox.copies == {"ada@example.org": 2, "bob@example.org": 2}
    subjects = [message["Subject"] for message in mailbox.messages]
    assert subjects == ["News: First light"] * 2 + ["News: Second sight"] * 2
    for message in mailbox.messages[2:]:
        assert "First light" not in message.as_string()


def test_what_arrives_is_a_well_formed_digest(stage, blog, mailbox):
    stage.subscribe("ada@example.org")
    blog.publish("First light")

    stage.run("run", "weekly")

    [message] = mailbox.messages
    assert message.defects == []
    for name in ("From", "To", "Date", "Message-ID", "Subject", "List-Id", "List-Unsubscribe"):
        assert len(message.get_all(name)) == 1
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    https, mailto = message["List-Unsubscribe"].split(", ")
    assert https.startswith("<https://news.example/unsubscribe/")
    assert mailto.startswith("<mailto:letter@news.example?subject=")
    lines = message.get_body(("plain",)).get_content().splitlines()
    assert lines == ["First light", "https://blog.example/1", https.strip("<>")]


def test_a_second_run_sends_nothing_and_says_why(stage, blog, mailbox):
    stage.subscribe("ada@example.org")
    blog.publish("First light")
    stage.run("run", "weekly")

    again = stage.run("run", "weekly")

    assert len(mailbox.mails) == 1
    assert again.returncode == 0
    assert "there is no new post - no edition was made" in again.stdout


def test_kill_9_in_the_middle_loses_nobody_and_sends_nothing_twice(
    stage, blog, mailbox, database_url
):
    people = {f"reader{number}@example.org" for number in range(300)}
    stage.subscribe(*people)
    blog.publish("First light")
    for moment in sorted(random.Random(database_url).sample(range(10, 250), KILLS)):
        process = stage.start("run", "weekly")
        mailbox.reached(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    last = stage.run("run", "weekly", "--json")

    rows = deliveries(database_url)
    assert {row.recipient for row in rows} == people
    assert len(rows) == len(people)
    assert {row.state for row in rows} <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    unknown = {row.recipient for row in rows if row.state is DeliveryState.UNKNOWN}
    assert len(unknown) <= KILLS * WIRED_CONNECTIONS
    assert max(mailbox.copies.values()) == 1
    assert people - mailbox.copies.keys() <= unknown
    assert last.returncode == (1 if unknown else 0)
    assert json.loads(last.stdout)["deliveries"][0]["state"] == "finished"


def test_sigterm_stops_between_two_hand_overs_and_the_next_run_goes_on(stage, blog, database_url):
    people = {f"reader{number}@example.org" for number in range(150)}
    stage.subscribe(*people)
    blog.publish("First light")
    arrivals = Arrivals(held_from=20)
    with SmtpServer(taken=arrivals) as server:
        stage.move_to(server.port, approval="false")
        process = stage.start("run", "weekly")
        arrivals.reached(20)
        process.terminate()
        arrivals.let_go()
        process.communicate(timeout=PATIENCE)
        sent_by_first = len(arrivals)

        last = stage.run("run", "weekly")

    assert process.returncode == 1
    assert sent_by_first < len(people)
    assert last.returncode == 0
    assert {row.state for row in deliveries(database_url)} == {DeliveryState.ACCEPTED}
    assert arrivals.copies == dict.fromkeys(people, 1)
