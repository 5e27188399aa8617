"""What no index helps with is looked for from the newest on, and as far as there is time."""

from itertools import count

import pytest

from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.people.suppression import target_of
from dispatch.store.database import look_through
from dispatch.store.events.told import Told
from dispatch.store.people import suppressions


@pytest.fixture
def hurried(monkeypatch):
    """There is time for one question among two rows."""
    monkeypatch.setattr(look_through, "AT_A_TIME", 2)
    monkeypatch.setattr(suppressions, "AT_A_TIME", 2)
    clicks = count()
    return lambda: next(clicks)


def gone_through(ask, hurried):
    """Everything that the pages of a list have, and how many pages there were."""
    found, below, pages = [], 0, 0
    while True:
        some = ask(before=below, timer=hurried)
        found += some.items
        pages += 1
        if not (below := some.below):
            return found, pages


def test_events_of_a_channel_or_a_kind(store, clock, hurried):
    told = [
        Told(
            "mail" if number % 3 else "rare", str(number), event_of(number), clock(), clock(), None
        )
        for number in range(7)
    ]
    with store.begin() as tx:
        tx.events.add(told)

    with store.read() as tx:
        rare, pages = gone_through(lambda **more: tx.events.sought(channel="rare", **more), hurried)
        bounced, _ = gone_through(
            lambda **more: tx.events.sought(kind=EventKind.BOUNCED, **more), hurried
        )

    assert [one.event_id for _, one in rare] == ["6", "3", "0"]
    assert [one.event_id for _, one in bounced] == ["5", "4"]
    assert pages == 4


def test_lines_of_the_audit_log_by_their_act(store, clock, hurried):
    with store.begin() as tx:
        for number in range(6):
            act = "letter.send" if number == 1 else "campaign.change"
            tx.audit.add(
                act, by="ada", now=clock(), kind=act.partition(".")[0], subject=str(number)
            )

    with store.read() as tx:
        letters, pages = gone_through(lambda **more: tx.audit.sought(act="letter", **more), hurried)
        kinds, _ = gone_through(lambda **more: tx.audit.sought(kind="letter", **more), hurried)
        since, _ = gone_through(
            lambda **more: tx.audit.sought(since=clock(), most=100, **more), hurried
        )

    assert [one.subject for one in letters] == [one.subject for one in kinds] == ["1"]
    assert [one.subject for one in since] == ["5", "4", "3", "2", "1", "0"]
    assert pages == 3


def test_suppressions_with_a_text_in_them(store, clock, hurried):
    with store.begin() as tx:
        for name in ("ada", "bob", "adam", "cyd", "eve", "adalbert"):
            tx.suppressions.add(f"{name}@x.example", reason="asked", now=clock())
        tx.suppressions.add_domain(target_of("ada.example"), reason="asked", now=clock())

    with store.read() as tx:
        found, before, pages = [], None, 0
        while True:
            some, before = tx.suppressions.sought("ada", before=before, most=9, timer=hurried)
            found += some
            pages += 1
            if before is None:
                break
        [domain], _ = tx.suppressions.sought("ADA", domains=True)

    assert {one.email for one in found} == {
        f"{one}@x.example" for one in ("ada", "adam", "adalbert")
    }
    assert pages > 2
    assert domain.email == "@ada.example"


def event_of(number):
    kind = EventKind.BOUNCED if number in {4, 5} else EventKind.DELIVERED
    return Event(kind=kind, id=str(number), recipient=f"{number}@x.example")
