"""Programs are told all that happened, however often the one that tells them is killed."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import sqlalchemy as sa

from app_stage import change, workspace_in
from dispatch.app import open_app
from dispatch.model.notify.types import Type
from dispatch.pipeline.notify.tell import LARGEST
from dispatch.store.database.schema import notifications
from notify_stage import SECRET
from patience import PATIENCE

NUMBER, KILLS = 120, 3
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Receiver(ThreadingHTTPServer):
    """Remembers what it took, and kills who tells it in the middle of some call."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.took: list[tuple[str, str]] = []
        self.kill_at = 0
        self.teller: subprocess.Popen | None = None
        self.lock = threading.Lock()

    def handle_error(self, *_):
        """Who was killed has cut off its calls."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        receiver = self.server
        with receiver.lock:
            receiver.took.append((self.headers["webhook-id"], body["data"]["id"]))
            dies = receiver.kill_at and len(receiver.took) >= receiver.kill_at
        if dies:
            os.kill(receiver.teller.pid, signal.SIGKILL)
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_nothing_is_lost_by_kill_9_and_what_is_told_twice_has_one_name(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    environ = {**os.environ, "DISPATCH_PRIVATE_NETWORKS": "127.0.0.1", "CRM_SECRET": SECRET}
    rng, command = random.Random(9), [sys.executable, "-m", "dispatch", "-w", str(folder)]
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{receiver.server_port}/hook"
        told = f"notify: {{crm: {{url: '{at}', secret: env:CRM_SECRET, private: true}}}}\n"
        change(folder, "campaigns:", f"{told}campaigns:")
        with open_app(folder, environ=environ) as app, app.store.begin() as tx:
            wanted = [(str(number), {"id": str(number)}) for number in range(NUMBER)]
            tx.notifications.add_many(Type.POST_ARRIVED, wanted, now=app.clock())
        for kill in range(KILLS + 1):
            ahead = rng.randrange(1, NUMBER // KILLS)
            receiver.kill_at = len(receiver.took) + ahead if kill < KILLS else 0
            receiver.teller = subprocess.Popen([*command, "notify", "send"], env=environ)
            receiver.teller.wait(PATIENCE)
            with open_app(folder, environ=environ) as app, app.store.begin() as tx:
                # As if two minutes had passed: what it had in its hands is free again.
                held = notifications.c.lease_until.is_not(None)
                past = {"lease_until": LONG_AGO}
                tx._connection.execute(sa.update(notifications).where(held).values(past))
        receiver.shutdown()

    names = dict(receiver.took)
    assert sorted(names.values(), key=int) == [str(number) for number in range(NUMBER)]
    assert len(set(receiver.took)) == NUMBER  # by one name each
    assert NUMBER <= len(receiver.took) <= NUMBER + KILLS * LARGEST
