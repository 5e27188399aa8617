"""A simulation gives what really running gives, whatever has happened."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.schedule import Slot, slots
from dispatch.model.intake.feed import NOTHING, Entry, Feed
from dispatch.model.intake.post import Decision, Post, PostRule
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.store.database.schema import posts
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from pipeline_samples import PUBLISHER, TEMPLATE, entry, subscribe
from simulation_stage import ARCHIVED, DAY, HOUR, NAMES, PARIS, SINCE, plan, simulated

END = datetime(2026, 10, 29, 23, tzinfo=UTC)
FEEDS = {name: Feed(name, f"https://{name}.example/feed.xml") for name in NAMES}


@dataclass(frozen=True)
class Arrival:
    """A post that a poll meets some hours after the first day began.

    `story` is what another feed may tell as well, under the name that `shared` says; `dated` is in
    hours after the arrival. `held_for` is how many hours later somebody decides; None: nobody does.
    """

    hours: int
    feed: str
    story: int
    shared: str
    dated: int | None
    topic: str
    held: bool
    held_for: int | None
    decision: Decision

    @property
    def moment(self) -> datetime:
        return SINCE + self.hours * HOUR

    def entry(self, number: int) -> Entry:
        name = f"{self.feed}-{number}"
        link = f"https://site.example/{self.story}" if self.shared == "link" else ""
        guid = f"tag:site.example,{self.story}" if self.shared == "guid" else name
        said = f"The very same words of story {self.story}. " * 20
        return entry(
            name,
            guid=guid,
            link=link or f"https://{self.feed}.example/{number}",
            title=f"Story {self.story}" if self.shared == "text" else f"Headline {name}",
            content=said if self.shared == "text" else f"Only here {name}",
            published=None if self.dated is None else self.moment + self.dated * HOUR,
            topics=(self.topic,),
        )


hours = st.integers(-10, 8 * 24)

arrivals = st.builds(
    Arrival,
    hours=hours,
    feed=st.sampled_from(NAMES),
    story=st.integers(1, 3),
    shared=st.sampled_from(["", "link", "guid", "text"]),
    dated=st.none() | st.integers(-200, 40),
    topic=st.sampled_from("aab"),
    held=st.sampled_from([False, False, True]),
    held_for=st.none() | st.integers(1, 100),
    decision=st.sampled_from([Decision.RELEASED, Decision.RELEASED, Decision.DROPPED]),
)

rules = st.builds(
    PostRule,
    at_least=st.sampled_from([1, 1, 2, 3]),
    at_most=st.none() | st.integers(1, 4),
    hold=st.sampled_from([0 * HOUR, 2 * HOUR, 30 * HOUR]),
    topics=st.sampled_from([frozenset(), frozenset("a")]),
).filter(lambda rule: rule.at_most is None or rule.at_most >= rule.at_least)


def expected_slots():
    found = slots(PARIS, after=SINCE - timedelta(seconds=1))
    return [slot for slot, _ in zip(found, range(60), strict=False) if slot.moment < END]


@dataclass
class Reality:
    """A campaign that really polls, decides and composes, at the moments that a test says."""

    store: Store
    campaign: Campaign
    clock: FakeClock
    made: dict[str, tuple[list[int], str]]

    def begin(self) -> None:
        """Poll each feed for the first time, and follow it from the first day on."""
        subscribe(self.store, self.clock, "ada@example.org")
        for feed in self.campaign.feeds:
            with self.store.begin() as tx:
                old = [entry(f"{feed}-old", published=ARCHIVED, link=f"https://{feed}.example/old")]
                keep_entries(feed, old, backfill=NOTHING, tx=tx, now=self.clock())
        with self.store.begin() as tx:
            tx.feeds.follow("weekly", self.campaign.feeds, now=SINCE)

    def poll(self, one: Arrival, number: int) -> None:
        with self.store.begin() as tx:
            entries = [one.entry(number)]
            keep_entries(one.feed, entries, backfill=None, tx=tx, now=self.clock())
        if one.held:
            hold(self.store, one.feed, f"{one.feed}-{number}", now=self.clock())

    def decide(self, one: Arrival, number: int) -> None:
        with self.store.read() as tx:
            held = tx.posts.held(feed=one.feed)
        found = [post.id for post in held if post.title.endswith(f" {one.feed}-{number}")]
        decide_posts(found, one.decision, by="marie", store=self.store, clock=self.clock)

    def compose(self, slot: Slot | None) -> None:
        composed = compose_edition(
            self.campaign,
            slot,
            store=self.store,
            materials=Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE),
            clock=self.clock,
            ids=lambda: f"e{len(self.made)}",
        )
        posts = composed.edition.content.posts if composed.edition else ()
        with self.store.read() as tx:
            key = tx.runs.latest(limit=1)[0].slot
        self.made[key] = outcome(posts, composed.draft.skipped)


def outcome(posts: Iterable[Post], skipped: str) -> tuple[list[int], str]:
    """What is compared of a slot; how many posts are held at a time is told by reality only."""
    return sorted(post.id for post in posts), skipped.partition(";")[0]


def what_really_happens(store: Store, campaign: Campaign, history: list[Arrival]):
    """Slot to its outcome: polled, decided and composed as time goes."""
    real = Reality(store, campaign, FakeClock(SINCE - 2 * DAY), {})
    real.begin()
    slotted = expected_slots() if campaign.schedule else ()
    todo = [(slot.moment, 2, partial(real.compose, slot)) for slot in slotted]
    for number, one in enumerate(history):
        if one.feed not in campaign.feeds:
            continue
        todo.append((one.moment, 0, partial(real.poll, one, number)))
        if one.held and one.held_for is not None:
            later = one.moment + one.held_for * HOUR
            todo.append((later, 1, partial(real.decide, one, number)))
    for moment, _, do in sorted(todo, key=lambda one: one[:2]):
        answer_calls(real, until=moment)
        real.clock.now = max(moment, real.clock.now)
        do()
    answer_calls(real, until=END)
    return real.made


def answer_calls(real: Reality, *, until: datetime) -> None:
    """Compose whatever new posts call for before a moment."""
    while True:
        with real.store.read() as tx:
            call = look_for_news(real.campaign, tx=tx, now=real.clock())
        if call.ready >= until:
            return
        real.clock.now = call.ready
        real.compose(None)


def hold(store: Store, feed: str, name: str, *, now: datetime) -> None:
    """Have a post held that has just come, as if it looked like another one."""
    with store._engine.begin() as connection:
        connection.execute(
            posts.update()
            .where(posts.c.feed == feed, posts.c.title == f"Headline {name}")
            .where(posts.c.first_seen == now)
            .values(held_since=now, held_reason="looks like another")
        )


@contextmanager
def fresh(migrated: Path) -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        shutil.copy(migrated, Path(folder) / "dispatch.db")
        with closing(Store(f"sqlite:///{folder}/dispatch.db")) as store:
            yield store


def once_in_each_feed(found: list[Arrival]) -> list[Arrival]:
    """In order, and a feed tells a story once: edits may correct dates, and nobody notes when."""
    told: set[tuple[str, str, int]] = set()
    history = []
    for one in sorted(found, key=lambda one: one.hours):
        name = (one.feed, one.shared, one.story)
        history.append(replace(one, shared="") if name in told else one)
        told.add(name)
    return history


histories = st.lists(arrivals, min_size=12, max_size=25).map(once_in_each_feed)


def test_it_gives_what_really_running_gives(migrated_sqlite):
    @settings(max_examples=12)
    @given(history=histories, rule=rules, feeds=st.sampled_from([NAMES, NAMES, NAMES[:1]]))
    def check(history: list[Arrival], rule: PostRule, feeds: tuple[str, ...]) -> None:
        campaign = plan(rule, feeds)
        with fresh(migrated_sqlite) as store:
            made = what_really_happens(store, campaign, history)

            found = simulated(store, campaign)

            assert {run.slot.key: outcome(run.posts, run.skipped) for run in found.runs} == made
            told = [post.id for run in found.runs for post in run.posts]
            never = [post.id for post, _ in found.never]
            with store.read() as tx:
                stored = [one.post.id for one in tx.names.stored(feeds)]
            assert sorted(told + never) == sorted(stored)

    check()


news_rules = st.builds(
    NewPosts,
    timezone=st.just("Europe/Paris"),
    debounce=st.sampled_from([0 * HOUR, HOUR / 6, 3 * HOUR]),
    per_day=st.none() | st.integers(1, 3),
    spacing=st.sampled_from([0 * HOUR, 5 * HOUR]),
    days_off=st.sampled_from([frozenset(), frozenset({date(2026, 10, 24)})]),
)


def test_on_new_posts_it_gives_what_really_running_gives(migrated_sqlite):
    never_decided = histories.map(lambda found: [replace(one, held_for=None) for one in found])

    @settings(max_examples=12)
    @given(
        history=never_decided,
        at_most=st.none() | st.integers(1, 3),
        hold=st.sampled_from([0 * HOUR, 2 * HOUR]),
        when=news_rules,
    )
    def check(history: list[Arrival], at_most: int | None, hold: timedelta, when: NewPosts) -> None:
        rule = PostRule(at_most=at_most, hold=hold)
        campaign = replace(plan(rule, schedule=None), new_posts=when)
        with fresh(migrated_sqlite) as store:
            made = what_really_happens(store, campaign, history)

            found = simulated(store, campaign)

            assert {run.slot.key: outcome(run.posts, run.skipped) for run in found.runs} == made

    check()
