"""Nothing goes out over a database that the workspace does not know, or that lacks its past."""

import pytest
import sqlalchemy as sa

from delivery_stage import DeliveryStage
from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput, StoreUnavailable, UnknownDatabase
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.workspace.database_identity import Identity, Known
from dispatch.pipeline.workspace.guard import Guard
from dispatch.store.database.schema import identity
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


def test_when_another_database_is_adopted_meanwhile_the_next_batch_stays_where_it_is(
    stage, known, monkeypatch
):
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
    stage.address()
    stage.during_call(1, lambda: known.adopt(Identity("another", age=5)))

    with pytest.raises(UnknownDatabase):
        stage.deliver()

    assert stage.counts[DeliveryState.ACCEPTED] == 2


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
    assert age == 2


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
