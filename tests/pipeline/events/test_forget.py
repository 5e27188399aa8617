"""What is old is forgotten, and what is told of somebody goes with them."""

from datetime import timedelta
from itertools import count

import pytest

from aftermath import Aftermath, told
from delivery_stage import PEOPLE
from dispatch.model.delivery.event import Event, EventKind, Later
from dispatch.pipeline.events import forget
from dispatch.pipeline.events.forget import forget_events
from dispatch.pipeline.people.erase_person import erase_address, erase_person
from dispatch.pipeline.people.export_person import export_person
from on_sqlite import on_sqlite
from pipeline_samples import ENDINGS

ADA, BOB, EVE, ZOE = PEOPLE
STRANGER = "mallory@else.example"


@pytest.fixture
def stage(store, clock):
    return Aftermath(store, clock)


def kinds(store):
    with store.read() as tx:
        return sorted(one.event.kind.value for _, one in tx.events.latest())


def test_what_came_later_stays_when_old_events_are_forgotten(stage, store, clock, monkeypatch):
    monkeypatch.setattr(forget, "AT_A_TIME", 3)
    mails = stage.send()
    number = count()
    for kind in EventKind:
        stage.tell(told(mails[ADA], kind, id=f"{next(number)}"))
    stage.tell(told(mails[BOB], EventKind.BOUNCED, id="soft"), told(mails[BOB], id="arrived"))
    stage.tell(told(mails[EVE]), Event(kind=EventKind.COMPLAINED, recipient=STRANGER))
    clock.advance(timedelta(days=30))
    stage.tell(told(mails[ZOE], id="new"))
    assert forget_events(store=store, clock=clock) == 0
    clock.advance(timedelta(minutes=1))

    assert forget_events(store=store, clock=clock) == 7
    assert forget_events(store=store, clock=clock) == 0
    assert kinds(store) == sorted(
        ["bounced", "complained", "dropped", "unsubscribed", "bounced", "delivered", "delivered"]
    )
    with store.read() as tx:
        assert tx.later.of([mails[EVE].id])[mails[EVE].id].state is Later.DELIVERED


def test_what_is_told_of_somebody_is_theirs_and_goes_with_them(stage, store, clock):
    mails = stage.send()
    ada = mails[ADA]
    stage.tell(
        told(ada, EventKind.CLICKED, url="https://a.example/?me=ada", at=clock()),
        told(ada, EventKind.BOUNCED, id="b", reason=f"550 <{ADA}> is full", provider_id="p1"),
        Event(kind=EventKind.COMPLAINED, recipient=ADA, reason="that person"),
    )
    with store.read() as tx:
        person = tx.subscribers.find(ADA)
    theirs = export_person(person, store=store)
    said, [delivery] = theirs["came_later"], theirs["deliveries"]
    assert delivery["later"]["what"] == "bounced softly"  # also once events are forgotten
    assert [one["what"] for one in said] == ["clicked", "bounced", "complained"]
    assert (said[0]["edition"], said[0]["link"]) == ("e1", "https://a.example/?me=ada")

    erase_person(person, source="asked", store=store, clock=clock, endings=ENDINGS)
    stage.tell(
        told(ada, EventKind.BOUNCED, permanent=True, reason=f"550 {ADA}", id="late"),
        Event(kind=EventKind.BOUNCED, permanent=True, recipient=ADA, reason="ada", id="later"),
    )

    with store.read() as tx:
        kept = [one for _, one in tx.events.latest()]
        later = tx.later.of([ada.id])[ada.id]
        assert not list(tx.suppressions.listed())
    assert "ada" not in f"{kept} {later}".lower()
    assert (len(kept), later.state) == (4, Later.BOUNCED)


@on_sqlite
def test_an_address_that_is_nobodys_here_can_be_erased(stage, store, clock):
    stage.tell(Event(kind=EventKind.BOUNCED, recipient=STRANGER))

    done = erase_address(STRANGER, source="asked", store=store, clock=clock, endings=ENDINGS)

    assert (done.fields, kinds(store)) == (1, [])
