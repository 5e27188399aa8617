"""Campaigns that run on new posts, with hands on the clock and on what is in the feeds."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from app_stage import change, opened
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.intake.post import Decision
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick
from dispatch.store.database.schema import posts
from pipeline_samples import entry

TICK, MINUTE = timedelta(seconds=15), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Stage:
    """A workspace whose campaign `weekly` runs on new posts, and the service on it."""

    def __init__(self, app, clock) -> None:
        self.app = app
        self.clock = clock
        self.waiting = Waiting()

    def publish(self, *names: str, feed: str = "atelier", **values) -> None:
        """Find new posts in a feed."""
        with self.app.store.begin() as tx:
            entries = [entry(name, **values) for name in names]
            keep_entries(feed, entries, backfill=None, tx=tx, now=self.clock())

    def wait(self, length: timedelta) -> None:
        """Let time pass, with ticks; fewer of them in a long time."""
        until = self.clock() + length
        step = TICK if length < 10 * MINUTE else MINUTE if length < 6 * HOUR else 10 * MINUTE
        while self.clock() < until:
            self.clock.advance(min(step, until - self.clock()))
            tick(self.app, waiting=self.waiting)

    @property
    def editions(self) -> list[tuple[str, list[str]]]:
        """The time and the posts of each edition, oldest first."""
        with self.app.store.read() as tx:
            found = tx.editions.latest("weekly", limit=100)
        return [
            (one.slot_key[11:16], [post.title.removeprefix("Title ") for post in one.content.posts])
            for one in reversed(found)
        ]

    @property
    def skipped(self) -> list[str]:
        """Why runs came to nothing, oldest first."""
        with self.app.store.read() as tx:
            runs = tx.runs.latest("weekly", limit=100)
        return [run.skipped for run in reversed(runs) if run.skipped]

    @property
    def latest(self):
        """The newest edition."""
        with self.app.store.read() as tx:
            return tx.editions.latest("weekly")[0]

    def reject(self) -> None:
        """Say no to the newest edition."""
        reject_edition(self.latest.id, reason="no", store=self.app.store)


@pytest.fixture
def stage(folder, clock):
    """Makes a stage; the campaign's keys may be given."""
    with ExitStack() as stack:

        def make(schedule: str = "on: new post", posts: str = "at_most: 12", **keys: str) -> Stage:
            change(folder, "posts: {at_least: 1, at_most: 12}", f"posts: {{{posts}}}")
            change(folder, 'schedule: {every: tuesday, at: "09:00"}', f"schedule: {{{schedule}}}")
            for key, value in keys.items():
                change(folder, "  weekly:\n", f"  weekly:\n    {key}: {value}\n")
            made = Stage(stack.enter_context(opened(folder, clock)), clock)
            made.wait(TICK)  # the clock stands at 8:59:15 in Paris
            return made

        yield make


def test_posts_within_a_minute_go_out_together_ten_minutes_after_the_last(stage):
    weekly = stage()
    weekly.publish("one")
    weekly.wait(MINUTE)
    weekly.publish("two")
    weekly.wait(20 * MINUTE)

    assert weekly.editions == [("09:10", ["two", "one"])]
    assert weekly.latest.state.value == "finished"


def test_a_quiet_feed_makes_no_edition(stage):
    weekly = stage()
    weekly.wait(20 * MINUTE)

    assert weekly.editions == []
    assert weekly.skipped == []


def test_what_is_published_later_has_its_own_edition(stage):
    weekly = stage()
    weekly.publish("one")
    weekly.wait(11 * MINUTE)
    weekly.publish("two")
    weekly.wait(11 * MINUTE)

    assert [titles for _, titles in weekly.editions] == [["one"], ["two"]]


def test_a_post_that_is_committed_late_is_not_lost(stage):
    weekly = stage()
    weekly.publish("one")
    met = weekly.clock()
    weekly.wait(11 * MINUTE)
    now, weekly.clock.now = weekly.clock(), met
    weekly.publish("late")  # met before the run, committed after it
    weekly.clock.now = now
    weekly.wait(TICK)

    assert [titles for _, titles in weekly.editions] == [["one"], ["late"]]


def test_of_too_many_posts_the_others_have_the_next_edition(stage):
    weekly = stage("on: new post, spacing: 1h", "at_most: 1")
    weekly.publish("one", published=weekly.clock() - 3 * HOUR)
    weekly.publish("two", published=weekly.clock() - 2 * HOUR)
    weekly.publish("three", published=weekly.clock() - HOUR)
    weekly.wait(5 * HOUR)

    assert weekly.editions == [("09:09", ["three"]), ("10:09", ["two"]), ("11:09", ["one"])]


def test_a_day_has_as_many_editions_as_the_campaign_says(stage):
    weekly = stage("on: new post, per_day: 2, debounce: 0m")
    for name in ("one", "two", "three", "four"):
        weekly.publish(name)
        weekly.wait(HOUR)
    weekly.wait(DAY)

    assert [titles for _, titles in weekly.editions] == [["one"], ["two"], ["four", "three"]]
    assert weekly.editions[-1][0] < "00:10"


def test_the_posts_of_a_quiet_night_are_one_edition_in_the_morning(stage):
    weekly = stage('on: new post, quiet: "22:00-07:00"')
    weekly.wait(12 * HOUR + 55 * MINUTE)  # until 21:54
    weekly.publish("late")
    weekly.wait(2 * HOUR)
    weekly.publish("later")
    weekly.wait(8 * HOUR)

    [(moment, titles)] = weekly.editions
    assert "07:00" <= moment < "07:10"
    assert titles == ["later", "late"]
    assert weekly.latest.state.value == "finished"


def test_the_posts_of_a_rejected_edition_ride_along_with_the_next_one(stage):
    weekly = stage(approval="{needed: true}")
    weekly.publish("one")
    weekly.wait(11 * MINUTE)
    weekly.reject()
    weekly.wait(HOUR)
    before = len(weekly.editions)
    weekly.publish("two")
    weekly.wait(11 * MINUTE)

    assert before == 1
    assert [titles for _, titles in weekly.editions] == [["one"], ["two", "one"]]


def test_a_new_post_goes_before_those_of_a_rejected_edition_where_there_is_one_place(stage):
    weekly = stage(posts="at_most: 1", approval="{needed: true}")
    weekly.publish("one", published=weekly.clock())
    weekly.wait(11 * MINUTE)
    weekly.reject()
    weekly.publish("older", published=weekly.clock() - DAY)
    weekly.wait(HOUR)

    assert [titles for _, titles in weekly.editions] == [["one"], ["older"]]


def test_too_few_posts_are_told_once_and_looked_at_again_with_the_next(stage):
    weekly = stage(posts="at_least: 2")
    weekly.publish("one")
    weekly.wait(HOUR)
    told = weekly.skipped
    weekly.publish("two")
    weekly.wait(HOUR)

    assert told == ["there is 1 new post, at least 2 are needed"]
    assert weekly.skipped == told
    assert [titles for _, titles in weekly.editions] == [["two", "one"]]


def test_an_audience_without_anybody_is_told_once(stage, folder):
    (folder / "subscribers" / "readers.csv").unlink()
    change(folder, "    social: [{template: weekly, each: post}]\n", "")
    weekly = stage()
    weekly.publish("one")
    weekly.wait(HOUR)

    assert weekly.skipped == ["there is nobody in audience 'readers'"]


def test_a_template_that_fails_records_nothing_and_is_tried_again_after_a_while(
    stage, folder, said
):
    weekly = stage()
    subject = folder / "templates/weekly/subject.txt"
    right = subject.read_text(encoding="utf-8")
    subject.write_text("{{ nonsense }}", encoding="utf-8")
    weekly.publish("one")
    weekly.wait(16 * MINUTE)
    problems = [line for line in said if line["event"] == "step.failed"]
    subject.write_text(right, encoding="utf-8")
    weekly.wait(5 * MINUTE)

    assert len(problems) == 2
    assert weekly.skipped == []
    assert [titles for _, titles in weekly.editions] == [["one"]]


def test_a_held_post_calls_for_an_edition_when_it_is_released(stage):
    weekly = stage()
    weekly.publish("one", summary="The same words as before, and quite a few of them. " * 5)
    weekly.wait(11 * MINUTE)
    again = {"title": "Title one", "guid": "another", "link": "https://blog.example/another"}
    weekly.publish("x", **again, summary="The same words as before, and quite a few of them. " * 5)
    weekly.wait(HOUR)
    before = len(weekly.editions)
    with weekly.app.store.read() as tx:
        [held] = tx.posts.held()
    decide_posts([held.id], Decision.RELEASED, by="ada", store=weekly.app.store, clock=weekly.clock)
    weekly.wait(9 * MINUTE)
    soon = len(weekly.editions)
    weekly.wait(2 * MINUTE)

    assert (before, soon) == (1, 1)
    assert [titles for _, titles in weekly.editions] == [["one"], ["one"]]


def test_a_post_that_is_held_back_comes_when_its_hold_is_over(stage):
    weekly = stage(posts="hold: 2h")
    weekly.publish("one")
    weekly.wait(3 * HOUR)

    assert weekly.editions == [("11:09", ["one"])]


def test_after_an_outage_of_days_there_is_one_edition_of_all(stage):
    weekly = stage("on: new post, spacing: 2h, per_day: 1")
    weekly.publish("one")
    weekly.clock.advance(4 * DAY)
    weekly.publish("two")
    weekly.waiting = Waiting()
    weekly.wait(HOUR)

    assert [titles for _, titles in weekly.editions] == [["two", "one"]]


def test_what_nobody_has_said_anything_about_is_found_within_a_day(stage):
    weekly = stage()
    weekly.publish("one", feed="unheard")
    weekly.wait(TICK)
    with weekly.app.store.begin() as tx:
        tx.posts._connection.execute(posts.update().values(feed="atelier"))
    weekly.wait(23 * HOUR)
    before = weekly.editions
    weekly.wait(2 * HOUR)

    assert before == []
    assert [titles for _, titles in weekly.editions] == [["one"]]


def test_what_a_person_has_run_by_hand_calls_for_nothing(stage):
    weekly = stage()
    weekly.publish("one")
    campaign = weekly.app.campaign("weekly")
    list(weekly.app.people.import_files())
    weekly.app.editions.compose(campaign, slot_at(weekly.clock(), "Europe/Paris"), manual=True)
    weekly.wait(HOUR)

    assert [titles for _, titles in weekly.editions] == [["one"]]


def test_a_clock_that_is_put_back_makes_no_post_wait_for_it(stage):
    weekly = stage("on: new post, spacing: 2h, per_day: 3")
    weekly.clock.advance(365 * DAY)
    weekly.publish("one")
    weekly.wait(HOUR)
    weekly.clock.advance(-365 * DAY)
    weekly.wait(TICK)
    weekly.publish("two")
    weekly.wait(HOUR)

    assert sorted(titles for _, titles in weekly.editions) == [["one"], ["two"]]


def test_in_the_hour_that_autumn_repeats_each_post_has_its_edition(stage, clock):
    clock.now = clock.now.replace(year=2027, month=10, day=30, hour=23, minute=59)
    weekly = stage("on: new post, debounce: 0m")
    for number in range(1, 4):
        weekly.publish(f"post {number}")
        weekly.wait(HOUR)

    assert [titles for _, titles in weekly.editions] == [["post 1"], ["post 2"], ["post 3"]]


def test_the_service_knows_of_an_edition_that_another_one_made(stage, folder, clock):
    weekly = stage()
    with opened(folder, clock) as app:
        other = Stage(app, clock)
        weekly.publish("one")
        clock.advance(11 * MINUTE)
        for one in (weekly, other, weekly, other):
            tick(one.app, waiting=one.waiting)

        assert [titles for _, titles in weekly.editions] == [["one"]]


def test_a_campaign_that_begins_to_run_on_new_posts_does_so_from_the_next_tick_on(
    app, clock, folder
):
    weekly = Stage(app, clock)
    weekly.wait(TICK)
    change(folder, 'schedule: {every: tuesday, at: "09:00"}', "schedule: {on: new post}")
    weekly.publish("one")
    weekly.wait(11 * MINUTE)

    assert weekly.editions == [("09:09", ["one"])]
