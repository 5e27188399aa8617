"""Processes that are killed while a network has a post of theirs in its hands."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dispatch.model.delivery.published import PublishedState
from dispatch.model.delivery.state import DeliveryState
from dispatch.store.transactions import Store
from journey_stage import SCHEDULES, Stage, finish, wait_until
from patience import PATIENCE

HEAD = SCHEDULES[: SCHEDULES.index("channels:")]
SOCIAL = f"""{HEAD}channels:
  toots:
    provider: mastodon
    options: {{{{server: "http://127.0.0.1:{{port}}", token: env:TOKEN}}}}
campaigns:
  weekly:
    feeds: [blog]
    approval: {{{{needed: {{approval}}}}}}
    social: [{{{{via: toots, template: plain}}}}]
"""


class Fediverse:
    """A server that posts once for each Idempotency-Key, and answers only when it is let."""

    def __init__(self) -> None:
        self.posts: Counter[str] = Counter()
        self.calls = 0
        self.go = threading.Event()
        network = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers["Idempotency-Key"]
                network.calls += 1
                network.posts[said["status"]] += key not in network.keys
                network.keys.add(key)
                network.go.wait(PATIENCE)
                body = json.dumps({"id": key, "url": f"https://social.example/@us/{key}"})
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.keys: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> "Fediverse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def network() -> Iterator[Fediverse]:
    with Fediverse() as network:
        yield network


def test_kill_9_while_a_network_has_a_post_in_its_hands(tmp_path, blog, network, sqlite_url):
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=network.port,
        database_url=sqlite_url,
        schedules=SOCIAL,
    )
    template = stage.folder / "templates" / "plain" / "snippet.txt"
    template.write_text("{{ post.title }}")
    stage.environ["TOKEN"] = "a token that opens nothing"
    blog.publish("First light")

    with stage.running("run", "weekly") as run:
        wait_until(lambda: network.calls == 1, seconds=PATIENCE, what="a post")
        run.kill()
    network.go.set()
    with stage.running("worker", "--threads", "1"):
        finish(stage)

    store = Store(sqlite_url)
    with store.read() as tx:
        rows = tx.published.of_edition(1)
    store.close()
    assert network.posts == {"First light": 1}
    assert network.calls == 2  # the lost one came again, under the same key
    assert stage.records().counts == {DeliveryState.ACCEPTED: 1}
    assert [row.state for row in rows] == [PublishedState.PUBLISHED]
