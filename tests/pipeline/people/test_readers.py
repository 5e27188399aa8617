"""Whom a segment picks, within the time that a transaction may take."""

import gc
import logging

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.pipeline.people.readers import count_readers, picked_readers
from dispatch.render.local_renderer import LocalRenderer
from pipeline_samples import subscribe

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
