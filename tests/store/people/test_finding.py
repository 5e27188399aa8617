"""A list of people, page by page, on both databases by the same statements."""

import pytest

from dispatch.model.people.subscriber import SubscriptionState
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.store.database import look_through
from dispatch.store.people.finding import Wanted
from pipeline_samples import ENDINGS, bring_in, row

PEOPLE = ["ada", "bob", "eve", "kim", "olga", "zoe"]
ASKED = [("moreau",), ("ÉLODIE",), ("O",), ("o", "press"), ("@X.org", "", "ended")]
NAMES = {"ada": "Élodie Moreau", "zoe": "Maud MOREAU"}


@pytest.fixture
def people(store, clock):
    rows = [row(f"{one}@x.org", name=NAMES.get(one, "")) for one in PEOPLE]
    bring_in("readers", rows, store=store, clock=clock)
    bring_in("press", rows[:2], store=store, clock=clock)
    options = {"store": store, "clock": clock, "endings": ENDINGS}
    end_all_subscriptions("bob@x.org", source="link", **options)
    suppress_address("kim@x.org", reason="full", **options)
    with store.read() as tx:
        eve = tx.subscribers.find("eve@x.org")
    erase_person(eve, source="they asked", **options)
    return store


def names(found) -> list[str]:
    return [one.subscriber.email.partition("@")[0] for one in found]


def test_people_come_newest_first_page_by_page_without_who_was_erased(people):
    with people.read() as tx:
        first = tx.finding.page(Wanted(), (), most=2)
        then = tx.finding.page(Wanted(), (), before=first[-1].subscriber.id, most=9)
        audiences = tx.finding.audiences()

    assert names(first) == ["zoe", "olga"]
    assert names(then) == ["kim", "bob", "ada"]
    assert then[0].suppressed
    assert [one.audience for one in then[2].standing] == ["press", "readers"]
    assert {one.state for one in then[1].standing} == {SubscriptionState.ENDED}
    assert audiences == ["press", "readers"]


def test_an_audience_and_a_state_pick_some_of_them(people):
    known = ("press", "readers")
    with people.read() as tx:
        found = {
            (audience, state): names(tx.finding.page(Wanted("", audience, state), known, most=9))
            for audience, state in [("press", ""), ("press", "active"), ("", "ended"), ("x", "")]
        }

    assert found == {
        ("press", ""): ["bob", "ada"],
        ("press", "active"): ["ada"],
        ("", "ended"): ["bob"],
        ("x", ""): [],
    }


def test_a_text_is_looked_for_in_addresses_and_names_and_among_some(people):
    with people.read() as tx:
        found = {
            wanted: names(tx.finding.look_for(Wanted(*wanted), most=9).items) for wanted in ASKED
        }

    assert found == {
        ("moreau",): ["zoe", "ada"],
        ("ÉLODIE",): ["ada"],
        ("O",): ["zoe", "olga", "kim", "bob", "ada"],
        ("o", "press"): ["bob", "ada"],
        ("@X.org", "", "ended"): ["bob"],
    }


def test_what_a_page_has_no_time_for_is_looked_at_by_the_next(people, monkeypatch):
    monkeypatch.setattr(look_through, "AT_A_TIME", 2)
    clicks = iter(range(100))
    tools = {"seconds": 1.5, "timer": lambda: next(clicks)}

    with people.read() as tx:
        first = tx.finding.look_for(Wanted("moreau"), most=9, **tools)
        begins = tx.finding.look_for(Wanted("ada"), most=9, **tools)
        then = tx.finding.look_for(Wanted("moreau"), before=first.below, most=9)

    assert names(first.items) == ["zoe"]
    assert first.below > 1
    assert names(begins.items) == ["ada"]
    assert names(then.items) == ["ada"]
    assert then.below == 0
