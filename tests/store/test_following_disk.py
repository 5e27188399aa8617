"""A transaction that does not wait for the disk, and waiting for it afterwards."""

import errno
from contextlib import suppress

import pytest

from dispatch.disk_sync import to_disk
from dispatch.errors import StoreUnavailable
from on_sqlite import on_sqlite

pytestmark = on_sqlite

FULL, NORMAL = 2, 1  # as SQLite numbers them


def level(tx):
    return tx._connection.exec_driver_sql("PRAGMA synchronous").scalar()


def test_it_is_kept_without_the_disk_and_the_connection_is_as_it_was(store):
    with store.begin_ahead() as tx:
        ahead = level(tx)
        tx.identity.grow("here")
    with store.begin() as tx:
        assert (ahead, level(tx)) == (NORMAL, FULL)
        assert tx.identity.get().age == 1


def test_what_fails_is_not_kept(store):
    with suppress(KeyError), store.begin_ahead() as tx:
        tx.identity.grow("here")
        raise KeyError
    with store.begin() as tx:
        assert level(tx) == FULL
        assert tx.identity.get().age == 0


def test_the_disk_is_waited_for_afterwards(store, monkeypatch):
    seen = []
    monkeypatch.setattr("dispatch.disk_sync.to_disk", lambda one: (to_disk(one), seen.append(one)))
    with store.begin_ahead() as tx:
        tx.identity.grow("here")

    store.wait_for(store.sync())

    assert len(seen) == 1


def test_a_disk_that_takes_nothing_is_told(store, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("dispatch.disk_sync.to_disk", fail)

    with pytest.raises(StoreUnavailable, match="disk I/O error"):
        store.wait_for(store.sync())


def test_a_connection_that_cannot_be_made_to_wait_again_is_used_by_nobody(store, monkeypatch):
    monkeypatch.setattr("dispatch.store.transactions.WAIT_FOR_DISK", "PRAGMA")

    with pytest.raises(StoreUnavailable), store.begin_ahead():
        pass

    with store.begin() as tx:
        assert level(tx) != NORMAL
