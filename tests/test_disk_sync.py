"""The disk is waited for in a thread, and what it says is heard by who waits."""

import os
from threading import Event

import pytest

from dispatch import disk_sync
from dispatch.disk_sync import DiskSync


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"frames")
    return path


def test_who_waits_goes_on_once_the_disk_has_the_file(file, monkeypatch):
    done, synced = Event(), []

    def slow(descriptor):
        done.wait(10)
        synced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(disk_sync, "to_disk", slow)
    sync = DiskSync(file)
    before = sync.is_over
    done.set()
    sync.wait()

    assert (before, sync.is_over, synced) == (False, True, [file.stat().st_ino])


def test_what_the_disk_refuses_is_raised_where_it_is_waited_for(file):
    sync = DiskSync(file.with_name("gone"))

    with pytest.raises(FileNotFoundError):
        sync.wait()
