"""Sending loops in processes of their own, where all goes well."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from threading import Lock
from types import SimpleNamespace

import pytest

from dispatch.errors import BadInput
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery import loops, sending_process
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.loops import Processes, count_loops
from dispatch.pipeline.delivery.run_loop import deliver_some
from dispatch.pipeline.delivery.sending_child import Parent
from dispatch.pipeline.delivery.sending_orders import Says
from dispatch.render.trials.samples import trial_content
from dispatch.store.delivery.batches import Batches
from dispatch.store.editions.content import from_json, to_json
from dispatch.subprocesses.messages import send
from dispatch.testing.smtp_server import Fault
from processes_stage import NUMBER, counts

TWO = Processes(2, 2)


def test_a_worker_that_sends_already_has_the_next_loop_run_elsewhere(
    edition, given, server, children, monkeypatch
):
    monkeypatch.setattr(loops, "PROCESS_BATCHES", 10)  # a small one
    here, refused = Lock(), []
    server.faults.append(Fault("rcpt", "550 5.1.1 no such user", recipient="007@example.org"))

    with here:
        ended = deliver_some(
            edition, "mail", here=here, processes=TWO, refused=refused.extend, **given
        )
        nothing_left = deliver_some(edition, "mail", here=here, processes=TWO, **given)

    assert (ended, nothing_left) == (NUMBER, 0)
    assert (len(server.copies), set(server.copies.values())) == (NUMBER - 1, {1})
    assert [one.delivery.recipient for one in refused] == ["007@example.org"]
    assert [child.returncode for child in children] == [0]
    with given["store"].read() as tx:
        assert tx.editions.get(edition.id).state is EditionState.FINISHED


def test_a_large_edition_goes_out_from_two_processes_at_once(edition, given, server, children):
    progress = []

    report = deliver_edition(edition, processes=TWO, progress=progress.append, **given)

    assert report.counts == {DeliveryState.ACCEPTED: NUMBER}
    assert report.ended == sum(progress) == NUMBER
    assert (len(server.copies), set(server.copies.values())) == (NUMBER, {1})
    assert len(children) == 1  # and this one


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_small_edition_starts_no_process(edition, given, children, monkeypatch):
    monkeypatch.setattr(loops, "PROCESS_BATCHES", 4)

    report = deliver_edition(edition, processes=TWO, **given)

    assert report.counts == {DeliveryState.ACCEPTED: NUMBER}
    assert not children


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_worker_that_is_idle_sends_a_small_edition_by_itself(
    edition, given, children, monkeypatch
):
    monkeypatch.setattr(loops, "PROCESS_BATCHES", 4)

    ended = deliver_some(edition, "mail", here=Lock(), processes=TWO, **given)

    assert (ended, children) == (NUMBER, [])


def test_all_connections_are_used_where_one_process_sends(edition, given, channel):
    few = replace(channel, pace=Pace(connections=39))
    planned = loops.plan_loops(
        edition,
        "mail",
        store=given["store"],
        now=given["clock"](),
        open_channel=lambda _: few,
        opens=lambda _: True,
        processes=Processes(1, 2),
        alone=True,
    )

    assert (planned.number, planned.connections) == (1, 39)


def test_what_was_wrong_with_what_people_wrote_is_told_by_another_process_as_it_was():
    told = pickle.loads(pickle.dumps(BadInput(["feeds: no - correct it"])))

    assert (str(told), told.problems) == ("feeds: no - correct it", ("feeds: no - correct it",))


def test_a_batch_is_let_go_of_by_its_fence_only(edition, given, store):
    now, lease = given["clock"](), given["lease"]
    again = {"channel": "mail", "connections": 1, "at_most": 9, "now": now, "lease": lease}
    with store.begin() as tx:
        batch = tx.batches.take(edition.id, ["mail"], **again)
        other = tx.batches.take(edition.id, ["mail"], **again)

    with store.begin() as tx:
        tx.batches.let_go(batch.id, batch.fence, now=now)
        tx.batches.let_go(other.id, other.fence - 1, now=now)
        taken = tx.batches.take(edition.id, ["mail"], **again)

    assert (taken.id, taken.fence) == (batch.id, batch.fence + 1)
    assert counts(store, edition) == {DeliveryState.PENDING: NUMBER}


def test_all_batches_of_one_that_died_are_let_go_of(given, store, monkeypatch):
    said = BytesIO()
    for batch in (1, 2, 3):
        send(said, pickle.dumps((Says.TOOK, batch, batch + 10)))
    reads, writes = os.pipe()
    os.write(writes, said.getvalue())
    os.close(writes)
    dead = SimpleNamespace(stdin=BytesIO(), stdout=os.fdopen(reads, "rb"))
    monkeypatch.setattr(sending_process, "start_trusted", lambda program: dead)
    let_go = []
    monkeypatch.setattr(Batches, "let_go", lambda tx, *what, now: let_go.append(what))
    tools = SimpleNamespace(store=store, clock=given["clock"], keep_going=lambda: True)

    process = sending_process.SendingProcess(None, tools)
    process.serve()
    process.let_go()

    assert let_go == [(1, 11), (2, 12), (3, 13)]
    dead.stdout.close()


def test_a_process_stops_once_its_input_has_ended():
    heard, told = os.pipe()
    with os.fdopen(heard, "rb") as hears:
        parent = Parent(hears, BytesIO())
        before = parent.wants_more()
        os.close(told)

        after = parent.wants_more()

    assert (before, after) == (True, False)


@pytest.mark.parametrize(
    ("imports", "heavy"),
    [
        pytest.param(
            "dispatch.pipeline.delivery.sending_start, dispatch.pipeline.delivery.sending_child,"
            "dispatch.channels.smtp.wires, dispatch.store.editions.table",
            "pydantic jinja2 mrml css_inline rich.console click httpx alembic",
            id="sends",
        ),
        pytest.param(
            "dispatch.render.subprocesses.child",
            "pydantic pydantic_core sqlalchemy ruamel.yaml httpx PIL difflib"
            " dispatch.render.trials.check dispatch.render.templates.segment",
            id="renders",
        ),
    ],
)
def test_a_process_imports_what_it_is_started_for_and_no_more(imports, heavy):
    program = (
        f"import sys, {imports};"
        f"print(*[one for one in {heavy.split()} if sys.modules.get(one) is not None])"
    )

    imported = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert imported.stdout.split() == []


def test_no_process_needs_pydantic_for_the_moments_of_an_edition():
    digest = trial_content("own", {}, locale="en")

    kept = from_json(to_json(digest))

    assert kept == digest
    assert b"pydantic" not in pickle.dumps(kept)
    assert pickle.loads(pickle.dumps(kept)) == kept


@pytest.mark.parametrize(
    ("connections", "processes", "shared", "number"),
    [
        (40, Processes(4, 2), False, 2),
        (39, Processes(4, 2), False, 1),
        (5, Processes(4, 2), False, 1),
        (40, Processes(1, 2), False, 1),
        (80, Processes(4, 8), False, 4),
        (100, Processes(4, 2), False, 3),
        (5, Processes(4, 2), True, 2),
        (1, Processes(4, 2), True, 1),
    ],
)
def test_a_channel_has_as_many_loops_as_are_of_use(channel, connections, processes, shared, number):
    channel = replace(channel, pace=Pace(connections=connections))

    assert count_loops(channel, shared=shared, processes=processes) == number
