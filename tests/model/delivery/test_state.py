"""The table of states holds what the promises need."""

import pytest

from dispatch.errors import Conflict
from dispatch.model.delivery.state import (
    BACK_OFF,
    ENDED,
    MOVES,
    DeliveryState,
    On,
    count_open,
    move,
)


def test_what_has_ended_moves_again_only_by_a_late_word_a_person_or_a_better_judgement():
    again = {(state, on) for state, on in MOVES if state in ENDED}

    assert again == {
        (DeliveryState.UNKNOWN, On.TAKEN),
        (DeliveryState.UNKNOWN, On.TURNED_DOWN),
        (DeliveryState.UNKNOWN, On.BELIEVED),
        (DeliveryState.UNKNOWN, On.TOLD),
        (DeliveryState.UNKNOWN, On.FOUND),
        (DeliveryState.UNKNOWN, On.RESENT),
        (DeliveryState.FAILED, On.RESENT),
        (DeliveryState.REFUSED, On.RESENT),
        (DeliveryState.REFUSED, On.MISJUDGED),
    }


def test_nothing_but_a_person_leads_from_unknown_back_to_a_hand_over():
    back = {
        on
        for (state, on), to in MOVES.items()
        if state is DeliveryState.UNKNOWN and to not in ENDED
    }

    assert back == {On.RESENT}


def test_unknown_is_reached_only_where_an_answer_or_a_database_was_lost():
    reached_by = {on for (_, on), to in MOVES.items() if to is DeliveryState.UNKNOWN}

    assert reached_by == {On.LOST, On.CUT_OFF, On.TOO_LATE, On.RESTORED}


def test_every_state_but_pending_can_be_reached():
    assert set(MOVES.values()) == set(DeliveryState)


def test_a_move_that_the_table_does_not_have_is_refused():
    with pytest.raises(Conflict, match="a delivery that is accepted cannot be claimed"):
        move(DeliveryState.ACCEPTED, On.CLAIMED)


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING])
def test_an_edition_has_not_ended_while_somebody_is_open(state):
    assert count_open({DeliveryState.ACCEPTED: 9, state: 1}) == 1


S = DeliveryState
# From where, by what, to where: what a delivery may go through, written out once more.
TABLE = """
    pending  CLAIMED        sending
    pending  LEFT           suppressed
    pending  TOO_LATE       unknown
    pending  CUT_OFF        unknown
    pending  CANCELLED      failed
    pending  RESTORED       unknown
    sending  SAMPLE         suppressed
    sending  TAKEN          accepted
    sending  TURNED_DOWN    refused
    sending  RETRY          pending
    sending  PAUSED         pending
    sending  LOST_HARMLESS  pending
    sending  GAVE_UP        failed
    sending  LOST           unknown
    sending  RESTORED       unknown
    failed   RESENT         pending
    unknown  RESENT         pending
    pending  TOLD           accepted
    sending  TOLD           accepted
    unknown  BELIEVED       accepted
    unknown  TOLD           accepted
    sending  FOUND          accepted
    unknown  FOUND          accepted
    unknown  TAKEN          accepted
    unknown  TURNED_DOWN    refused
    refused  RESENT         pending
    refused  MISJUDGED      pending
"""


def test_the_table_of_moves_has_these_and_no_others():
    lines = [line.split() for line in TABLE.split("\n") if line.strip()]

    assert {(S(before), On[on]): S(after) for before, on, after in lines} == MOVES


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("on", On)
def test_every_move_is_in_the_table_or_refused(state, on):
    if (state, on) in MOVES:
        assert move(state, on) is MOVES[state, on]
    else:
        with pytest.raises(Conflict, match=f"that is {state} cannot be"):
            move(state, on)


def test_what_waits_or_is_in_somebodys_hands_has_not_ended():
    assert frozenset(DeliveryState) - {S.PENDING, S.SENDING} == ENDED
    assert count_open(dict.fromkeys(DeliveryState, 3)) == 6
    assert count_open({}) == 0


def test_the_waits_grow_from_a_minute_to_six_hours():
    assert [pause.total_seconds() / 60 for pause in BACK_OFF] == [1, 5, 30, 120, 360]
