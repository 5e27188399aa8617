"""A disk that forgets: what was waited for is there after a cut, and of the rest anything."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from dispatch.testing.forgetful_disk import CANNOT_BE_WATCHED, ForgetfulDisk, can_be_watched

pytestmark = pytest.mark.skipif(not can_be_watched(), reason=CANNOT_BE_WATCHED)

WRITER = """
import os, signal, sqlite3, sys
database = sqlite3.connect("machine/letters.db", isolation_level=None)
for number in range(200):
    wait = "FULL" if number < 120 else "NORMAL"
    database.execute(f"PRAGMA synchronous = {wait}")
    database.execute("INSERT INTO letters VALUES (?)", (number,))
with open("machine/note", "w") as note:
    note.write("one")
    note.flush()
    os.fsync(note.fileno())
    note.write(" two")
    note.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Chooses(random.Random):
    """Always the same of what there is to choose from."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def choice(self, of):
        return of[self._place]


@pytest.fixture
def disk(tmp_path) -> ForgetfulDisk:
    """A disk on which somebody was killed after 120 letters that were waited for, and 80 more."""
    machine = tmp_path / "machine"
    machine.mkdir()
    with closing(sqlite3.connect(machine / "letters.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE letters (number INTEGER)")
    disk = ForgetfulDisk(tmp_path / "disk", watched=machine, pages=70)
    disk.begin()
    ended = subprocess.run(
        [sys.executable, "-c", WRITER], cwd=tmp_path, env=os.environ | disk.environ(), check=False
    )
    assert ended.returncode == -signal.SIGKILL
    return disk


def letters(folder) -> int:
    with closing(sqlite3.connect(folder / "machine" / "letters.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return database.execute("SELECT count(*) FROM letters").fetchone()[0]


@pytest.mark.parametrize(("place", "found"), [(0, "one"), (-1, "one two")])
def test_after_a_cut_all_is_there_that_was_waited_for(tmp_path, disk, place, found):
    boot_id = (tmp_path / "disk" / "boot_id").read_text()

    disk.cut(Chooses(place))

    assert (tmp_path / "machine" / "note").read_text() == found
    assert 120 <= letters(tmp_path) < 200 if place == 0 else letters(tmp_path) == 200
    assert (tmp_path / "disk" / "boot_id").read_text() != boot_id


def test_sectors_that_are_lost_one_by_one_leave_a_database_that_is_whole(tmp_path, disk):
    disk.cut(random.Random(11))

    assert letters(tmp_path) >= 120
