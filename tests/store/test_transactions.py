"""Transactions and rehearsals."""

import pickle
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.store.database.engine import address_of_file, open_engine
from dispatch.store.delivery import batches
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store
from pipeline_samples import approved_edition, subscribe


def people(store):
    with store.read() as tx:
        return [one.subscriber.email for _, one in tx.roster.listed()]


@pytest.mark.parametrize("name", ["jörg's", "a#b", "50%41", "what?", "a+b", "a b"])
def test_another_process_opens_the_same_file_whatever_it_is_called(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    store = Store(address_of_file(folder / "x.db"))

    again = pickle.loads(pickle.dumps(store))

    assert again.is_in_place()
    assert again._file == store._file
    for one in (store, again):
        one.close()


def test_a_transaction_that_fails_leaves_nothing(store, clock):
    def fail_half_way():
        with store.begin() as tx:
            tx.suppressions.add("ada@example.org", reason="test", now=clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    with store.read() as tx:
        assert list(tx.suppressions.listed()) == []


def test_a_rehearsal_begins_with_what_is_there_and_keeps_nothing(store, clock):
    subscribe(store, clock, "ada@example.org")

    rehearsal = store.rehearsal()
    subscribe(rehearsal, clock, "bob@example.org")
    edition = approved_edition(rehearsal, clock)
    seen = people(rehearsal)
    rehearsal.close()

    assert edition.state is EditionState.APPROVED
    assert seen == ["ada@example.org", "bob@example.org"]
    assert people(store) == ["ada@example.org"]
    with store.read() as tx:
        assert tx.editions.latest() == []


def test_nobody_waits_for_a_rehearsal(store, clock):
    rehearsal = store.rehearsal()
    subscribe(rehearsal, clock, "ada@example.org")

    subscribe(store, clock, "bob@example.org")

    rehearsal.close()
    assert people(store) == ["bob@example.org"]


@pytest.fixture
def impatient(postgres_url, monkeypatch):
    """A store on a server that soon takes a silent process for frozen."""
    monkeypatch.setattr("dispatch.store.database.engine.FROZEN_SECONDS", 1)
    store = Store(postgres_url)
    yield store
    store.close()


def test_a_process_that_is_frozen_in_a_transaction_keeps_nobody_out(impatient, clock):
    def freeze_while_another_one_wants_the_same_row():
        with impatient.begin() as frozen:
            frozen.channels.put_stop(Stop("mail", None, "of the frozen one", 0))
            with impatient.begin() as other:
                other.channels.put_stop(Stop("mail", None, "of the other one", 0))

    with pytest.raises(StoreUnavailable):
        freeze_while_another_one_wants_the_same_row()

    with impatient.read() as tx:
        assert tx.channels.stop("mail").reason == "of the other one"


def test_a_rehearsal_may_take_its_time(impatient, clock):
    rehearsal = impatient.rehearsal()
    threading.Event().wait(1.2)

    subscribe(rehearsal, clock, "ada@example.org")

    assert people(rehearsal) == ["ada@example.org"]
    rehearsal.close()


def test_workers_never_take_the_same_batch(database_url, store, clock, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_SIZE", 2)
    subscribe(store, clock, *(f"reader{number}@example.org" for number in range(60)))
    edition = address_edition(approved_edition(store, clock).id, store=store, clock=clock)
    taken: list[int] = []

    def work() -> None:
        own = Store(database_url)
        lease = timedelta(minutes=1)
        while True:
            with own.begin() as tx:
                batch = tx.batches.take(
                    edition.id,
                    ["mail"],
                    channel="mail",
                    connections=1,
                    at_most=100,
                    now=clock(),
                    lease=lease,
                )
            if batch is None:
                break
            taken.append(batch.id)
        own.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == len(set(taken)) == 30


def suppress(store, clock, email, *, fails=False):
    with store.begin() as tx:
        tx.suppressions.add(email, reason="test", now=clock())
        if fails:
            raise ZeroDivisionError


def suppressed(store):
    with store.read() as tx:
        return {one.email for one in tx.suppressions.listed()}


def test_of_changes_that_are_kept_together_each_takes_back_its_own(store, clock):
    with store.together():
        suppress(store, clock, "ada@example.org")
        with pytest.raises(ZeroDivisionError):
            suppress(store, clock, "bob@example.org", fails=True)
        suppress(store, clock, "cleo@example.org")
        assert suppressed(store) == {"ada@example.org", "cleo@example.org"}

    assert suppressed(store) == {"ada@example.org", "cleo@example.org"}


class Heard:
    """A waker that writes down what it is woken for, and what is kept by then."""

    def __init__(self, store):
        self._store, self.jobs = store, []

    def wake(self, job, payload, *, key, not_before=None):
        self.jobs.append((job, suppressed(self._store)))


def test_what_is_one_is_kept_whole_or_not_at_all_and_wakes_in_the_end(store, clock):
    store.waker = heard = Heard(store)
    with pytest.raises(ZeroDivisionError), store.as_one():
        suppress(store, clock, "ada@example.org", fails=True)
    with store.as_one():
        suppress(store, clock, "bob@example.org")
        with store.begin() as tx:
            tx.wakeups.wake("deliver", {}, key="one")
        assert heard.jobs == []

    assert suppressed(store) == {"bob@example.org"}
    if not store.is_shared:  # there, it is in the database's own queue
        assert heard.jobs == [("deliver", {"bob@example.org"})]


@pytest.fixture
def one_file(sqlite_url):
    """Where writers wait for each other; on PostgreSQL they need not."""
    store = Store(sqlite_url)
    yield store
    store.close()


def test_what_is_kept_together_is_kept_for_nobody_before_the_end(one_file, clock):
    store, seen = one_file, []
    with store.together():
        suppress(store, clock, "ada@example.org")
        other = threading.Thread(target=lambda: seen.append(suppressed(store)))
        other.start()
        other.join()

    assert seen == [set()]


def test_a_writer_gets_in_as_soon_as_another_process_lets_go(one_file, sqlite_url, clock):
    other, store = open_engine(sqlite_url), one_file
    with other.begin():
        waiting = threading.Thread(target=suppress, args=(store, clock, "ada@example.org"))
        waiting.start()
        waiting.join(0.05)
        assert waiting.is_alive()
    waiting.join(30)
    other.dispose()

    assert suppressed(store) == {"ada@example.org"}


def test_what_is_read_together_is_read_in_one_transaction_and_what_is_changed_is_kept(store, clock):
    begun = []
    sa.event.listen(store._engine, "begin", begun.append)

    with store.one_picture():
        before = people(store)
        with store.begin() as tx:
            tx.suppressions.add("ada@example.org", reason="test", now=clock())
        with store.read() as tx:
            tx.api_tokens.find("none")
    read = len(begun) - 1

    with store.read() as tx:
        assert tx.suppressions.of("ada@example.org") is not None
    assert (before, read) == ([], 1)


def test_what_stands_and_falls_with_the_rest_takes_back_the_rest(store, clock):
    def fail():
        with store.as_one():
            suppress(store, clock, "ada@example.org")
            with store.within():
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert suppressed(store) == set()


def test_a_file_is_not_brought_in_within_something_else_as_it_would_wait_for_that(store, clock):
    with pytest.raises(RuntimeError, match=r"^staging: "), store.as_one():
        subscribe(store, clock, "ada@example.org")
