"""Campaigns with nothing due cost a tick next to nothing, and run when their time comes."""

from datetime import timedelta

import sqlalchemy as sa

from app_stage import change, opened
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick
from pipeline_samples import entry

FORMS = (
    'every: day, at: "10:00"',
    'every: [tuesday, friday], at: ["11:00", "17:30"], timezone: America/New_York',
    'every: month, on: last friday, at: "09:00", timezone: Asia/Beirut',
    'every: 2 weeks, on: monday, at: "09:00", from: 2026-01-05',
    'cron: "0 9 * * tue", timezone: Australia/Lord_Howe',
)


def crowd(folder):
    """Add a thousand campaigns. The clock stands at Tuesday, 8:59 in Paris."""
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        for number in range(1000):
            schedule = FORMS[number % len(FORMS)]
            file.write(f"\n  c{number}:\n    feeds: [atelier]\n    schedule: {{{schedule}}}\n")
            file.write("    social: [{template: weekly}]\n")


def test_a_tick_asks_the_database_no_more_for_a_thousand_campaigns_than_for_two(folder, clock):
    statements_of_two_ticks(folder, clock)  # readers are counted once a minute
    two = statements_of_two_ticks(folder, clock)
    crowd(folder)
    many = statements_of_two_ticks(folder, clock)

    assert many == two
    assert two[1] < two[0]


def statements_of_two_ticks(folder, clock) -> list[int]:
    waiting = Waiting()
    with opened(folder, clock) as app:
        return [statements(app, waiting), statements(app, waiting)]


def statements(app, waiting: Waiting) -> int:
    """How many a tick takes."""
    said = []

    def note(*of):
        said.append(of[2])

    sa.event.listen(app.store._engine, "before_cursor_execute", note)
    tick(app, waiting=waiting)
    sa.event.remove(app.store._engine, "before_cursor_execute", note)
    return len(said)


def crowd_of_feeds(folder):
    """Add a thousand campaigns that run on the new posts of as many feeds."""
    path = folder / "schedules.yaml"
    feeds, campaigns = ["feeds:\n"], []
    for number in range(1000):
        feeds.append(f'  f{number}: {{url: "https://f{number}.example/feed.xml"}}\n')
        campaigns.append(f"\n  c{number}:\n    feeds: [f{number}]\n")
        campaigns.append("    schedule: {on: new post}\n    social: [{template: weekly}]\n")
    text = path.read_text(encoding="utf-8").replace("feeds:\n", "".join(feeds), 1)
    path.write_text(text + "".join(campaigns), encoding="utf-8")


def test_a_tick_asks_once_for_all_campaigns_that_run_on_new_posts(folder, clock):
    without = statements_of_two_ticks(folder, clock)
    crowd_of_feeds(folder)
    many = statements_of_two_ticks(folder, clock)

    assert many[1] <= without[1] + 2  # the transaction and what it asks


def test_of_many_campaigns_only_the_one_whose_feed_has_news_is_looked_at(folder, clock):
    crowd_of_feeds(folder)
    waiting = Waiting()
    with opened(folder, clock) as app:
        tick(app, waiting=waiting)
        with app.store.begin() as tx:
            keep_entries("f7", [entry("new")], backfill=None, tx=tx, now=clock())
        with app.store.read() as tx:
            numbers = tx.news.numbers()
        campaigns = [one for one in app.workspace.campaigns.values() if one.new_posts]
        picked = waiting.news.pick(campaigns, numbers, now=clock())
        tick(app, waiting=waiting)
        clock.advance(timedelta(minutes=10))
        ready = waiting.news.pick(campaigns, numbers, now=clock())

        assert [one.name for one in picked] == ["c7"]
        assert [one.name for one in ready] == ["c7"]


def slots_of_editions(app) -> list[str]:
    with app.store.read() as tx:
        return [one.slot_key for one in tx.editions.latest()]


def test_a_campaign_that_was_known_to_wait_runs_at_its_time(app, clock):
    waiting = Waiting()
    for _ in range(3):
        tick(app, waiting=waiting)
    before = slots_of_editions(app)
    clock.advance(timedelta(minutes=1))
    for _ in range(3):
        tick(app, waiting=waiting)

    assert before == []
    assert slots_of_editions(app) == ["2026-11-24T09:00[Europe/Paris]"]


def test_a_campaign_that_was_known_to_wait_follows_a_new_schedule(app, clock, folder):
    waiting = Waiting()
    change(folder, 'every: tuesday, at: "09:00"', 'every: friday, at: "09:00"')
    tick(app, waiting=waiting)
    change(folder, 'every: friday, at: "09:00"', 'cron: "1 9 * * tue"')
    tick(app, waiting=waiting)
    clock.advance(timedelta(minutes=2))
    tick(app, waiting=waiting)

    assert slots_of_editions(app) == ["2026-11-24T09:01[Europe/Paris]"]


def test_a_holiday_that_is_added_while_the_service_runs_counts(app, clock, folder):
    waiting = Waiting()
    calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{}\nEND:VEVENT\nEND:VCALENDAR\n"
    (folder / "off.ics").write_text(calendar.format("20261225"), encoding="utf-8")
    change(folder, 'every: tuesday, at: "09:00"', 'every: day, at: "09:00", except: "file:off.ics"')
    tick(app, waiting=waiting)
    change(folder, "20261225", "20261124", file="off.ics")
    tick(app, waiting=waiting)
    clock.advance(timedelta(hours=1))
    tick(app, waiting=waiting)

    assert slots_of_editions(app) == []
