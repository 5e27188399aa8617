"""Campaigns that are simulated from one day to another."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.days import Weekdays
from dispatch.model.campaigns.schedule import Schedule
from dispatch.model.editions.simulation import Simulation
from dispatch.model.intake.post import PostRule
from dispatch.pipeline.editions.simulate import simulate_campaign
from dispatch.store.transactions import Store
from pipeline_samples import CAMPAIGN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = date(2026, 10, 22), date(2026, 10, 29)  # the clocks change on the 25th
SINCE = datetime(2026, 10, 21, 22, tzinfo=UTC)

PARIS = Schedule(
    Weekdays(frozenset(range(7))),
    (time(2, 30), time(9), time(17)),
    "Europe/Paris",
    days_off=frozenset({date(2026, 10, 27)}),
)

NAMES = ("blog", "press")
ARCHIVED = SINCE - 40 * DAY


def plan(rule: PostRule = CAMPAIGN.posts, feeds=NAMES, schedule=PARIS) -> Campaign:
    return replace(CAMPAIGN, feeds=feeds, posts=rule, schedule=schedule)


def simulated(store: Store, campaign: Campaign, first=FIRST, last=LAST) -> Simulation:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return simulate_campaign(campaign, first=first, last=last, store=store, now=now)
