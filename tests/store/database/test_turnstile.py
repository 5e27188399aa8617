"""Who waits to write to a SQLite database is not overtaken by who has just written."""

import sqlite3

import pytest

from dispatch.store.database.engine import begin_writing
from dispatch.store.database.turnstile import Turnstile


class Waits:
    """Counts how often somebody waits, and does something meanwhile."""

    def __init__(self, meanwhile=lambda: None):
        self.number = 0
        self._meanwhile = meanwhile

    def __call__(self):
        self.number += 1
        self._meanwhile()


def test_one_waits_while_another_is_in_it_and_comes_in_when_that_has_left(tmp_path):
    first, second = Turnstile(tmp_path), Turnstile(tmp_path)
    first.enter(wait=Waits(), most=1)
    leaving, late = Waits(first.leave), Waits()

    second.enter(wait=leaving, most=5)
    first.enter(wait=late, most=3)

    assert leaving.number == 1
    assert late.number == 3  # and then it goes on: who is in it may have been stopped


def test_a_folder_that_is_not_there_keeps_no_order_and_nobody_waits(tmp_path):
    for turnstile in (Turnstile(tmp_path / "gone"), Turnstile(tmp_path / "gone")):
        waits = Waits()
        turnstile.enter(wait=waits, most=5)
        assert waits.number == 0


def test_a_process_that_ends_without_leaving_is_in_nobodys_way(tmp_path):
    ended, waits = Turnstile(tmp_path), Waits()
    ended.enter(wait=Waits(), most=1)
    del ended

    Turnstile(tmp_path).enter(wait=waits, most=5)

    assert waits.number == 0


class Driver:
    """SQLite's driver, but that another process is writing, or that it fails."""

    def __init__(self, turnstile, *errors):
        self.turnstile = turnstile
        self._errors = list(errors)

    def execute(self, statement):
        if statement == "BEGIN IMMEDIATE" and self._errors:
            raise self._errors.pop(0)


def broken(code):
    error = sqlite3.OperationalError("it says why")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("errors", [(), (broken(sqlite3.SQLITE_BUSY),)], ids=["free", "busy"])
def test_who_has_begun_to_write_lets_the_next_one_wait_for_it(tmp_path, errors):
    begin_writing(Driver(Turnstile(tmp_path), *errors))

    waits = Waits()
    Turnstile(tmp_path).enter(wait=waits, most=5)
    assert waits.number == 0


def test_who_cannot_write_lets_the_next_one_try(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        begin_writing(Driver(Turnstile(tmp_path), broken(sqlite3.SQLITE_READONLY)))

    waits = Waits()
    Turnstile(tmp_path).enter(wait=waits, most=5)
    assert waits.number == 0
