"""How many may go out now: evenly within a second, a number for each day, more day by day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.campaigns.pace import BURST, Pace, Permission, WarmUp, even

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def send_all(number: int, per_second: float, delays: list[float]) -> list[datetime]:
    """When each of so many goes out, by a worker who is late by these seconds, over and over."""
    moments: list[datetime] = []
    now, next_at = NOW, None
    while len(moments) < number:
        wanted = min(10, number - len(moments))
        permission, next_at = even(wanted, per_second, next_at=next_at, now=now)
        moments += [now] * permission.number
        late = timedelta(seconds=delays[len(moments) % len(delays)] if delays else 0)
        now = max(now, permission.again or now) + late
    return moments


def most_in_a_second(moments: list[datetime]) -> int:
    second = timedelta(seconds=1)
    return max(sum(start <= one < start + second for one in moments) for start in set(moments))


def test_without_a_limit_nothing_has_to_be_asked():
    assert not Pace(connections=3, per_domain={"example.org": 1}).limited
    assert Pace(per_second=1).limited
    assert Pace(per_day=1).limited


def test_the_first_ones_go_at_once_and_the_next_when_half_as_many_may():
    permission, next_at = even(10, 100, next_at=None, now=NOW)

    assert permission == Permission(5, again=NOW + BURST / 2)
    assert next_at == NOW + BURST


def test_a_slow_pace_lets_one_out_at_a_time():
    permission, next_at = even(10, 0.5, next_at=None, now=NOW)

    assert permission == Permission(1, again=NOW + timedelta(seconds=2))
    assert even(10, 0.5, next_at=next_at, now=NOW)[0].number == 0


def test_who_gets_all_that_was_wanted_may_ask_again_at_once():
    assert even(2, 100, next_at=None, now=NOW)[0] == Permission(2, again=None)


def test_what_was_not_used_is_not_saved_up():
    _, next_at = even(1, 100, next_at=None, now=NOW)

    later, _ = even(1000, 100, next_at=next_at, now=NOW + timedelta(hours=1))

    assert later.number == 5


@given(
    per_second=st.floats(0.01, 10_000),
    next_in=st.timedeltas(timedelta(hours=-1), timedelta(hours=1)),
)
def test_whoever_asks_again_when_told_gets_at_least_one(per_second, next_in):
    permission, next_at = even(1_000_000, per_second, next_at=NOW + next_in, now=NOW)

    again, _ = even(1, per_second, next_at=next_at, now=permission.again)

    assert again.number == 1


@given(
    per_second=st.sampled_from([1, 7, 50, 100, 300]),
    delays=st.lists(st.floats(0, 0.2), max_size=5),
)
def test_no_second_has_more_than_the_pace_and_the_burst_however_late_a_worker_is(
    per_second, delays
):
    moments = send_all(3 * per_second, per_second, delays)

    burst = max(1, int(per_second * BURST.total_seconds()))
    assert most_in_a_second(moments) <= per_second + burst


def test_a_worker_who_is_a_little_late_loses_nothing():
    moments = send_all(1000, 100, [0.01])

    assert (moments[-1] - moments[0]).total_seconds() < 10.1


def test_a_pace_is_kept_where_a_gap_is_no_whole_number_of_microseconds():
    moments = send_all(7_000, 7_000, [0.0])

    second, taken = timedelta(seconds=1), moments[-1] - moments[0]
    assert second - BURST < taken < second


def test_a_day_without_warm_up_has_the_same_number_always():
    assert Pace(per_day=50).most_on(date(2026, 3, 9), date(2026, 3, 1)) == 50
    assert Pace().most_on(date(2026, 3, 9), date(2026, 3, 1)) is None


@given(first=st.integers(1, 1000), more=st.integers(0, 1_000_000), days=st.integers(1, 60))
def test_a_warm_up_begins_small_never_falls_and_ends_at_the_full_number(first, more, days):
    start = date(2026, 3, 1)
    pace = Pace(per_day=first + more, warm_up=WarmUp(first, days))

    numbers = [pace.most_on(start + timedelta(days=n), start) for n in range(days + 2)]

    assert numbers[0] == first
    assert numbers == sorted(numbers)
    assert numbers[days:] == [first + more] * 2
