"""The next batch is made while the last answers to this one are waited for."""

from datetime import timedelta
from threading import Event

import pytest

from delivery_stage import DeliveryStage
from dispatch.config.people.targets import checked_target
from dispatch.errors import RenderingStopped, TemplateFailed
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.work_ahead import MOST, WorkAhead
from dispatch.pipeline.people.suppress import suppress
from on_sqlite import on_sqlite
from patience import PATIENCE
from pipeline_samples import ENDINGS

pytestmark = on_sqlite


@pytest.fixture
def stage(store, clock, monkeypatch):
    """Two calls of two, each with a batch of its own."""
    monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
    stage = DeliveryStage(store, clock, batch=2)
    stage.address()
    return stage


@pytest.fixture
def take(stage):
    def take(number=1):
        said = {"channel": "mail", "connections": 1, "at_most": None, "lease": timedelta(minutes=1)}
        for _ in range(number):
            with stage.store.begin() as tx:
                batch = tx.batches.take(stage.edition_id, ["mail"], now=stage.clock(), **said)
            stage.clock.advance(timedelta(minutes=2))
        return batch

    return take


def ahead_of(stage, make=lambda item: item.recipient):
    def coming(tx):
        return tx.batches.coming(stage.edition_id, ["mail"], now=stage.clock())

    return WorkAhead(coming, make=make, store=stage.store, clock=stage.clock)


def made(ahead, batch):
    """What is known of a batch: whom it is for, and what was made for them."""
    items = ahead.items_of(batch)
    return items and [(one.recipient, ahead.message_of(one)) for one in items]


ADA, BOB = ("ada@example.org",) * 2, ("bob@example.org",) * 2


def test_what_was_made_counts_once_the_batch_is_ours(stage, take):
    ahead = ahead_of(stage)
    ahead.look(9)
    ahead.look(9)

    batch = take()

    assert made(ahead, batch) == [ADA, BOB]
    assert made(ahead, batch) is None


def test_it_does_not_count_where_others_had_the_batch_in_between(stage, take):
    ahead = ahead_of(stage)
    ahead.look(9)
    [first, _] = ahead._items

    assert made(ahead, take(2)) is None
    assert ahead.message_of(first) is None


@pytest.mark.parametrize(
    ("error", "found"), [(RenderingStopped, [None, None]), (TemplateFailed, [None, BOB[1]])]
)
def test_what_cannot_be_made_is_left_for_its_turn(stage, take, error, found):
    def make(item):
        if item.recipient == ADA[0]:
            raise error("no")
        return item.recipient

    ahead = ahead_of(stage, make)
    ahead.look(9)

    assert [message for _, message in made(ahead, take())] == found


def test_no_more_is_made_than_there_is_room_for(stage, take):
    ahead = ahead_of(stage)
    ahead.look(1)

    assert made(ahead, take()) == [ADA, (BOB[0], None)]


def test_it_ends_in_time_for_the_answer(stage, take, monkeypatch):
    monkeypatch.setattr("dispatch.pipeline.delivery.work_ahead.OFTEN", 1)

    def make(item):
        stage.clock.advance(2 * MOST)
        return item.recipient

    ahead = ahead_of(stage, make)
    ahead.look(9)

    assert made(ahead, take()) == [ADA, (BOB[0], None)]


def test_who_leaves_after_their_mail_was_made_gets_none(stage, monkeypatch):
    looked, look = Event(), WorkAhead.look

    def look_and_tell(ahead, room):
        look(ahead, room)
        looked.set()

    def leave():
        assert looked.wait(PATIENCE)
        target = checked_target("zoe@example.org")
        suppress(target, reason="asked", store=stage.store, clock=stage.clock, endings=ENDINGS)

    monkeypatch.setattr(WorkAhead, "look", look_and_tell)
    stage.during_call(1, leave)

    stage.deliver()

    assert [one.to.email[0] for one in stage.provider.taken] == ["a", "b", "e"]
    assert stage.counts == {DeliveryState.ACCEPTED: 3, DeliveryState.SUPPRESSED: 1}
