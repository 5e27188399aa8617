"""What a check-up finds is kept, and weighed by the rules for bulk senders."""

from datetime import timedelta

from delivery_stage import DeliveryStage
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.checklist import RULES, check_rules
from dispatch.pipeline.events.record import record_events
from dispatch.store.events.examinations import Examination
from dispatch.store.events.later import Reputation
from pipeline_samples import ENDINGS

STOPS = Finding(Kind.STOP, "spf_missing", {"domain": "atelier.fr", "suggested": "v=spf1 mx ~all"})


def test_it_is_kept_in_the_place_of_the_one_before(store, clock):
    first = Examination("mail", clock(), "jean", (STOPS,))
    seen = Finding(Kind.FINE, "hook_fine", {"last": clock(), "number": 3})
    second = Examination("mail", clock() + timedelta(hours=1), "ada", (seen,))

    with store.begin() as tx:
        tx.examinations.keep(first)
        tx.examinations.keep(second)
        kept = tx.examinations.of(["mail", "other"])

    assert kept == {"mail": second}
    assert (first.stops, second.stops) == ([STOPS], [])


def test_each_rule_has_the_worst_that_was_found_about_it():
    found = [STOPS, Finding(Kind.FINE, "spf_include_fine"), Finding(Kind.LOOK, "dmarc_open")]

    rules = {one.name: (one.kind, one.known) for one in check_rules(found)}

    assert rules.keys() == RULES.keys()
    assert rules["rule_spf"] == (Kind.STOP, True)
    assert rules["rule_dmarc"] == (Kind.FINE, True)  # p=none is what they ask for
    assert rules["rule_dkim"] == (Kind.LOOK, False)
    assert check_rules([Finding(Kind.FINE, "account_fine")]) == []


def test_what_came_back_is_counted_by_channel_since_a_moment(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    stage.deliver_until_the_end()
    with store.read() as tx:
        first, second, *_ = tx.deliveries.latest()
        accepted = tx.deliveries.counts(stage.edition)[DeliveryState.ACCEPTED]

    def count(channel, days=30):
        with store.read() as tx:
            return tx.later.reputation(channel, since=clock() - timedelta(days=days))

    before = count("mail")
    record_events(
        [
            Event(kind=kind, delivery=f"{one.edition_id}.{one.id}", id=kind.value, permanent=True)
            for kind, one in ((EventKind.COMPLAINED, first), (EventKind.BOUNCED, second))
        ],
        channel="mail",
        store=store,
        clock=clock,
        endings=ENDINGS,
    )
    clock.advance(timedelta(days=2))

    assert before == Reputation(accepted)
    assert count("mail") == Reputation(accepted, 1, 1, heard=True)
    assert count("other") == Reputation()
    assert count("mail", days=1) == Reputation()
