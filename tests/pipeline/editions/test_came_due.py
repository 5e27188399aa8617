"""Whether the next edition is due for a run that has one to go on with."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from dispatch.model.campaigns.days import Weekdays
from dispatch.model.campaigns.schedule import Schedule, slot_at
from dispatch.pipeline.editions.came_due import came_due
from pipeline_samples import CAMPAIGN

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
WEEKLY = replace(CAMPAIGN, schedule=Schedule(Weekdays(frozenset({1})), (time(9),), "UTC"))
AHEAD = replace(WEEKLY, schedule=replace(WEEKLY.schedule, ahead=timedelta(hours=2)))
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("campaign", "slot", "started", "now", "due"),
    [
        (WEEKLY, TUESDAY, TUESDAY, TUESDAY + HOUR, False),
        (WEEKLY, TUESDAY - HOUR, TUESDAY - HOUR, TUESDAY + HOUR, True),
        (WEEKLY, TUESDAY, TUESDAY, TUESDAY + timedelta(days=7), True),
        (AHEAD, TUESDAY, TUESDAY - 2 * HOUR, TUESDAY - HOUR, False),
        (AHEAD, TUESDAY, TUESDAY - 2 * HOUR, TUESDAY + HOUR, False),
        (AHEAD, TUESDAY, TUESDAY, TUESDAY + timedelta(days=7) - HOUR, True),
        (CAMPAIGN, TUESDAY, TUESDAY, TUESDAY + timedelta(days=99), False),
    ],
    ids=["at once", "slot since", "next week", "ahead", "ahead, later", "next ahead", "by hand"],
)
def test_a_slot_since_the_last_run_is_due(store, campaign, slot, started, now, due):  # noqa: PLR0917
    with store.begin() as tx:
        tx.runs.start("weekly", slot_at(slot, "UTC"), now=started)

        assert came_due(campaign, tx=tx, now=now) is due
