"""Who gets it by their own clock is found by it, too, when they change their cadence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cadence_stage import FamilyStage
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import SendingHours


@pytest.fixture
def stage(store, monkeypatch):
    """A family whose editions go out at each reader's hour."""
    stage = FamilyStage(store, name="letter")
    make = FamilyStage.campaign
    rule = SendingRule(SendingHours(), local_time=True)
    monkeypatch.setattr(
        FamilyStage, "campaign", lambda self, cadence: replace(make(self, cadence), sending=rule)
    )
    stage.begin()
    stage.bring("ada", Cadence.EACH_POST)
    stage.bring("bob", "")
    return stage


def test_by_their_own_clocks_nobody_gets_a_post_twice_or_misses_one(stage):
    stage.publish(twice=False)
    stage.compose(Cadence.EACH_POST)
    stage.decide(-1, yes=True)
    stage.bring("ada", Cadence.WEEKLY)
    stage.bring("bob", Cadence.EACH_POST)
    stage.publish(twice=False)
    stage.clock.advance(timedelta(days=1))

    for cadence in (Cadence.WEEKLY, Cadence.EACH_POST):
        stage.compose(cadence)
        stage.decide(-1, yes=True)

    assert stage.told("ada") == {1: 1, 2: 1}
    assert stage.told("bob") == {1: 1, 2: 1}
