"""Ready-made editions, people and channels for the tests of the use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx

from dispatch import ids
from dispatch.channels.opened import Channel
from dispatch.model.campaigns.campaign import Campaign, EmailPlan, Publisher, SocialPlan
from dispatch.model.campaigns.schedule import Slot, slot_at
from dispatch.model.delivery.message import Address
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.run import Run
from dispatch.model.intake.feed import Entry, Feed
from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.ending import Ending, Markers
from dispatch.model.people.subscriber import Consent, SubscriberRow, email_key
from dispatch.model.workspace.database_identity import Identity
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.try_out import Gather, gather_nothing
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.people import bring_in as chunks
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.workspace.guard import Guard
from dispatch.store.delivery import batches
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from photographs import photographed

FEEDS = {"blog": Feed("blog", "https://blog.example/feed.xml")}
SECRET = "a secret of sixteen bytes"
LINKS = SignedLinks("https://news.example", [SECRET])
MARKERS = Markers([SECRET])
ADA_ID = "ada" + 29 * "0"
"""A public id."""


class Forgetful:
    """A workspace that has never known a database, and a file of endings that is lost at once."""

    path = Path("nowhere")
    boot = ""

    def read(self) -> None:
        return None

    def workspace(self) -> str:
        return ""

    def note(self, _identity: Identity, *, durable: bool = True, on_disk: bool = True) -> bool:
        return True

    def add(self, *_endings: Ending) -> None:
        pass


GUARD = Guard(Forgetful())
ENDINGS = Endings(Forgetful(), MARKERS, FakeClock())
PUBLISHER = Publisher(
    Address("letter@news.example", "The Letter"), "https://news.example", "UTC", "en"
)
TEMPLATE = {
    "subject.txt": "{{ edition.posts[0].title }}",
    "digest.mjml": (
        "<mjml><mj-body><mj-section><mj-column><mj-text>"
        "{% for post in edition.posts %}<p>{{ post.title }}</p>{% endfor %}"
        '<a href="{{ links.unsubscribe }}">leave</a>'
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    ),
    "digest.txt": "{{ edition.posts[0].title }}\n{{ links.unsubscribe }}",
    "snippet.txt": "{{ post.title }} {{ post.link }}",
}
CAMPAIGN = Campaign("weekly", ("blog",), "The Letter", email=EmailPlan("readers", "plain", "mail"))
REVIEWED = replace(CAMPAIGN, approval_needed=True)
WITH_SOCIAL = Campaign(
    "weekly",
    ("blog",),
    "The Letter",
    email=EmailPlan("readers", "plain", "mail"),
    social=(SocialPlan("mastodon", "plain"),),
)


def entry(name: str, **values: object) -> Entry:
    """An entry with a guid, a link and a title made of its name."""
    return Entry(
        **{
            "guid": f"guid-{name}",
            "link": f"https://blog.example/{name}",
            "title": f"Title {name}",
            "position": 0,
            **values,
        }
    )


def keep(store: Store, *entries: Entry, now: datetime) -> None:
    """Put posts of the feed `blog` into the store, followed since this moment."""
    with store.begin() as tx:
        tx.feeds.follow("weekly", ["blog"], now=now)
        keep_entries("blog", entries, backfill=None, tx=tx, now=now)


def row(email: str, **values: object) -> SubscriberRow:
    """Somebody who subscribed by form."""
    return SubscriberRow(line=2, email=email, consent=Consent(None, "form"), **values)


def bring_in(
    audience: str,
    rows: Sequence[SubscriberRow],
    *,
    store: Store,
    clock,
    markers=MARKERS,
    file: str = "readers.csv",
) -> int:
    """Bring people into an audience, as if a file named them; how many subscriptions are new."""
    people = ArrivingPeople.of(list({email_key(one.email): one for one in rows}.values()))
    with store.staging(ids.new) as staged:
        staged.people.add(replace(people, lines=range(1, len(people) + 1)))
        number = staged.people.arrange()
        tools = {"staged": staged, "clock": clock, "ids": ids.new, "markers": markers}
        return chunks.bring_in(audience, number, file=file, **tools)


def subscribe(store: Store, clock, *emails: str) -> None:
    """Put people into the audience `readers`."""
    bring_in("readers", [row(email) for email in emails], store=store, clock=clock)


def compose(
    store: Store,
    clock,
    campaign: Campaign = CAMPAIGN,
    name: str = "e1",
    feeds=FEEDS,
    *,
    publisher: Publisher = PUBLISHER,
    slot: Slot | None = None,
    manual: bool = False,
    gather: Gather = gather_nothing,
):
    """Run a campaign, for now or a slot; somebody is there to write to, if nobody else is."""
    with store.read() as tx:
        empty = "readers" not in tx.subscribers.audiences()
    if empty:
        subscribe(store, clock, "somebody@example.org")
    return compose_edition(
        campaign,
        slot or slot_at(clock(), "UTC"),
        store=store,
        materials=Materials(publisher, feeds, lambda _: TEMPLATE),
        clock=clock,
        ids=lambda: name,
        manual=manual,
        gather=gather,
    )


def approved_edition(store: Store, clock, campaign: Campaign = CAMPAIGN, **options) -> Edition:
    """An edition of one new post, approved, not addressed yet."""
    keep(store, entry("one"), now=clock())
    return compose(store, clock, campaign, **options).edition


def addressed_edition(
    store: Store, clock, people: Sequence[str], campaign: Campaign = CAMPAIGN, **options
) -> Edition:
    """The same, addressed to these people."""

    def do() -> Edition:
        subscribe(store, clock, *people)
        made = approved_edition(store, clock, campaign, **options)
        return address_edition(made.id, store=store, clock=clock)

    return photographed(do, store, clock(), tuple(people), campaign, options, batches.BATCH_SIZE)


def channel(provider, name: str = "mail") -> Channel:
    """A channel around a provider."""
    return Channel(name, "fake", provider, provider.capabilities)


def no_http() -> httpx.Client:
    """An HTTP client that reaches nothing."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network here", request=request)

    return httpx.Client(transport=httpx.MockTransport(refuse))


def recipients(messages: Sequence) -> list[str]:
    """Whom messages went to, sorted."""
    return sorted(message.to.email for message in messages)


def why_nothing(run: Run) -> str:
    """Why nothing of a run went out: it made no edition, or that was rejected; or empty."""
    if run.edition is None or run.edition.state is not EditionState.REJECTED:
        return run.skipped
    return run.edition.reason
