"""Whatever feeds, people, clocks and machines do: each post in one edition, and no rule broken."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app_stage import opened
from dispatch import ids
from dispatch.app import App
from dispatch.model.campaigns.campaign import Campaign, Each, SocialPlan
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.editions.edition import UNDECIDED, Edition, EditionState
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import Decision, PostRule
from dispatch.model.intake.similarity import title_key
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.reviews.decide import approve_edition, reject_edition
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.runs import answer_news
from dispatch.store.intake.posts import Newcomer
from dispatch.testing.clock import FakeClock
from pipeline_samples import entry

ZONE = "Europe/Paris"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEFORE_AUTUMN = datetime.fromisoformat("2026-10-24T20:00:00+00:00")
PATIENT = 60  # editions that may be needed until all posts are told


class Arrivals(RuleBasedStateMachine):
    """One campaign on two feeds, looked after by two services with memories of their own."""

    app: App
    clock: FakeClock

    @initialize(
        per_day=st.none() | st.integers(1, 3),
        spacing=st.sampled_from([timedelta(0), HOUR, 30 * HOUR]),
        debounce=st.sampled_from([timedelta(0), 10 * MINUTE]),
        at_most=st.sampled_from([None, 2]),
        hold=st.sampled_from([timedelta(0), 2 * HOUR]),
    )
    def begin(self, **keys) -> None:
        self.clock.now = BEFORE_AUTUMN
        name = f"c{ids.new()}"
        self.feeds = (f"{name}-a", f"{name}-b")
        self.rule = NewPosts(ZONE, keys["debounce"], keys["per_day"], keys["spacing"])
        posts = PostRule(at_most=keys["at_most"], hold=keys["hold"])
        self.campaign = Campaign(
            name,
            self.feeds,
            "Weekly",
            posts=posts,
            new_posts=self.rule,
            approval_needed=True,
            social=(SocialPlan("outbox", "plain", Each.EDITION),),
        )
        workspace = self.app.workspace
        workspace.campaigns.clear()
        workspace.campaigns[name] = self.campaign
        workspace.feeds.update({feed: Feed(feed, "file:none") for feed in self.feeds})
        self.app.follow()
        self.services = [Waiting(), Waiting()]
        self.published = 0
        self.held: list[int] = []

    @rule(
        number=st.integers(1, 3),
        feed=st.integers(0, 1),
        late=st.sampled_from([timedelta(0), 3 * HOUR]),
        ahead=st.sampled_from([None, None, HOUR]),
    )
    def publish(self, number: int, feed: int, late: timedelta, ahead: timedelta | None) -> None:
        met = max(self.clock() - late, BEFORE_AUTUMN)
        published = self.clock() + ahead if ahead else None
        self.add(number, self.feeds[feed], first_seen=met, published=published)

    @rule(feed=st.integers(0, 1))
    def hold(self, feed: int) -> None:
        self.add(1, self.feeds[feed], first_seen=self.clock(), reason="looks like another")
        with self.app.store.read() as tx:
            self.held += [
                post.id for post in tx.posts.held(feed=self.feeds[feed]) if post.id not in self.held
            ]

    @precondition(lambda self: self.held)
    @rule(decision=st.sampled_from(Decision))
    def decide(self, decision: Decision) -> None:
        store = self.app.store
        decide_posts([self.held.pop()], decision, by="ada", store=store, clock=self.clock)

    @rule(
        length=st.sampled_from(
            [timedelta(seconds=15), MINUTE, 11 * MINUTE, HOUR, 7 * HOUR, 2 * DAY]
        ),
        service=st.integers(0, 1),
    )
    def wait(self, length: timedelta, service: int) -> None:
        self.clock.advance(length)
        self.tick(service)

    @rule(service=st.integers(0, 1))
    def tick(self, service: int) -> None:
        waiting = self.services[service]
        if waiting.went_back(self.clock()):
            self.app.follow()
        answer_news(self.app, waiting.news)

    @rule(length=st.sampled_from([MINUTE, HOUR]))
    def put_back(self, length: timedelta) -> None:
        self.clock.now = max(self.clock() - length, BEFORE_AUTUMN)

    @precondition(lambda self: self.undecided)
    @rule()
    def reject(self) -> None:
        reject_edition(self.undecided[0].id, reason="no", store=self.app.store)

    @precondition(lambda self: self.undecided)
    @rule()
    def drop(self) -> None:
        edition = self.undecided[0]
        first, *others = edition.content.posts
        if others:
            store = self.app.store
            edit_edition(
                edition.id, Changes(drop=(first.id,)), by="ada", store=store, clock=self.clock
            )

    @precondition(lambda self: self.undecided)
    @rule()
    def approve(self) -> None:
        approve_edition(self.undecided[0].id, by="bob", store=self.app.store, clock=self.clock)

    @invariant()
    def no_post_is_told_twice(self) -> None:
        told = self.told()
        assert len(told) == len(set(told))

    @invariant()
    def no_second_has_two_and_all_are_as_far_apart_as_they_should(self) -> None:
        runs = self.runs()
        gap = max(self.rule.spacing, timedelta(seconds=1))
        assert len({run.slot for run in runs}) == len(runs)
        moments = sorted(run.moment for run in runs if run.edition)
        assert all(later - earlier >= gap for earlier, later in pairwise(moments))

    @invariant()
    def no_day_has_too_many(self) -> None:
        days: dict[date, int] = {}
        for run in self.runs():
            if run.edition:
                day = run.moment.astimezone(ZoneInfo(ZONE)).date()
                days[day] = days.get(day, 0) + 1
        assert max(days.values(), default=0) <= (self.rule.per_day or 10_000)

    def teardown(self) -> None:
        """Approve all, and let posts come until those of rejected editions have found a place."""
        if not hasattr(self, "campaign"):
            return
        while self.held:
            self.decide(Decision.RELEASED)
        for _ in range(PATIENT):
            self.add(1, self.feeds[0], first_seen=self.clock())
            for _ in range(3):
                self.wait(2 * DAY, self.published % 2)
            while self.undecided:
                self.approve()
            if not self.untold():
                break
        self.no_post_is_told_twice()
        assert self.untold() == set()

    def add(self, number: int, feed: str, *, first_seen, published=None, reason: str = "") -> None:
        new = []
        for _ in range(number):
            self.published += 1
            one = entry(f"{feed}-{self.published}", published=published)
            new.append(Newcomer(one, one.guid, one.link, False, title_key(one.title), ""))
        reasons = {one.identity: reason for one in new} if reason else {}
        with self.app.store.begin() as tx:
            tx.posts.add(feed, new, first_seen=first_seen, reasons=reasons)
            tx.news.note([feed])

    @property
    def undecided(self) -> list[Edition]:
        with self.app.store.read() as tx:
            return tx.editions.in_state(self.campaign.name, UNDECIDED)

    def runs(self):
        with self.app.store.read() as tx:
            return tx.runs.latest(self.campaign.name, limit=10_000)

    def told(self) -> list[int]:
        with self.app.store.read() as tx:
            editions = tx.editions.latest(self.campaign.name, limit=10_000)
        return [
            post.id
            for one in editions
            if one.state is not EditionState.REJECTED
            for post in one.content.posts
        ]

    def untold(self) -> set[int]:
        with self.app.store.read() as tx:
            posts = [post for feed in self.feeds for post in tx.posts.latest(feed=feed, limit=999)]
        return {post.id for post in posts if post.is_usable} - set(self.told())


@pytest.fixture
def app(folder, clock, store):
    plain = folder / "templates" / "plain"
    plain.mkdir()
    (plain / "snippet.txt").write_text("{{ edition.title }}", encoding="utf-8")
    for path in (folder / "subscribers").iterdir():
        path.unlink()
    with opened(folder, clock, rng=random.Random(1)) as app:
        yield App(replace(app.tools, store=store))


def test_each_usable_post_is_in_one_edition_whatever_happens(app, clock, said):
    class Anyhow(Arrivals):
        pass

    Anyhow.app, Anyhow.clock = app, clock
    run_state_machine_as_test(
        Anyhow,
        settings=settings(
            max_examples=4 if app.tools.store.is_shared else 12,  # the same statements
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert [line for line in said if line["event"] in {"step.crashed", "step.failed"}] == []
