"""What stands beside snippets is found before an edition is kept, and goes out as it was found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.channels.provider import PictureLimits
from dispatch.channels.takes import Takes, anything
from dispatch.errors import FeedUnreachable
from dispatch.feeds.pictures.ordinary import make_ordinary
from dispatch.model.campaigns.campaign import Each, NoAlt, Shows, SocialPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.state import Delivery, DeliveryState
from dispatch.model.editions.finding import Kind
from dispatch.model.intake.feed import Entry, Image
from dispatch.pipeline.editions import gather_cards as gathering
from dispatch.pipeline.editions.check_cards import card_findings
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.editions.gather_cards import TOO_LATE, Web, gather_cards
from dispatch.pipeline.editions.keep_pictures import KEPT_FOR, forget_pictures, kept_pictures
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.store.editions.content import from_json, to_json
from dispatch.testing.fakes import RecordingProvider
from odd_pictures import red, saved
from on_sqlite import on_sqlite
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    LINKS,
    PUBLISHER,
    TEMPLATE,
    channel,
    entry,
    keep,
)

pytestmark = on_sqlite

SNIPPETS = TEMPLATE | {"snippet.txt": "{{ edition.posts[0].title }}"}
LIMITS = PictureLimits(kinds=("image/jpeg", "image/png"), most_bytes=1_000_000, most_alt=500)
CARDS = Takes(provider="cards", cards=True, pictures=LIMITS)
PICTURES = Takes(provider="pictures", pictures=LIMITS)
BARE_LINKS = Takes(provider="bare", pictures=LIMITS, picture_as_card=True)
RED, BLUE = (make_ordinary(saved(red(size, size), "PNG")) for size in (64, 96))


class Sites:
    """Pages and pictures by their addresses; what is not there is told as feeds tell it."""

    def __init__(self):
        self.pages = {}
        self.pictures = {}
        self.asked = []

    def visit(self, url):
        return self._at(self.pages, url)

    def fetch_picture(self, url):
        return self._at(self.pictures, url)

    def _at(self, there, url):
        self.asked.append(url)
        found = there.get(url, FeedUnreachable(f"{url}: there is no such page (404)"))
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def sites():
    sites = Sites()
    sites.pages["https://blog.example/one"] = page("One", "About one", "https://cdn.example/og.png")
    sites.pictures["https://cdn.example/og.png"] = RED
    sites.pictures["https://blog.example/own.png"] = BLUE
    return sites


@pytest.fixture
def run(store, clock, sites):
    def run(takes=CARDS, *, review=True, seconds=15.0, **plan):
        def gather(content):
            return gather_cards(
                content,
                takes_of=lambda _: takes,
                web=Web(sites.visit, sites.fetch_picture),
                store=store,
                clock=clock,
                seconds=seconds,
            )

        campaign = replace(
            CAMPAIGN,
            email=None,
            social=(SocialPlan("there", "plain", **plan),),
            approval_needed=review,
        )
        run.gather = gather
        return compose_edition(
            campaign,
            slot_at(clock(), "UTC"),
            store=store,
            materials=Materials(PUBLISHER, FEEDS, lambda _: SNIPPETS),
            clock=clock,
            ids=lambda: "e1",
            gather=gather,
        ).edition

    return run


@pytest.fixture
def an_own(store, clock):
    keep(store, with_own(), now=clock())


def page(title, about, image="", alt=""):
    return Entry("", "", title, 0, summary=about, image=Image(image, alt) if image else None)


def with_own(name="one", alt="", **more):
    return entry(name, image=Image("https://blog.example/own.png", alt), **more)


def message_of(edition, takes, store, part="1"):
    declared = replace(
        RecordingProvider.capabilities,
        cards=takes.cards,
        pictures=takes.pictures,
        picture_as_card=takes.picture_as_card,
    )
    there = replace(channel(RecordingProvider(), "there"), capabilities=declared)
    maker = MessageMaker(
        edition, there, LINKS, pictures=lambda marks: kept_pictures(marks, store=store)
    )
    state = DeliveryState.SENDING
    at = edition.created
    return maker.snippet(Delivery(1, edition.id, "there", "", part, None, state, 1, 1, at))


def test_a_card_is_what_the_page_says_with_its_picture(store, clock, run):
    keep(store, with_own(), now=clock())

    edition = run()

    [card] = edition.content.cards
    assert (card.title, card.description, card.problem) == ("One", "About one", "")
    assert (card.picture, card.own) == (RED.mark, "")
    message = message_of(edition, CARDS, store)
    assert message.card.link == "https://blog.example/one"
    assert message.card.picture.data == RED.data
    assert message.card.picture.alt == "One"
    assert message.picture is None


def test_a_card_without_a_page_is_what_the_post_says(store, clock, run, sites):
    sites.pages.clear()
    keep(store, with_own(summary="In short.", alt="Blue"), now=clock())

    [card] = run().content.cards

    assert (card.title, card.description) == ("Title one", "In short.")
    assert (card.picture, card.alt) == (BLUE.mark, "Blue")
    assert card.problem == "https://blog.example/one: there is no such page (404)"


def test_a_title_that_was_escaped_twice_shows_no_entities(store, clock, run, sites):
    sites.pages["https://blog.example/one"] = page("Tom &amp; Jerry", "")
    keep(store, entry("one"), now=clock())

    [card] = run().content.cards

    assert card.title == "Tom & Jerry"


def test_a_picture_stands_by_itself_with_the_words_that_somebody_wrote(store, clock, run):
    keep(store, with_own(alt="A blue square"), now=clock())

    edition = run(PICTURES, shows=Shows.PICTURE)

    message = message_of(edition, PICTURES, store)
    assert (message.picture.data, message.picture.alt) == (BLUE.data, "A blue square")
    assert message.card is None


def test_where_a_network_shows_nothing_for_a_link_the_picture_stands_for_its_card(
    store, clock, run
):
    keep(store, entry("one"), now=clock())

    edition = run(BARE_LINKS)

    assert message_of(edition, BARE_LINKS, store).picture.data == RED.data


@pytest.mark.parametrize(
    ("takes", "shows"), [(PICTURES, Shows.CARD), (anything(""), Shows.PICTURE), (CARDS, Shows.TEXT)]
)
def test_nobody_is_asked_for_what_nobody_shows(run, sites, an_own, takes, shows):
    edition = run(takes, shows=shows)

    assert edition.content.cards == ()
    assert '"cards"' not in to_json(edition.content)
    assert sites.asked == []


def test_an_edition_as_a_whole_has_the_card_of_its_link(store, clock, run, sites):
    keep(store, entry("two", published=clock() - timedelta(days=1)), with_own(), now=clock())

    edition = run(each=Each.EDITION)

    assert sites.asked == ["https://blog.example/one", "https://cdn.example/og.png"]
    assert message_of(edition, CARDS, store, part="").card.title == "One"


@pytest.mark.parametrize(
    ("rule", "alt"), [(NoAlt.TITLE, "Title one"), (NoAlt.LEAVE_OUT, None), (NoAlt.REFUSE, None)]
)
def test_a_picture_that_nobody_has_described_follows_the_rule(store, clock, run, rule, alt):
    keep(store, with_own(), now=clock())

    edition = run(PICTURES, shows=Shows.PICTURE, no_alt=rule)

    picture = message_of(edition, PICTURES, store).picture
    assert (picture.alt if picture else None) == alt
    found = {(one.name, one.kind) for one in card_findings(edition.content, lambda _: PICTURES)}
    assert (
        found
        == {
            NoAlt.TITLE: {("cards_fine", Kind.FINE)},
            NoAlt.LEAVE_OUT: {("alt_left_out", Kind.LOOK), ("cards_fine", Kind.FINE)},
            NoAlt.REFUSE: {("alt_missing", Kind.STOP), ("cards_fine", Kind.FINE)},
        }[rule]
    )


def test_what_is_missing_is_said_before_approval(store, clock, run, sites):
    sites.pictures.clear()
    keep(store, with_own(), now=clock())

    edition = run()

    [finding] = card_findings(edition.content, lambda _: CARDS)
    assert (finding.kind, finding.name) == (Kind.LOOK, "cards")
    assert finding.values["problem"] == (
        "https://cdn.example/og.png: there is no such page (404); "
        "https://blog.example/own.png: there is no such page (404)"
    )


def test_a_bug_costs_one_post_its_card(store, clock, run, sites):
    sites.pages["https://blog.example/one"] = RuntimeError("?")
    keep(store, with_own(), now=clock())

    [card] = run().content.cards

    assert card.problem == "RuntimeError while it was looked for"
    assert card.title == "Title one"


def test_what_is_late_is_left_out(store, clock, run):
    keep(store, with_own(), now=clock())

    edition = run(seconds=0.0)

    [card] = edition.content.cards
    assert (card.title, card.picture, card.problem) == ("Title one", "", TOO_LATE)


def test_an_edit_asks_only_about_posts_that_are_new_in_it(store, clock, run, sites):
    keep(store, with_own(), entry("two"), now=clock())
    edition = run()
    sites.asked.clear()
    keep(store, entry("three"), now=clock())
    ids = {post.title: post.id for post in edition.content.posts}

    edited = edit_edition(
        "e1",
        Changes(drop=(ids["Title two"],), add=(3,)),
        by="ada",
        store=store,
        clock=clock,
        gather=run.gather,
    ).edition

    assert sites.asked == ["https://blog.example/three"]
    assert [card.post for card in edited.content.cards] == [ids["Title one"], 3]
    assert edited.content.cards[0] == edition.content.cards[0]
    assert from_json(to_json(edited.content)) == edited.content


def test_without_pillow_what_fits_no_network_is_left_out(store, clock, run, monkeypatch):
    monkeypatch.setattr(gathering, "is_available", lambda: False)
    keep(store, entry("one"), now=clock())

    [card] = run(replace(CARDS, pictures=replace(LIMITS, most_bytes=10))).content.cards

    assert card.picture == ""
    assert "dispatch-digest[pictures]" in card.problem


def test_a_picture_is_forgotten_once_nothing_that_may_go_out_shows_it(store, clock, run):
    keep(store, entry("one"), now=clock())
    run()
    clock.advance(KEPT_FOR + timedelta(days=1))

    assert forget_pictures(store=store, clock=clock) == 0
    reject_edition("e1", reason="old", store=store)
    assert forget_pictures(store=store, clock=clock) == 1
    assert kept_pictures([RED.mark], store=store) == {}


def test_a_post_goes_out_without_a_picture_that_is_gone(store, clock, run):
    keep(store, entry("one"), now=clock())
    edition = run()
    with store.begin() as tx:
        tx.pictures.forget([RED.mark], before=clock() + timedelta(days=1))

    card = message_of(edition, CARDS, store).card

    assert (card.title, card.picture) == ("One", None)
