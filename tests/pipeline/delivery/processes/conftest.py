"""An edition that processes send: real ones, over SMTP on loopback."""

import pytest

from dispatch.channels.opened import Channel
from dispatch.clock import system_clock
from dispatch.config.process.known_database import KnownDatabase
from dispatch.model.campaigns.pace import Pace
from dispatch.pipeline.delivery import loops, sending_process
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.workspace.guard import Guard
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.smtp_server import SmtpServer
from pipeline_samples import LINKS, approved_edition, no_http, subscribe
from processes_stage import LEASE, NUMBER, Taken


@pytest.fixture
def taken():
    return Taken()


@pytest.fixture
def server(taken):
    with SmtpServer(taken=taken) as server:
        yield server


@pytest.fixture
def database_url(request, sqlite_url):
    """That of SQLite, but where a test wants both."""
    kind = getattr(request, "param", "sqlite")
    return sqlite_url if kind == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def edition(store, monkeypatch):
    """In four batches, each of which is worth a process."""
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", NUMBER // 4)
    monkeypatch.setattr(loops, "PROCESS_BATCHES", 1)
    subscribe(store, system_clock, *(f"{n:03}@example.org" for n in range(NUMBER)))
    return address_edition(
        approved_edition(store, system_clock).id, store=store, clock=system_clock
    )


@pytest.fixture
def channel(server):
    options = SmtpOptions(host="127.0.0.1", port=server.port, security="none")
    pace = Pace(connections=40)
    return Channel(
        "mail", "smtp", Smtp(options, no_http(), system_clock), Smtp.capabilities, pace=pace
    )


@pytest.fixture
def given(store, channel, tmp_path):
    """What all ways to deliver are given."""
    guard = Guard(KnownDatabase(tmp_path))
    guard.meet(store)
    return {
        "store": store,
        "guard": guard,
        "open_channel": lambda _: channel,
        "links": LINKS,
        "clock": system_clock,
        "lease": LEASE,
    }


@pytest.fixture
def children(monkeypatch):
    """The processes that were started to send."""
    started = []
    start_trusted = sending_process.start_trusted

    def start(program):
        started.append(start_trusted(program))
        return started[-1]

    monkeypatch.setattr(sending_process, "start_trusted", start)
    return started
