"""Tokens in the database: one process renews them, and nothing of it is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.delivery.tokens import RENEWAL_LEASE as LEASE
from dispatch.store.delivery.tokens import TokensRow


@pytest.fixture
def row(store, clock):
    row = TokensRow(
        channel="plaza",
        provider="little",
        sealed="1.mark.text",
        ends=clock() + timedelta(hours=2),
        refresh_ends=None,
        scopes=("read", "write"),
        by="jean",
        at=clock(),
    )
    with store.begin() as tx:
        tx.tokens.keep(row)
    return row


def test_what_was_kept_is_found_and_replaced_and_forgotten(store, row):
    with store.begin() as tx:
        assert tx.tokens.get("plaza") == row
        assert tx.tokens.get("other") is None
        tx.tokens.keep(replace(row, sealed="1.mark.other", problem="away"))
        assert tx.tokens.all() == {"plaza": replace(row, sealed="1.mark.other", problem="away")}
        assert tx.tokens.forget("plaza")
        assert not tx.tokens.forget("plaza")
        assert tx.tokens.all() == {}


def test_a_row_does_not_show_what_is_sealed(row):
    assert row.sealed not in repr(row)


def test_one_at_a_time_renews_and_the_next_one_after_the_lease(store, row, clock):
    def begin(later=timedelta()):
        now = clock() + later
        with store.begin() as tx:
            return tx.tokens.begin_renewal(row, now=now)

    assert begin()
    assert not begin()
    assert not begin(LEASE - timedelta(seconds=1))
    assert begin(LEASE)
    assert not begin(LEASE * 1.5)


def test_who_began_by_a_clock_that_was_far_ahead_holds_nobody_up(store, row, clock):
    with store.begin() as tx:
        ahead = clock() + timedelta(days=1)
        assert tx.tokens.begin_renewal(row, now=ahead)
        assert tx.tokens.begin_renewal(row, now=clock())


def test_a_renewal_that_ends_frees_the_row_and_one_that_fails_says_why(store, row, clock):
    with store.begin() as tx:
        tx.tokens.begin_renewal(row, now=clock())
        tx.tokens.note_problem(row, "away")
        failed = tx.tokens.get("plaza")
        assert tx.tokens.end_renewal(row, replace(row, sealed="1.mark.next", renewed=clock()))
        found = tx.tokens.get("plaza")

    assert (failed.problem, failed.claimed_until) == ("away", clock() + LEASE)
    assert (found.sealed, found.problem, found.claimed_until) == ("1.mark.next", "", None)
    assert (found.at, found.got) == (row.at, clock())


def test_what_a_person_kept_meanwhile_is_not_overwritten(store, row, clock):
    newer = replace(row, sealed="1.mark.newer", by="ada")
    with store.begin() as tx:
        tx.tokens.begin_renewal(row, now=clock())
        tx.tokens.keep(newer)
        assert not tx.tokens.end_renewal(row, replace(row, sealed="1.mark.next"))
        tx.tokens.note_problem(row, "away")
        assert tx.tokens.get("plaza") == newer
