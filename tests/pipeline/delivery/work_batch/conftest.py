"""A batch to work on, with a ledger and a guard that remember what was asked of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest

from delivery_samples import in_hand, item_for
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.message import Mail
from dispatch.model.workspace.database_identity import Identity
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.delivery.repeated_refusals import RepeatedRefusals
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.turns import Turns
from dispatch.pipeline.delivery.work_batch import BatchWork
from dispatch.store.delivery.ledger import Chunk
from dispatch.testing.fakes import recording_channel
from dispatch.testing.wires import RecordingWire, WiredProvider

LEASE = timedelta(minutes=2)
NO_LIMIT = SimpleNamespace(pulled=lambda *_: False, is_time=lambda *_: False)


def no_database():
    """What is asked of it does without an answer."""
    raise StoreUnavailable("there is none")


@dataclass
class FakeLedger:
    """Grants all that is asked for, but for `withheld`, and remembers every commit."""

    clock: object
    withheld: set[int] = field(default_factory=set)
    held: bool = True
    lease: timedelta | None = LEASE
    lease_until: object = None
    grown: Identity | None = None
    commits: list[tuple] = field(default_factory=list)
    ahead: list[list[int]] = field(default_factory=list)
    before_return: object = lambda: None

    def commit(self, wanted, taken, settled, *, now, lease, ahead):
        self.ahead.append(list(ahead()))
        states = {one.delivery.id: one for one in settled}
        self.commits.append((list(wanted), dict(taken), states))
        self.lease_until = None if self.lease is None else now + self.lease
        granted = frozenset(wanted) - self.withheld if self.held else frozenset()
        left = len(set(wanted) & self.withheld) if self.held else 0
        self.before_return()
        return Chunk(granted, left, self.held, self.grown if granted else None)

    @staticmethod
    def delivery(item, now):
        return in_hand(item.id, changed=now)

    @property
    def taken(self):
        return {key: name for _, taken, _ in self.commits for key, name in taken.items()}

    @property
    def settled(self):
        return {key: one for *_, settled in self.commits for key, one in settled.items()}


@dataclass
class FakeGuard:
    """Notes whatever it is told to remember, or cannot."""

    noted: list[tuple] = field(default_factory=list)
    error: Exception | None = None
    workspace: str = "here"

    def note(self, grown, store, *, durable, on_disk):
        if self.error:
            raise self.error
        self.noted.append((grown, durable))


class Stage:
    """A batch of some people, over wires that hand over one mail at a time."""

    def __init__(self, clock, people=3, connections=1):
        self.clock = clock
        self.ledger = FakeLedger(clock)
        self.guard = FakeGuard()
        self.provider = WiredProvider()
        self.wire = RecordingWire(self.provider, connections)
        self.people = people
        self.keep_going = lambda: True
        self.progress = []
        self.make = self.mail_to
        self.queue = Queue

    def work(self, window=timedelta(0), *, reserves=0):
        channel = recording_channel()
        store = SimpleNamespace(is_shared=False, begin=no_database)
        items = [item_for(number) for number in range(1, self.people + 1)]
        tools = SendingTools(
            store=store,
            guard=self.guard,
            links=None,
            renderer=None,
            clock=self.clock,
            lease=LEASE,
            window_of=lambda _: window,
            keep_going=self.keep_going,
            wait=lambda seconds: self.clock.advance(timedelta(seconds=seconds)),
            progress=self.progress.append,
        )
        queue = self.queue(items, channel=channel, store=store, clock=self.clock, timezone="UTC")
        one = BatchWork(
            self.wire,
            self.ledger,
            queue,
            make=self.make,
            window=window,
            tools=tools,
            refusal_limit=NO_LIMIT,
            repeated=RepeatedRefusals(),
            reserves=lambda: reserves,
        )
        Turns(self.wire, tools).work(one)
        return one

    def delivery(self, number):
        return in_hand(number, changed=self.clock())

    @staticmethod
    def mail_to(delivery):
        return Mail(f"m{delivery.id}", "us@example.org", delivery.recipient, (b"x",))

    @property
    def reached(self):
        return sorted(mail.recipient for mail in self.provider.taken)


@pytest.fixture
def stage(clock):
    return Stage(clock)
