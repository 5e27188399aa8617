"""A blog with a hub, the hub, and our pages: three servers, and news that come by themselves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import structlog
import uvicorn

from app_stage import change, opened, workspace_in
from dispatch.app import App
from dispatch.feeds.parse.document import parse
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.feeds.web.network import FeedNetwork
from dispatch.http import new_client
from dispatch.model.intake.feed import FeedDocument
from dispatch.model.intake.websub_subscription import WebsubSubscription
from dispatch.scheduling.tick import poll_due, renew_subscriptions
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from feeds.feed_server import FeedServer
from little_hub import LittleHub

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BLOG = "atelier"


def atom(*titles: str, hub: str, own: str) -> bytes:
    entries = "".join(
        f"<entry><id>urn:{title}</id><title>{title}</title>"
        f'<link href="https://blog.example/{title}"/></entry>'
        for title in titles
    )
    links = f'<link rel="hub" href="{hub}"/><link rel="self" href="{own}"/>'
    head = f"<id>urn:blog</id><title>Blog</title>{links}"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


@dataclass
class Stage:
    """The three, with hands on the clock."""

    app: App
    blog: FeedServer
    hub: LittleHub
    clock: FakeClock
    folder: Path

    def write(self, *titles: str) -> None:
        """The blog has these posts now."""
        self.blog.gives(atom(*titles, hub=self.hub.url, own=self.blog.url()))

    def subscribe(self) -> None:
        self.write("one")
        poll_due(self.app)
        renew_subscriptions(self.app)
        assert self.hub.ask_back().status_code == 200

    def titles(self) -> set[str]:
        with self.app.store.read() as tx:
            return {post.title for post in tx.posts.latest(feed=BLOG)}

    def websub(self) -> WebsubSubscription:
        with self.app.store.read() as tx:
            [websub] = tx.websub_subscriptions.of(BLOG)
        return websub

    def websub_subscriptions(self) -> list[WebsubSubscription]:
        with self.app.store.read() as tx:
            return tx.websub_subscriptions.all()

    def polls(self) -> int:
        return len(self.blog.requests)


class LocalParser:
    """Parses in this process, as starting another takes longer than all the rest of a test."""

    def __call__(self, body: bytes, **about: str) -> FeedDocument:
        return parse(body, **about)

    def close(self) -> None:
        pass


@contextmanager
def pages(app: App, listener: socket.socket) -> Iterator[None]:
    """Our pages, served for real."""
    server = uvicorn.Server(uvicorn.Config(new_web(app), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def stage(tmp_path, migrated_sqlite, clock) -> Iterator[Stage]:
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with (
        FeedServer().running() as blog,
        LittleHub().running() as hub,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", ours)
        change(folder, "file:samples/atelier.rss.xml", blog.url())
        http = new_client(transport=FeedNetwork(allowed=[ip_network("127.0.0.1")]))
        with (
            opened(folder, clock, feed_http=http, parse=LocalParser()) as app,
            pages(app, listener),
        ):
            yield Stage(app, blog, hub, clock, folder)


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


def test_a_lease_is_renewed_in_time_at_the_same_address(stage):
    stage.subscribe()
    first = stage.hub.last
    stage.clock.advance(7 * DAY)
    renew_subscriptions(stage.app)
    early = len(stage.hub.requests)
    stage.clock.advance(DAY)
    renew_subscriptions(stage.app)
    stage.hub.ask_back()

    assert early == 1
    assert stage.hub.requests == [first, first]
    assert stage.websub().lease_until == stage.clock() + 10 * DAY


def test_the_hub_decides_how_long_the_lease_is(stage):
    stage.hub.lease = 3600

    stage.subscribe()

    assert stage.websub().lease_until == stage.clock() + HOUR
    assert stage.websub().next_at == stage.clock() + 48 * MINUTE


def test_a_hub_that_asks_back_before_it_answers_is_understood(stage):
    stage.hub.asks_back_at_once = True
    stage.write("one")
    poll_due(stage.app)
    renew_subscriptions(stage.app)

    assert stage.websub().stands(stage.clock())
    assert stage.hub.publish() == [202]


def test_a_hub_is_told_yes_as_often_as_it_asks_but_the_lease_runs_from_the_first(stage):
    stage.subscribe()
    until = stage.websub().lease_until
    stage.clock.advance(DAY)

    again = stage.hub.ask_back()

    assert (again.status_code, again.text) == (200, "a-challenge-of-the-hub")
    assert stage.websub().lease_until == until


@pytest.mark.parametrize(
    "question",
    [
        {"hub_topic": "https://elsewhere.example/feed"},
        {"hub_mode": "unsubscribe"},
        {"hub_mode": "publish"},
        {"hub_challenge": ""},
        {"hub_challenge": "x" * 1001},
        {"hub_challenge": "\x00\x01"},
    ],
    ids=["other topic", "other mode", "no mode", "no challenge", "too long", "binary"],
)
def test_what_was_not_asked_for_is_not_confirmed(stage, question):
    stage.write("one")
    poll_due(stage.app)
    renew_subscriptions(stage.app)
    before = stage.websub()

    answer = stage.hub.ask_back(**question)

    assert (answer.status_code, answer.text) == (404, "")
    assert stage.websub() == before


def test_a_denial_is_kept_with_its_reason_and_asked_about_again_after_a_week(stage):
    stage.subscribe()

    answer = stage.hub.deny("no <b>room</b>\nleft")
    renew_subscriptions(stage.app)
    told = stage.websub().sentence(stage.clock())
    stage.clock.advance(7 * DAY)
    renew_subscriptions(stage.app)

    assert answer.status_code == 200
    assert told == (
        "127.0.0.1: the hub will not tell us about new posts (no <b>room</b> left) - "
        "they are found by polling"
    )
    assert len(stage.hub.requests) == 2


def test_a_feed_that_is_taken_out_of_the_file_is_left(stage):
    stage.subscribe()
    change(stage.folder, stage.blog.url(), "file:samples/atelier.rss.xml")
    stage.app.reload_if_changed()

    renew_subscriptions(stage.app)
    answer = stage.hub.ask_back()
    late = stage.hub.publish()
    stage.clock.advance(2 * HOUR)
    renew_subscriptions(stage.app)

    assert stage.hub.modes() == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in stage.hub.last
    assert answer.status_code == 200
    assert (stage.hub.subscribers, late) == ({}, [])
    assert stage.websub_subscriptions() == []


def test_a_hub_that_goes_on_after_we_left_is_told_that_nobody_is_here(stage):
    stage.subscribe()
    change(stage.folder, stage.blog.url(), "file:samples/atelier.rss.xml")
    stage.app.reload_if_changed()
    renew_subscriptions(stage.app)

    assert stage.hub.publish() == [410]


def test_another_hub_in_the_feed_is_subscribed_at_and_the_old_one_left(stage):
    stage.subscribe()
    with LittleHub().running() as other:
        stage.blog.gives(atom("two", hub=other.url, own=stage.blog.url()))
        stage.clock.advance(DAY)
        poll_due(stage.app)
        renew_subscriptions(stage.app)
        other.ask_back()

        assert stage.hub.modes() == ["subscribe", "unsubscribe"]
        assert other.modes() == ["subscribe"]
        assert other.last["hub.callback"] != stage.hub.last["hub.callback"]
        assert other.last["hub.secret"] != stage.hub.requests[0]["hub.secret"]


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


def test_another_public_address_is_told_to_the_hub(stage):
    stage.subscribe()
    before = stage.hub.last["hub.callback"]
    change(stage.folder, "public_url: http://127.0.0.1", "public_url: http://localhost")
    stage.app.reload_if_changed()

    renew_subscriptions(stage.app)

    assert stage.hub.last["hub.callback"] == before.replace("127.0.0.1", "localhost")
    assert stage.websub().lease_until is None


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
    stage.app = App(replace(stage.app.tools, feed_http=http))

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
