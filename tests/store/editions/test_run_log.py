"""What the run log keeps, and what reading it costs."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.campaigns.schedule import slot_at, slot_on
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.run import Edit
from dispatch.model.intake.feed import NOTHING, Feed
from dispatch.model.intake.post import Decision, PostRule
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.pause import cancel_edition
from dispatch.pipeline.delivery.resolve import resolve_unknown, retry_failed
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.editions.export_runs import AT_A_TIME, export_runs
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.store.database.schema import (
    batches,
    choices,
    deliveries,
    edition_posts,
    editions,
    posts,
    runs,
)
from pipeline_samples import CAMPAIGN, REVIEWED, compose, entry, keep, subscribe, why_nothing

HOUR = timedelta(hours=1)


def last(store, campaign="weekly"):
    """The last run, with its posts."""
    with store.read() as tx:
        [run, *_] = tx.runs.latest(campaign)
        return tx.runs.get(run.id)


def reasons(run) -> dict[str, str]:
    return {post.title: post.reason for post in run.posts}


@pytest.fixture
def edited(store, clock):
    """An edition of Title one and Title two that people have edited, Title three being left out."""
    for name in ("three", "two", "one"):
        keep(store, entry(name, published=clock() - HOUR), now=clock())
        clock.advance(HOUR)
    made = compose(store, clock, replace(REVIEWED, posts=PostRule(at_most=2))).edition
    ids = {post.title: post.id for post in last(store).posts}

    def edit(by: str, **changes):
        clock.advance(HOUR)
        return edit_edition(made.id, Changes(**changes), by=by, store=store, clock=clock)

    edit("marie", drop=(ids["Title one"],), subject="Without one")
    edit("ada", add=(ids["Title three"],), pin=ids["Title three"])
    return made


def test_edits_stand_beside_the_reasons_with_who_and_when(edited, store, clock):
    run = last(store)

    told = {
        post.title: (post.included, post.chosen, post.reason, [(e.what, e.by) for e in post.edits])
        for post in run.posts
    }
    assert told == {
        "Title one": (False, True, "new", [(Edit.DROPPED, "marie")]),
        "Title two": (True, True, "new", []),
        "Title three": (
            True,
            False,
            "waits for the next edition: 2 at most",
            [(Edit.ADDED, "ada"), (Edit.PINNED, "ada")],
        ),
    }
    [dropped] = next(post.edits for post in run.posts if post.title == "Title one")
    assert dropped.at == clock() - HOUR
    assert [post.included for post in run.posts] == [True, True, False]


def test_a_post_that_came_after_the_run_is_told_once_it_is_added(store, clock):
    keep(store, entry("one"), now=clock())
    made = compose(store, clock, REVIEWED).edition
    keep(store, entry("late"), now=clock())
    with store.read() as tx:
        [late] = tx.posts.unused("weekly", ["blog"])

    edit_edition(made.id, Changes(add=(late.id,)), by="ada", store=store, clock=clock)

    post = next(post for post in last(store).posts if post.id == late.id)
    assert (post.included, post.chosen, post.reason) == (True, None, "")
    assert post.why.startswith("added by ada (")


def test_the_end_of_an_edition_is_the_end_of_its_run(store, clock):
    keep(store, entry("one"), now=clock())
    rejected = compose(store, clock, REVIEWED, name="e1").edition
    reject_edition(rejected.id, reason="wrong lead", by="marie", store=store)
    told_of_rejected = last(store)
    clock.advance(HOUR)
    cancelled = compose(store, clock, name="e2").edition
    cancel_edition(cancelled.id, reason="wrong people", by="ada", store=store, clock=clock)

    told_of_cancelled = last(store)

    now = clock()
    assert told_of_rejected.sentence(now) == "rejected by marie: wrong lead; edition e1, 1 post"
    assert why_nothing(told_of_rejected) == "wrong lead"
    assert told_of_cancelled.sentence(now) == "cancelled by ada: wrong people; edition e2, 1 post"


def finish(store, clock, edition, *states: DeliveryState) -> None:
    """Have the deliveries of an edition that is going out end in these states, and it with them."""
    with store._engine.begin() as connection:
        keys = connection.scalars(sa.select(deliveries.c.id).order_by(deliveries.c.id)).all()
        for key, state in zip(keys, states, strict=True):
            row = deliveries.c.id == key
            connection.execute(deliveries.update().where(row).values(state=state.value))
        connection.execute(batches.update().values(finished_at=clock()))
    with store.begin() as tx:
        tx.batches.recount(edition.id)
        assert tx.batches.finish_edition(edition.id, now=clock())


@pytest.fixture
def going_out(store, clock):
    """An edition that goes out to two people."""
    subscribe(store, clock, "ada@example.org", "bob@example.org")
    keep(store, entry("one"), now=clock())
    return address_edition(compose(store, clock).edition.id, store=store, clock=clock)


ACCEPTED, FAILED, UNKNOWN = DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNKNOWN


def test_deliveries_are_counted_by_state(store, going_out):
    assert last(store).edition.deliveries == {DeliveryState.PENDING: 2}


def test_deliveries_that_nothing_changes_any_more_are_counted_once(store, clock, going_out):
    finish(store, clock, going_out, ACCEPTED, FAILED)

    with counted(store) as said:
        run = last(store)

    assert run.edition.deliveries == {ACCEPTED: 1, FAILED: 1}
    assert not [one for one in said if "FROM deliveries" in one]


def test_an_edition_that_is_reopened_is_counted_as_it_stands(store, clock, going_out):
    finish(store, clock, going_out, ACCEPTED, FAILED)
    retry_failed(by="ada", store=store, clock=clock)
    reopened = last(store).edition.deliveries
    finish(store, clock, going_out, ACCEPTED, ACCEPTED)

    assert reopened == {ACCEPTED: 1, DeliveryState.PENDING: 1}
    assert last(store).edition.deliveries == {ACCEPTED: 2}


def test_a_lost_answer_that_comes_later_counts(store, clock, going_out):
    finish(store, clock, going_out, ACCEPTED, UNKNOWN)
    finished = last(store).edition.deliveries

    resolve_unknown(On.BELIEVED, by="ada", store=store, clock=clock)

    assert finished == {ACCEPTED: 1, UNKNOWN: 1}
    assert last(store).edition.deliveries == {ACCEPTED: 2}


def test_posts_that_no_run_will_use_are_counted_and_not_told_one_by_one(store, clock):
    with store.begin() as tx:
        keep_entries("blog", [entry("a"), entry("b")], backfill=NOTHING, tx=tx, now=clock())
    clock.advance(HOUR)
    keep(store, entry("one"), now=clock())
    with store.begin() as tx:
        tx.feeds.follow("weekly", ["blog"], now=clock())

    compose(store, clock)

    run = last(store)
    assert reasons(run) == {"Title one": "new"}
    assert run.never_used == {"was in the feed before the first poll": 2}


def test_a_story_that_was_told_from_another_feed_is_told_of_once(store, clock):
    two = replace(CAMPAIGN, feeds=("blog", "press"))
    feeds = {name: Feed(name, f"https://{name}.example/feed.xml") for name in two.feeds}
    with store.begin() as tx:
        tx.feeds.follow("weekly", two.feeds, now=clock())
        keep_entries("blog", [entry("one")], backfill=None, tx=tx, now=clock())
    compose(store, clock, two, name="e1", feeds=feeds)
    clock.advance(HOUR)
    with store.begin() as tx:
        keep_entries("press", [entry("one", guid="p1")], backfill=None, tx=tx, now=clock())

    compose(store, clock, two, name="e2", feeds=feeds)
    second = last(store)
    clock.advance(HOUR)
    compose(store, clock, two, name="e3", feeds=feeds)

    assert reasons(second) == {"Title one": "is a story that was told before, from feed blog"}
    assert last(store).posts == ()


def test_a_post_that_somebody_dropped_is_told_of_once(store, clock, hold_title_one):
    compose(store, clock)
    held = last(store)
    clock.advance(HOUR)
    decide_posts([hold_title_one], Decision.DROPPED, by="marie", store=store, clock=clock)
    clock.advance(HOUR)
    compose(store, clock)
    dropped = last(store)
    clock.advance(HOUR)
    compose(store, clock)

    assert reasons(held)["Title one"].startswith("is held: it looks like")
    assert reasons(dropped) == {"Title one": "was dropped by marie"}
    assert last(store).posts == ()
    assert last(store).never_used == {"was dropped by marie": 1}


@pytest.fixture
def hold_title_one(store, clock) -> int:
    """A post that is held."""
    keep(store, entry("one"), now=clock())
    with store.begin() as tx:
        [post] = tx.posts.latest()
    with store._engine.begin() as connection:
        held = {"held_since": clock(), "held_reason": "looks like 'another'"}
        connection.execute(posts.update().where(posts.c.id == post.id).values(**held))
    return post.id


def test_a_run_that_is_not_there_is_said_so(store):
    with store.read() as tx, pytest.raises(NotFound, match="run 7: not known"):
        tx.runs.get(7)


@contextmanager
def counted(store):
    """The statements that are executed meanwhile."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    sa.event.listen(store._engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(store._engine, "before_cursor_execute", note)


@pytest.fixture
def thousand(store, clock):
    """A thousand runs of two campaigns, each with an edition of two posts and two deliveries."""
    keep(store, entry("one"), entry("two"), now=clock())
    with store.read() as tx:
        ids = [post.id for post in tx.posts.latest()]
    numbers = range(1, 1001)
    edition = {"created_at": clock(), "state": EditionState.FINISHED.value}
    with store._engine.begin() as connection:
        connection.execute(
            editions.insert(),
            [{"number": n, "id": f"e{n}", "campaign": f"c{n % 2}", **edition} for n in numbers],
        )
        connection.execute(
            runs.insert(),
            [
                {
                    "id": n,
                    "campaign": f"c{n % 2}",
                    "slot": (clock() + n * HOUR).strftime("%Y-%m-%dT%H:%M[UTC]"),
                    "moment": clock() + n * HOUR,
                    "started_at": clock() + n * HOUR,
                    "edition_id": f"e{n}",
                }
                for n in numbers
            ],
        )
        for number, post in enumerate(ids, start=1):
            connection.execute(
                edition_posts.insert(),
                [{"edition_id": f"e{n}", "post_id": post, "position": number} for n in numbers],
            )
            connection.execute(
                choices.insert(),
                [
                    {"run_id": n, "post_id": post, "included": True, "reason": "new"}
                    for n in numbers
                ],
            )
            delivery = {"changed_at": clock(), "state": DeliveryState.ACCEPTED.value}
            connection.execute(
                deliveries.insert(),
                [{"id": (n << 32) + number, **delivery} for n in numbers],
            )
        connection.execute(
            batches.insert(),
            [
                {
                    "edition_id": f"e{n}",
                    "first": 1,
                    "last": 2,
                    "due": clock(),
                    "counts": {"mail": {"accepted": 2}},
                }
                for n in numbers
            ],
        )


@pytest.mark.usefixtures("thousand")
def test_a_thousand_runs_are_listed_in_six_statements(store):
    with counted(store) as said, store.read() as tx:
        found = tx.runs.latest(limit=1000)

    assert len([one for one in said if one.startswith("SELECT")]) == 6
    assert [run.id for run in found] == list(range(1000, 0, -1))
    assert {(run.edition.posts, *run.edition.deliveries.values()) for run in found} == {(2, 2)}


@pytest.mark.usefixtures("thousand")
def test_an_export_reads_piece_by_piece_and_all_of_it_in_order(store):
    with counted(store) as said:
        found = list(export_runs(store=store))

    pieces = 1000 // AT_A_TIME + 1
    assert len([one for one in said if one.startswith("SELECT")]) <= 7 * pieces
    assert [run.id for run in found] == list(range(1, 1001))
    assert {len(run.posts) for run in found} == {2}


@pytest.mark.usefixtures("thousand")
def test_an_export_is_of_a_campaign_and_of_days_by_their_own_clock(store, clock):
    day = (clock() + timedelta(days=2)).date()

    found = list(export_runs(store=store, campaign="c1", first=day, last=day))

    assert len(found) == 12
    assert {(run.campaign, run.local.date()) for run in found} == {("c1", day)}


def test_a_slot_that_is_passed_over_tells_nothing_of_the_run_by_a_clock_that_was_wrong(
    store, clock
):
    slot = slot_on(date(2026, 11, 26), time(9), "UTC")
    right, clock.now = clock(), slot.moment
    keep(store, entry("one"), now=clock())
    with store.begin() as tx:  # an archive post is counted, and not named
        keep_entries("blog", [entry("old")], backfill=NOTHING, tx=tx, now=clock())
    wrong = compose(store, clock, replace(CAMPAIGN, posts=PostRule(at_least=2)), slot=slot)
    clock.now = right

    with store.begin() as tx:
        tx.runs.skip("weekly", [(slot, "was missed")], now=clock())

    run = last(store)
    assert wrong.draft.skipped
    assert (run.skipped, run.posts, run.never_used) == ("was missed", (), {})


def test_a_list_of_runs_goes_on_behind_its_last_one(store, clock):
    moments = [clock(), clock(), *(clock() - timedelta(hours=hour) for hour in (1, 2))]
    names = ("weekly", "other", "weekly", "weekly")
    with store.begin() as tx:
        for name, moment in zip(names, moments, strict=True):
            tx.runs.skip(name, [(slot_at(moment, "UTC"), "was missed")], now=clock())

    with store.read() as tx:
        whole = tx.runs.latest()
        for at, run in enumerate(whole, 1):
            place = (run.moment, run.id)
            assert tx.runs.latest(before=place) == whole[at:]
            ours = [one for one in whole[at:] if one.campaign == "weekly"]
            assert tx.runs.latest("weekly", before=place) == ours
