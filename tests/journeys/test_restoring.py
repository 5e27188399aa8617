"""A database that is lost, copied in mid-send and put back: nobody gets anything twice by that."""

import re
import sqlite3
from contextlib import closing

import httpx
import pytest

from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.store.transactions import Store
from journey_stage import Arrivals, Stage, readers, wait_until
from postgres_servers import VERSIONS, Server, postgres, programs_of

PEOPLE = readers(1_500)
HALF_WAY = 500
LEAVER, LATER = PEOPLE[-1], PEOPLE[-2]
KEY = "a secret of sixteen bytes"


@pytest.fixture
def arrivals():
    return Arrivals(held_from=HALF_WAY)


def stage_on(url, folder, blog, server) -> Stage:
    stage = Stage(folder, feed=blog.address, port=server.port, database_url=url, approval=True)
    stage.environ |= {"DISPATCH_SECRET_KEY": KEY, "DISPATCH_PORT": "0"}
    stage.subscribe(*PEOPLE)
    blog.publish("First light")
    stage.approve()
    return stage


@pytest.fixture
def stage(tmp_path, blog, server, database_url):
    return stage_on(database_url, tmp_path / "workspace", blog, server)


def done(stage, *command, code=0):
    ended = stage.run(*command)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def leaving_link(stage, email) -> str:
    store = Store(stage.database_url)
    with store.read() as tx:
        leaver = tx.subscribers.find(email)
    store.close()
    return f"/unsubscribe/{SignedLinks('', [KEY]).unsubscribe_token(leaver.public_id, 'readers')}"


def test_a_copy_made_in_mid_send_and_put_back_sends_nothing_twice(stage, arrivals, blog):
    with stage.running("up") as service:
        address = re.search(r"http://\S+", service.stderr.readline())[0]
        arrivals.reached(HALF_WAY)
        done(stage, "db", "backup", "copy")
        clicked = httpx.post(address + leaving_link(stage, LEAVER), timeout=30)
        arrivals.let_go()
        wait_until(stage.has_finished, seconds=60, what="the edition ends")
        later = httpx.post(address + leaving_link(stage, LATER), timeout=30)
    before = dict(arrivals.copies)

    said = done(stage, "db", "restore", "copy", "--replace")
    blog.publish("Second light")
    first = stage.run("run", "weekly")
    done(stage, "run", "weekly", code=1)

    assert (clicked.status_code, later.status_code) == (200, 200)
    assert "deliveries of 1 paused editions are unknown" in said
    assert (first.returncode, "put back from a copy" in first.stderr) == (1, True)
    assert arrivals.copies == before
    assert set(before.values()) == {1}
    records = stage.records()
    assert sum(records.counts.values()) == len(PEOPLE)
    assert records.counts[DeliveryState.UNKNOWN] >= len(PEOPLE) - HALF_WAY - 20
    check_left(stage, LEAVER, LATER)


def check_left(stage, *emails) -> None:
    store = Store(stage.database_url)
    with store.read() as tx:
        standing = [tx.subscribers.standing(tx.subscribers.find(one).id) for one in emails]
    store.close()
    assert standing == [{"readers": "ended"}] * len(emails)


def test_who_is_resent_to_after_that_does_not_include_who_has_left(stage, arrivals):
    with stage.running("run", "weekly") as run:
        arrivals.reached(HALF_WAY)
        done(stage, "db", "backup", "copy")
        done(stage, "subscribers", "end", LEAVER)
        arrivals.let_go()
        run.communicate(timeout=60)
    before = len(arrivals)
    done(stage, "db", "restore", "copy", "--replace")

    done(stage, "deliveries", "resolve", "--unknown", "resend", "--yes")
    done(stage, "editions", "resume", stage.records().edition.id)
    done(stage, "run", "weekly")

    assert len(arrivals) > before
    assert LEAVER not in arrivals.copies
    assert stage.records().recipients(DeliveryState.SUPPRESSED) == {LEAVER}


def test_a_database_that_is_lost_mails_nobody(tmp_path, blog, server, arrivals):
    stage = stage_on(f"sqlite:///{tmp_path}/dispatch.db", tmp_path / "workspace", blog, server)
    arrivals.let_go()
    done(stage, "run", "weekly")
    done(stage, "subscribers", "end", LEAVER)
    for file in tmp_path.glob("dispatch.db*"):
        file.unlink()
    stage.move_to(server.port, approval="false")

    refused = stage.run("run", "weekly")
    with stage.running("up") as service:
        address = re.search(r"http://\S+", service.stderr.readline())[0]
        alive = httpx.get(f"{address}/health", timeout=30)
        ready = httpx.get(f"{address}/health/ready", timeout=30)
    done(stage, "db", "adopt")
    done(stage, "run", "weekly")
    people = done(stage, "subscribers", "list", "--json")

    assert refused.returncode == 2
    assert "is a new one, and this workspace has sent from another" in refused.stderr
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert "is a new one" in ready.text
    assert set(arrivals.copies.values()) == {1}
    assert f'"email": "{LEAVER}"' in people
    check_left(stage, LEAVER)


def test_a_file_copied_in_mid_send_and_put_back_after_a_crash_sends_nothing(
    tmp_path, blog, server, arrivals
):
    database, copy = tmp_path / "dispatch.db", tmp_path / "copy.db"
    stage = stage_on(f"sqlite:///{database}", tmp_path / "workspace", blog, server)
    with stage.running("run", "weekly") as run:
        arrivals.reached(HALF_WAY // 2)
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        arrivals.reached(HALF_WAY)
        run.kill()
    for file in tmp_path.glob("dispatch.db*"):
        file.unlink()
    copy.rename(database)
    arrivals.let_go()

    refused = stage.run("run", "weekly")

    assert refused.returncode == 2
    assert "is an older copy of the one that this workspace has sent from" in refused.stderr
    assert set(arrivals.copies.values()) == {1}


@pytest.fixture(scope="module", params=VERSIONS)
def any_postgres(request):
    if programs_of(request.param) is None:
        pytest.skip(f"PostgreSQL {request.param} is not on this machine")
    with postgres(request.param) as server:
        yield server


def test_the_whole_life_of_a_database_on_each_postgresql(
    any_postgres: Server, tmp_path, blog, server, arrivals
):
    arrivals.let_go()
    stage = stage_on(any_postgres.new_database(), tmp_path / "workspace", blog, server)
    with stage.running("worker") as worker:
        wait_until(stage.has_finished, seconds=60, what="the edition ends")
        worker.terminate()
        worker.communicate(timeout=30)
    done(stage, "db", "backup", "copy")
    looked = done(stage, "db", "check")
    moved = Stage(
        tmp_path / "other", feed=blog.address, port=server.port,
        database_url=any_postgres.new_database(), approval=True,
    )  # fmt: skip
    moved.environ |= {"DISPATCH_SECRET_KEY": KEY}
    moved.subscribe(*PEOPLE)

    done(moved, "db", "restore", str(stage.folder / "copy"))
    blog.publish("Second light")
    done(moved, "run", "weekly")

    assert "is up to date" in looked
    assert set(arrivals.copies.values()) == {1}
    assert moved.records() == stage.records()
