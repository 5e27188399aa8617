"""What people decide while an edition is going out: readers who leave, a team that stops it."""

import re

import httpx
import pytest

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.store.transactions import Store
from dispatch.testing.smtp_server import SmtpServer
from journey_stage import Arrivals, Stage, check_promises, finish, readers
from patience import PATIENCE

KEY = "a key that the journey and the service share"
PEOPLE = readers(400)
LEAVER = PEOPLE[-1]
HALF_WAY = 150
"""At so many mails the server waits until minds have changed."""


@pytest.fixture
def arrivals():
    return Arrivals(held_from=HALF_WAY)


@pytest.fixture
def stage(tmp_path, blog, arrivals, database_url):
    with SmtpServer(taken=arrivals) as server:
        stage = Stage(
            tmp_path / "workspace",
            feed=blog.address,
            port=server.port,
            database_url=database_url,
            approval=True,
        )
        stage.environ |= {"DISPATCH_SECRET_KEY": KEY, "DISPATCH_PORT": "0"}
        stage.subscribe(*PEOPLE)
        blog.publish("First light")
        stage.approve()
        yield stage


def test_who_leaves_by_one_click_in_the_middle_gets_nothing(stage, arrivals):
    with stage.running("up") as service:
        address = re.search(r"http://\S+", service.stderr.readline())[0]
        arrivals.reached(HALF_WAY)
        clicked = httpx.post(
            address + leaving_path(stage), data={"List-Unsubscribe": "One-Click"}, timeout=PATIENCE
        )
        arrivals.let_go()
        finish(stage)

    assert clicked.status_code == 200
    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.recipients(DeliveryState.SUPPRESSED) == {LEAVER}
    assert LEAVER not in arrivals.copies


def leaving_path(stage: Stage) -> str:
    store = Store(stage.database_url)
    with store.read() as tx:
        leaver = tx.subscribers.find(LEAVER)
    store.close()
    return f"/unsubscribe/{SignedLinks('', [KEY]).unsubscribe_token(leaver.public_id, 'readers')}"


def test_who_is_taken_out_by_the_team_in_the_middle_gets_nothing(stage, arrivals):
    with stage.running("run", "weekly") as run:
        arrivals.reached(HALF_WAY)
        ended = stage.run("subscribers", "end", LEAVER)
        arrivals.let_go()
        run.communicate(timeout=PATIENCE)

    assert ended.returncode == 0
    assert run.returncode == 0
    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.recipients(DeliveryState.SUPPRESSED) == {LEAVER}
    assert LEAVER not in arrivals.copies


def test_a_paused_edition_stands_still_and_goes_on_where_it_was(stage, arrivals):
    edition = stage.records().edition.id
    with stage.running("run", "weekly") as run:
        arrivals.reached(HALF_WAY)
        paused = stage.run("editions", "pause", edition)
        arrivals.let_go()
        run.communicate(timeout=PATIENCE)
    then = stage.records()
    while_paused = stage.run("run", "weekly")
    still = stage.records()
    resumed = stage.run("editions", "resume", edition)
    last = stage.run("run", "weekly")

    assert (paused.returncode, resumed.returncode, last.returncode) == (0, 0, 0)
    assert then.edition.state is EditionState.PAUSED
    assert then.counts.keys() == {DeliveryState.ACCEPTED, DeliveryState.PENDING}
    assert still.counts == then.counts, while_paused.stdout
    records = check_promises(stage, PEOPLE, arrivals.copies, unknown_at_most=0)
    assert records.counts == {DeliveryState.ACCEPTED: len(PEOPLE)}
