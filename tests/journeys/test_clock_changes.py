"""A live service whose clock jumps over both changes of the clocks, and over nights without it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.clock import system_clock
from dispatch.store.editions.runs import Run
from dispatch.store.transactions import Store
from journey_stage import Blog, Mailbox, Stage, wait_until
from patience import PATIENCE

# Debian: /usr/lib/x86_64-linux-gnu/faketime
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

PARIS = ZoneInfo("Europe/Paris")
DAILY = '    schedule: {every: day, at: "02:30"}\n'
EMAIL = "{audience: readers, template: plain, via: mail}"

pytestmark = pytest.mark.skipif(not FAKETIME, reason="libfaketime is missing: a Debian package")


class Service:
    """`dispatch up` under a clock of its own, and what it has done."""

    def __init__(self, stage: Stage, blog: Blog, mailbox: Mailbox, hands: Path) -> None:
        self._stage = stage
        self._blog = blog
        self._mailbox = mailbox
        self._hands = hands
        self._posts = 0
        self._marks = 0
        stage.environ |= {
            "LD_PRELOAD": str(FAKETIME[0]),
            "FAKETIME_TIMESTAMP_FILE": str(hands),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
        }

    def set_clock(self, local: str, *, fold: int = 0) -> None:
        """What the clock on the wall in Paris shows from now on; it goes on from there."""
        shown = datetime.fromisoformat(local).replace(tzinfo=PARIS, fold=fold)
        # Renamed, as the service reads it all the time.
        new = self._hands.with_suffix(".new")
        new.write_text(f"{(shown - system_clock()).total_seconds():+.3f}\n")
        new.rename(self._hands)

    @contextmanager
    def up(self) -> Iterator[None]:
        with self._stage.running("up", "--port", "0") as process:
            yield
            process.terminate()
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0

    def publish(self) -> None:
        self._posts += 1
        self._blog.publish(f"Post {self._posts}")

    def rests(self) -> None:
        """Wait until it has ticked: a tick begins by taking up changes of the file."""
        for _ in range(2):  # when the second begins, the first has ended
            self._marks += 1
            name = f"mark{self._marks}"
            with (self._stage.folder / "schedules.yaml").open("a") as file:
                file.write(f"  {name}: {{feeds: [blog], email: {EMAIL}}}\n")
            wait_until(lambda name=name: self._knows(name), seconds=PATIENCE, what="a tick")

    def _knows(self, campaign: str) -> bool:
        with self._store() as store, store.read() as tx:
            return campaign in tx.runs.answered_until([campaign], now=system_clock())

    def runs(self) -> list[Run]:
        """Oldest first."""
        with self._store() as store, store.read() as tx:
            return tx.runs.latest(limit=1000)[::-1]

    def _store(self) -> AbstractContextManager[Store]:
        return closing(Store(self._stage.database_url))

    def last_run(self, slot: str) -> Run:
        """Wait for the run of a slot."""

        def ran() -> bool:
            runs = self.runs()
            return bool(runs) and runs[-1].slot == f"{slot}[Europe/Paris]"

        wait_until(ran, seconds=PATIENCE, what=f"a run for {slot}")
        return self.runs()[-1]

    def delivers(self, slot: str, *, mails: int) -> None:
        """Wait for the edition of a slot; `mails` is how many have been sent by then in all."""
        run = self.last_run(slot)
        assert run.edition is not None, run.skipped
        self._mailbox.reached(mails, seconds=PATIENCE)
        assert len(self._mailbox.mails) == mails


@pytest.fixture
def service(tmp_path, blog, sqlite_url) -> Iterator[Service]:
    with Mailbox() as mailbox:
        stage = Stage(
            tmp_path,
            feed=blog.address,
            port=mailbox.port,
            database_url=sqlite_url,
            lease_seconds=2,
        )
        file = tmp_path / "schedules.yaml"
        file.write_text(file.read_text() + DAILY)
        stage.subscribe("ada@example.org")
        yield Service(stage, blog, mailbox, tmp_path / "hands-of-the-clock")


def test_each_local_day_has_its_run_in_spring_and_in_autumn(service):
    service.publish()
    service.set_clock("2026-03-27T12:00")
    with service.up():
        service.rests()
        service.set_clock("2026-03-28T02:29:59")
        service.delivers("2026-03-28T02:30", mails=1)
        service.publish()
        service.set_clock("2026-03-29T01:59:58")  # half past two does not exist on that day
        service.delivers("2026-03-29T02:30", mails=2)
        service.publish()
        service.set_clock("2026-03-30T02:29:59")
        service.delivers("2026-03-30T02:30", mails=3)

        service.set_clock("2026-10-24T12:00")
        missed = service.last_run("2026-10-24T02:30")
        service.publish()
        service.set_clock("2026-10-25T02:29:59", fold=0)
        service.delivers("2026-10-25T02:30", mails=4)
        service.publish()
        service.set_clock("2026-10-25T02:29:59", fold=1)
        service.rests()
        service.set_clock("2026-10-26T02:29:59")
        service.delivers("2026-10-26T02:30", mails=5)

    assert missed.skipped == "could not run within 6 h of its time (late:)"
    slots = [run.slot for run in service.runs()]
    assert len(slots) == len(set(slots))
    assert len(slots) == (date(2026, 10, 26) - date(2026, 3, 27)).days


def test_after_nights_without_it_the_service_runs_late_or_says_why_not(service):
    service.publish()
    service.set_clock("2026-11-23T12:00")
    with service.up():
        service.rests()
    service.publish()
    service.set_clock("2026-11-24T07:00")
    with service.up():
        service.delivers("2026-11-24T02:30", mails=1)
    service.publish()
    service.set_clock("2026-11-26T20:00")
    with service.up():
        too_late = service.last_run("2026-11-26T02:30")
        service.set_clock("2026-11-27T02:29:59")
        service.delivers("2026-11-27T02:30", mails=2)

    assert too_late.skipped == "could not run within 6 h of its time (late:)"
    assert [run.skipped for run in service.runs()] == [
        "",
        "was missed; the next slot has its posts",
        too_late.skipped,
        "",
    ]


def test_a_clock_that_was_put_back_does_not_stop_the_service(service):
    service.publish()
    service.set_clock("2026-11-30T12:00")
    with service.up():
        service.rests()
        service.set_clock("2026-11-23T12:00")
        service.rests()
        service.set_clock("2026-11-24T02:29:59")
        service.delivers("2026-11-24T02:30", mails=1)
