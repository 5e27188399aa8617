"""Hand-overs are reserved: what a power cut takes back of the rows is in doubt, and not sent again.

A power cut is played by a copy of the file whose log ends with the last byte that the disk was
waited for, opened under another start of the machine. Where it is waited for in a thread, a slow
disk plays that: whether it is done by now, a test says.
"""

import errno
import random
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.delivery.state import On
from dispatch.pipeline.delivery.settle import ENDED_MEANWHILE, settle_lost
from dispatch.store.database.schema import deliveries, subscribers, subscriptions
from dispatch.store.delivery.ledger_connections import take_connection
from dispatch.store.transactions import Store
from ledger_stage import FIRST, LEASE, LedgerStage

PEOPLE, MOST, CONNECTIONS = 60, 15, 5


class SlowSync:
    """A wait for the disk that is over when a test says so, or when somebody needs it."""

    def __init__(self, machine: "Machine") -> None:
        self.machine = machine
        self.size = machine.log.stat().st_size
        self.is_over = False
        machine.syncs.append(self)

    def wait(self) -> None:
        self.is_over = True
        self.machine.on_disk = max(self.machine.on_disk, self.size)


class Machine:
    """A batch for some people, and a worker on a machine whose start is called `one`."""

    def __init__(self, folder: Path, clock) -> None:
        self.file = folder / "here" / "dispatch.db"
        self.file.parent.mkdir()
        self.clock = clock
        self.store = self.opened(self.file, "one")
        self.stage = LedgerStage(self.store, clock)
        self.stage.set_up()
        self.add_people()
        self.ledger = self.stage.ledger()
        self.queue = [FIRST + place for place in range(PEOPLE)]
        self.handed: set[int] = set()
        self.in_flight: list[int] = []
        self.syncs: list[SlowSync] = []
        self.on_disk = self.log.stat().st_size

    @staticmethod
    def opened(file, boot) -> Store:
        return Store(f"sqlite:///{file}", boot=boot)

    @property
    def log(self) -> Path:
        return self.file.with_name(f"{self.file.name}-wal")

    def add_people(self) -> None:
        now = self.clock()
        people, consents, rows = [], [], []
        for place in range(PEOPLE):
            email = f"reader{place}@example.org"
            named = {"email": email, "email_key": email, "public_id": f"p{place}"}
            people.append({"id": place + 1, **named, "topics": [], "fields": {}})
            to = {"subscriber_id": place + 1}
            consents.append({**to, "audience": "readers", "state": "active", "since": now})
            rows.append({**to, "id": FIRST + place, "recipient": email, "state": "pending",
                         "changed_at": now})  # fmt: skip
        with self.store._engine.begin() as connection:
            connection.execute(subscribers.insert(), people)
            connection.execute(subscriptions.insert(), consents)
            connection.execute(deliveries.insert(), rows)

    def hand_over(self, number: int, answers: int = 0):
        """One chunk: so many intents, and so many answers to earlier ones."""
        wanted = self.queue[:number]
        del self.queue[:number]
        taken = {self.in_flight.pop(0): "" for _ in range(min(answers, len(self.in_flight)))}
        most = MOST - len(self.in_flight) - len(wanted)
        chunk = self.ledger.commit(
            wanted, taken, (), now=self.clock(), lease=LEASE, ahead=lambda: self.queue[:most]
        )
        if chunk.on_disk:
            self.on_disk = self.log.stat().st_size
        self.handed |= set(wanted)
        self.in_flight += wanted
        return chunk

    def after(self, *, power_cut: bool) -> Store:
        """What the next one finds, once this process is gone, or all of the machine was."""
        file = self.file.parent.with_name("after") / self.file.name
        file.parent.mkdir()
        shutil.copy(self.file, file)
        log = self.log.read_bytes()
        file.with_name(self.log.name).write_bytes(log[: self.on_disk] if power_cut else log)
        self.clock.advance(2 * LEASE)
        return self.opened(file, "two" if power_cut else "one")


def take_over(store, clock):
    with store.begin() as tx:
        batch = tx.batches.take(
            "e4", ["mail"], channel="mail", connections=1, at_most=None, now=clock(), lease=LEASE
        )
        settle_lost(batch, window_of=lambda _: timedelta(0), tx=tx, now=clock())
    return batch


def by_state(store) -> dict[State, set[int]]:
    found: dict[State, set[int]] = {state: set() for state in State}
    with store.read() as tx:
        for row in tx._connection.execute(sa.select(deliveries)):
            found[State(row.state)].add(row.id)
    return found


@pytest.fixture
def machine(tmp_path, clock, monkeypatch):
    machine = Machine(tmp_path, clock)
    slow = lambda _: SlowSync(machine)  # noqa: E731
    monkeypatch.setattr("dispatch.store.delivery.ledger_connections.DiskSync", slow)
    yield machine
    with suppress(OSError):
        machine.ledger.close()
        machine.store.close()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("power_cut", [True, False])
def test_who_may_have_got_it_does_not_get_it_again(machine, clock, seed, power_cut):
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 16)):
        busy = len(machine.in_flight)
        answers = rng.randint(0, busy)
        machine.hand_over(rng.randint(0, CONNECTIONS - busy + answers), answers)
        for sync in machine.syncs:
            if rng.random() < 0.3:
                sync.wait()

    after = machine.after(power_cut=power_cut)
    take_over(after, clock)

    found = by_state(after)
    after.close()
    assert not machine.handed & found[State.PENDING]
    assert found[State.ACCEPTED] <= machine.handed - set(machine.in_flight)
    assert len(found[State.UNKNOWN]) <= (MOST if power_cut else CONNECTIONS)
    assert power_cut or found[State.UNKNOWN] == set(machine.in_flight)
    assert sum(map(len, found.values())) == PEOPLE


def test_the_disk_is_waited_for_once_and_then_beside_what_goes_out(machine):
    waited = [machine.hand_over(CONNECTIONS, CONNECTIONS).on_disk for _ in range(12)]

    assert waited == [True] + [False] * 11
    assert 3 <= len(machine.syncs) <= 6


def test_what_the_disk_may_have_of_two_reservations_goes_out_meanwhile_and_nothing_else(machine):
    machine.hand_over(CONNECTIONS, 0)
    machine.hand_over(CONNECTIONS, CONNECTIONS)
    (sync,) = machine.syncs

    machine.hand_over(CONNECTIONS, CONNECTIONS)
    before = sync.is_over
    machine.hand_over(CONNECTIONS, CONNECTIONS)

    assert (before, sync.is_over) == (False, True)


def test_what_is_waited_for_is_the_log_beside_the_file_that_links_lead_to(tmp_path, monkeypatch):
    real = tmp_path / "real.db"
    Store(f"sqlite:///{real}").close()
    (tmp_path / "link.db").symlink_to(real)
    linked = Store(f"sqlite:///{tmp_path / 'link.db'}", boot="one")
    waited = []
    monkeypatch.setattr("dispatch.store.delivery.ledger_connections.DiskSync", waited.append)

    connection = take_connection(linked._engine)
    connection.sync()
    connection.give_back()
    linked.close()

    assert waited == [tmp_path / "real.db-wal"]


def test_a_disk_that_takes_nothing_is_said_and_waited_for_from_then_on(machine, monkeypatch):
    def broken(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(SlowSync, "wait", broken)
    machine.hand_over(CONNECTIONS, 0)
    machine.hand_over(CONNECTIONS, CONNECTIONS)
    machine.hand_over(CONNECTIONS, CONNECTIONS)

    with pytest.raises(StoreUnavailable, match="disk I/O error") as raised:
        machine.hand_over(CONNECTIONS, CONNECTIONS)

    assert "check that its disk is there" in str(raised.value)
    assert [machine.hand_over(CONNECTIONS, CONNECTIONS).on_disk for _ in range(3)] == [True] * 3


def test_a_connection_goes_back_as_one_that_waits_for_the_disk(machine):
    machine.hand_over(2)
    machine.hand_over(2)
    during = machine.ledger._take_connection().driver.execute("PRAGMA synchronous").fetchone()[0]

    machine.ledger.close()

    with machine.store.begin() as tx:
        behind = tx._connection.exec_driver_sql("PRAGMA synchronous").scalar()
    assert (during, behind) == (1, 2)


def test_without_a_name_for_the_start_of_the_machine_it_is_waited_for_each_time(machine):
    machine.ledger.close()
    machine.store._engine.update_execution_options(boot="")
    machine.ledger = machine.stage.ledger()

    assert [machine.hand_over(2).on_disk for _ in range(3)] == [True] * 3


def test_why_it_is_in_doubt_is_said(machine, clock):
    machine.hand_over(2)
    machine.hand_over(2)

    after = machine.after(power_cut=True)
    take_over(after, clock)

    with after.read() as tx:
        rows = tx._connection.execute(sa.select(deliveries.c.id, deliveries.c.reason)).all()
    after.close()
    reasons = {key - FIRST: reason for key, reason in rows}
    assert [reasons[place] for place in (0, 2, MOST - 1, MOST)] == [
        ENDED_MEANWHILE, On.CUT_OFF.value, On.CUT_OFF.value, "",
    ]  # fmt: skip


def test_what_is_reserved_as_a_batch_is_taken_goes_out_at_once_and_is_in_doubt(machine, clock):
    machine.ledger.close()
    clock.advance(2 * LEASE)
    with machine.store.begin() as tx:
        batch = tx.batches.take(
            "e4", ["mail"], channel="mail", connections=1, at_most=None, now=clock(), lease=LEASE,
            reserves=MOST,
        )  # fmt: skip
    machine.on_disk = machine.log.stat().st_size
    machine.ledger = machine.store.ledger(replace(batch, audience="readers"))
    chunk = machine.hand_over(CONNECTIONS)

    after = machine.after(power_cut=True)
    take_over(after, clock)

    found = by_state(after)
    after.close()
    assert (len(chunk.granted), chunk.on_disk) == (CONNECTIONS, False)
    assert found[State.UNKNOWN] == set(range(FIRST, FIRST + MOST))


def test_what_was_put_back_is_in_no_doubt(machine, clock):
    machine.hand_over(2)
    machine.hand_over(0, 2)
    with machine.store.begin() as tx:
        tx.batches.put_back(machine.ledger._batch, now=clock())
    machine.on_disk = machine.log.stat().st_size

    after = machine.after(power_cut=True)
    batch = take_over(after, clock)

    found = by_state(after)
    after.close()
    assert batch.in_doubt == ()
    assert (len(found[State.ACCEPTED]), len(found[State.UNKNOWN])) == (2, 0)


def test_of_an_edition_that_is_cancelled_after_it_nothing_is_said_to_have_failed_that_may_have_gone(
    machine, clock
):
    machine.hand_over(2)
    machine.hand_over(2)
    after = machine.after(power_cut=True)

    with after.begin() as tx:
        tx.deliveries.cancel(SimpleNamespace(id="e4", number=4), now=clock())

    found = by_state(after)
    after.close()
    assert not machine.handed & (found[State.FAILED] | found[State.PENDING])
    assert len(found[State.FAILED]) == PEOPLE - MOST
