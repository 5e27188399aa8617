"""Deliveries are found by what came later of them, whoever asks, and each with it."""

import pytest

from aftermath import Aftermath, told
from delivery_stage import PEOPLE
from dispatch.model.delivery.event import EventKind, Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.events import look_back
from dispatch.pipeline.events.look_back import Wanted, came_to, wanted_deliveries, with_later
from dispatch.store.transactions import Transaction


@pytest.fixture
def stage(store, clock):
    """Two editions went out; of the first one bounced, of the second the same and another one."""
    stage = Aftermath(store, clock)
    ada, *_ = PEOPLE
    first = stage.send()
    stage.tell(
        told(first[ada], EventKind.BOUNCED, reason="452 full"),
        *(told(first[one]) for one in PEOPLE[1:]),
    )
    second = stage.send()
    stage.tell(told(second[ada], EventKind.BOUNCED, permanent=True, reason="550 gone"))
    return stage


def found(stage, most=50, **wanted):
    with stage.store.read() as tx:
        if "reader" in wanted:
            wanted["reader"] = tx.subscribers.find(wanted["reader"])
        rows = wanted_deliveries(Wanted(**wanted), tx, most=most)
    return [
        (one.delivery.edition_id, one.delivery.recipient, one.later and one.later.value)
        for one in rows
    ]


def test_each_delivery_has_what_came_later_of_it(stage):
    ada, *others = PEOPLE

    assert found(stage) == [
        ("e2", ada, "bounced"),
        *(("e2", one, None) for one in others),
        ("e1", ada, "bounced softly"),
        *(("e1", one, "delivered") for one in others),
    ]
    assert found(stage, most=1) == [("e2", ada, "bounced")]


def test_they_are_found_by_what_came_later_by_whom_they_went_to_and_by_edition(stage):
    ada, bob, *_ = PEOPLE
    soft, hard = [Later.SOFT_BOUNCED], [Later.BOUNCED]
    with stage.store.read() as tx:
        first = tx.editions.get("e1")

    assert found(stage, later=soft) == [("e1", ada, "bounced softly")]
    assert found(stage, later=soft + hard, most=1) == [("e2", ada, "bounced")]
    assert found(stage, later=[Later.COMPLAINED]) == []
    assert found(stage, later=hard, edition=first) == []
    assert found(stage, reader=bob) == [("e2", bob, None), ("e1", bob, "delivered")]
    assert found(stage, reader=ada, later=hard) == [("e2", ada, "bounced")]
    assert found(stage, reader=ada, edition=first) == [("e1", ada, "bounced softly")]
    assert found(stage, reader=ada, states=[DeliveryState.REFUSED]) == []
    assert found(stage, later=hard, states=[DeliveryState.FAILED]) == []


def test_long_lists_are_read_in_pieces_and_lose_nobody(stage, monkeypatch):
    monkeypatch.setattr(look_back, "AT_A_TIME", 1)
    with stage.store.read() as tx:
        first = tx.editions.get("e1")
        of_one = [one.delivery.recipient for one in came_to(first, [Later.DELIVERED], tx)]
        of_all = list(with_later(tx.deliveries.latest(edition=first), tx))

    assert of_one == list(PEOPLE[1:])
    assert [one.later for one in of_all] == [Later.SOFT_BOUNCED] + [Later.DELIVERED] * len(of_one)


def test_what_came_last_of_a_channel_is_looked_for_among_the_last_of_all(stage):
    def last(tx: Transaction, **more):
        return [one.channel for _, one in tx.events.latest(most=2, **more)]

    with stage.store.read() as tx:
        gone = tx.deliveries.latest(edition=stage.edition)
        some = [told(one, id=f"x{at}") for at, one in enumerate(gone)]
    stage.tell(*some, channel="spare")

    with stage.store.read() as tx:
        assert last(tx, channel="mail") == ["mail", "mail"]
        assert last(tx, channel="mail", among=len(some) + 1) == ["mail"]
        assert last(tx, channel="mail", among=len(some)) == []
