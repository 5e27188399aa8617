"""A database that was put back by other means, taken for this workspace's own."""

from dataclasses import replace

import pytest

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.workspace.doubt import Doubts
from restore_stage import ADA, Workspace


class TestAdopting:
    def test_a_new_database_may_be_sent_from_after_a_persons_word(self, workspace, clock):
        workspace.known.adopt(_other(age=7))
        workspace.stage.address()

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.edition.state is EditionState.PAUSED

    def test_an_older_copy_waits_for_decisions_like_one_that_was_restored(
        self, workspace, clock, database_url
    ):
        stage = workspace.stage
        stage.address()
        with workspace.store.read() as tx:
            here = tx.identity.get()
        workspace.known.adopt(replace(here, age=here.age + 3))

        taken = workspace.adopt()

        assert stage.counts == {DeliveryState.UNKNOWN: 4}
        assert stage.edition.state is EditionState.PAUSED
        assert taken.doubts.deliveries == 4

    def test_another_one_waits_too_as_one_in_between_may_have_sent(self, workspace, clock):
        workspace.known.adopt(_other(age=7))
        with workspace.store.begin() as tx:
            tx.identity.grow()
        workspace.stage.address()

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.counts == {DeliveryState.UNKNOWN: 4}

    def test_the_one_that_is_known_goes_on_as_it_is(self, workspace, clock):
        workspace.stage.address()
        workspace.stage.guard.check(workspace.store)

        taken = workspace.adopt()
        report = workspace.stage.deliver()

        assert taken.doubts == Doubts()
        assert report.counts == {DeliveryState.ACCEPTED: 4}

    @pytest.mark.parametrize("content", ["nonsense", "", "   \n"])
    def test_where_it_cannot_be_told_what_was_known_all_of_it_waits(self, workspace, content):
        workspace.stage.address()
        (workspace.folder / ".dispatch-database").write_text(content)

        workspace.adopt()
        report = workspace.stage.deliver()

        assert report.counts == {DeliveryState.UNKNOWN: 4}

    def test_who_had_left_is_taken_in_first(self, workspace, clock, tmp_path):
        lost = Workspace(f"sqlite:///{tmp_path}/lost.db", clock, workspace.folder)
        lost.stage.address()
        lost.leave(ADA)
        lost.store.close()
        workspace.known.adopt(_other(age=7))
        workspace.stage.address()

        workspace.adopt()

        with workspace.store.read() as tx:
            assert ADA not in [one.email for one in tx.subscribers.active("readers")]

    def test_what_cannot_be_read_is_replaced(self, workspace):
        (workspace.folder / ".dispatch-database").write_text("nonsense")

        workspace.adopt()

        assert workspace.known.read() is not None


def _other(*, age):
    from dispatch.model.workspace.database_identity import Identity

    return Identity("another", age)
