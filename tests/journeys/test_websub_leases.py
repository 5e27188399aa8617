"""Subscriptions at hubs: asked for, confirmed, renewed, denied and given up."""

import pytest

from app_stage import change
from dispatch.scheduling.feeds import poll_due, renew_subscriptions
from little_hub import LittleHub
from websub_stage import DAY, HOUR, MINUTE, atom


def test_a_lease_is_renewed_in_time_at_the_same_address(stage):
    stage.subscribe()
    first = stage.hub.last
    stage.clock.advance(7 * DAY)
    renew_subscriptions(stage.app)
    early = len(stage.hub.requests)
    stage.clock.advance(DAY)
    renew_subscriptions(stage.app)
    stage.hub.ask_back()

    assert early == 1
    assert stage.hub.requests == [first, first]
    assert stage.websub().lease_until == stage.clock() + 10 * DAY


def test_the_hub_decides_how_long_the_lease_is(stage):
    stage.hub.lease = 3600

    stage.subscribe()

    assert stage.websub().lease_until == stage.clock() + HOUR
    assert stage.websub().next_at == stage.clock() + 48 * MINUTE


def test_a_hub_that_asks_back_before_it_answers_is_understood(stage):
    stage.hub.asks_back_at_once = True
    stage.write("one")
    poll_due(stage.app)
    renew_subscriptions(stage.app)

    assert stage.websub().stands(stage.clock())
    assert stage.hub.publish() == [202]


def test_a_hub_is_told_yes_as_often_as_it_asks_but_the_lease_runs_from_the_first(stage):
    stage.subscribe()
    until = stage.websub().lease_until
    stage.clock.advance(DAY)

    again = stage.hub.ask_back()

    assert (again.status_code, again.text) == (200, "a-challenge-of-the-hub")
    assert stage.websub().lease_until == until


@pytest.mark.parametrize(
    "question",
    [
        {"hub_topic": "https://elsewhere.example/feed"},
        {"hub_mode": "unsubscribe"},
        {"hub_mode": "publish"},
        {"hub_challenge": ""},
        {"hub_challenge": "x" * 1001},
        {"hub_challenge": "\x00\x01"},
    ],
    ids=["other topic", "other mode", "no mode", "no challenge", "too long", "binary"],
)
def test_what_was_not_asked_for_is_not_confirmed(stage, question):
    stage.write("one")
    poll_due(stage.app)
    renew_subscriptions(stage.app)
    before = stage.websub()

    answer = stage.hub.ask_back(**question)

    assert (answer.status_code, answer.text) == (404, "")
    assert stage.websub() == before


def test_a_denial_is_kept_with_its_reason_and_asked_about_again_after_a_week(stage):
    stage.subscribe()

    answer = stage.hub.deny("no <b>room</b>\nleft")
    renew_subscriptions(stage.app)
    told = stage.websub().sentence(stage.clock())
    stage.clock.advance(7 * DAY)
    renew_subscriptions(stage.app)

    assert answer.status_code == 200
    assert told == (
        "127.0.0.1: the hub will not tell us about new posts (no <b>room</b> left) - "
        "they are found by polling"
    )
    assert len(stage.hub.requests) == 2


def test_a_feed_that_is_taken_out_of_the_file_is_left(stage):
    stage.subscribe()
    change(stage.folder, stage.blog.url(), "file:samples/atelier.rss.xml")
    stage.app.reload_if_changed()

    renew_subscriptions(stage.app)
    answer = stage.hub.ask_back()
    late = stage.hub.publish()
    stage.clock.advance(2 * HOUR)
    renew_subscriptions(stage.app)

    assert stage.hub.modes() == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in stage.hub.last
    assert answer.status_code == 200
    assert (stage.hub.subscribers, late) == ({}, [])
    assert stage.websub_subscriptions() == []


def test_a_hub_that_goes_on_after_we_left_is_told_that_nobody_is_here(stage):
    stage.subscribe()
    change(stage.folder, stage.blog.url(), "file:samples/atelier.rss.xml")
    stage.app.reload_if_changed()
    renew_subscriptions(stage.app)

    assert stage.hub.publish() == [410]


def test_another_hub_in_the_feed_is_subscribed_at_and_the_old_one_left(stage):
    stage.subscribe()
    with LittleHub().running() as other:
        stage.blog.gives(atom("two", hub=other.url, own=stage.blog.url()))
        stage.clock.advance(DAY)
        poll_due(stage.app)
        renew_subscriptions(stage.app)
        other.ask_back()

        assert stage.hub.modes() == ["subscribe", "unsubscribe"]
        assert other.modes() == ["subscribe"]
        assert other.last["hub.callback"] != stage.hub.last["hub.callback"]
        assert other.last["hub.secret"] != stage.hub.requests[0]["hub.secret"]


def test_another_public_address_is_told_to_the_hub(stage):
    stage.subscribe()
    before = stage.hub.last["hub.callback"]
    change(stage.folder, "public_url: http://127.0.0.1", "public_url: http://localhost")
    stage.app.reload_if_changed()

    renew_subscriptions(stage.app)

    assert stage.hub.last["hub.callback"] == before.replace("127.0.0.1", "localhost")
    assert stage.websub().lease_until is None
