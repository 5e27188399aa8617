"""A stage for journeys: a workspace, a feed on a real web server, and a real mail server."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from pathlib import Path

import sqlalchemy as sa
from aiosmtpd.controller import Controller

from dispatch.channels.opened import WIRED_CONNECTIONS
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import ENDED, Delivery, DeliveryState
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import batches, deliveries
from dispatch.store.transactions import Store
from dispatch.testing.smtp_server import Mail
from patience import PATIENCE

LEASE_SECONDS = 4
"""Short, as nobody likes to wait, and long for a process that a busy machine lets stand."""

log = logging.getLogger("journeys")
"""Figures, shown by pytest --log-cli-level=INFO."""

SCHEDULES = """\
timezone: Europe/Paris
sender: {{name: The Letter, email: letter@news.example}}
public_url: https://news.example
feeds:
  blog: {{url: "{feed}", backfill: all}}
channels:
  mail:
    provider: smtp
    options: {{host: 127.0.0.1, port: {port}, security: none, timeout: {timeout}}}
    pace: {{connections: {connections}}}
campaigns:
  weekly:
    feeds: [blog]
    approval: {{needed: {approval}}}
    email: {{audience: readers, template: plain, via: mail}}
"""

TEMPLATE = {
    "subject.txt": "News: {{ edition.posts[0].title }}",
    "digest.mjml": (
        "<mjml><mj-body><mj-section><mj-column><mj-text>"
        '{% for post in edition.posts %}<p><a href="{{ post.link }}">{{ post.title }}</a></p>'
        '{% endfor %}<a href="{{ links.unsubscribe }}">Unsubscribe</a>'
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    ),
    "digest.txt": (
        "{% for post in edition.posts %}{{ post.title }}\n{{ post.link }}\n{% endfor %}"
        "{{ links.unsubscribe }}\n"
    ),
}


class Blog:
    """A blog with an RSS feed at `address`, which grows when `publish` is called.

    `pages` are what it answers at other paths, with their kinds; posts lead to below `site`.
    """

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.site = "https://blog.example"
        blog = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feed = "application/rss+xml; charset=utf-8", blog.feed().encode()
                kind, body = blog.pages.get(self.path, feed)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/feed.xml"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def publish(self, title: str) -> None:
        self.titles.insert(0, title)

    def feed(self) -> str:
        items = "".join(
            f"<item><title>{title}</title><link>{self.site}/{number}</link>"
            f"<guid>{number}</guid></item>"
            for number, title in zip(range(len(self.titles), 0, -1), self.titles, strict=True)
        )
        return f'<rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'

    def __enter__(self) -> "Blog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class AnyPort(Controller):
    """Learns which free port it got before its start-up check connects to it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """A mail server that keeps everything; `reached(n)` waits until it has so many."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self._arrived = threading.Condition()
        self._controller = AnyPort(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's
        with self._arrived:
            self.mails += [(to, envelope.content) for to in envelope.rcpt_tos]
            self._arrived.notify_all()
        return "250 2.0.0 taken"

    def reached(self, number: int, *, seconds: float = PATIENCE) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.mails) >= number, seconds)

    @property
    def copies(self) -> Counter[str]:
        return Counter(to for to, _ in self.mails)

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(data, policy=policy.default) for _, data in self.mails]

    @property
    def port(self) -> int:
        return self._controller.port

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


class Arrivals(list[Mail]):
    """What a mail server (`SmtpServer(taken=...)`) takes, in order; each answer takes `seconds`.

    From the mail on that has the number `held_from`, all answers wait for `let_go`.
    """

    def __init__(self, seconds: float = 0.0, *, held_from: float = inf) -> None:
        super().__init__()
        self._seconds = seconds
        self._held_from = held_from
        self._go = threading.Event()
        self._arrived = threading.Condition()
        self._never = threading.Event()

    def append(self, mail: Mail) -> None:
        with self._arrived:
            super().append(mail)
            self._arrived.notify_all()
            held = len(self) >= self._held_from
        if held:
            self._go.wait(PATIENCE)
        elif self._seconds:
            self._never.wait(self._seconds)

    def let_go(self) -> None:
        """Answer from now on."""
        self._go.set()

    def reached(self, number: int, *, seconds: float = PATIENCE) -> None:
        """Wait until so many have come."""
        with self._arrived:
            enough = self._arrived.wait_for(lambda: len(self) >= number, seconds)
            assert enough, f"{len(self)} mails came within {seconds} seconds, not {number}"

    @property
    def copies(self) -> Counter[str]:
        return Counter(to for mail in list(self) for to in mail.recipients)


@dataclass(frozen=True, slots=True)
class Records:
    """What the database says about the one edition there is."""

    edition: Edition
    deliveries: tuple[Delivery, ...]
    counts: Mapping[DeliveryState, int]
    """As the service itself counts them."""

    def recipients(self, *states: DeliveryState) -> set[str]:
        return {one.recipient for one in self.deliveries if one.state in states}


class Stage:
    """A workspace whose command line is run as real processes."""

    def __init__(
        self,
        folder: Path,
        *,
        feed: str,
        port: int,
        database_url: str,
        connections: int = WIRED_CONNECTIONS,
        timeout: float = 60,
        approval: bool = False,
        lease_seconds: int = LEASE_SECONDS,
        schedules: str = SCHEDULES,
    ) -> None:
        self.folder = folder
        self._schedules = schedules
        self.database_url = database_url
        self.connections = connections
        (folder / "templates" / "plain").mkdir(parents=True)
        (folder / "subscribers").mkdir()
        for name, source in TEMPLATE.items():
            (folder / "templates" / "plain" / name).write_text(source)
        self._plan: dict[str, object] = {
            "feed": feed,
            "connections": connections,
            "timeout": timeout,
            "approval": "true" if approval else "false",
        }
        self.move_to(port)
        self.environ = os.environ | {
            "DISPATCH_DATABASE_URL": database_url,
            "DISPATCH_LEASE_SECONDS": str(lease_seconds),
            "DISPATCH_PRIVATE_NETWORKS": "127.0.0.1",  # where the blog is
        }

    def move_to(self, port: int, **changes: object) -> None:
        """Send over the mail server that listens there, from now on."""
        self._plan |= changes
        text = self._schedules.format(port=port, **self._plan)
        (self.folder / "schedules.yaml").write_text(text)

    def subscribe(self, *emails: str) -> None:
        rows = "\n".join(("email", *emails))
        (self.folder / "subscribers" / "readers.csv").write_text(f"{rows}\n")

    def approve(self) -> None:
        """Make the edition and approve it, so that it waits for whoever sends it."""
        made = self.run("run", "weekly")
        assert made.returncode == 0, made.stderr
        approved = self.run("editions", "approve", self.records().edition.id)
        assert approved.returncode == 0, approved.stderr

    # Processes.

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "dispatch", *arguments],
            cwd=self.folder,
            env=self.environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with self.running(*arguments) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A process that does not outlive the block, whatever has become of it."""
        with self.start(*arguments) as process:
            try:
                yield process
            finally:
                process.kill()
                if process.stderr and not process.stderr.closed:
                    log.debug("%s said:\n%s", arguments, process.stderr.read())

    # The database.

    def records(self) -> Records:
        store = Store(self.database_url)
        try:
            with store.read() as tx:
                [edition] = tx.editions.in_state(None, set(EditionState))
                return Records(
                    edition, tuple(tx.deliveries.latest()), tx.deliveries.counts(edition)
                )
        finally:
            store.close()

    def held_batches(self) -> int:
        """How many batches somebody has in hand, alive or not."""
        held = sa.select(sa.func.count()).where(
            batches.c.finished_at.is_(None), batches.c.lease_until.is_not(None)
        )
        return int(self._ask(held))

    def has_finished(self) -> bool:
        with suppress(StoreUnavailable):  # it may be restarting just now
            return self.records().edition.state is EditionState.FINISHED
        return False

    def let_pass(self, time: timedelta) -> None:
        """Bring forward by so much what is due later: nobody waits for it here."""
        engine = open_engine(self.database_url)
        with engine.begin() as connection:
            for column in (deliveries.c.due, batches.c.due):
                rows = connection.execute(
                    sa.select(column).distinct().where(column.is_not(None))
                ).scalars()
                for moment in rows.all():
                    connection.execute(
                        sa.update(column.table)
                        .where(column == moment)
                        .values({column.name: moment - time})
                    )
        engine.dispose()

    def _ask(self, query: sa.Select[tuple[int]]) -> int:
        engine = open_engine(self.database_url)
        with engine.connect().execution_options(read_only=True) as connection:
            found = connection.scalars(query).one()
        engine.dispose()
        return found


def readers(number: int) -> list[str]:
    return [f"reader{one}@example.org" for one in range(number)]


def wait_until(happened: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Wait for what other processes do; how long that took, in seconds."""
    pause, begin = threading.Event(), time.monotonic()
    while not happened():
        assert time.monotonic() - begin < seconds, f"not within {seconds} seconds: {what}"
        pause.wait(0.05)
    return time.monotonic() - begin


def finish(stage: Stage, *, seconds: float = PATIENCE) -> float:
    """Wait until the edition has ended; how long that took, in seconds."""
    took = wait_until(stage.has_finished, seconds=seconds, what="the edition ends")
    log.info("finished after %.1f seconds", took)
    return took


def check_promises(
    stage: Stage,
    people: Collection[str],
    copies: Mapping[str, int],
    *,
    unknown_at_most: int,
) -> Records:
    """Nobody is lost and nobody got it twice (P1 and P2), whatever happened on the way.

    `copies` is what the mail server took, by recipient; `unknown_at_most` what may have been in its
    hands when something broke: the open connections, each time.
    """
    records = stage.records()
    log.info("states: %s", {state.value: number for state, number in records.counts.items()})
    assert records.edition.state is EditionState.FINISHED
    assert Counter(one.recipient for one in records.deliveries) == dict.fromkeys(people, 1)
    assert records.counts == Counter(one.state for one in records.deliveries)
    assert records.counts.keys() <= ENDED
    assert sum(records.counts.values()) == len(people)

    twice = {recipient: number for recipient, number in copies.items() if number > 1}
    assert twice == {}
    accepted = records.recipients(DeliveryState.ACCEPTED)
    unknown = records.recipients(DeliveryState.UNKNOWN)
    assert accepted <= copies.keys(), "accepted, and the server has no copy"
    assert copies.keys() <= accepted | unknown, "the server has a copy, and we say it has not"
    assert len(unknown) <= unknown_at_most
    return records
