"""Who gets nothing any more is erased once they were kept long enough."""

from datetime import timedelta

import pytest

from dispatch.config.keys.people import PeopleKeys
from dispatch.config.values.simple import long_time
from dispatch.pipeline.people.erase_lapsed import erase_lapsed
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from pipeline_samples import bring_in, row, subscribe

YEAR = timedelta(days=365)


@pytest.fixture
def people(store, clock, endings):
    """Ada left two years ago, Bob a month ago, Eve is there; Zoe left one of two audiences."""
    subscribe(store, clock, *(f"{name}@example.org" for name in ("ada", "bob", "eve", "zoe")))
    tools = {"store": store, "clock": clock, "endings": endings, "source": "link"}
    for name in ("ada", "zoe"):
        end_all_subscriptions(f"{name}@example.org", **tools)
    bring_in("press", [row("zoe@example.org")], store=store, clock=clock)
    clock.advance(2 * YEAR)
    end_all_subscriptions("bob@example.org", **tools)
    clock.advance(timedelta(days=30))
    return store


def test_only_those_without_any_subscription_for_so_long(people, clock, endings):
    tools = {"store": people, "clock": clock, "endings": endings}

    numbers = [erase_lapsed(2 * YEAR, **tools) for _ in range(2)]

    assert numbers == [1, 0]
    with people.read() as tx:
        names = sorted(one.partition("@")[0] for one in tx.subscribers.emails())
        assert names == ["bob", "eve", "zoe"]
        assert [one.source for one in tx.erasures.listed()] == ["kept long enough"]


def test_what_somebody_wrote_when_they_left_is_forgotten_then_and_counted_still(
    store, clock, endings
):
    from dispatch.model.people.reason import Reason

    with store.begin() as tx:
        tx.reasons.add("readers", "e1", next(iter(Reason)), "I am Ada", day=clock())
    clock.advance(2 * YEAR)

    erase_lapsed(YEAR, store=store, clock=clock, endings=endings)

    with store.read() as tx:
        assert sum(tx.reasons.count("e1").values()) == 1
        assert "Ada" not in str(tx._connection.exec_driver_sql("SELECT * FROM reasons").all())


@pytest.mark.parametrize("text", ["29 days", "2 weeks", "two years", "0d", 365, True, ""])
def test_too_short_a_time_and_what_is_none_are_refused(text):
    with pytest.raises(ValueError, match=r"is too soon|is not a length of time"):
        PeopleKeys.model_validate({"erase_after": text})


def test_times_are_read_in_days_months_and_years():
    days = [long_time(one).days for one in ("90 days", "1 day", "18months", "2 years", "1y")]

    assert days == [90, 1, 547, 730, 365]
    assert PeopleKeys().erase_after is None
