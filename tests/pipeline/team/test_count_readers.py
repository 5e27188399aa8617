from datetime import timedelta
from zoneinfo import ZoneInfo

from dispatch.model.people.suppression import Target
from dispatch.pipeline.people.suppress import suppress, suppress_address
from dispatch.pipeline.team.count_readers import OFTEN, count_readers
from pipeline_samples import ENDINGS, bring_in, row

PARIS = ZoneInfo("Europe/Paris")


def latest(store):
    with store.read() as tx:
        return {name: (one.active, one.readers) for name, one in tx.reader_counts.latest().items()}


def test_readers_are_counted_when_some_have_come_but_not_more_often_than_once_a_minute(
    store, clock
):
    bring_in("friends", [row("ada@example.org")], store=store, clock=clock)
    seen = count_readers(None, store=store, clock=clock, zone=PARIS)
    first = latest(store)

    both = [row("ada@example.org"), row("kim@example.org")]
    bring_in("weekly", both, store=store, clock=clock)
    seen = count_readers(seen, store=store, clock=clock, zone=PARIS)
    too_soon = latest(store)
    clock.advance(OFTEN)
    seen = count_readers(seen, store=store, clock=clock, zone=PARIS)

    assert first == too_soon == {"": (1, 1), "friends": (1, 1)}
    assert latest(store) == {"": (2, 2), "friends": (1, 1), "weekly": (2, 2)}
    clock.advance(OFTEN)
    assert count_readers(seen, store=store, clock=clock, zone=PARIS) == seen


def test_who_is_suppressed_is_no_reader(store, clock):
    people = [row("ada@example.org"), row("kim@example.org"), row("mia@example.net")]
    bring_in("friends", people, store=store, clock=clock)
    tools = {"store": store, "clock": clock, "endings": ENDINGS}
    suppress_address("ada@example.org", reason="bounced", **tools)
    seen = count_readers(None, store=store, clock=clock, zone=PARIS)
    by_address = latest(store)

    suppress(Target("@example.net"), reason="asked us to", **tools)
    clock.advance(OFTEN)
    count_readers(seen, store=store, clock=clock, zone=PARIS)

    assert by_address == {"": (3, 2), "friends": (3, 2)}
    assert latest(store) == {"": (3, 1), "friends": (3, 1)}


def test_each_day_keeps_its_count(store, clock):
    bring_in("friends", [row("ada@example.org")], store=store, clock=clock)
    seen = count_readers(None, store=store, clock=clock, zone=PARIS)
    clock.advance(timedelta(days=1))
    count_readers(seen, store=store, clock=clock, zone=PARIS)

    with store.read() as tx:
        today = clock().astimezone(PARIS).date()
        days = [one.day for one in tx.reader_counts.since(today - timedelta(days=7))]

    assert days == [today - timedelta(days=1), today]
