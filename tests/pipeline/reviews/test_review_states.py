"""Whatever people and the clock do to an edition: nothing leaves that was not approved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dispatch import ids
from dispatch.errors import Conflict
from dispatch.model.campaigns.approval import ApprovalRule, Otherwise
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.message import EmailMessage
from dispatch.model.editions.edition import MOVES, Edition, EditionState
from dispatch.model.intake.feed import Feed
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.pause import cancel_edition, go_on_with_edition, pause_edition
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import (
    approve_edition,
    decide_overdue,
    reject_edition,
    request_changes,
)
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.fakes import RecordingProvider, recording_channel
from pipeline_samples import CAMPAIGN, GUARD, LINKS, PUBLISHER, TEMPLATE, entry, subscribe

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=2)
EDITORS = ("ada", "bob", "eve")
ENDED = {EditionState.REJECTED, EditionState.CANCELLED, EditionState.FINISHED}
editors = st.sampled_from(EDITORS)


class Reviewed(RuleBasedStateMachine):
    """One edition at a time, three editors, and a provider that looks at what it is handed.

    `approved` is the subject that somebody who may do so has approved last, and that nobody has
    edited or objected to since; each edit makes another subject.
    """

    store: Store
    seen: EditionState | None = None

    @precondition(lambda self: self.seen is None or self.seen in ENDED)
    @rule(
        needed=st.booleans(),
        by=st.sampled_from([(), ("ada", "bob")]),
        other=st.booleans(),
        otherwise=st.sampled_from(Otherwise),
    )
    def make(self, needed: bool, by: tuple[str, ...], other: bool, otherwise: Otherwise) -> None:
        self.clock = FakeClock()
        self.rule = ApprovalRule(by, other, 2 * HOUR, otherwise)
        self.needed_nobody = not needed
        self.deadline = self.clock() + 2 * HOUR if needed else None
        self.edits, self.author, self.objected = 0, "", False
        self.handed_over: list[str] = []
        self.provider = RecordingProvider()
        send = self.provider.send
        self.provider.send = lambda batch: (self.look_at(batch), send(batch))[1]
        self.name = name = f"c{ids.new()}"
        with self.store.begin() as tx:
            tx.feeds.follow(name, [name], now=self.clock())
            posts = [entry(f"{name}-{number}") for number in (1, 2)]
            keep_entries(name, posts, backfill=None, tx=tx, now=self.clock())
        composed = compose_edition(
            replace(CAMPAIGN, name=name, feeds=(name,), approval_needed=needed, approval=self.rule),
            slot_at(self.clock(), "UTC"),
            store=self.store,
            materials=Materials(PUBLISHER, {name: Feed(name, "file:x")}, lambda _: TEMPLATE),
            clock=self.clock,
            ids=ids.new,
        )
        self.id = composed.edition.id
        self.subject = composed.edition.content.posts[0].title
        self.approved = "" if needed else self.subject
        self.pinned = self.edition.approved_fingerprint
        self.seen = self.edition.state

    @property
    def edition(self) -> Edition:
        with self.store.read() as tx:
            return tx.editions.get(self.id)

    def look_at(self, batch: list[EmailMessage]) -> None:
        """What the provider gets is what was approved, and that as a whole."""
        assert self.approved
        assert {message.subject for message in batch} == {self.approved}
        assert self.edition.fingerprint == self.pinned == self.edition.approved_fingerprint
        self.handed_over.append(self.approved)

    def allowed(self, call: object) -> bool:
        """Whether the edition let it happen."""
        try:
            call()
        except Conflict:
            return False
        return True

    @precondition(lambda self: self.seen)
    @rule(by=editors)
    def edit(self, by: str) -> None:
        subject = f"Subject {self.edits + 1}"
        changes = Changes(subject=subject)
        if self.allowed(
            lambda: edit_edition(self.id, changes, by=by, store=self.store, clock=self.clock)
        ):
            assert not self.handed_over
            self.edits, self.author = self.edits + 1, by
            at_once = self.needed_nobody and self.seen is EditionState.APPROVED
            self.approved = subject if at_once else ""
            self.subject, self.pinned = subject, self.edition.fingerprint if at_once else ""
            if self.deadline and self.deadline <= self.clock():
                self.deadline = None

    @precondition(lambda self: self.seen)
    @rule(by=editors | st.none())
    def approve(self, by: str | None) -> None:
        by = by or self.author or "eve"
        if self.allowed(
            lambda: approve_edition(self.id, by=by, store=self.store, clock=self.clock)
        ):
            assert not self.rule.by or by in self.rule.by
            assert not (self.rule.other_than_author and by == self.author)
            assert self.seen is EditionState.IN_REVIEW
            self.approved, self.pinned = self.subject, self.edition.fingerprint
            self.objected, self.needed_nobody = False, False

    @precondition(lambda self: self.seen)
    @rule(by=editors)
    def request(self, by: str) -> None:
        tools = {"store": self.store, "clock": self.clock}
        if self.allowed(lambda: request_changes(self.id, note="no", by=by, **tools)):
            assert not self.handed_over
            self.approved, self.pinned, self.objected = "", "", True

    @precondition(lambda self: self.seen and self.edits)
    @rule()
    def reject(self) -> None:
        if self.allowed(lambda: reject_edition(self.id, reason="", store=self.store)):
            self.approved = ""

    @precondition(lambda self: self.seen)
    @rule(hours=st.sampled_from([1, 3]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours * HOUR)
        for one in decide_overdue(store=self.store, clock=self.clock):
            if one.edition.id != self.id:
                continue  # of an earlier example
            assert self.deadline
            assert self.deadline <= self.clock()
            if one.edition.state is EditionState.APPROVED:
                assert self.rule.otherwise is Otherwise.SEND
                assert not self.objected
                assert not (self.rule.other_than_author and self.author)
                self.approved, self.pinned = self.subject, one.edition.fingerprint
            else:
                self.approved = ""

    @precondition(lambda self: self.seen)
    @rule(hand_overs=st.integers(0, 3))
    def deliver(self, hand_overs: int) -> None:
        left = iter(range(hand_overs))

        def address_and_deliver() -> None:
            deliver_edition(
                address_edition(self.id, store=self.store, clock=self.clock),
                store=self.store,
                open_channel=lambda _: recording_channel(self.provider),
                guard=GUARD,
                links=LINKS,
                clock=self.clock,
                lease=LEASE,
                keep_going=lambda: next(left, None) is not None,
            )

        self.allowed(address_and_deliver)

    @precondition(lambda self: self.seen is EditionState.SENDING)
    @rule()
    def pause(self) -> None:
        self.allowed(lambda: pause_edition(self.id, reason="", store=self.store, clock=self.clock))

    @precondition(lambda self: self.seen in {EditionState.PAUSED, EditionState.APPROVED})
    @rule()
    def resume(self) -> None:
        self.allowed(lambda: go_on_with_edition(self.id, store=self.store, clock=self.clock))

    @precondition(lambda self: self.seen and self.edits)
    @rule()
    def cancel(self) -> None:
        self.allowed(lambda: cancel_edition(self.id, reason="", store=self.store, clock=self.clock))

    @invariant()
    def it_goes_where_the_table_lets_it_and_nobody_gets_two(self) -> None:
        if self.seen is None:
            return
        edition = self.edition
        assert edition.state in _reachable(self.seen)
        self.seen = edition.state
        assert bool(edition.approved_fingerprint) == bool(self.pinned)
        assert max(self.provider.copies.values(), default=0) <= 1


def _reachable(start: EditionState) -> set[EditionState]:
    found, ways = {start}, [start]
    while ways:
        news = MOVES[ways.pop()] - found
        found |= news
        ways += news
    return found


@pytest.fixture
def filled(sqlite_url) -> Iterator[Store]:
    """A store for all examples: each has a campaign of its own."""
    store = Store(sqlite_url)
    subscribe(store, FakeClock(), "ada@example.org", "bob@example.org")
    yield store
    store.close()


def test_no_path_sends_what_was_not_approved(filled):
    class OnThisStore(Reviewed):
        store = filled

    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=50,
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
        ),
    )
