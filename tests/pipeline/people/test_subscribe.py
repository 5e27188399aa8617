"""People come and go; no file brings back who has left."""

from functools import partial

import pytest

from dispatch.errors import NotFound
from dispatch.model.people.subscriber import NOBODY, SubscriptionState
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.subscribe import end_all_subscriptions, end_subscription
from dispatch.pipeline.people.suppress import suppress_address
from pipeline_samples import ENDINGS, LINKS, bring_in, row, subscribe


def subscriptions(store):
    with store.read() as tx:
        return {
            (audience, one.subscriber.email): (one.state, one.consent.source)
            for audience, one in tx.roster.listed()
        }


def test_people_are_brought_in_once(store, clock):
    people = [row("ada@example.org"), row("bob@example.org")]

    first = bring_in("readers", people, store=store, clock=clock)
    second = bring_in("readers", people, store=store, clock=clock)

    assert (first, second) == (2, 0)
    assert len(subscriptions(store)) == 2


def test_two_spellings_of_an_address_are_one_person(store, clock):
    subscribe(store, clock, "ada@example.org")

    new = bring_in("readers", [row("ADA@Example.org")], store=store, clock=clock)

    assert new == 0


def test_what_is_known_of_a_person_is_brought_up_to_date(store, clock):
    subscribe(store, clock, "ada@example.org")

    bring_in(
        "readers",
        [row("ada@example.org", name="Ada", topics=("ai",), fields={"city": "Lyon"})],
        store=store,
        clock=clock,
    )

    with store.read() as tx:
        ada = tx.subscribers.find("ada@example.org")
    assert (ada.name, ada.topics, ada.fields) == ("Ada", ("ai",), {"city": "Lyon"})


def test_leaving_is_recorded_with_whose_word_it_was(store, clock):
    subscribe(store, clock, "ada@example.org")

    left = end_all_subscriptions(
        "ada@example.org", source="by phone", store=store, clock=clock, endings=ENDINGS
    )

    with store.read() as tx:
        words = tx.record.words(tx.subscribers.find("ada@example.org").id)
    record = [(one.state, one.source) for one in words]
    assert left == ["readers"]
    assert record == [("active", "form"), ("ended", "by phone")]


def test_leaving_does_not_replace_the_consent(store, clock):
    subscribe(store, clock, "ada@example.org")

    end_all_subscriptions(
        "ada@example.org", source="by phone", store=store, clock=clock, endings=ENDINGS
    )

    assert subscriptions(store) == {
        ("readers", "ada@example.org"): (SubscriptionState.ENDED, "form")
    }


def test_a_suppressed_address_is_shown_as_such(store, clock):
    subscribe(store, clock, "ada@example.org")

    suppress_address(
        "ada@example.org", reason="complaint", store=store, clock=clock, endings=ENDINGS
    )

    with store.read() as tx:
        [(_, ada)] = tx.roster.listed()
    assert (ada.state, ada.standing) == (SubscriptionState.ACTIVE, "suppressed")


def test_leaving_twice_changes_nothing(store, clock):
    subscribe(store, clock, "ada@example.org")
    with store.read() as tx:
        ada = tx.subscribers.find("ada@example.org")

    leave = partial(
        end_subscription, ada, "readers", source="link", store=store, clock=clock, endings=ENDINGS
    )
    first, second = leave(), leave()

    assert (first, second) == (True, False)


def test_a_file_does_not_bring_back_who_has_left(store, clock):
    subscribe(store, clock, "ada@example.org")
    end_all_subscriptions(
        "ada@example.org", source="by phone", store=store, clock=clock, endings=ENDINGS
    )

    new = bring_in("readers", [row("ada@example.org")], store=store, clock=clock)

    assert new == 0
    [(state, _)] = subscriptions(store).values()
    assert state is SubscriptionState.ENDED


def test_a_suppression_outlives_imports(store, clock):
    suppress_address(
        "Ada@Example.org", reason="complaint", store=store, clock=clock, endings=ENDINGS
    )
    subscribe(store, clock, "ada@example.org")

    again = suppress_address(
        "ada@example.org", reason="other", store=store, clock=clock, endings=ENDINGS
    )

    with store.read() as tx:
        [suppression] = list(tx.suppressions.listed())
    assert (again, suppression.reason) == (False, "complaint")


def test_a_person_nobody_knows_cannot_leave(store, clock):
    with pytest.raises(NotFound, match="no such subscriber"):
        end_all_subscriptions(
            "ada@example.org", source="test", store=store, clock=clock, endings=ENDINGS
        )


def test_a_link_is_read_back_and_a_forged_one_is_not():
    token = LINKS.unsubscribe_token(NOBODY, "readers")

    assert LINKS.read_unsubscribe(token) == Bearer("readers", NOBODY)
    for forged in (token[:-1], token[:-1] + "x", "", "x.y", "é"):
        with pytest.raises(NotFound, match="use the whole link"):
            LINKS.read_unsubscribe(forged)
