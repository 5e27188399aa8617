"""A stage for journeys: a workspace, a feed on a real web server, and a real mail server."""

import os
import subprocess
import sys
import threading
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller

SCHEDULES = """\
timezone: Europe/Paris
sender: {{name: The Letter, email: letter@news.example}}
public_url: https://news.example
feeds:
  blog: {{url: "{feed}", backfill: all}}
channels:
  mail: {{provider: smtp, options: {{host: 127.0.0.1, port: {port}, security: none}}}}
campaigns:
  weekly:
    feeds: [blog]
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
    """A blog with an RSS feed at `address`, which grows when `publish` is called."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        blog = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = blog.feed().encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
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
            f"<item><title>{title}</title><link>https://blog.example/{number}</link>"
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

    def reached(self, number: int, *, seconds: float = 60) -> None:
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


class Stage:
    """A workspace whose command line is run as a real process."""

    def __init__(self, folder: Path, *, feed: str, port: int, database_url: str) -> None:
        self.folder = folder
        (folder / "templates" / "plain").mkdir(parents=True)
        (folder / "subscribers").mkdir()
        for name, source in TEMPLATE.items():
            (folder / "templates" / "plain" / name).write_text(source)
        (folder / "schedules.yaml").write_text(SCHEDULES.format(feed=feed, port=port))
        self.environ = os.environ | {
            "DISPATCH_DATABASE_URL": database_url,
            "DISPATCH_LEASE_SECONDS": "10",
        }

    def subscribe(self, *emails: str) -> None:
        rows = "\n".join(("email", *emails))
        (self.folder / "subscribers" / "readers.csv").write_text(f"{rows}\n")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dispatch", *arguments],
            cwd=self.folder,
            env=self.environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
