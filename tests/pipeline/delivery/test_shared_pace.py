"""Two workers on PostgreSQL share a pace: what arrives at a mail server, and when.

How even it is from second to second is measured by the benchmark: on a machine that is busy with
other tests, a mail may arrive later than it left.
"""

import multiprocessing

import pytest

import pace_worker
from dispatch.clock import system_clock, system_timer
from dispatch.model.campaigns.pace import BURST
from dispatch.pipeline.delivery.address import address_edition
from dispatch.store.transactions import Store
from dispatch.testing.smtp_server import SmtpServer
from patience import PATIENCE
from pipeline_samples import approved_edition, subscribe

PEOPLE = 600
PER_SECOND = 100


class Arrivals(list):
    """What a server took, and when."""

    def __init__(self):
        super().__init__()
        self.moments = []

    def append(self, mail):
        self.moments.append(system_timer())
        super().append(mail)


@pytest.fixture
def edition(postgres_url, monkeypatch):
    """An edition in two batches, one for each worker."""
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", PEOPLE // 2)
    store = Store(postgres_url)
    subscribe(store, system_clock, *(f"{n:03}@example.org" for n in range(PEOPLE)))
    yield address_edition(approved_edition(store, system_clock).id, store=store, clock=system_clock)
    store.close()


def test_two_workers_keep_to_one_pace(edition, postgres_url):
    taken = Arrivals()
    processes = multiprocessing.get_context("spawn")
    both, ended = processes.Barrier(2), processes.SimpleQueue()

    with SmtpServer(taken=taken) as server:
        given = (postgres_url, edition.id, server.port, PER_SECOND, both, ended)
        workers = [processes.Process(target=pace_worker.work, args=given) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=PATIENCE)
            worker.kill()

    assert [worker.exitcode for worker in workers] == [0, 0]
    [(began, number), (also_began, also_number)] = ended.get(), ended.get()
    least_seconds = PEOPLE / PER_SECOND - BURST.total_seconds()
    assert (number, also_number) == (PEOPLE / 2, PEOPLE / 2)
    assert (len(taken), set(server.copies.values())) == (PEOPLE, {1})
    assert max(taken.moments) - min(began, also_began) >= least_seconds
