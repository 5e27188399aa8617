"""However often readers change their minds: each post is told to them once, and none is missed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence_stage import OFFERED, FamilyStage

READERS = ("ada", "bob", "eve")
WORDS = ("", "fortnightly", *OFFERED)


def actions() -> st.SearchStrategy[Callable[[FamilyStage], Any]]:
    """What may happen next."""
    cadences = st.sampled_from(OFFERED)
    return st.one_of(
        st.builds(lambda twice: lambda s: s.publish(twice=twice), st.booleans()),
        st.builds(lambda c: lambda s: s.compose(c), cadences),
        st.builds(lambda c: lambda s: (s.compose(c), s.decide(-1, yes=True)), cadences),
        st.builds(
            lambda n, yes: lambda s: s.decide(n, yes=yes),
            st.integers(0, 3),
            st.sampled_from([True, True, False]),
        ),
        st.builds(
            lambda who, word: lambda s: s.bring(who, word),
            st.sampled_from(READERS),
            st.sampled_from(WORDS),
        ),
        st.builds(
            lambda some, n: lambda s: s.offer(sorted(some)[n % len(some)], tuple(sorted(some))),
            st.sets(cadences, min_size=1),
            st.integers(0, 2),
        ),
    )


def nobody_misses_or_repeats_a_post(store, happens):
    stage = FamilyStage(store)
    stage.begin()

    for one in happens:
        one(stage)
    stage.end()

    for reader, before in stage.joined.items():
        told = stage.told(reader)
        assert [story for story, times in told.items() if times > 1] == []
        assert set(range(before + 1, stage.posts + 1)) <= told.keys()


anything = given(happens=st.lists(actions(), max_size=40))
one_store = [HealthCheck.function_scoped_fixture]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=40, suppress_health_check=one_store)
@anything
def test_nobody_misses_or_repeats_a_post_however_often_minds_change(store, happens):
    nobody_misses_or_repeats_a_post(store, happens)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@settings(max_examples=12, suppress_health_check=one_store)
@anything
def test_the_other_database_agrees(store, happens):
    nobody_misses_or_repeats_a_post(store, happens)
