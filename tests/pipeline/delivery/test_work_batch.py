"""One batch worked off, chunk by chunk, with a ledger that answers as it is told."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest

from dispatch.channels.provider import READY
from dispatch.errors import (
    BadInput,
    MessageUnusable,
    OutcomeUnknown,
    ProviderUnavailable,
    RenderingStopped,
    TemplateFailed,
    TryLater,
    UnknownDatabase,
)
from dispatch.model.delivery.message import Accepted, Mail, Refused
from dispatch.model.delivery.state import BACK_OFF, Delivery
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.workspace.database_identity import Identity
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.delivery.repeated_refusals import RepeatedRefusals
from dispatch.pipeline.delivery.settle import ASLEEP
from dispatch.pipeline.delivery.work_batch import BatchWork, SendingTools
from dispatch.store.delivery.ledger import Chunk
from dispatch.testing.fakes import recording_channel
from dispatch.testing.wires import RecordingWire, WiredProvider

LEASE = timedelta(minutes=2)
NO_LIMIT = SimpleNamespace(pulled=lambda *_: False)


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
    before_return: object = lambda: None

    def commit(self, wanted, taken, settled, *, now, lease):
        states = {one.delivery.id: one for one in settled}
        self.commits.append((list(wanted), dict(taken), states))
        self.lease_until = None if self.lease is None else now + self.lease
        granted = frozenset(wanted) - self.withheld if self.held else frozenset()
        left = len(set(wanted) & self.withheld) if self.held else 0
        self.before_return()
        return Chunk(granted, left, self.held, self.grown if granted else None)

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

    def note(self, grown, store, *, durable):
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

    def work(self, window=timedelta(0)):
        channel = recording_channel()
        store = SimpleNamespace(is_shared=False)
        items = [(self.delivery(number), None) for number in range(1, self.people + 1)]
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
        queue = Queue(items, channel=channel, store=store, clock=self.clock, timezone="UTC")
        one = BatchWork(
            self.wire,
            self.ledger,
            queue,
            make=lambda delivery, _: self.make(delivery),
            window=window,
            tools=tools,
            refusal_limit=NO_LIMIT,
            repeated=RepeatedRefusals(),
        )
        one.work()
        return one

    def delivery(self, number):
        return Delivery(
            id=number,
            edition_id="e1",
            channel="mail",
            recipient=f"r{number}@example.org",
            part="",
            subscriber_id=number,
            state=State.SENDING,
            attempt=1,
            fence=3,
            changed=self.clock(),
        )

    @staticmethod
    def mail_to(delivery):
        return Mail(f"m{delivery.id}", "us@example.org", delivery.recipient, (b"x",))

    @property
    def reached(self):
        return sorted(mail.recipient for mail in self.provider.taken)


@pytest.fixture
def stage(clock):
    return Stage(clock)


def test_each_is_written_down_before_it_is_handed_over_and_after_it_came_out(stage):
    handed_over = []
    hand_over = stage.wire.hand_over

    def watched(mails):
        handed_over.append((len(stage.ledger.commits), [mail.id for mail in mails]))
        hand_over(mails)

    stage.wire.hand_over = watched

    work = stage.work()

    assert stage.ledger.commits == [
        ([1], {}, {}),
        ([2], {1: "taken-m1"}, {}),
        ([3], {2: "taken-m2"}, {}),
        ([], {3: "taken-m3"}, {}),
    ]
    assert handed_over == [(1, ["m1"]), (2, ["m2"]), (3, ["m3"])]
    assert (work.ended, work.answered, work.refused) == (3, 3, 0)
    assert (work.halted, work.trouble, stage.progress) == (False, None, [1, 1, 1])


def test_what_is_not_granted_is_not_handed_over(stage):
    stage.ledger.withheld = {2}

    work = stage.work()

    assert stage.reached == ["r1@example.org", "r3@example.org"]
    assert (work.ended, work.answered, work.halted) == (3, 2, False)


def test_a_batch_that_is_somebody_elses_by_now_is_left_alone(stage):
    stage.ledger.held = False

    work = stage.work()

    assert (stage.reached, work.halted, work.ended) == ([], True, 0)
    assert len(stage.ledger.commits) == 1


class TestLease:
    @pytest.mark.parametrize("passed", [LEASE, LEASE + timedelta(seconds=1)])
    def test_nothing_is_handed_over_once_it_has_run_out(self, stage, passed):
        stage.ledger.before_return = lambda: stage.clock.advance(passed)

        work = stage.work()

        assert (stage.reached, work.halted, work.ended) == ([], True, 0)
        back = stage.ledger.settled[1]
        assert (back.state, back.reason, back.counted) == (State.PENDING, ASLEEP, False)
        assert back.due is not None

    def test_until_then_it_is(self, stage):
        stage.people = 1
        stage.ledger.before_return = lambda: stage.clock.advance(LEASE - timedelta(seconds=1))

        work = stage.work()

        assert (stage.reached, work.halted) == (["r1@example.org"], False)

    def test_nothing_is_handed_over_without_one(self, stage):
        stage.ledger.lease = None

        work = stage.work()

        assert (stage.reached, work.halted) == ([], True)
        assert stage.ledger.settled[1].reason == ASLEEP

    def test_it_is_renewed_while_answers_take_their_time(self, stage, clock):
        stage.people = 1
        stage.provider.silent = True
        poll, looks = stage.wire.poll, []

        def slow(seconds):
            looks.append(seconds)
            clock.advance(timedelta(seconds=10))
            stage.provider.silent = len(looks) < 12
            return poll(seconds)

        stage.wire.poll = slow

        stage.work()

        assert stage.ledger.commits[1:] == [([], {}, {}), ([], {1: "taken-m1"}, {})]


class TestMemory:
    GROWN = Identity("db", 7)

    def test_how_old_the_database_is_is_remembered_before_anything_leaves(self, stage):
        stage.ledger.grown = self.GROWN
        taken = []
        note = stage.guard.note

        def watched(grown, store, *, durable):
            taken.append(len(stage.provider.taken))
            note(grown, store, durable=durable)

        stage.guard.note = watched

        stage.work()

        assert taken == [0, 1, 2]
        assert stage.guard.noted == [(self.GROWN, False)] * 3

    def test_now_and_then_it_outlives_a_power_cut(self, stage, clock):
        stage.ledger.grown = self.GROWN
        stage.ledger.before_return = lambda: clock.advance(timedelta(seconds=0.1))

        stage.work()

        assert [durable for _, durable in stage.guard.noted] == [False, True, False]

    @pytest.mark.parametrize(
        "error", [BadInput(["workspace: full"]), UnknownDatabase("workspace: full")]
    )
    def test_where_it_cannot_be_remembered_nothing_leaves(self, stage, error):
        stage.ledger.grown = self.GROWN
        stage.guard.error = error

        work = stage.work()

        assert (stage.reached, work.halted, work.ended) == ([], True, 0)
        back = stage.ledger.settled[1]
        assert back.reason == "workspace: full; nothing was handed over"
        assert (back.state, back.counted) == (State.PENDING, False)


class TestAnswers:
    def test_a_refusal_at_the_door_is_written_with_its_intent(self, stage):
        stage.provider.on("r2@example.org", Refused("no such user"))

        work = stage.work()

        assert stage.ledger.settled[2].state is State.REFUSED
        assert any(2 in wanted and 2 in settled for wanted, _, settled in stage.ledger.commits)
        assert (work.ended, work.answered, work.refused) == (3, 3, 1)

    def test_one_to_be_tried_later_leaves_the_others_going(self, stage, clock):
        stage.provider.on("r2@example.org", TryLater("full"))

        work = stage.work()

        later = stage.ledger.settled[2]
        assert (later.state, later.due) == (State.PENDING, clock() + BACK_OFF[0])
        assert (work.halted, work.trouble, work.ended) == (False, None, 2)
        assert len(stage.reached) == 2

    def test_a_lost_answer_halts_the_channel(self, stage):
        error = OutcomeUnknown("lost")
        stage.provider.on("r1@example.org", error)

        work = stage.work()

        assert stage.ledger.settled[1].state is State.UNKNOWN
        assert (work.halted, work.trouble) == (True, error)
        assert "r3@example.org" not in stage.reached  # the second was at the door by then

    def test_a_lost_answer_is_harmless_from_the_hand_over_on(self, stage, clock):
        stage.people = 1
        stage.provider.on("r1@example.org", OutcomeUnknown("lost"))
        handed_over = clock()
        stage.wire.hand_over = _and_then(
            stage.wire.hand_over, lambda: clock.advance(timedelta(seconds=5))
        )

        stage.work(window=timedelta(minutes=1))

        again = stage.ledger.settled[1]
        assert (again.state, again.repeats_until) == (
            State.PENDING, handed_over + timedelta(minutes=1),
        )  # fmt: skip

    def test_a_service_that_is_down_has_taken_nothing(self, stage):
        error = ProviderUnavailable("down")
        stage.provider.on("r1@example.org", error)

        work = stage.work()

        assert (work.halted, work.trouble, work.ended) == (True, error, 0)
        assert stage.ledger.commits == []

    def test_an_event_of_a_stranger_changes_nothing(self, stage):
        poll, stranger = stage.wire.poll, stage.mail_to(stage.delivery(9))
        stage.wire.poll = lambda seconds: [
            (stranger, READY), (stranger, Accepted("x")), *poll(seconds),
        ]  # fmt: skip

        work = stage.work()

        assert stage.ledger.taken == {1: "taken-m1", 2: "taken-m2", 3: "taken-m3"}
        assert work.answered == 3

    def test_a_name_has_nothing_in_it_that_cannot_be_printed(self, stage):
        stage.people = 1
        stage.provider.on("r1@example.org", Accepted("a\x00b"))

        stage.work()

        assert stage.ledger.taken == {1: "ab"}

    def test_after_it_was_asked_to_stop_answers_are_still_waited_for(self, stage):
        stage.keep_going = lambda: not stage.provider.taken

        work = stage.work()

        assert stage.ledger.taken == {1: "taken-m1"}
        assert (work.halted, work.ended, stage.reached) == (True, 1, ["r1@example.org"])


class TestMaking:
    @pytest.mark.parametrize(
        ("error", "state", "reason"),
        [
            (MessageUnusable("no such address"), State.REFUSED, "no such address"),
            (TemplateFailed("no subject"), State.FAILED, "no subject"),
            (KeyError("x"), State.FAILED, "KeyError while making the message"),
        ],
    )
    def test_what_cannot_be_made_is_settled_and_the_others_go_out(
        self, stage, error, state, reason
    ):
        stage.make = self.failing(stage, error)

        work = stage.work()

        settlement = stage.ledger.settled[2]
        assert (settlement.state, settlement.reason) == (state, reason)
        assert any(2 in wanted and 2 in settled for wanted, _, settled in stage.ledger.commits)
        assert stage.reached == ["r1@example.org", "r3@example.org"]
        assert (work.ended, work.halted) == (3, False)

    def test_what_is_not_made_because_dispatch_stops_waits(self, stage):
        stage.make = self.failing(stage, RenderingStopped("stops"))

        work = stage.work()

        assert work.halted
        assert stage.ledger.settled == {}
        assert 2 not in stage.ledger.taken

    @staticmethod
    def failing(stage, error):
        def make(delivery):
            if delivery.id == 2:
                raise error
            return stage.mail_to(delivery)

        return make


def _and_then(call, act):
    def both(*given):
        call(*given)
        act()

    return both
