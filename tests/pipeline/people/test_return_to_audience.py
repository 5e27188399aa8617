"""Who has left and asks again is back for good, and out for good if they leave again."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.ids import new
from dispatch.model.people.ending import Markers
from dispatch.model.people.subscriber import Consent
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.people.add_subscriber import add_subscriber
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.return_to_audience import return_to_audience
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import lift_suppression, suppress_address
from dispatch.pipeline.people.take_in_endings import take_in_endings
from dispatch.store.transactions import Store
from pipeline_samples import MARKERS, SECRET, bring_in, row, subscribe

ADA, BOB = "ada@example.org", "bob@example.org"
DAY = timedelta(days=1)
NEWER = Markers([SECRET, "another secret of ours"])


@pytest.fixture
def here(migrated_sqlite, tmp_path):
    """A database of its own on SQLite, of which copies can be made."""
    path = shutil.copy(migrated_sqlite, tmp_path / "here.db")
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
def another(migrated_sqlite, tmp_path, clock, file):
    """Another database, new or a copy, that has taken in what the file says."""
    opened = []

    def another(copy=migrated_sqlite, markers=MARKERS, people=(), *, anew=False) -> Store:
        path = shutil.copy(copy, tmp_path / f"another{len(opened)}.db")
        store = Store(f"sqlite:///{path}")
        opened.append(store)
        take_in_endings(file, store=store, markers=markers, clock=clock, anew=anew)
        rows = [row(one) for one in people]
        bring_in("readers", rows, store=store, clock=clock, markers=markers)
        return store

    yield another
    for store in opened:
        store.close()


def copied(store: Store) -> Path:
    """A copy of a database, as it is now."""
    path = store.file.with_name(f"{len(list(store.file.parent.iterdir()))}.copy")
    with closing(sqlite3.connect(store.file)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return path


def leave(store, clock, endings, email=ADA) -> None:
    clock.advance(DAY)
    end_all_subscriptions(email, source="link", store=store, clock=clock, endings=endings)


def come_back(store, clock, endings, email=ADA, *, audience=None, audiences=("readers",)) -> str:
    clock.advance(DAY)
    return return_to_audience(
        email,
        audience,
        source="asked again",
        audiences=audiences,
        store=store,
        clock=clock,
        ids=new,
        endings=endings,
    )


def active(store, audience="readers") -> list[str]:
    with store.read() as tx:
        return sorted(one.email for one in tx.subscribers.active(audience))


def words(store, email=ADA) -> list[tuple[str, str]]:
    with store.read() as tx:
        return [(one.state, one.source) for one in tx.record.words(tx.subscribers.find(email).id)]


def add(store, clock, email=ADA, audience="readers", **values):
    added = replace(row(email), consent=Consent(clock(), "at the fair"), **values)
    return add_subscriber(added, audience, store=store, clock=clock, ids=new, markers=MARKERS)


def test_they_are_active_again_and_every_word_stays_on_record(store, clock, endings):
    subscribe(store, clock, ADA, BOB)
    leave(store, clock, endings)

    audience = come_back(store, clock, endings)

    assert (audience, active(store)) == ("readers", [ADA, BOB])
    assert words(store) == [("active", "form"), ("ended", "link"), ("active", "asked again")]
    with store.read() as tx:
        [(_, ada), _] = tx.roster.listed(audience="readers")
    assert ada.consent == Consent(clock(), "asked again")


@pytest.mark.parametrize("anew", [False, True])
def test_the_ending_beside_the_database_ends_them_no_more(here, clock, endings, another, anew):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    come_back(here, clock, endings)

    take_in_endings(endings.file, store=here, markers=MARKERS, clock=clock, anew=anew)
    started_over = another(people=[ADA])
    restored = another(copied(here), anew=anew)

    assert active(here) == active(started_over) == active(restored) == [ADA]


def test_who_leaves_again_stays_out_whatever_database_comes(here, clock, endings, another):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    come_back(here, clock, endings)
    old = copied(here)
    leave(here, clock, endings)

    of_before = another(old)
    started_over = another(people=[ADA, BOB])

    assert (active(here), active(of_before), active(started_over)) == ([], [], [BOB])


def test_a_copy_of_before_they_came_back_brings_nobody_in_by_itself(here, clock, endings, another):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    old = copied(here)
    come_back(here, clock, endings)

    restored = another(old)
    come_back(restored, clock, endings)

    assert active(restored) == [ADA]


def test_it_holds_under_keys_that_have_changed(here, clock, file, endings, another):
    newer = Endings(file, NEWER, clock)
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    come_back(here, clock, newer)
    back = another(markers=NEWER, people=[ADA])
    leave(here, clock, newer)
    gone = another(markers=NEWER, people=[ADA])

    assert (active(back), active(gone)) == ([ADA], [])


def test_a_clock_that_was_ahead_loses_no_ending(here, clock, endings, another, file):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    clock.advance(DAY)
    come_back(here, clock, endings)
    clock.advance(-2 * DAY)
    leave(here, clock, endings)
    clock.advance(9 * DAY)

    assert active(here) == active(another(people=[ADA])) == []


def test_coming_back_counts_also_where_the_file_cannot_be_written(here, clock, endings, tmp_path):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    nowhere = Endings(EndingsFile(tmp_path / "nowhere" / "file"), MARKERS, clock)

    come_back(here, clock, nowhere)
    take_in_endings(endings.file, store=here, markers=MARKERS, clock=clock, anew=True)

    assert active(here) == [ADA]


def test_who_had_left_a_database_that_is_lost_comes_back_into_the_next(
    here, clock, endings, another
):
    subscribe(here, clock, ADA)
    leave(here, clock, endings)
    next_one = another()

    with pytest.raises(Conflict, match=r"ada@example.org: left readers on .* use 'dispatch sub"):
        add(next_one, clock)
    come_back(next_one, clock, endings)

    assert active(next_one) == active(another(people=[ADA])) == [ADA]


def test_what_cannot_be_is_said_and_changes_nothing(store, clock, endings):
    for audience in ("readers", "press"):
        bring_in(audience, [row(ADA)], store=store, clock=clock)
    subscribe(store, clock, BOB)
    leave(store, clock, endings)
    both = ("readers", "press", "nobody")

    with pytest.raises(BadInput, match="left press, readers - say which by --audience"):
        come_back(store, clock, endings, audiences=both)
    with pytest.raises(Conflict, match=r"bob@example.org: is in readers - nothing was changed"):
        come_back(store, clock, endings, BOB)
    with pytest.raises(NotFound, match="has not left nobody - 'dispatch subscribers add'"):
        come_back(store, clock, endings, audience="nobody")
    with pytest.raises(NotFound, match=r"eve@example.org: has not left any audience"):
        come_back(store, clock, endings, "eve@example.org")
    suppress_address(ADA, reason="complained", store=store, clock=clock, endings=endings)
    with pytest.raises(Conflict, match=r"is suppressed since .* \(complained\) - nothing was"):
        come_back(store, clock, endings, audience="press")
    with pytest.raises(Conflict, match="is suppressed since"):
        add(store, clock, audience="another")

    assert (active(store), active(store, "press")) == ([BOB], [])


def test_a_suppression_that_was_lifted_is_lifted_in_every_database(here, clock, endings, another):
    subscribe(here, clock, ADA)
    suppress_address(ADA, reason="a slip", store=here, clock=clock, endings=endings)
    old = copied(here)
    clock.advance(DAY)
    suppressed = another()

    for store in (here, suppressed):
        lift_suppression(target_of(ADA), note="ours", store=store, clock=clock, endings=endings)
    with pytest.raises(NotFound, match="is not suppressed"):
        lift_suppression(target_of(ADA), note="ours", store=here, clock=clock, endings=endings)

    assert add(another(), clock).new
    assert words(here)[-1] == ("lifted", "ours")
    for store in (here, another(people=[ADA])):
        with store.read() as tx:
            assert tx.suppressions.why(ADA) == ""
    with another(old).read() as tx:  # a copy knows it until somebody says it there, too
        assert tx.suppressions.why(ADA)
    suppress_address(ADA, reason="complained", store=here, clock=clock, endings=endings)
    with another(people=[ADA]).read() as tx:
        assert tx.suppressions.why(ADA)


def test_somebody_is_added_once_and_what_is_known_of_them_stays(store, clock):
    rows = [row(ADA, name="Ada", locale="en", fields={"city": "London"})]
    bring_in("press", rows, store=store, clock=clock)

    first = add(store, clock, "ADA@example.org", locale="fr")
    again = add(store, clock, name="Somebody else")

    assert (first.new, again.new, again.since) == (True, False, first.since)
    assert active(store) == active(store, "press") == [ADA]
    with store.read() as tx:
        ada = tx.subscribers.find(ADA)
    assert (ada.name, ada.locale, ada.fields) == ("Ada", "fr", {"city": "London"})
    assert words(store) == [("active", "form"), ("active", "at the fair")]


@pytest.mark.parametrize(("ahead", "works"), [(-DAY, True), (DAY / 2, True), (2 * DAY, False)])
def test_a_consent_that_is_still_to_come_is_none(here, clock, ahead, works):
    person = replace(row(ADA), consent=Consent(clock() + ahead, "form"))
    options = {"store": here, "clock": clock, "ids": new, "markers": MARKERS}
    if not works:
        with pytest.raises(BadInput, match="is still to come - nothing was changed"):
            add_subscriber(person, "readers", **options)
        return

    add_subscriber(person, "readers", **options)

    with here.read() as tx:
        [word] = tx.record.words(tx.subscribers.find(ADA).id)
    assert word.given == min(clock(), clock() + ahead)
