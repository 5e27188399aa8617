"""A family of campaigns at three cadences, and people who cannot decide."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from dispatch import ids
from dispatch.model.campaigns.cadence import Cadence, CadenceOffer, campaign_name
from dispatch.model.campaigns.campaign import Campaign, EmailPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.catch_up import posts_of
from dispatch.model.editions.edition import Edition
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import PostRule
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import approve_edition, reject_edition
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from pipeline_samples import PUBLISHER, TEMPLATE, bring_in, entry, row

_ANY_NUMBER = {
    **TEMPLATE,
    "subject.txt": "{{ edition.posts | length }} posts",
    "digest.txt": "{{ links.unsubscribe }}",
}
OFFERED = (Cadence.EACH_POST, Cadence.WEEKLY, Cadence.MONTHLY)


@dataclass(slots=True)
class FamilyStage:
    """A family of three campaigns with two feeds, and three people who cannot decide."""

    store: Store
    name: str = field(default_factory=lambda: f"f{ids.new()}")
    clock: FakeClock = field(default_factory=FakeClock)
    default: Cadence = Cadence.WEEKLY
    offered: tuple[Cadence, ...] = OFFERED
    at_least: int = 1
    posts: int = 0
    waiting: list[Edition] = field(default_factory=list)
    joined: dict[str, int] = field(default_factory=dict)  # how many posts there were
    words: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        with self.store.begin() as tx:
            for cadence in OFFERED:
                campaign = campaign_name(self.name, cadence)
                tx.feeds.follow(campaign, self.feeds, now=self.clock())
        self.offer(self.default, self.offered)
        self.bring("somebody", "")

    @property
    def feeds(self) -> tuple[str, str]:
        return f"{self.name}-one", f"{self.name}-two"

    def publish(self, *, twice: bool) -> None:
        """A post; or the same story in both feeds, the second later."""
        self.clock.advance(timedelta(hours=5))
        self.posts += 1
        one = entry(f"{self.name}-{self.posts}")
        for feed in self.feeds if twice else self.feeds[self.posts % 2 :][:1]:
            with self.store.begin() as tx:
                keep_entries(feed, [one], backfill=None, tx=tx, now=self.clock())

    def offer(self, default: Cadence, offered: tuple[Cadence, ...]) -> None:
        self.default, self.offered = default, offered
        self.clock.advance(timedelta(hours=3))
        with self.store.begin() as tx:
            tx.families.note(self.name, default, offered, now=self.clock())

    def campaign(self, cadence: Cadence) -> Campaign:
        """The family's campaign of this cadence, as the file says now."""
        offer = CadenceOffer(self.name, cadence, self.default, self.offered)
        return Campaign(
            campaign_name(self.name, cadence),
            self.feeds,
            "The Letter",
            approval_needed=True,
            posts=PostRule(self.at_least, at_most=2 if cadence is Cadence.WEEKLY else None),
            email=EmailPlan(self.name, "plain", "mail", offer=offer),
        )

    def compose(self, cadence: Cadence) -> None:
        """Have an edition made, which waits for approval."""
        self.clock.advance(timedelta(hours=1))
        if cadence not in self.offered:
            return
        made = compose_edition(
            self.campaign(cadence),
            slot_at(self.clock(), "UTC"),
            store=self.store,
            materials=Materials(
                PUBLISHER,
                {name: Feed(name, "https://x.example") for name in self.feeds},
                lambda _: _ANY_NUMBER,
            ),
            clock=self.clock,
            ids=ids.new,
        )
        if made and made.edition:
            self.waiting.append(made.edition)

    def decide(self, which: int, *, yes: bool) -> None:
        """Send one of those that wait, or drop it: in any order."""
        self.clock.advance(timedelta(minutes=20))
        if not self.waiting:
            return
        edition = self.waiting.pop(which % len(self.waiting))
        if yes:
            approve_edition(edition.id, by="ada", store=self.store, clock=self.clock)
            address_edition(edition.id, store=self.store, clock=self.clock)
        else:
            reject_edition(edition.id, reason="dull", store=self.store)

    def bring(self, reader: str, word: str) -> None:
        """Have a file say what somebody wants; the first time they come in."""
        self.clock.advance(timedelta(hours=2))
        email = f"{reader}@{self.name}.example"
        self.joined.setdefault(reader, self.posts)
        self.words[reader] = word
        bring_in(self.name, [row(email, cadence=word)], store=self.store, clock=self.clock)

    def end(self) -> None:
        """Let everything go out: what waits, what is left over, and one post more."""
        while self.waiting:
            self.decide(0, yes=True)
        for _ in range(2):  # the second brings something to those who had all of the first
            self.publish(twice=False)
            for cadence in self.offered:
                self.compose(cadence)
                while self.waiting:
                    self.decide(0, yes=True)
                    self.compose(cadence)

    def told(self, reader: str) -> Counter[int]:
        """The number of each story, and how often the reader was told it."""
        with self.store.read() as tx:
            person = tx.subscribers.find(f"{reader}@{self.name}.example")
            numbers = {one.number: one for one in tx.families.addressed(self.name)}
            posts = tx.families.posts_in(numbers)
            got = [
                post
                for one in tx.families.got(numbers, [person.id])
                for post in posts_of(one.part) or posts[one.edition]
            ]
            titles = [tx.posts.get(post).title for post in got]
        return Counter(int(title.rpartition("-")[2]) for title in titles)
