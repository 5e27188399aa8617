"""Whom a segment picks, within the time that a transaction may take."""

import gc
import logging
from datetime import UTC, datetime

import pytest

from dispatch import ids
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.people.subscriber import Consent
from dispatch.pipeline.people.readers import count_readers, pick, picked_readers
from dispatch.pipeline.people.return_to_audience import return_to_audience
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.render.local_renderer import LocalRenderer
from pipeline_samples import ENDINGS, row, subscribe

PEOPLE = [f"reader{number}@example.org" for number in range(6)]
SOME = EmailPlan("readers", "mail", "weekly", segment="email < 'reader3'")
FAILS = EmailPlan("readers", "mail", "weekly", segment="email < 3")


@pytest.fixture
def people(store, clock):
    subscribe(store, clock, *PEOPLE)


def test_a_segment_picks_those_of_whom_it_is_true(store, people):
    with store.read() as tx:
        picked = list(picked_readers(SOME, tx, LocalRenderer()))

        assert len(picked) == count_readers(SOME, tx, LocalRenderer()) == 3


def test_a_question_that_takes_too_long_for_an_audience_is_given_up(store, people, monkeypatch):
    monkeypatch.setattr("dispatch.pipeline.people.readers.ASKED_AT_ONCE", 1)
    seconds = iter(range(0, 100, 2))

    with store.read() as tx, pytest.raises(TemplateFailed) as caught:
        list(picked_readers(SOME, tx, LocalRenderer(), timer=lambda: float(next(seconds))))

    assert str(caught.value) == (
        """segment 'email < 'reader3'': takes too long for 3 readers - ask for less"""
    )


def test_a_question_that_fails_leaves_nothing_open(store, people, caplog):
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(TemplateFailed, match="cannot be answered"),
        store.begin() as tx,
    ):
        count_readers(FAILS, tx, LocalRenderer())
    gc.collect()

    assert caplog.records == []


def test_the_consent_that_stands_is_the_first_since_somebody_last_left(store, clock, people):
    tools = {"store": store, "clock": clock, "endings": ENDINGS}
    given = Consent(datetime(2024, 5, 6, tzinfo=UTC), "open day")
    with store.begin() as tx:
        old = tx.subscribers.put(row("old@example.org"), now=clock(), ids=ids.new)
        tx.consents.give(old, "readers", given, now=clock())
        tx.consents.give(old, "readers", Consent(clock(), "again"), now=clock())
        tx.consents.give(old, "others", Consent(None, "elsewhere"), now=clock())
    end_all_subscriptions(PEOPLE[0], source="by phone", **tools)
    back = {"source": "asked again", "audiences": ["readers"], "ids": ids.new}
    return_to_audience(PEOPLE[0], "readers", **back, **tools)
    segment = "joined < '2025' or source == 'asked again' or source == 'again'"

    with store.read() as tx:
        found = list(pick(segment, "readers", tx, LocalRenderer()))

    assert [(one.email, consent.source) for one, consent in found] == [
        (PEOPLE[0], "asked again"),
        ("old@example.org", "open day"),
    ]
    assert found[1][1] == given


def test_only_the_first_of_an_audience_are_asked_about_where_that_is_enough(store, people):
    with store.read() as tx:
        found = [one.email for one, _ in pick("email", "readers", tx, LocalRenderer(), among=2)]

    assert found == PEOPLE[:2]
