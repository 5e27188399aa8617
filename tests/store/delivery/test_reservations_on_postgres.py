"""On PostgreSQL no chunk waits for the disk whose rows are reserved; a crash of the server is seen.

A crash is played by what it does: sessions end, the table that is not logged is empty, and rows are
as they were at the last commit that waited.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.delivery.state import On
from dispatch.pipeline.delivery.settle import settle_lost
from dispatch.store.database.schema import batches, boots, deliveries
from dispatch.store.transactions import Store
from ledger_stage import FENCE, LEASE, OURS, LedgerStage


@pytest.fixture
def stage(postgres_url, clock):
    store = Store(postgres_url)
    stage = LedgerStage(store, clock)
    stage.set_up()
    yield stage
    stage.close()
    store.close()


@pytest.fixture
def people(stage):
    return [stage.delivery(to=stage.reader()) for _ in range(6)]


@pytest.fixture
def ledger(stage):
    return stage.ledger()


@pytest.fixture
def commit(stage, ledger):
    def commit(*wanted, taken=(), ahead=()):
        return ledger.commit(
            wanted, dict.fromkeys(taken, ""), (), now=stage.clock(), lease=LEASE,
            ahead=lambda: ahead,
        )  # fmt: skip

    return commit


def said(driver, what="synchronous_commit"):
    return driver.execute(f"SHOW {what}").fetchone()[0]


def crash(stage, ledger, *lost):
    """The server ends; of the rows `lost` it knows no more than that they wait."""
    with stage.store._engine.begin() as connection:
        connection.execute(boots.delete())
        waits = {"state": State.PENDING.value, "fence": 0, "attempt": 0}
        connection.execute(deliveries.update().where(deliveries.c.id.in_(lost)).values(waits))
    stage.lose(ledger)
    stage.store._engine.dispose()


def take(stage):
    with stage.store.begin() as tx:
        batch = tx.batches.take(
            "e4", ["mail"], channel="mail", connections=1, at_most=None, now=stage.clock(),
            lease=LEASE,
        )  # fmt: skip
        settle_lost(batch, window_of=lambda _: timedelta(0), tx=tx, now=stage.clock())
    return batch


def test_the_disk_is_waited_for_once_for_many(commit, people):
    first, second, third, *_ = people

    waited = [
        commit(first, ahead=[second, third]).on_disk,
        commit(second, taken=[first]).on_disk,
        commit(third, taken=[second]).on_disk,
        commit(people[3], taken=[third]).on_disk,
    ]

    assert waited == [True, False, False, True]


@pytest.mark.parametrize("usual", ["on", "local", "remote_apply", "off"])
def test_what_waits_for_the_disk_does_so_as_the_server_has_it(
    stage, ledger, people, monkeypatch, usual
):
    monkeypatch.setenv("PGOPTIONS", f"-c synchronous_commit={usual}")
    stage.store._engine.dispose()
    seen = []

    ledger.commit(
        people[:1], {}, (), now=stage.clock(), lease=LEASE,
        ahead=lambda: seen.append(said(ledger._connection.driver)) or people[1:2],
    )  # fmt: skip
    seen.append(said(ledger._connection.driver))

    assert seen == ["on" if usual == "off" else usual, "off"]


def test_the_next_ledger_hears_anew_how_the_server_is_to_wait(stage, ledger, commit, people):
    commit(people[0], ahead=people[1:2])
    driver = ledger._connection.driver
    ledger.close()
    driver.execute("SET synchronous_commit = remote_apply")  # as the operator, for all sessions

    again = stage.ledger()
    seen = []
    again.commit(
        people[2:3], {}, (), now=stage.clock(), lease=LEASE,
        ahead=lambda: seen.append(said(again._connection.driver)) or (),
    )  # fmt: skip

    assert seen == ["remote_apply"]


def test_a_start_of_the_server_has_one_name_for_all(stage, commit, people):
    commit(people[0])
    with stage.store._engine.connect() as connection:
        named = connection.scalar(sa.select(boots.c.name))
    other = stage.ledger()

    stage.commit(people[1], ledger=other)

    with stage.store._engine.connect() as connection:
        assert connection.scalars(sa.select(boots.c.name)).all() == [named]
        kept = connection.scalar(
            sa.text("SELECT relpersistence FROM pg_class WHERE relname = 'boots'")
        )
    assert kept == "u"


def test_after_a_crash_its_holder_hands_over_nothing_more_and_leaves_the_rest_to_the_next(
    stage, ledger, commit, people
):
    first, second, third, fourth, *others = people
    commit(first, ahead=[second, third, fourth])
    commit(second, taken=[first])
    commit(third, taken=[second])
    crash(stage, ledger, second, third)

    with pytest.raises(StoreUnavailable):
        commit(fourth, taken=[third])
    after = commit(fourth, taken=[third])
    with stage.store.begin() as tx:
        tx.batches.put_back(OURS, now=stage.clock())
    batch = take(stage)

    assert (after.granted, after.held) == (frozenset(), False)
    assert batch.fence == FENCE + 1
    assert [stage.state(one) for one in (second, third, fourth)] == [State.UNKNOWN] * 3
    assert {stage.row(one).reason for one in (second, third, fourth)} == {On.CUT_OFF.value}
    assert {stage.state(one) for one in others} == {State.PENDING}


def test_what_was_answered_after_a_crash_and_is_known_to_have_gone_is_kept(
    stage, ledger, commit, people
):
    first, second, *_ = people
    commit(first, ahead=[second])  # on the disk: it is in a provider's hands
    crash(stage, ledger)

    with pytest.raises(StoreUnavailable):
        commit(taken=[first])
    commit(taken=[first])
    with stage.store.begin() as tx:
        tx.batches.put_back(OURS, now=stage.clock())
    take(stage)

    assert [stage.state(one) for one in (first, second)] == [State.ACCEPTED, State.UNKNOWN]


def test_a_session_that_ended_alone_costs_nobody_anything(stage, ledger, commit, people):
    first, second, third, *_ = people
    commit(first, ahead=[second, third])
    commit(second, taken=[first])
    stage.lose(ledger)

    with pytest.raises(StoreUnavailable):
        commit(third, taken=[second])
    after = commit(third, taken=[second], ahead=people[3:])

    assert (after.granted, after.held, after.on_disk) == ({third}, True, True)
    assert stage.state(second) is State.ACCEPTED


def test_what_another_worker_left_before_a_crash_is_in_doubt(stage, ledger, commit, people):
    first, second, third, *_ = people
    commit(first, ahead=[second])
    crash(stage, ledger)
    stage.clock.advance(2 * LEASE)

    take(stage)

    assert [stage.state(one) for one in (first, second)] == [State.UNKNOWN] * 2
    assert stage.state(third) is State.PENDING
    assert stage._one(batches, OURS.id).reserved is None
