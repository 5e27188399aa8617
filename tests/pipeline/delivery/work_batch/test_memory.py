"""How old the database is, remembered beside it before anything leaves."""

from datetime import timedelta

import pytest

from dispatch.errors import BadInput, UnknownDatabase
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.model.workspace.database_identity import Identity


class TestMemory:
    GROWN = Identity("db", 7)

    def test_how_old_the_database_is_is_remembered_before_anything_leaves(self, stage):
        stage.ledger.grown = self.GROWN
        taken = []
        note = stage.guard.note

        def watched(grown, store, *, durable, on_disk):
            taken.append(len(stage.provider.taken))
            note(grown, store, durable=durable, on_disk=on_disk)

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
