"""Who has left another database gets nothing from this one, whoever brings them in."""

from dataclasses import replace
from datetime import timedelta
from shutil import copy

import pytest
import sqlalchemy as sa

from dispatch.config.process.endings_file import EndingsFile
from dispatch.model.people.ending import Markers
from dispatch.model.people.subscriber import Consent
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.subscribe import (
    end_all_subscriptions,
    end_subscription,
    end_unknown_subscription,
)
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.pipeline.people.take_in_endings import TakenIn, take_in_endings
from dispatch.store.transactions import Store
from pipeline_samples import MARKERS, SECRET, bring_in, row, subscribe

ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"


@pytest.fixture
def lost(tmp_path, migrated_sqlite, clock, endings):
    """A database that Ada has left and that suppresses Eve, and that is gone."""
    store = Store(f"sqlite:///{copy(migrated_sqlite, tmp_path / 'lost.db')}")
    subscribe(store, clock, ADA, BOB, EVE)
    end_all_subscriptions(ADA, source="link", store=store, clock=clock, endings=endings)
    suppress_address(EVE, reason="complaint", store=store, clock=clock, endings=endings)
    yield store
    store.close()


@pytest.fixture
def gone(file, lost) -> EndingsFile:
    """What is left of that database."""
    return file


def active(store) -> list[str]:
    with store.read() as tx:
        return sorted(one.email for one in tx.subscribers.active("readers"))


def take_in(store, clock, file, markers=MARKERS, **options) -> TakenIn:
    return take_in_endings(file, store=store, markers=markers, clock=clock, **options)


def test_who_had_left_is_ended_in_a_database_that_has_them_as_active(store, clock, file, lost):
    subscribe(store, clock, ADA, BOB, EVE)

    taken = take_in(store, clock, file)

    assert taken == TakenIn(endings=2, subscriptions=1, suppressions=1)
    with store.read() as tx:
        assert tx.subscribers.standing(tx.subscribers.find(ADA).id) == {"readers": "ended"}
        assert tx.subscribers.standing(tx.subscribers.find(EVE).id) == {"readers": "suppressed"}
        assert tx.subscribers.standing(tx.subscribers.find(BOB).id) == {"readers": "active"}


def test_no_file_brings_them_into_a_new_database(store, clock, file, lost):
    take_in(store, clock, file)

    new = bring_in("readers", [row(ADA), row(BOB), row(EVE)], store=store, clock=clock)

    assert new == 2
    assert active(store) == [BOB, EVE]
    with store.read() as tx:
        assert tx.suppressions.why(EVE)
        [(_, first), *_] = tx.roster.listed(audience="readers")
    assert (first.subscriber.email, first.standing) == (ADA, "ended")


def test_they_may_be_in_another_audience_that_they_did_not_leave(store, clock, file, lost):
    take_in(store, clock, file)

    bring_in("press", [row(ADA)], store=store, clock=clock)

    with store.read() as tx:
        assert [one.email for one in tx.subscribers.active("press")] == [ADA]


@pytest.mark.parametrize("spelling", ["ADA@Example.org", " ada@example.org", "Ada@EXAMPLE.ORG"])
def test_another_spelling_is_the_same_address(store, clock, file, lost, spelling):
    take_in(store, clock, file)

    bring_in("readers", [row(spelling.strip())], store=store, clock=clock)

    assert active(store) == []


def test_the_same_file_again_changes_nothing(store, clock, file, lost):
    subscribe(store, clock, ADA, BOB, EVE)
    take_in(store, clock, file)

    again = take_in(store, clock, file)
    all_of_it_again = take_in(store, clock, file, anew=True)

    assert again == all_of_it_again == TakenIn()


def test_only_what_is_new_in_the_file_is_looked_at(store, clock, file, lost, endings):
    subscribe(store, clock, ADA, BOB, EVE)
    take_in(store, clock, file)
    end_all_subscriptions(BOB, source="link", store=lost, clock=clock, endings=endings)

    taken = take_in(store, clock, file)

    assert taken == TakenIn(endings=1, subscriptions=1)
    assert active(store) == [EVE]


@pytest.mark.parametrize(
    ("given", "back"),
    [
        (None, []),
        (timedelta(hours=-1), []),
        (timedelta(0), []),
        (timedelta(hours=1), [ADA]),
        (timedelta(days=99), []),
    ],
)
def test_only_a_consent_that_was_given_later_is_a_coming_back(store, clock, gone, given, back):
    consent = Consent(clock() + given if given else None, "form")
    clock.advance(timedelta(days=1))
    bring_in("readers", [replace(row(ADA), consent=consent)], store=store, clock=clock)

    take_in(store, clock, gone)

    assert active(store) == back


def test_a_key_that_is_given_later_has_its_endings_count_for_who_was_brought_in_before(
    store, clock, file, lost
):
    take_in(store, clock, file, Markers(["another secret of ours"]), anew=True)
    clock.advance(timedelta(days=1))
    bring_in(
        "readers", [row(ADA), row(BOB)], store=store, clock=clock,
        markers=Markers(["another secret of ours"]),
    )  # fmt: skip

    taken = take_in(store, clock, file, Markers([SECRET, "another secret of ours"]), anew=True)

    assert (taken.subscriptions, taken.suppressions, taken.absent) == (1, 0, 1)
    assert active(store) == [BOB]


def test_endings_that_are_known_count_again_by_a_persons_word(store, clock, file, lost):
    take_in(store, clock, file)
    subscribe(store, clock, ADA)
    with store._engine.begin() as connection:  # by some way that asked nobody
        connection.execute(sa.text("UPDATE subscriptions SET state = 'active'"))

    taken = take_in(store, clock, file, anew=True)

    assert (taken.endings, taken.subscriptions) == (0, 1)
    assert active(store) == []


def test_those_who_are_not_here_are_counted(store, clock, file, lost):
    subscribe(store, clock, EVE)

    taken = take_in(store, clock, file)

    assert taken == TakenIn(endings=2, suppressions=1, absent=1)


def test_who_has_left_here_too_is_not_counted_as_absent(store, clock, file, endings):
    subscribe(store, clock, ADA)
    end_all_subscriptions(ADA, source="link", store=store, clock=clock, endings=endings)
    other = Store(f"sqlite:///{file.path.parent}/other.db")
    subscribe(other, clock, ADA)
    with other.begin() as tx:
        tx.subscribers.end(1, "readers", source="link", now=clock())

    taken = take_in(other, clock, file)
    other.close()

    assert taken == TakenIn(endings=1)


SPOILT = (
    b"2026-11-29T08:00:00 left KEY x",
    b"2026-11-29T08:00:00Z left KEY a\0b",
    b"0001-01-01T00:00:00+14:00 left KEY x",
    b"2026-11-29T08:00:00Z left KEY " + b"x" * 5000,
)


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_line_that_makes_no_sense_stops_nobody(store, clock, file, lost, spoilt):
    key = MARKERS.newest.key.encode()
    with file.path.open("ab") as broken:
        broken.write(spoilt.replace(b"KEY", key) + b"\n")

    taken = take_in(store, clock, file)

    assert taken == TakenIn(endings=2, absent=2, unreadable=1)


def test_a_link_of_another_database_counts_when_that_is_back(store, clock, file, endings, tmp_path):
    subscribe(store, clock, ADA, BOB)
    with store.read() as tx:
        ada = tx.subscribers.find(ADA)
    meanwhile = Store(f"sqlite:///{tmp_path}/meanwhile.db")
    end_unknown_subscription(ada.public_id, "readers", store=meanwhile, endings=endings)
    meanwhile.close()

    taken = take_in(store, clock, file)

    assert taken == TakenIn(endings=1, subscriptions=1)
    assert active(store) == [BOB]


def test_a_link_that_is_clicked_again_and_again_is_written_down_once(
    store, clock, file, endings, tmp_path
):
    for _ in range(3):
        end_unknown_subscription("0" * 31 + "1", "readers", store=store, endings=endings)
    subscribe(store, clock, ADA)
    with store.read() as tx:
        ada = tx.subscribers.find(ADA)
    for _ in range(3):
        end_subscription(
            ada, "readers", source="link", store=store, clock=clock, endings=endings
        )  # fmt: skip

    assert len(file.read().endings) == 2


def test_endings_of_an_old_key_count(store, clock, file, lost):
    markers = Markers([SECRET, "another secret of ours"])

    taken = take_in(store, clock, file, markers)
    bring_in("readers", [row(ADA)], store=store, clock=clock, markers=markers)

    assert taken.endings == 2
    assert active(store) == []


def test_endings_of_a_key_that_is_not_ours_are_counted_and_named(store, clock, file, lost):
    subscribe(store, clock, ADA)

    taken = take_in(store, clock, file, Markers(["another secret of ours"]))

    assert taken == TakenIn(foreign=2)
    assert active(store) == [ADA]


def test_leaving_counts_also_where_the_file_cannot_be_written(store, clock, tmp_path):
    nowhere = Endings(EndingsFile(tmp_path / "nowhere" / "file"), MARKERS, clock)
    subscribe(store, clock, ADA)

    left = end_all_subscriptions(ADA, source="link", store=store, clock=clock, endings=nowhere)

    assert left == ["readers"]
    assert active(store) == []
