"""Whatever people and files do, in whatever order: no reader without consent, nobody who left."""

import shutil
import tempfile
from datetime import UTC, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.leave import leave, undo_leaving
from dispatch.pipeline.people.pause import end_pauses, pause_until, resume
from dispatch.pipeline.people.save_preferences import Wishes, save_preferences
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from people_stage import AUDIENCES, WORKSPACE, find, move, readers, states
from pipeline_samples import MARKERS, Forgetful, bring_in, row

EMAILS = ("ada@readers.example", "bob@readers.example", "cleo@readers.example")
CONSENTING = {"active", "resumed"}
people, audiences = st.sampled_from(EMAILS), st.sampled_from(AUDIENCES)


class Consent(RuleBasedStateMachine):
    """`out` is who must not be written to: they left, moved away, or were erased."""

    template: Path

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "dispatch.db"
        shutil.copy(self.template, file)
        self.store, self.clock = Store(f"sqlite:///{file}"), FakeClock()
        self.endings = Endings(Forgetful(), MARKERS, self.clock)
        self.tools = {"store": self.store, "clock": self.clock, "endings": self.endings}
        self.out: set[tuple[str, str]] = set()
        self.erased: set[str] = set()
        self.left = {}

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    @rule(audience=audiences, some=st.sets(people, min_size=1))
    def join_by_file(self, audience, some):
        self.clock.advance(timedelta(seconds=1))
        rows = [row(email) for email in sorted(some)]
        bring_in(audience, rows, store=self.store, clock=self.clock)

    @rule(email=people, some=st.sets(audiences, min_size=1))
    def leave(self, email, some):
        if person := find(self.store, email):
            self.clock.advance(timedelta(seconds=1))
            left = leave(person, sorted(some), source="link", **self.tools)
            self.left[email] = left or self.left.get(email)
            self.out |= {(email, one) for one in left.audiences}

    @rule(email=people, late=st.booleans())
    def undo(self, email, late):
        person, left = find(self.store, email), self.left.get(email)
        if not (person and left):
            return
        if late:
            self.clock.advance(timedelta(minutes=30))
        if self.clock() - left.at <= timedelta(hours=1):
            back = undo_leaving(person, left, **self.tools)
            self.out -= {(email, one) for one in back}

    @rule(email=people, weeks=st.integers(1, 3))
    def pause(self, email, weeks):
        if person := find(self.store, email):
            until = (self.clock() + timedelta(weeks=weeks)).date()
            pause_until(person.id, until, UTC, store=self.store, clock=self.clock)
            assert all(email not in readers(self.store, one) for one in AUDIENCES)

    @rule(email=people)
    def resume(self, email):
        if person := find(self.store, email):
            resume(person.id, store=self.store, clock=self.clock)

    @rule(weeks=st.integers(1, 3))
    def time_passes(self, weeks):
        self.clock.advance(timedelta(weeks=weeks))
        end_pauses(store=self.store, clock=self.clock)

    @rule(email=people, some=st.sets(audiences, min_size=1))
    def rejoin(self, email, some):
        if person := find(self.store, email):
            self.clock.advance(timedelta(seconds=1))
            wishes = Wishes(joins=frozenset(some))
            save_preferences(person, lambda _: wishes, WORKSPACE, **self.tools)
            here = {one for one, state in states(self.store, email).items() if state == "active"}
            self.out -= {(email, one) for one in here & some}

    @rule(old=people, new=people)
    def move(self, old, new):
        if old == new or not (person := find(self.store, old)):
            return
        self.clock.advance(timedelta(days=1, seconds=1))  # beyond what one may ask a day
        before = states(self.store, old)
        moved = move(self.store, self.clock, self.endings, old, new)
        assert moved.new
        self.out |= {(old, one) for one in before}
        theirs = {one for one, state in before.items() if state in {"active", "paused"}}
        came_back = AUDIENCES if new in self.erased else theirs
        self.erased.discard(new)
        self.out -= {(new, one) for one in came_back}
        if not moved.joined_another:  # what they had left stays so under the new address
            self.out |= {(new, one) for one, state in before.items() if state == "ended"}
        self.left.pop(old, None)
        self.left.pop(new, None)
        assert person.id == moved.reader.id or moved.joined_another

    @rule(email=people)
    def erase(self, email):
        if person := find(self.store, email):
            self.clock.advance(timedelta(seconds=1))
            erase_person(person, source="their page", **self.tools)
            self.out |= {(email, one) for one in AUDIENCES}
            self.erased.add(email)
            self.left.pop(email, None)

    @invariant()
    def nobody_is_a_reader_without_a_standing_consent(self):
        with self.store.read() as tx:
            for audience in AUDIENCES:
                for reader in tx.subscribers.active(audience):
                    said = {one.audience: one.state for one in tx.record.words(reader.id)}
                    assert said[audience] in CONSENTING

    @invariant()
    def nobody_who_is_out_is_a_reader(self):
        here = {(email, one) for one in AUDIENCES for email in readers(self.store, one)}
        assert not here & self.out


def test_nobody_is_written_to_without_consent(migrated_sqlite):
    Consent.template = migrated_sqlite
    run_state_machine_as_test(
        Consent, settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )
