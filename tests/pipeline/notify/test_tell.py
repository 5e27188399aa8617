"""Telling a receiver: signed, tried again with the same name, left alone while it fails."""

import base64
import json
from datetime import timedelta
from threading import Event, Thread

import httpx
import pytest
import svix.webhooks
from structlog.testing import capture_logs

from dispatch.clock import system_clock
from dispatch.model.notify.notification import GIVEN_UP_AFTER, PROBES, WAITS, NotificationState
from dispatch.model.notify.receiver import ReceiverState
from dispatch.model.notify.types import Type
from dispatch.pipeline.notify.sign import key_of
from dispatch.pipeline.notify.tell import LEASE
from dispatch.testing.clock import FakeClock
from notify_stage import SECRET, plan
from on_sqlite import on_sqlite
from patience import PATIENCE

pytestmark = on_sqlite

CRM = plan()
DELIVERED, WAITING, FAILED = (
    NotificationState.DELIVERED,
    NotificationState.WAITING,
    NotificationState.FAILED,
)


@pytest.fixture
def clock():
    """Begins at the true time: those who check signatures look at the clock on the wall."""
    return FakeClock(system_clock().replace(microsecond=0))


@pytest.fixture
def told(stage):
    stage.follow(CRM)
    stage.happens(Type.POST_ARRIVED, {"id": "1", "title": "Œuvre & “more”"})
    return stage


def answering(*statuses, **headers):
    """One after the other, and then always the last."""
    left = list(statuses)
    return lambda _: httpx.Response(left.pop(0) if len(left) > 1 else left[0], headers=headers)


def test_a_call_is_read_by_those_who_check_its_signature(told):
    assert told.tell(CRM) == 1

    [request] = told.called
    [said] = told.verified()
    svix.webhooks.Webhook(SECRET).verify(request.content, dict(request.headers))  # or raises
    assert said["type"] == "post.arrived"
    assert said["data"] == {"id": "1", "title": "Œuvre & “more”"}
    assert request.headers["Content-Type"] == "application/json"
    assert "." not in request.headers["webhook-id"]
    assert told.all()[0].state is DELIVERED


def test_while_a_secret_is_replaced_both_can_check(told):
    before = "whsec_" + base64.b64encode(b"b" * 24).decode()
    told.keys = [key_of(SECRET), key_of(before)]

    told.tell(CRM)

    assert told.verified() == told.verified(before)


def test_what_fails_is_tried_again_by_the_same_name_until_it_has_failed_for_good(told, clock):
    told.answer = answering(500)
    waits = []

    for _ in range(20):
        told.tell(CRM)
        [one] = told.all()
        if one.state is FAILED:
            break
        waits.append(one.due - clock())
        clock.advance(one.due - clock() + PROBES[-1] * 2)  # when it is not left alone either

    assert len({request.headers["webhook-id"] for request in told.called}) == 1
    assert len({request.headers["webhook-timestamp"] for request in told.called}) > 1
    assert len(told.called) == len(waits) + 1 == 10
    assert all(least <= wait <= least * 1.1 for least, wait in zip(WAITS, waits, strict=True))
    assert (one.attempt, one.status, one.reason) == (10, 500, "answered 500")


def test_a_failing_receiver_is_tried_with_one_at_a_time(told, clock):
    for number in range(20):
        told.happens(Type.POST_ARRIVED, {"id": str(number)})
    told.answer = answering(503)
    told.tell(CRM)
    told.called.clear()

    told.tell(CRM)
    nothing = len(told.called)
    clock.advance(timedelta(seconds=6))
    told.tell(CRM)
    probed = len(told.called)
    told.answer = answering(200)
    clock.advance(timedelta(minutes=1))
    took = told.tell(CRM)

    assert (nothing, probed) == (0, 1)
    assert took >= 10  # all that was due
    assert told.receiver().failing_since is None


def test_a_message_that_a_receiver_never_takes_holds_up_no_other(told, clock):
    told.happens(Type.POST_ARRIVED, {"id": "2"})
    told.answer = lambda request: httpx.Response(500 if b'"id":"1"' in request.content else 200)

    told.tell(CRM)
    clock.advance(timedelta(seconds=6))
    told.tell(CRM)

    assert [one.state for one in told.all()] == [WAITING, DELIVERED]


def test_who_is_gone_is_told_nothing_more_until_somebody_says_so(told, clock):
    told.answer = answering(410)

    told.tell(CRM)
    told.happens(Type.POST_ARRIVED, {"id": "2"})
    clock.advance(timedelta(days=1))
    told.tell(CRM)

    gone = told.receiver()
    assert len(told.called) == 1
    assert (gone.state, gone.waiting) == (ReceiverState.OFF, 1)
    assert gone.reason == "answered 410: it wants to be told nothing more"
    told.answer = answering(200)
    with told.store.begin() as tx:
        tx.receivers.turn_on("crm", now=clock())
    assert told.tell(CRM) == 1


def test_who_takes_nothing_for_days_is_told_nothing_more(told, clock):
    told.answer = answering(404)
    told.tell(CRM)
    clock.advance(GIVEN_UP_AFTER)

    told.tell(CRM)

    assert told.receiver().state is ReceiverState.OFF
    assert told.receiver().reason == "has taken nothing for 5 days; last it answered 404"


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_is_left_alone_for_as_long_as_it_asks(told, clock, status):
    told.answer = answering(status, **{"Retry-After": "3600"})
    told.tell(CRM)
    told.happens(Type.POST_ARRIVED, {"id": "2"})
    told.answer = answering(200)

    clock.advance(timedelta(minutes=59))
    early = told.tell(CRM)
    clock.advance(timedelta(minutes=2))

    assert (early, told.tell(CRM)) == (0, 2)


def test_no_receiver_is_left_alone_for_longer_than_a_day(told, clock):
    told.answer = answering(503, **{"Retry-After": "315360000"})

    told.tell(CRM)

    assert told.all()[0].due == clock() + WAITS[-1]


def test_its_own_words_stand_in_the_row_and_nowhere_else(told, clock):
    told.answer = lambda _: httpx.Response(500, text="who is ada@example.org?")
    with capture_logs() as logged:
        told.tell(CRM)
        clock.advance(GIVEN_UP_AFTER)
        told.tell(CRM)

    assert told.all()[0].reason == "answered 500: who is ada@example.org?"
    assert told.receiver().state is ReceiverState.OFF
    assert "ada@" not in told.receiver().reason + str(logged)


def test_redirects_are_not_followed(told):
    told.answer = lambda _: httpx.Response(307, headers={"Location": "http://169.254.169.254/"})

    told.tell(CRM)

    assert len(told.called) == 1
    assert told.all()[0].reason == (
        "answered 307: redirects are not followed - write where it is now in url"
    )


def test_what_was_sent_before_a_crash_is_sent_again_by_the_same_name(told, clock, monkeypatch):
    def crashes(_):
        monkeypatch.setattr(told.store, "begin", power_fails)
        return httpx.Response(200)

    def power_fails():
        raise RuntimeError("the power has gone")

    told.answer = crashes
    with pytest.raises(RuntimeError):
        told.tell(CRM)
    monkeypatch.undo()
    told.answer = answering(200)

    at_once = told.tell(CRM)
    clock.advance(LEASE)

    assert (at_once, told.tell(CRM)) == (0, 1)
    assert len({request.headers["webhook-id"] for request in told.called}) == 1
    assert len(told.called) == 2


def test_a_receiver_that_hangs_holds_up_no_other(told):
    wall = plan("wall")
    told.follow(CRM, wall)
    told.happens(Type.POST_ARRIVED, {"id": "2"})
    asked, go_on = Event(), Event()

    def hangs(_):
        asked.set()
        assert go_on.wait(PATIENCE)
        return httpx.Response(200)

    told.answer = hangs
    slow = Thread(target=told.tell, args=(CRM,))
    slow.start()
    assert asked.wait(PATIENCE)
    told.answer = answering(200)

    took = told.tell(wall)

    go_on.set()
    slow.join()
    assert took == 1


def test_who_is_told_to_stop_puts_back_what_was_not_sent(told):
    for number in range(30):
        told.happens(Type.POST_ARRIVED, {"id": str(number)})

    def stops(_):
        told.keep_going = False
        return httpx.Response(200)

    told.answer = stops
    told.tell(CRM)
    told.keep_going = True
    told.answer = answering(200)
    told.tell(CRM)

    ids = [json.loads(request.content)["data"]["id"] for request in told.called]
    assert {one.state for one in told.all()} == {DELIVERED}
    assert len(ids) == len(told.all())


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (httpx.ConnectTimeout("x"), "cannot be reached within 5 s"),
        (httpx.ReadTimeout("x"), "did not answer within 15 s"),
        (httpx.ConnectError("x"), "cannot be reached"),
        (httpx.RemoteProtocolError("x"), "the connection broke off"),
    ],
)
def test_why_a_call_came_to_nothing_is_said(told, failure, reason):
    def fails(_):
        raise failure

    told.answer = fails
    told.tell(CRM)

    assert (told.all()[0].status, told.all()[0].reason) == (0, reason)


def test_of_a_long_answer_little_is_kept(told):
    told.answer = lambda _: httpx.Response(500, text="<h1>no</h1>\n" * 9000)

    told.tell(CRM)

    assert len(told.all()[0].reason) < 330
