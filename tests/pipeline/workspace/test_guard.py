"""Nothing goes out over a database that the workspace does not know, or that lacks its past."""

import sqlite3
from contextlib import closing, suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from delivery_stage import DeliveryStage, Killed
from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput, StoreUnavailable, UnknownDatabase
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.workspace.database_identity import Identity, Known
from dispatch.pipeline.workspace.guard import Guard
from dispatch.store.database.schema import endings_files, identity
from dispatch.store.transactions import Store


@pytest.fixture
def known(tmp_path) -> KnownDatabase:
    return KnownDatabase(tmp_path)


@pytest.fixture
def stage(store, clock, known) -> DeliveryStage:
    return DeliveryStage(store, clock, guard=Guard(known))


def test_a_first_start_is_no_loss_and_the_database_is_known_from_then_on(stage, store, known):
    stage.address()

    report = stage.deliver()

    with store.read() as tx:
        found = tx.identity.get()
    assert report.counts == {DeliveryState.ACCEPTED: 4}
    assert known.read() == Known(found.id, found.age)
    assert found.age > 0


def test_it_is_known_how_old_it_is_before_anything_leaves(stage, store, known):
    stage.address()
    seen = []
    stage.during_call(1, lambda: seen.append(known.read()))

    stage.deliver()

    [while_sending] = seen
    assert 0 < while_sending.age < known.read().age


def test_over_another_database_nothing_goes_out(stage, known):
    stage.address()
    known.adopt(Identity("another", age=5))

    with pytest.raises(UnknownDatabase, match=r"is a new one, .* 'dispatch db adopt'"):
        stage.deliver()

    assert stage.provider.taken == []
    assert stage.counts == {DeliveryState.PENDING: 4}


def test_over_one_that_others_have_sent_from_nothing_goes_out_either(stage, known, store):
    stage.address()
    with store.begin() as tx:
        tx.identity.grow()
    known.adopt(Identity("another", age=5))

    with pytest.raises(UnknownDatabase, match="is another one than this workspace has sent from"):
        stage.deliver()

    assert stage.provider.taken == []


def test_over_an_older_copy_nothing_goes_out(stage, store, known):
    stage.address()
    stage.deliver()
    with store._engine.begin() as connection:  # as an old copy has it
        connection.execute(identity.update().values(age=identity.c.age - 1))
        connection.execute(sa.text("UPDATE deliveries SET state = 'pending'"))
        connection.execute(sa.text("UPDATE batches SET finished_at = NULL"))
        connection.execute(sa.text("UPDATE editions SET state = 'sending'"))

    with pytest.raises(UnknownDatabase, match="is an older copy of the one"):
        stage.deliver()

    assert len(stage.provider.taken) == 4


def test_when_another_database_is_adopted_meanwhile_what_comes_next_stays_where_it_is(
    stage, known, monkeypatch
):
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
    stage.address()
    stage.during_call(1, lambda: known.adopt(Identity("another", age=5)))

    with pytest.raises(UnknownDatabase):
        stage.deliver()

    at_once = 2 if stage.store.is_shared else 1  # a batch, or a chunk
    assert stage.counts == {
        DeliveryState.ACCEPTED: at_once,
        DeliveryState.PENDING: 4 - at_once,
    }


def test_where_it_cannot_be_remembered_nothing_goes_out(stage, known, tmp_path):
    stage.address()
    (tmp_path / ".dispatch-database").mkdir()

    with pytest.raises(BadInput, match="cannot be read"):
        stage.deliver()

    assert stage.provider.taken == []


def test_a_database_over_which_nothing_went_out_is_no_loss(stage, known):
    known.note(Identity("another", age=0))
    stage.address()

    report = stage.deliver()

    assert report.counts == {DeliveryState.ACCEPTED: 4}


def test_the_age_grows_with_every_batch_that_is_taken_and_put_back(stage, store):
    stage.address()
    stage.deliver()

    with store.read() as tx:
        age = tx.identity.get().age
    chunks = 0 if store.is_shared else 4  # of one mail each
    assert age == 2 + chunks


def test_in_a_long_batch_it_grows_now_and_then_on_a_server_too(stage, store, clock, monkeypatch):
    stage.address()
    stage.during_call(1, lambda: clock.advance(timedelta(seconds=1)))
    stage.deliver()

    with store.read() as tx:
        assert tx.identity.get().age >= 3


@pytest.mark.parametrize("ended", [2, 3])
def test_a_copy_from_the_same_batch_is_an_older_one(sqlite_url, clock, known, tmp_path, ended):
    stage = DeliveryStage(Store(sqlite_url), clock, guard=Guard(known))
    stage.address()
    copy = tmp_path / "copy"
    stage.during_call(1, lambda: copy_raw(sqlite_url, copy))
    stage.during_call(ended, killed)
    with suppress(Killed):
        stage.deliver()
    stage.store.close()
    for file in tmp_path.glob("dispatch.db*"):
        file.unlink()
    copy.rename(tmp_path / "dispatch.db")
    clock.advance(timedelta(hours=1))
    stage.store = Store(sqlite_url)

    with pytest.raises(UnknownDatabase, match="is an older copy of the one"):
        stage.deliver()

    assert len(stage.provider.taken) == ended
    stage.store.close()


def test_after_a_crash_the_same_database_goes_on(stage, clock):
    stage.address()
    stage.during_call(2, killed)
    with suppress(Killed):
        stage.deliver()
    clock.advance(timedelta(hours=1))

    report = stage.deliver()

    assert report.counts == {DeliveryState.ACCEPTED: 3, DeliveryState.UNKNOWN: 1}


def test_where_it_cannot_be_remembered_in_mid_batch_nothing_more_goes_out_and_nothing_is_unknown(
    stage, store, known, tmp_path, clock
):
    stage.address()

    def lost():
        clock.advance(timedelta(seconds=1))
        (tmp_path / ".dispatch-database").write_text("nonsense")

    stage.during_call(2, lost)

    with pytest.raises(BadInput, match="cannot be read"):
        stage.deliver()

    assert len(stage.provider.taken) == 2
    assert stage.counts == {DeliveryState.ACCEPTED: 2, DeliveryState.PENDING: 2}


def test_an_older_copy_over_which_another_machine_has_sent_on_is_noticed_by_the_first(
    store, clock, tmp_path
):
    machines = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        machines.append(KnownDatabase(tmp_path / name))
        Guard(machines[-1]).check(store)
    first, second = machines
    grow(store, first)
    with store.read() as tx:
        copied = tx.identity.get()
    grow(store, first)
    with store._engine.begin() as connection:  # as a copy of the server's disk has it
        connection.execute(identity.update().values(age=copied.age))
        connection.execute(endings_files.update().values(taken_in=copied.age))
    for _ in range(50):
        grow(store, second)

    Guard(second).check(store)
    with pytest.raises(UnknownDatabase, match="is an older copy of the one"):
        Guard(first).check(store)


def test_machines_that_take_turns_know_the_database_all_the_time(store, tmp_path):
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    machines = [KnownDatabase(tmp_path / "first"), KnownDatabase(tmp_path / "second")]

    for _ in range(5):
        for one in machines:
            Guard(one).check(store)
            grow(store, one)

    assert machines[0].workspace() != machines[1].workspace()


def grow(store, known) -> None:
    with store.begin() as tx:
        grown = tx.identity.grow(known.workspace())
    known.note(grown)


def killed() -> None:
    raise Killed


def copy_raw(url, file) -> None:
    there = sqlite3.connect(url.removeprefix("sqlite:///"))
    with closing(there) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)


def test_no_two_databases_are_the_same(tmp_path):
    found = set()
    for name in ("one.db", "two.db"):
        store = Store(f"sqlite:///{tmp_path}/{name}")
        with store.read() as tx:
            found.add(tx.identity.get().id)
        store.close()

    assert len(found) == 2


def test_a_database_whose_file_was_taken_away_sends_nothing(sqlite_url, clock, known, tmp_path):
    stage = DeliveryStage(Store(sqlite_url), clock, guard=Guard(known))
    stage.address()
    (tmp_path / "dispatch.db").rename(tmp_path / "moved.db")

    with pytest.raises(StoreUnavailable, match="was moved or deleted while it was in use"):
        stage.deliver()

    assert stage.provider.taken == []
    stage.store.close()


def test_what_another_process_has_written_of_sqlite_may_not_be_on_the_disk(sqlite_url, tmp_path):
    known = KnownDatabase(tmp_path, boot="one")
    with closing(Store(sqlite_url)) as store:
        with store.begin() as tx:
            known.note(tx.identity.grow("here"))
        with store.begin() as tx:  # as a chunk does, and nobody has waited
            tx.identity.grow("here")

        Guard(known).meet(store)
        Guard(known).check(store)

    assert known.read().least("one") == 2
    assert known.read().least("two") == 1
