"""What would have gone out: the same as what does, with nothing kept."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import process_time

import pytest
import sqlalchemy as sa

from dispatch.errors import BadInput, NotFound
from dispatch.model.editions.simulation import NeverPublished, Simulation
from dispatch.model.intake.feed import NOTHING
from dispatch.model.intake.post import PostRule
from dispatch.pipeline.editions.simulate import simulate_campaign
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.store.database.schema import posts
from dispatch.store.transactions import Store
from pipeline_samples import compose, entry
from simulation_stage import ARCHIVED, DAY, FIRST, LAST, NAMES, PARIS, SINCE, plan, simulated

ONE_A_DAY = replace(PARIS, at=(time(9),), days_off=frozenset())


def titles(found: Simulation) -> dict[str, list[str]]:
    """The local day of each edition to the titles of its posts."""
    return {f"{run.slot.local:%d}": [post.title for post in run.posts] for run in found.editions}


@pytest.fixture
def blog(store):
    """Puts posts of the feed `blog` into the store, which was polled long before."""
    with store.begin() as tx:
        old = [entry("old", published=ARCHIVED), entry("undated")]
        keep_entries("blog", old, backfill=NOTHING, tx=tx, now=SINCE - 30 * DAY)

    def arrive(moment: datetime, *names: str, **values) -> None:
        with store.begin() as tx:
            new = [entry(name, **values) for name in names]
            keep_entries("blog", new, backfill=None, tx=tx, now=moment)

    return arrive


def test_what_finds_no_room_rolls_over_and_each_reason_is_told_once(store, blog):
    blog(SINCE, "a", "b", "c", published=SINCE)
    rule = PostRule(at_most=1)

    found = simulated(store, plan(rule, ("blog",), ONE_A_DAY))

    assert titles(found) == {"22": ["Title a"], "23": ["Title b"], "24": ["Title c"]}
    assert [run.waiting for run in found.runs[:4]] == [2, 1, 0, 0]
    first, second, *_ = found.runs
    assert [choice.reason for choice in first.choices] == [
        "new",
        "waits for the next edition: 1 at most",
        "waits for the next edition: 1 at most",
    ]
    assert [choice.reason for choice in second.choices] == ["new"]
    assert found.runs[3].skipped == "there is no new post"


def test_posts_of_before_the_first_poll_come_on_their_own_date(store, blog):
    found = simulated(
        store, plan(feeds=("blog",), schedule=ONE_A_DAY), first=ARCHIVED.date(), last=FIRST
    )

    day = ARCHIVED.date() + DAY  # it came in the evening
    assert [(run.slot.local.date(), len(run.posts)) for run in found.editions] == [(day, 1)]
    assert [(post.title, why) for post, why in found.never] == [
        ("Title undated", NeverPublished.UNDATED)
    ]


def test_a_campaign_begins_anew_whatever_it_has_used(store, clock, blog):
    blog(SINCE, "a")
    clock.now = SINCE + DAY
    with store.begin() as tx:
        tx.feeds.follow("weekly", ["blog"], now=SINCE)
    compose(store, clock)

    found = simulated(store, plan(feeds=("blog",), schedule=ONE_A_DAY))

    assert titles(found) == {"22": ["Title a"]}


def test_totals_say_why_posts_are_in_no_edition(store, blog):
    blog(SINCE - DAY, "before")
    blog(SINCE, "a", topics=("x",))
    blog(SINCE, "other", topics=("y",))
    blog(SINCE + 30 * DAY, "after", topics=("x",))
    rule = PostRule(topics=frozenset({"x"}))

    found = simulated(store, plan(rule, ("blog",), ONE_A_DAY))

    assert found.published == 1
    assert found.reasons == {
        NeverPublished.BEFORE: 2,
        NeverPublished.UNDATED: 1,
        NeverPublished.TOPICS: 1,
        NeverPublished.AFTER: 1,
    }
    assert [choice.reason for choice in found.runs[0].choices] == [
        "new",
        "has none of the campaign's topics",
    ]


def test_the_last_day_is_a_whole_one_and_without_it_now_is_the_end(store, blog):
    blog(SINCE, "a")
    campaign = plan(feeds=("blog",), schedule=replace(PARIS, days_off=frozenset()))
    now = datetime(2026, 10, 25, 12, tzinfo=UTC)

    until_now = simulate_campaign(campaign, first=FIRST, last=None, store=store, now=now)
    to_come = simulate_campaign(campaign, first=FIRST, last=LAST, store=store, now=now)

    assert until_now.runs[-1].slot.key == "2026-10-25T09:00[Europe/Paris]"
    assert to_come.runs[-1].slot.key == "2026-10-29T17:00[Europe/Paris]"
    assert [run.slot.key[11:16] for run in until_now.runs[-2:]] == ["02:30", "09:00"]


def test_it_says_what_it_cannot_simulate(store, blog):
    with pytest.raises(BadInput, match="campaign weekly: has no schedule"):
        simulated(store, plan(schedule=None))
    with pytest.raises(BadInput, match="more than 10,000 slots"):
        simulated(store, plan(feeds=("blog",)), last=date(9999, 1, 1))
    with pytest.raises(NotFound, match="campaign weekly: its feeds have no post yet"):
        simulated(store, plan(feeds=("press",)))


def test_it_only_reads(store, blog):
    blog(SINCE, "a")
    said: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *args: said.append(args[2]))

    simulated(store, plan())

    assert {statement.split()[0] for statement in said} - {"BEGIN"} == {"SELECT"}


def test_a_year_of_days_over_ten_thousand_posts_takes_a_few_seconds(sqlite_url):
    with closing(Store(sqlite_url)) as store:
        with store._engine.begin() as connection:
            row = {"authors": [], "topics": [], "backlog": False, "content": "x" * 5000}
            connection.execute(
                posts.insert(),
                [
                    {
                        **row,
                        "feed": NAMES[number % 2],
                        "identity": f"{number}",
                        "guid": f"https://blog.example/?p={number // 2}",
                        "link": f"https://blog.example/{number}",
                        "link_key": f"//blog.example/{number}",
                        "title": f"Title {number}",
                        "first_seen": SINCE - 365 * DAY + number * 50 * timedelta(minutes=1),
                        "published": SINCE - 365 * DAY + number * 50 * timedelta(minutes=1),
                    }
                    for number in range(10_000)
                ],
            )
        for rule in (PostRule(), PostRule(at_most=5), PostRule(at_least=20)):
            start = process_time()

            found = simulated(
                store, plan(rule, schedule=ONE_A_DAY), first=FIRST - 365 * DAY, last=FIRST
            )

            assert process_time() - start < 5
            assert len(found.runs) == 366
