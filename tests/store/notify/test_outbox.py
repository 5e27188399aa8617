"""What happens is told in the transaction that it happens in; on each database."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.receiver import ReceiverState
from dispatch.model.notify.types import SHAPES, Type
from dispatch.store.database.engine import open_engine
from dispatch.store.notify.lanes import Attempt
from notify_stage import plan

JOINED = {"id": "ab12", "audience": "readers", "email": "ada@example.org"}


def test_a_row_is_written_for_each_who_wants_to_know(stage):
    stage.follow(plan("crm"), plan("wall", events=["edition.*"]))

    stage.happens(Type.SUBSCRIBER_LEFT, {"id": "ab12", "audience": "readers"})
    stage.happens(Type.EDITION_FINISHED, {"id": "e1"})

    assert [one["type"] for one in stage.bodies("crm")] == ["subscriber.left", "edition.finished"]
    assert [one["type"] for one in stage.bodies("wall")] == ["edition.finished"]
    [first, second] = stage.all("crm")
    assert stage.all("wall")[0].event == second.event != first.event


def test_what_is_taken_back_was_never_told(stage):
    stage.follow(plan())

    def breaks_off():
        with stage.store.begin() as tx:
            tx.notifications.add(Type.POST_ARRIVED, {"id": "1"}, now=stage.clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks_off()

    assert stage.all() == []


def test_who_wants_to_know_is_asked_once_in_a_transaction(stage, monkeypatch):
    stage.follow(plan(events=["post.*"]))

    with stage.store.begin() as tx:
        told = tx.notifications
        assert told.wanting(Type.EDITION_MADE) == []
        monkeypatch.setattr(told, "_connection", None)  # so that asking again would fail
        told.add(Type.EDITION_MADE, {"id": "e1"}, now=stage.clock())


def test_addresses_go_to_those_who_may_have_them(stage):
    stage.follow(plan("crm", addresses=True), plan("wall"))

    stage.happens(Type.SUBSCRIBER_JOINED, JOINED, subject="ab12")

    assert stage.bodies("crm")[0]["data"] == JOINED
    assert stage.bodies("wall")[0]["data"] == {"id": "ab12", "audience": "readers"}


def test_what_waits_is_taken_by_one_and_oldest_first(stage, clock):
    stage.follow(plan())
    for number in range(3):
        stage.happens(Type.POST_ARRIVED, {"id": str(number)})
        clock.advance(timedelta(seconds=1))
    lease = timedelta(minutes=1)

    with stage.store.begin() as tx:
        mine = tx.notification_lanes.claim("crm", limit=2, now=clock(), lease=lease)
        theirs = tx.notification_lanes.claim("crm", limit=2, now=clock(), lease=lease)
        later = tx.notification_lanes.claim("crm", limit=9, now=clock() + lease, lease=lease)

    assert [json.loads(one.body)["data"]["id"] for one in mine] == ["0", "1"]
    assert [one.event for one in theirs + mine] == [one.event for one in later[2:] + later[:2]]


def test_what_became_of_each_is_noted(stage, clock):
    stage.follow(plan())
    for number in range(3):
        stage.happens(Type.POST_ARRIVED, {"id": str(number)})
    first, second, third = stage.all()
    due = clock() + timedelta(hours=1)

    with stage.store.begin() as tx:
        tx.notification_lanes.note(
            [
                Attempt(first.id, NotificationState.DELIVERED, status=200),
                Attempt(second.id, NotificationState.WAITING, due, 503, "answered 503"),
                Attempt(third.id, NotificationState.WAITING, counted=False),
            ],
            now=clock(),
        )

    first, second, third = stage.all()
    assert (first.state, first.status, first.attempt) == (NotificationState.DELIVERED, 200, 1)
    assert (second.due, second.reason, second.attempt) == (due, "answered 503", 1)
    assert (third.attempt, third.reason, third.delivered_at) == (0, "", None)


def test_a_receiver_taken_out_of_the_file_is_told_nothing_more(stage):
    stage.follow(plan("crm"), plan("wall"))
    stage.happens(Type.POST_ARRIVED, {"id": "1"})

    stage.follow(plan("wall"))
    stage.happens(Type.POST_ARRIVED, {"id": "2"})

    [gone] = stage.all("crm")
    assert (gone.state, gone.reason) == (
        NotificationState.FAILED,
        "its receiver was taken out of schedules.yaml",
    )
    with pytest.raises(NotFound):
        stage.receiver("crm")
    stage.follow(plan("crm"), plan("wall"))
    assert stage.receiver("crm").state is ReceiverState.ON


def test_another_address_is_told_things_again(stage, clock):
    stage.follow(plan())
    with stage.store.begin() as tx:
        tx.receivers.turn_off("crm", reason="answered 410", now=clock())

    stage.follow(plan(events=["post.*"]))  # which is another wish, and no other address
    still = stage.receiver()
    stage.follow(plan(url="https://crm.example/new"))

    assert (still.state, stage.receiver().state) == (ReceiverState.OFF, ReceiverState.ON)


def test_nothing_is_written_where_the_file_says_nothing_new(stage):
    stage.follow(plan())

    with stage.store.read() as tx:
        assert tx.receivers.are_as({"crm": plan()})
        assert not tx.receivers.are_as({"crm": plan(addresses=True)})
        assert not tx.receivers.are_as({})


def test_what_was_told_of_somebody_is_erased_with_them(stage):
    stage.follow(plan(addresses=True))
    stage.happens(Type.SUBSCRIBER_JOINED, JOINED, subject="ab12")
    stage.happens(Type.SUBSCRIBER_JOINED, JOINED | {"id": "ab123"}, subject="ab123")

    with stage.store.begin() as tx:
        tx.notifications.erase("ab12")

    assert [one["data"]["id"] for one in stage.bodies()] == ["ab123"]


def test_names_are_compared_byte_by_byte_whatever_language_the_database_has(postgres_url):
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text(
                "SELECT collname FROM pg_attribute JOIN pg_collation ON attcollation ="
                " pg_collation.oid WHERE attrelid = 'notifications'::regclass AND attname = 'event'"
            )
        )
    engine.dispose()

    assert found == "C"


def test_what_was_told_long_ago_is_forgotten(stage, clock):
    stage.follow(plan())
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    stage.happens(Type.POST_ARRIVED, {"id": "2"})
    [first, _] = stage.all()
    with stage.store.begin() as tx:
        tx.notification_lanes.note([Attempt(first.id, NotificationState.DELIVERED)], now=clock())

    with stage.store.begin() as tx:
        lanes, later = tx.notification_lanes, clock() + timedelta(days=1)
        gone = [
            lanes.forget(NotificationState.DELIVERED, before=clock()),
            lanes.forget(NotificationState.DELIVERED, before=later),
        ]

    assert gone == [0, 1]
    assert [one["data"]["id"] for one in stage.bodies()] == ["2"]
    with stage.store.begin() as tx:
        assert tx.notification_lanes.forget(NotificationState.WAITING, before=later) == 1


def test_what_has_failed_is_found_and_told_once_more(stage, clock):
    stage.follow(plan())
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    stage.happens(Type.POST_ARRIVED, {"id": "2"})
    [first, _] = stage.all()
    failed = NotificationState.FAILED
    with stage.store.begin() as tx:
        tx.notification_lanes.note([Attempt(first.id, failed, None, 500, "why")], now=clock())
        found = tx.listed_notifications.page("crm", limit=9, only_failed=True)
        counted = tx.receivers.get("crm")
        again = tx.listed_notifications.replay_failed("crm", now=clock())

    assert [one.event for one in found] == [first.event]
    assert (counted.waiting, counted.failed, again) == (1, 1, 1)
    assert [(one.state.value, one.attempt) for one in stage.all()] == [("waiting", 0)] * 2


def test_what_a_clock_said_that_went_ahead_holds_nothing_up(stage, clock):
    stage.follow(plan())
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    year, lease = timedelta(days=365), timedelta(minutes=2)
    ahead = clock() + year

    with stage.store.begin() as tx:
        [one] = tx.notification_lanes.claim("crm", limit=9, now=ahead, lease=lease)
        assert tx.receivers.failed("crm", now=ahead) == ahead
        assert tx.receivers.failed("crm", now=clock()) == clock()
        [again] = tx.notification_lanes.claim("crm", limit=9, now=clock(), lease=lease)
        late = Attempt(one.id, NotificationState.WAITING, ahead, 500, "why")
        tx.notification_lanes.note([late], now=ahead)
        hurried = [tx.receivers.hurry(now=clock(), longest=timedelta(days=2)) for _ in range(2)]

    assert again.id == one.id
    assert hurried == [1, 0]
    assert stage.all()[0].due == clock()


def test_what_has_failed_is_found_page_by_page_and_all_of_it_by_an_index(stage, clock):
    stage.follow(plan())
    for number in range(4):
        stage.happens(Type.POST_ARRIVED, {"id": str(number)})
    ended = [Attempt(one.id, NotificationState.FAILED) for one in stage.all()[:3]]
    with stage.store.begin() as tx:
        tx.notification_lanes.note(ended, now=clock())

    with stage.store.read() as tx:
        newest = tx.listed_notifications.page("crm", limit=2, only_failed=True)
        last = newest[-1].id
        older = tx.listed_notifications.page("crm", before=last, limit=2, only_failed=True)

    assert [one.id for one in newest + older] == [one.id for one in ended[::-1]]


@pytest.mark.parametrize("late", [NotificationState.WAITING, NotificationState.FAILED])
def test_who_was_too_slow_does_not_give_away_what_is_in_new_hands(stage, clock, late):
    stage.follow(plan())
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    lease = timedelta(minutes=1)
    with stage.store.begin() as tx:
        [first] = tx.notification_lanes.claim("crm", limit=1, now=clock(), lease=lease)
        clock.advance(lease)
        [second] = tx.notification_lanes.claim("crm", limit=1, now=clock(), lease=lease)

        slow = Attempt(first.id, late, clock(), 500, "why", lease=first.lease_until)
        tx.notification_lanes.note([slow], now=clock())
        meanwhile = tx.notification_lanes.claim("crm", limit=1, now=clock(), lease=lease)

    assert (meanwhile, stage.all()[0].attempt) == ([], 0)
    assert second.lease_until == stage.all()[0].lease_until
    with stage.store.begin() as tx:
        took = Attempt(first.id, NotificationState.DELIVERED, lease=first.lease_until)
        tx.notification_lanes.note([took], now=clock())
    assert stage.all()[0].state is NotificationState.DELIVERED


def test_what_is_told_once_more_while_it_is_told_is_not_told_twice_at_a_time(stage, clock):
    stage.follow(plan())
    stage.happens(Type.POST_ARRIVED, {"id": "1"})
    lease = timedelta(minutes=1)

    with stage.store.begin() as tx:
        [one] = tx.notification_lanes.claim("crm", limit=1, now=clock(), lease=lease)
        tx.listed_notifications.replay([one.id], now=clock())
        again = tx.notification_lanes.claim("crm", limit=1, now=clock(), lease=lease)

    assert again == []


@pytest.mark.parametrize("type_", Type)
def test_each_type_has_its_shape(type_):
    shape = SHAPES[type_]

    assert shape.when.endswith(".")
    assert all(field.about.endswith(".") for field in shape.fields.values())
    assert json.dumps(shape.example())
