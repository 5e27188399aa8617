"""Mails of a batch that cannot be made, and those that are not made any more."""

import pytest

from dispatch.errors import MessageUnusable, RenderingStopped, TemplateFailed
from dispatch.model.delivery.state import DeliveryState as State


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
