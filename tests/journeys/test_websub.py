"""A blog with a hub, the hub, and our pages: three servers, and news that come by themselves."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from app_stage import change
from dispatch.app import App
from dispatch.app.http_clients import HttpClient
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.scheduling.feeds import poll_due, renew_subscriptions
from websub_stage import BLOG, DAY, HOUR, MINUTE, atom


def test_what_the_blog_publishes_is_here_with_the_next_round_of_polls(stage):
    with closing(SubprocessParser()) as parse:
        stage.app = App(replace(stage.app.tools, parse=parse))
        stage.subscribe()
        stage.clock.advance(5 * MINUTE)
        stage.write("two", "one")
        poll_due(stage.app)
        before = stage.titles()

        answers = stage.hub.publish()
        poll_due(stage.app)

    assert answers == [202]
    assert before == {"one"}
    assert stage.titles() == {"one", "two"}


def test_the_request_is_as_the_standard_says(stage):
    stage.subscribe()

    request = stage.hub.last
    assert request["hub.mode"] == "subscribe"
    assert request["hub.topic"] == stage.blog.url()
    assert request["hub.callback"].startswith(f"{stage.app.workspace.publisher.public_url}/push/")
    assert len(request["hub.secret"].encode()) < 200
    assert request["hub.lease_seconds"] == "864000"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_way_of_signing_counts(stage, method):
    stage.subscribe()

    answers = stage.hub.publish(method=method)

    assert answers == [202]
    assert stage.websub().heard_at == stage.clock()


@pytest.mark.parametrize("secret", ["somebody else's", ""], ids=["wrong", "missing"])
def test_a_notification_that_is_not_signed_by_the_hub_changes_nothing(stage, secret):
    stage.subscribe()
    stage.clock.advance(5 * MINUTE)
    stage.write("two", "one")

    with structlog.testing.capture_logs() as said:
        answers = [*stage.hub.publish(secret=secret), *stage.hub.publish(secret=secret)]
    poll_due(stage.app)

    assert answers == [202, 202]
    assert stage.titles() == {"one"}
    assert [line["event"] for line in said] == ["websub.notification_ignored"]
    assert stage.websub().ignored_at == stage.clock()


def test_the_body_of_a_notification_is_not_believed(stage):
    stage.subscribe()
    stage.clock.advance(5 * MINUTE)
    forged = atom("forged", hub=stage.hub.url, own=stage.blog.url())

    stage.hub.publish(forged)
    poll_due(stage.app)

    assert stage.titles() == {"one"}


def test_polls_get_rare_while_the_hub_can_be_relied_on_and_frequent_again_when_not(stage):
    stage.subscribe()
    ask = stage.clock() + 30 * DAY

    def gap():
        stage.clock.advance(DAY)
        poll_due(stage.app)
        with stage.app.store.read() as tx:
            feed = stage.app.workspace.feeds[BLOG]
            return tx.feeds.memory(feed.name, feed.url).next_poll_at - stage.clock()

    notified = gap()
    while stage.clock() < ask:  # nobody renews
        stage.clock.advance(DAY)
    stage.write("two", "one")
    alone = gap()

    assert notified >= 12 * HOUR
    assert alone < 12 * HOUR


def test_a_flood_of_notifications_makes_one_poll_a_minute(stage):
    stage.subscribe()
    stage.clock.advance(5 * MINUTE)
    before = stage.polls()

    for _ in range(24):
        stage.hub.publish()
        poll_due(stage.app)
        stage.clock.advance(timedelta(seconds=5))

    assert stage.polls() - before == 2


def test_a_hub_named_in_the_header_counts_before_the_one_in_the_document(stage):
    link = f'<{stage.hub.url}>; rel="hub", </own>; rel="self"'
    document = atom("one", hub="https://other.example/", own="https://other.example/feed")
    stage.blog.gives(document, Link=link)

    poll_due(stage.app)
    renew_subscriptions(stage.app)

    assert stage.hub.last["hub.topic"] == stage.blog.url("/own")


def test_a_body_that_has_not_changed_keeps_its_hub(stage):
    stage.subscribe()
    stage.clock.advance(2 * DAY)

    poll_due(stage.app)
    renew_subscriptions(stage.app)

    assert stage.polls() == 2
    assert stage.hub.modes() == ["subscribe"]


def test_without_a_public_address_nobody_is_asked(stage):
    stage.subscribe()
    plan = stage.app.workspace
    change(stage.folder, f"public_url: {plan.publisher.public_url}\n", "")
    change(stage.folder, "    email: {audience: readers, template: weekly}\n", "")
    change(
        stage.folder,
        """    email: {audience: readers, template: bulletin, segment: "locale == 'fr'"}""",
        "    social: [{template: weekly, each: post}]",
    )
    stage.app.reload_if_changed()

    renew_subscriptions(stage.app)

    assert stage.hub.modes() == ["subscribe"]
    assert stage.websub_subscriptions() == []


def test_a_hub_that_hears_but_never_calls_is_not_relied_on(stage):
    stage.subscribe()
    for title in ("two", "three", "four"):
        stage.clock.advance(DAY)
        stage.write(title)
        poll_due(stage.app)

    assert stage.titles() == {"one", "two", "three", "four"}
    assert not stage.websub().works(stage.clock())
    assert "did not say so" in stage.websub().sentence(stage.clock())

    stage.hub.publish()

    assert stage.websub().works(stage.clock())


def test_a_hub_on_a_private_address_is_not_asked(stage):
    stage.write("one")
    poll_due(stage.app)
    stage.app.tools.feed_http.close()
    http = new_client(transport=FeedNetwork())
    stage.app = App(replace(stage.app.tools, feed_http=HttpClient(lambda _: http)))

    renew_subscriptions(stage.app)

    assert stage.hub.requests == []
    assert "127.0.0.1, which is not on the public Internet" in stage.websub().problem


def test_nothing_secret_is_in_the_database_or_in_a_repr(stage):
    stage.subscribe()
    stage.hub.publish()
    secret = stage.hub.last["hub.secret"]
    token = stage.hub.last["hub.callback"].rpartition(".")[2]

    kept = b"".join(path.read_bytes() for path in stage.folder.glob("dispatch.db*"))

    assert stage.websub().hub.encode() in kept
    for word in (secret, token):
        assert word.encode() not in kept
        assert word not in repr(stage.websub())
        assert word not in repr(stage.app.tools.callbacks)
