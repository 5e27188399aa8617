"""People are found by a part of their address or name, on both databases by the same statements."""

from datetime import timedelta

import pytest

from dispatch.model.people.subscriber import Consent
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address
from pipeline_samples import ENDINGS, bring_in, row

PEOPLE = {
    "elodie@example.org": "Élodie Ŝárközi",
    "straße_1@example.org": "ÉMILE 100%",
    "kenji@xn--mller-kva.example": "佐藤 健二",
    "olga@example.org": "ольга \\ Иванова",
    "Ada.Long@example.com": "",
}


@pytest.fixture
def people(store, clock):
    rows = [row(email, name=name) for email, name in PEOPLE.items()]
    bring_in("readers", rows, store=store, clock=clock)
    bring_in("press", rows[:2], store=store, clock=clock)
    return store


SEARCHES = {
    "ELODIE": ["elodie"],
    "élodie": ["elodie"],
    "ÉLODIE": ["elodie"],
    "E\u0301lodie ŝ": ["elodie"],
    "árkö": ["elodie"],
    "émile": ["straße_1"],
    "0%": ["straße_1"],
    "%": ["straße_1"],
    "_": ["straße_1"],
    "STRASSE": [],
    "\\": ["olga"],
    "ОЛЬГА": ["olga"],
    "иванова": ["olga"],
    "健二": ["kenji"],
    "müller": [],
    "example.com": ["ada.long"],
    "ADA.LONG@EXAMPLE": ["ada.long"],
    "'": [],
}


def test_a_text_is_found_whatever_its_case_and_signs(people):
    with people.read() as tx:
        found = {
            text: [
                one.subscriber.email.lower().partition("@")[0]
                for _, one in tx.roster.listed(audience="readers", text=text)
            ]
            for text in SEARCHES
        }
        counted = {text: tx.roster.count(audience="readers", text=text) for text in SEARCHES}

    assert found == SEARCHES
    assert counted == {text: len(emails) for text, emails in SEARCHES.items()}


def test_they_are_picked_by_audience_and_state_and_bounded(people, clock):
    options = {"store": people, "clock": clock, "endings": ENDINGS}
    end_all_subscriptions("elodie@example.org", source="link", **options)
    suppress_address("olga@example.org", reason="complained", **options)
    suppress_address("nobody@acme.com", reason="a slip", **options)

    def listed(**chosen):
        with people.read() as tx:
            return [(name, one.subscriber.email[:4]) for name, one in tx.roster.listed(**chosen)]

    assert listed(state="ended") == [("press", "elod"), ("readers", "elod")]
    assert listed(state="suppressed") == [("readers", "olga")]
    assert listed(state="active", audience="press") == [("press", "stra")]
    assert listed(audience="readers", limit=2) == [("readers", "Ada."), ("readers", "elod")]
    with people.read() as tx:
        assert tx.roster.count() == 7
        assert tx.roster.count(state="active") == 4
        assert [one.email for one in tx.suppressions.listed(text="ACME", limit=9)] == [
            "nobody@acme.com"
        ]
        assert len(list(tx.suppressions.listed(limit=1))) == 1


def test_the_last_consent_is_the_ground(people, clock):
    with people.begin() as tx:
        ada = tx.subscribers.find("ada.long@example.com")
        later = clock() + timedelta(days=1)
        tx.consents.give(ada.id, "readers", Consent(later, "asked again"), now=later)

    with people.read() as tx:
        [(_, one)] = tx.roster.listed(text="ada.long")
        grounds = tx.roster.grounds("readers", [ada.id])

    assert one.consent == Consent(later, "asked again")
    assert grounds == {ada.id: "asked again"}


def test_domains_are_told_by_their_ends(people):
    with people.read() as tx:
        roster = tx.roster
        found = roster.at_domains([".example", "example.com"], most=9)
        first = roster.at_domains(["example.org"], most=9, among=2)
        one = roster.at_domains(["example.org"], most=1)
        known = roster.in_audience("press", ["elodie@example.org", "olga@example.org"])
        near = tx.consents.near("elodi@example.org")

    assert found == {"kenji@xn--mller-kva.example", "ada.long@example.com"}
    assert len(first) <= 2
    assert len(one) == 1
    assert known == {"elodie@example.org": True}
    assert "elodie@example.org" in near
