"""`dispatch up` as a real process: it serves, ticks, and ends when it is told to."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Timer

import httpx

from app_stage import KEY, change, opened
from dispatch.clock import system_clock
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.testing.clock import FakeClock
from patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Service:
    """A running service and where its pages are."""

    process: subprocess.Popen[str]
    address: str

    def read_until(self, words: str) -> str:
        """Wait for a line of the log with these words."""
        said = []
        too_late = Timer(PATIENCE, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stderr or ():
                if words in line:
                    return line
                said.append(line)
        finally:
            too_late.cancel()
            too_late.join()
        raise AssertionError(f"it did not say '{words}', but:\n{''.join(said)}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, *, under: Sequence[str] = ()) -> Iterator[Service]:
    dispatch = str(Path(sys.executable).with_name("dispatch"))
    command = [*under, dispatch, "-w", str(folder), "up"]
    environ = {**os.environ, "DISPATCH_SECRET_KEY": KEY, "DISPATCH_PORT": "0"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            service = Service(process, "")
            line = service.read_until("dispatch is up on ")
            yield Service(process, re.search(r"http://\S+", line)[0])
        finally:
            process.kill()


def test_it_serves_its_pages_and_ends_on_sigterm(workspace):
    with opened(workspace, FakeClock()) as app:
        list(app.people.import_files())
        with app.store.read() as tx:
            reader = tx.subscribers.find("reader@readers.example")
    path = f"/unsubscribe/{SignedLinks('', [KEY]).unsubscribe_token(reader.public_id, 'readers')}"

    with running(workspace) as service:
        health = httpx.get(f"{service.address}/health")
        looked = httpx.get(service.address + path)
        clicked = httpx.post(service.address + path, data={"List-Unsubscribe": "One-Click"})
        code = service.stop()

    assert (health.json(), looked.status_code, clicked.status_code) == ({"status": "ok"}, 200, 200)
    assert code == 0
    with opened(workspace, FakeClock()) as app, app.store.read() as tx:
        assert tx.subscribers.audiences() == {"readers": 7}


def test_it_says_how_the_first_owner_joins_and_writes_to_the_team(workspace):
    ours = {"Sec-Fetch-Site": "same-origin"}
    owner = {"name": "Ada", "email": "ada@atelier.example", "handle": "ada"}
    owner |= {"password": "a boat of blue paper"}

    with running(workspace) as service:
        line = service.read_until("/team/first with the code ")
        first, code = line.split()[0], line.split()[-1]
        joined = httpx.post(first, data=owner | {"code": code}, headers=ours)
        httpx.post(f"{service.address}/team/reset", data=owner, headers=ours)
        service.read_until("team_mail.accepted")
        service.stop()

    assert joined.headers["location"] == "/team?said=first_owner"
    assert len(list(workspace.glob("outbox/mail/new/*.eml"))) == 1


def test_it_delivers_an_edition_whose_time_has_come_and_ends_on_ctrl_c(workspace):
    an_hour_ago = system_clock() - timedelta(hours=1)
    at = (an_hour_ago + timedelta(minutes=50)).strftime("%H:%M")
    change(workspace, 'every: tuesday, at: "09:00"', f'every: day, at: "{at}", timezone: UTC')
    with opened(workspace, FakeClock(an_hour_ago)):
        pass  # the campaign follows its feeds since then

    with running(workspace) as service:
        service.read_until("edition.composed")
        service.read_until("delivery.settled")
        code = service.stop(signal.SIGINT)

    assert code == 0
    assert len(list(workspace.glob("outbox/mail/new/*.eml"))) == 8


def test_it_asks_for_all_the_descriptors_it_may_have(workspace):
    few = ["sh", "-c", 'ulimit -Sn 300 && ulimit -Hn 2000 && exec "$@"', "sh"]

    with running(workspace, under=few) as service:
        limits = resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE)

    assert limits == (2000, 2000)


def test_a_port_in_use_is_said_before_anything_is_sent(dispatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ended = dispatch("up", "--port", str(port))

    assert ended.code == 1
    assert ended.err == (
        f"127.0.0.1:{port}: cannot listen there (Address already in use) - choose another\n"
    )
    assert dispatch("posts", "list", "--json").json == []


def test_a_port_that_is_none_is_bad_input(dispatch):
    assert dispatch("up", "--port", "99999").code == 2
