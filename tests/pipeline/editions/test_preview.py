"""Look before it goes out."""

import pytest

from dispatch.channels.takes import Takes
from dispatch.errors import NotFound
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.message import Accepted
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.preview import preview, send_test, show_edition
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    LINKS,
    PUBLISHER,
    TEMPLATE,
    WITH_SOCIAL,
    bring_in,
    channel,
    compose,
    entry,
    keep,
    row,
)

GREETING = TEMPLATE | {"digest.txt": "Hello {{ subscriber.name or 'you' }}"}


@pytest.fixture
def show(store, clock):
    def show(campaign=CAMPAIGN):
        with store.read() as tx:
            return show_edition(
                campaign,
                slot_at(clock(), "UTC"),
                tx=tx,
                materials=Materials(PUBLISHER, FEEDS, lambda _: GREETING),
                now=clock(),
            )

    return show


def test_it_shows_what_would_go_out_as_one_person_would_get_it(store, clock, show):
    keep(store, entry("one"), now=clock())
    people = [row("ada@example.org", name="Ada")]
    bring_in("readers", people, store=store, clock=clock)

    made = preview(show(WITH_SOCIAL), "ada@example.org", store=store, links=LINKS)

    assert made.digest.subject == "Title one"
    assert made.digest.text == "Hello Ada\n"
    assert [one.text for one in made.snippets["mastodon"]] == ["Title one https://blog.example/one"]


def test_snippets_are_shown_as_their_channel_takes_them(store, clock, show):
    keep(store, entry("one", title="See https://t.ly/a and the rest of it"), now=clock())
    small = Takes("loudspeaker", max_text=60, link_cost=23)

    made = preview(show(WITH_SOCIAL), None, store=store, links=LINKS, takes_of=lambda _: small)

    [snippet] = made.snippets["mastodon"]
    assert snippet.text == "See https://t.ly/a and the… https://blog.example/one"
    assert small.counter.count(snippet.text) <= 60


def test_a_stranger_sees_what_a_reader_without_a_name_sees(store, clock, show):
    keep(store, entry("one"), now=clock())

    assert preview(show(), None, store=store, links=LINKS).digest.text == "Hello you\n"


def test_where_nothing_is_new_the_latest_posts_stand_in(store, clock, show):
    keep(store, entry("one"), now=clock())
    compose(store, clock)

    assert [post.title for post in show().posts] == ["Title one"]


def test_looking_uses_nothing_up(store, clock, show):
    keep(store, entry("one"), now=clock())

    show()

    assert compose(store, clock).edition is not None


def test_a_feed_without_any_post_cannot_be_shown(show):
    with pytest.raises(NotFound, match="try 'dispatch feeds poll'"):
        show()


def test_a_test_goes_to_one_address_and_counts_for_nothing(store, clock, show):
    keep(store, entry("one"), now=clock())
    provider = RecordingProvider()

    outcome = send_test(
        show(),
        "boss@example.org",
        channel=channel(provider),
        links=LINKS,
        message_id="t1",
        store=store,
        clock=clock,
    )

    assert isinstance(outcome, Accepted)
    [message] = provider.taken
    assert message.to.email == "boss@example.org"
    with store.read() as tx:
        assert list(tx.deliveries.latest()) == []
