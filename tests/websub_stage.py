"""A blog with a hub, the hub, and our pages: three servers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn

from dispatch.app import App
from dispatch.feeds.parse.document import parse
from dispatch.model.intake.feed import FeedDocument
from dispatch.model.intake.websub_subscription import WebsubSubscription
from dispatch.scheduling.feeds import poll_due, renew_subscriptions
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
