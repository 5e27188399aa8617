"""Keys and tokens over real processes: what is said twice is done once, what is over is over."""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from api_stage import API, token_of
from app_stage import workspace_in
from dispatch.app import open_app
from dispatch.model.team.role import Role
from journey_stage import wait_until
from loopback import free_port, running
from patience import PATIENCE
from team_stage import join

THREADS = 20
READER = {"email": "new@readers.example", "audience": "readers", "source": "by phone"}


@pytest.fixture
def house(tmp_path, migrated_sqlite, postgres_url):
    """Where a workspace is, on PostgreSQL; what its processes are told, and an owner's token."""
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    environ = {**os.environ, "DISPATCH_DATABASE_URL": postgres_url}
    with open_app(folder, environ=environ) as app:
        list(app.people.import_files())
        join(app, "grace", Role.OWNER)
        yield folder, environ, token_of(app, "grace"), app


def suppressed(app):
    with app.store.read() as tx:
        return tx.suppressions.of("gone@readers.example") is not None


def calling(port, token):
    """A program whose calls go to one of the processes."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{port}{API}", headers=headers, timeout=PATIENCE)


def test_twenty_who_say_the_same_at_once_have_it_done_once_whoever_is_killed(house):
    folder, environ, token, app = house
    ports = [free_port(), free_port()]
    begin = [sys.executable, "-m", "dispatch", "-w", str(folder), "up", "--role", "web", "--port"]
    key, at_once = {"Idempotency-Key": "monday"}, Barrier(THREADS)

    with (
        running([*begin, str(ports[0])], ports[0], environ) as first,
        running([*begin, str(ports[1])], ports[1], environ),
        calling(ports[0], token) as one,
        calling(ports[1], token) as other,
    ):
        letter = one.post("/letters", json={}).json()["id"]
        texts = f"/editions/{letter}/pieces"

        def all_say(path, body):
            def say(program):
                at_once.wait(PATIENCE)
                answer = program.post(path, json=body, headers=key)
                return answer.status_code, answer.headers.get("Location", "")

            with ThreadPoolExecutor(THREADS) as pool:
                return Counter(pool.map(say, [one, other] * (THREADS // 2)))

        readers = all_say("/subscribers", READER)
        key["Idempotency-Key"] = "tuesday"  # of a slow one, which is under way for the others
        pieces = all_say(texts, {"kind": "heading", "text": "Once"})
        another = other.post(texts, json={"kind": "heading", "text": "Twice"}, headers=key)

        # The next one's answer is lost with its process: where it was kept, the other knows it.
        key["Idempotency-Key"] = "wednesday"
        with ThreadPoolExecutor(1) as pool:
            target = {"target": "gone@readers.example", "reason": "asked"}
            pool.submit(one.post, "/suppressions", json=target, headers=key)
            wait_until(lambda: suppressed(app), seconds=PATIENCE, what="it is not kept")
            first.kill()
        repeated = other.post("/suppressions", json=target, headers=key)
        kept = [one["text"] for one in other.get(texts).json()["items"]]

    assert [status for status, _ in readers] == [201]
    assert {status for status, _ in pieces} <= {201, 409}
    assert len({where for status, where in pieces if status == 201}) == 1
    assert (another.status_code, kept) == (422, ["Once"])
    assert repeated.status_code == 201
    assert repeated.headers["Idempotency-Replayed"] == "true"


WITH_LITTLE = """
import runpy, sys
from dispatch.web.api.allowances import Allowances
Allowances.__init__.__defaults__ = ({"reads": 20, "changes": 2}, 30)
sys.argv = ["dispatch", *sys.argv[1:]]
runpy.run_module("dispatch", run_name="__main__")
"""


def test_a_token_that_asks_too_often_waits_and_one_that_was_ended_opens_nothing(house):
    folder, environ, token, app = house
    port, role = free_port(), ["--role", "web", "--port"]
    begin = [sys.executable, "-c", WITH_LITTLE, "-w", str(folder), "up", *role, str(port)]
    other = token_of(app, "grace", name="another screen")

    with running(begin, port, environ), calling(port, token) as busy, calling(port, other) as calm:
        answers = [busy.post("/letters", json={}) for _ in range(3)]
        still_reads, still_changes = busy.get("/me"), calm.post("/letters", json={})
        [its] = [
            one for one in calm.get("/tokens").json()["items"] if one["name"] == "museum screen"
        ]
        ended = calm.post(f"/tokens/{its['id']}/revoke")
        gone = busy.get("/me")

    assert [one.status_code for one in answers] == [201, 201, 429]
    assert [one.headers["RateLimit"].rpartition(";")[0] for one in answers] == [
        '"changes";r=1',
        '"changes";r=0',
        '"changes";r=0',
    ]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert (still_reads.status_code, still_changes.status_code) == (200, 201)
    assert (ended.status_code, gone.status_code) == (200, 401)
