"""Connections that lay in the pool are tried before they are given away, where they may be dead."""

import pytest
import sqlalchemy as sa

from dispatch.store.database.idle_connections import SURE_SECONDS, ask_idle_ones

_WHO = sa.text("SELECT pg_backend_pid()")
_END_OTHERS = sa.text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


class Hands:
    """A clock that stands until a test moves it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def url(postgres_url):
    return sa.make_url(postgres_url).set(drivername="postgresql+psycopg")


@pytest.fixture
def engine(url, hands):
    engine = sa.create_engine(url)
    ask_idle_ones(engine, timer=hands)
    yield engine
    engine.dispose()


@pytest.fixture
def pings(engine, monkeypatch):
    """The connections that were asked whether they live."""
    found, ping = [], engine.dialect.do_ping
    monkeypatch.setattr(engine.dialect, "do_ping", lambda one: found.append(one) or ping(one))
    return found


def backends(engine) -> set[int]:
    """The processes of the server behind two connections at once."""
    with engine.connect() as one, engine.connect() as two:
        return {each.scalar(_WHO) for each in (one, two)}


@pytest.mark.parametrize("idle", [0, SURE_SECONDS])
def test_those_that_the_server_has_ended_are_made_anew_before_anybody_notices(
    engine, url, hands, idle
):
    before = backends(engine)
    other = sa.create_engine(url)
    with other.connect() as connection:
        connection.execute(_END_OTHERS)
    other.dispose()
    hands.now += idle

    after = backends(engine)

    assert not before & after
    assert backends(engine) == after


@pytest.mark.parametrize(("idle", "asked"), [(SURE_SECONDS / 2, 0), (SURE_SECONDS, 2)])
def test_who_lay_for_a_while_is_asked_and_who_is_in_use_is_not(engine, hands, pings, idle, asked):
    before = backends(engine)
    hands.now += idle

    assert backends(engine) == before
    assert len(pings) == asked
