"""Look before it goes out."""

import pytest

from dispatch.channels.takes import Takes
from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.message import Accepted
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.editions.compose import Materials, draft_edition
from dispatch.pipeline.editions.preview import preview, send_test
from dispatch.pipeline.messages.snippets import too_long
from dispatch.testing.fakes import RecordingProvider
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    LINKS,
    PUBLISHER,
    TEMPLATE,
    WITH_SOCIAL,
    channel,
    entry,
    keep,
)

GREETING = TEMPLATE | {"digest.txt": "Hello {{ subscriber.name or 'you' }}"}


@pytest.fixture
def show(store, clock):
    def show(campaign=CAMPAIGN, posts=("one",)):
        keep(store, *map(entry, posts), now=clock())
        with store.read() as tx:
            draft = draft_edition(
                campaign,
                slot_at(clock(), "UTC"),
                tx=tx,
                materials=Materials(PUBLISHER, FEEDS, lambda _: GREETING),
                now=clock(),
            )
        return draft.content or draft.unread

    return show


def test_it_shows_what_would_go_out_as_one_person_would_get_it(show):
    ada = Subscriber(1, "ada@example.org", name="Ada", public_id=NOBODY)

    made = preview(show(WITH_SOCIAL), ada, links=LINKS)

    assert made.digest.subject == "Title one"
    assert made.digest.text == "Hello Ada\n"
    assert [one.text for one in made.snippets["mastodon"]] == ["Title one https://blog.example/one"]


def test_a_snippet_that_its_channel_would_refuse_says_how_much_too_long_it_is(store, clock, show):
    keep(store, entry("long", title="See https://t.ly/a and the rest of it"), now=clock())
    small = Takes("loudspeaker", max_text=60, link_cost=23)

    made = preview(show(WITH_SOCIAL, ()), links=LINKS, takes_of=lambda _: small)

    [snippet] = made.snippets["mastodon"]
    assert snippet.text == "See https://t.ly/a and the rest of it https://blog.example/long"
    assert snippet.too_many == small.counter.count(snippet.text) - 60
    assert too_long(snippet).startswith(f"{snippet.too_many} characters too many - shorten it")


def test_a_stranger_sees_what_a_reader_without_a_name_sees(show):
    assert preview(show(), links=LINKS).digest.text == "Hello you\n"


@pytest.fixture
def test_it(show, clock):
    """Sends a test over these channels, by name."""

    def test_it(**channels):
        def open_channel(name):
            if isinstance(channels[name], Exception):
                raise channels[name]
            return channel(channels[name], name)

        return send_test(
            show(),
            "boss@example.org",
            via=list(channels),
            open_channel=open_channel,
            links=LINKS,
            message_id="t1",
            clock=clock,
        )

    return test_it


def test_a_test_goes_to_one_address_and_counts_for_nothing(store, test_it):
    provider = RecordingProvider()

    sent = test_it(mail=provider)

    assert isinstance(sent.outcome, Accepted)
    [message] = provider.taken
    assert message.to.email == "boss@example.org"
    with store.read() as tx:
        assert list(tx.deliveries.latest()) == []


@pytest.mark.parametrize(
    "trouble",
    [BadInput(["password: not set"]), NotFound("mail: not there")],
    ids=["secret", "gone"],
)
def test_a_test_takes_the_channel_that_a_run_would_take(test_it, trouble):
    backup = RecordingProvider()

    sent = test_it(mail=trouble, backup=backup)

    assert (sent.channel, sent.passed_over) == ("backup", (str(trouble),))
    assert len(backup.taken) == 1
    with pytest.raises(type(trouble)):
        test_it(mail=trouble)
