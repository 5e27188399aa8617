"""A reader chooses how often; no file takes it back, and who has left chooses nothing."""

import pytest

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.cadence import Cadence, Family
from dispatch.pipeline.people.choose_cadence import choose_cadence_of
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address
from pipeline_samples import ENDINGS, bring_in, row, subscribe

ADA = "ada@example.org"
FAMILY = Family(
    "letter",
    "The Letter",
    "readers",
    Cadence.WEEKLY,
    {Cadence.DAILY: "letter-daily", Cadence.WEEKLY: "letter-weekly"},
)


@pytest.fixture
def choose(store, clock):
    """Lets Ada choose, on her own word."""
    subscribe(store, clock, ADA)

    def choose(cadence: Cadence):
        return choose_cadence_of(ADA, cadence, [FAMILY], store=store, clock=clock)

    return choose


def word(store) -> str:
    with store.read() as tx:
        return tx.subscribers.find(ADA).cadence


def test_what_a_reader_chose_is_not_taken_back_by_a_file(store, clock, choose):
    assert choose(Cadence.DAILY) == ["readers"]

    bring_in("readers", [row(ADA, cadence="monthly")], store=store, clock=clock)

    assert word(store) == "daily"


def test_what_a_file_said_is_changed_by_a_file(store, clock):
    for cadence in ("daily", "monthly"):
        bring_in("readers", [row(ADA, cadence=cadence)], store=store, clock=clock)

    assert word(store) == "monthly"


def test_a_choice_can_be_given_back(store, clock, choose):
    choose(Cadence.DAILY)

    assert choose_cadence_of(ADA, None, [FAMILY], store=store, clock=clock) == ["readers"]
    bring_in("readers", [row(ADA, cadence="monthly")], store=store, clock=clock)

    assert word(store) == "monthly"


def test_what_is_not_offered_cannot_be_chosen(store, choose):
    with pytest.raises(BadInput, match="'monthly' is not offered - choose one of these: daily"):
        choose(Cadence.MONTHLY)

    assert word(store) == ""


@pytest.mark.parametrize("how", ["left", "suppressed"])
def test_who_gets_nothing_chooses_nothing(store, clock, choose, how):
    if how == "left":
        end_all_subscriptions(ADA, source="phone", store=store, clock=clock, endings=ENDINGS)
    else:
        suppress_address(ADA, reason="complaint", store=store, clock=clock, endings=ENDINGS)

    with pytest.raises(Conflict, match=r"is (ended|suppressed) in readers - nothing was changed"):
        choose_cadence_of(ADA, Cadence.DAILY, [FAMILY], store=store, clock=clock)

    assert word(store) == ""


def test_a_stranger_is_not_known(store, clock):
    with pytest.raises(NotFound, match="no such subscriber"):
        choose_cadence_of(ADA, Cadence.DAILY, [FAMILY], store=store, clock=clock)
