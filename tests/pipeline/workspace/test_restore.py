"""A database put back from a copy: what may have gone out since waits for a person."""

import stat
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from delivery_stage import PEOPLE
from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import StoreUnavailable, UnknownDatabase
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.feed import Backfill
from dispatch.model.intake.post import Decision
from dispatch.pipeline.delivery.resolve import resolve_unknown
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from pipeline_samples import MARKERS, REVIEWED, compose, entry, keep
from restore_stage import ADA


def test_what_was_open_is_unknown_and_its_edition_is_paused(workspace, clock):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(2, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    clock.advance(timedelta(hours=1))

    taken = workspace.restore(copies[0])

    assert len(stage.provider.taken) == 4
    assert stage.counts == {DeliveryState.ACCEPTED: 1, DeliveryState.UNKNOWN: 3}
    assert stage.edition.state is EditionState.PAUSED
    assert "put back from a copy of 2026-" in stage.edition.reason
    assert stage.deliveries(DeliveryState.UNKNOWN)[0].reason == On.RESTORED.value
    assert stage.is_all_put_away
    assert (taken.doubts.deliveries, len(taken.doubts.paused)) == (3, 1)


def test_nothing_of_it_goes_out_again_before_a_person_has_decided(workspace):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(2, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    workspace.restore(copies[0])

    stage.deliver()
    stage.go_on()
    stage.deliver()

    assert len(stage.provider.taken) == 4


def test_a_person_can_have_them_sent_again_and_the_edition_comes_to_its_end(workspace, clock):
    stage = workspace.stage
    stage.address()
    copies = []
    stage.during_call(1, lambda: copies.append(workspace.back_up()))
    stage.deliver()
    workspace.restore(copies[0])

    resolve_unknown(On.RESENT, by="ada", store=workspace.store, clock=clock)
    stage.go_on()
    report = stage.deliver()

    assert report.edition.state is EditionState.FINISHED
    assert report.counts == {DeliveryState.ACCEPTED: 4}


def test_who_has_left_since_gets_nothing(workspace):
    stage = workspace.stage
    stage.address()
    copy = workspace.back_up()
    workspace.leave(ADA)

    taken = workspace.restore(copy)

    with workspace.store.read() as tx:
        active = sorted(one.email for one in tx.subscribers.active("readers"))
    assert active == sorted({*PEOPLE} - {ADA})
    assert [one.subscriptions for one in taken.endings] == [1]


def test_who_has_left_on_another_machine_gets_nothing_either(workspace, clock, tmp_path):
    workspace.stage.address()
    copy = workspace.back_up()
    other = EndingsFile(tmp_path / "other-machine")
    end_all_subscriptions(
        ADA, source="link", store=workspace.store, clock=clock,
        endings=Endings(other, MARKERS, clock),
    )  # fmt: skip

    workspace.restore(copy, endings=[other])

    with workspace.store.read() as tx:
        assert ADA not in [one.email for one in tx.subscribers.active("readers")]


def test_an_approved_edition_that_may_have_gone_out_is_looked_at_again(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    edition = compose(workspace.store, clock).edition
    workspace.stage.edition_id = edition.id
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    again = workspace.stage.edition
    assert edition.state is EditionState.APPROVED
    assert (again.state, again.review.deadline) == (EditionState.IN_REVIEW, None)
    assert again.approved_fingerprint == ""
    assert "look whether this has gone out already" in again.note
    assert [one.id for one in taken.doubts.reviews] == [edition.id]


def test_one_in_review_loses_its_deadline(workspace, clock):
    campaign = replace(
        REVIEWED, approval=replace(REVIEWED.approval, deadline=timedelta(hours=4))
    )  # fmt: skip
    keep(workspace.store, entry("one"), now=clock())
    edition = compose(workspace.store, clock, campaign).edition
    workspace.stage.edition_id = edition.id
    copy = workspace.back_up()

    workspace.restore(copy)

    assert edition.review.deadline is not None
    assert workspace.stage.edition.review.deadline is None


def test_posts_that_no_edition_had_are_held(workspace, clock):
    keep(workspace.store, entry("one"), entry("two"), now=clock())
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    composed = compose(workspace.store, clock)
    assert taken.doubts.posts == 2
    assert composed.edition is None
    assert "2 held - see 'dispatch posts held'" in composed.draft.skipped
    assert workspace.posts["Title one"].hold.reason.startswith("may have gone out before")


def test_a_person_who_releases_them_has_them_in_the_next_edition(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())
    post = workspace.posts["Title one"]

    decide_posts([post.id], Decision.RELEASED, by="ada", store=workspace.store, clock=clock)

    assert compose(workspace.store, clock).edition is not None


def test_posts_that_an_edition_had_and_those_that_were_dropped_stay_as_they_are(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    compose(workspace.store, clock)
    keep(workspace.store, entry("two"), now=clock())
    workspace.restore(workspace.back_up())
    two = workspace.posts["Title two"]
    decide_posts([two.id], Decision.DROPPED, by="ada", store=workspace.store, clock=clock)

    taken = workspace.restore(workspace.back_up("second"))

    assert taken.doubts.posts == 0
    assert workspace.posts["Title one"].hold is None
    assert workspace.posts["Title two"].hold.decision is Decision.DROPPED


@pytest.mark.parametrize(
    ("published", "held"), [(None, True), (timedelta(days=-3), True), (timedelta(hours=1), False)]
)
def test_what_a_feed_brings_at_its_next_poll_is_held_unless_it_is_newer(
    workspace, clock, published, held
):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())
    until = clock()
    clock.advance(timedelta(hours=2))
    date = until + published if published else None

    with workspace.store.begin() as tx:
        doubtful = tx.identity.get().doubtful_since
        kept = keep_entries(
            "blog", [entry("new", published=date)], backfill=None, tx=tx, now=clock(),
            doubtful_until=doubtful,
        )  # fmt: skip

    assert doubtful == until
    assert (kept.held, kept.new) == ((1, 0) if held else (0, 1))


def test_the_archive_of_a_feed_that_is_met_again_is_held_as_far_as_it_is_wanted(workspace, clock):
    with workspace.store.begin() as tx:
        kept = keep_entries(
            "blog", [entry("one"), entry("two")], backfill=Backfill(newest=1), tx=tx, now=clock(),
            doubtful_until=clock(),
        )  # fmt: skip

    assert (kept.held, kept.backlog, kept.new) == (1, 1, 0)


def test_slots_that_have_passed_meanwhile_are_not_run(workspace, clock):
    with workspace.store.begin() as tx:
        tx.runs.note_schedule("weekly", "every tuesday", now=clock())
    copy = workspace.back_up()
    clock.advance(timedelta(days=8))

    workspace.restore(copy)

    with workspace.store.read() as tx:
        assert tx.runs.answered_until(["weekly"], now=clock()) == {"weekly": clock()}


def test_a_copy_after_which_nothing_went_out_is_put_back_as_it_is_where_we_are_alone(
    workspace, clock, database_url
):
    stage = workspace.stage
    stage.address()
    stage.deliver()
    keep(workspace.store, entry("two"), now=clock())
    copy = workspace.back_up()

    taken = workspace.restore(copy)

    alone = database_url.startswith("sqlite")
    assert taken.doubts.posts == (0 if alone else 1)


def test_it_is_another_database_from_then_on_and_this_workspace_knows_it(workspace, clock):
    workspace.stage.address()
    workspace.stage.deliver()
    copy = workspace.back_up()
    with workspace.store.read() as tx:
        before = tx.identity.get()

    workspace.restore(copy)

    with workspace.store.read() as tx:
        after = tx.identity.get()
    assert after.id != before.id
    assert workspace.known.read().id == after.id


def test_a_process_that_works_over_the_old_one_hands_over_nothing_more(
    workspace, monkeypatch, tmp_path
):
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
    stage = workspace.stage
    stage.address()
    copy = workspace.back_up()
    stage.during_call(1, lambda: workspace.restore(copy))

    with suppress(UnknownDatabase, StoreUnavailable):
        stage.deliver()
    stage.deliver()

    assert len(stage.provider.taken) <= 2


def test_copies_are_made_of_a_database_that_holds_all_there_is(workspace, clock):
    stage = workspace.stage
    stage.address()
    stage.deliver()
    before = contents(workspace.store)

    copy = workspace.back_up()
    workspace.restore(copy)

    assert contents(workspace.store) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir() if "copy" in path.name] == ["copy"]


def test_new_rows_get_new_numbers_after(workspace, clock):
    keep(workspace.store, entry("one"), now=clock())
    workspace.restore(workspace.back_up())

    keep(workspace.store, entry("two"), now=clock())

    assert len({post.id for post in workspace.posts.values()}) == 2


def contents(store):
    """Every row of every table, without the identity and what tells of a restoring."""
    import sqlalchemy as sa

    from dispatch.store.database.schema import identity, metadata

    with store._engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in metadata.sorted_tables
            if table is not identity
        }
