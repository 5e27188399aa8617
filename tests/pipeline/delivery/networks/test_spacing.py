"""Posts are kept apart, when they are planned and again when they leave."""

from datetime import time, timedelta

import pytest

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.model.delivery.published import PublishedState
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.pause import cancel_edition, go_on_with_edition, pause_edition
from network_stage import MINUTE
from on_sqlite import on_sqlite

FOURTEEN = [f"p{number:02}" for number in range(14)]
EVERY_TWENTY = SocialPlan("toots", "plain", every=20 * MINUTE)

pytestmark = on_sqlite


class TestPlanned:
    def test_fourteen_posts_of_one_second_go_out_twenty_minutes_apart_and_oldest_first(self, stage):
        stage.publish(*FOURTEEN, plan=EVERY_TWENTY)

        moments = stage.deliver_all()

        assert moments == [moments[0] + n * 20 * MINUTE for n in range(14)]
        assert [text.split()[1] for text in stage.texts] == FOURTEEN

    def test_a_campaign_that_says_nothing_goes_by_the_network(self, stage):
        stage.spacing = MINUTE
        stage.publish("a", "b")

        first, second = stage.deliver_all()

        assert second - first == MINUTE

    def test_posts_that_are_seconds_apart_are_waited_for(self, stage, clock):
        stage.spacing = timedelta(seconds=3)
        stage.publish("a", "b", "c")
        began = clock()

        report = stage.deliver(wait=lambda seconds: clock.advance(timedelta(seconds=seconds)))

        assert len(stage.provider.taken) == 3
        assert clock() - began >= timedelta(seconds=6)
        assert report.waiting_until is None

    def test_posts_that_are_a_minute_apart_are_left_for_another_run(self, stage):
        stage.spacing = MINUTE
        stage.publish("a", "b")

        report = stage.deliver(wait=[].append)

        assert len(stage.provider.taken) == 1
        assert report.as_planned

    def test_what_is_not_kept_apart_goes_out_together(self, stage):
        stage.publish("a", "b", "c")

        report = stage.deliver()

        assert len(stage.provider.taken) == 3
        assert report.waiting_until is None

    def test_in_its_quiet_hours_nothing_leaves(self, stage, clock):
        clock.now = clock.now.replace(hour=21, minute=30)
        plan = SocialPlan("toots", "plain", every=20 * MINUTE, quiet=QuietHours(time(22), time(7)))
        stage.publish("a", "b", "c", "d", plan=plan)

        moments = stage.deliver_all()

        assert [f"{one:%H:%M}" for one in moments] == ["21:30", "21:50", "07:00", "07:20"]

    def test_two_campaigns_do_not_post_at_the_same_moment(self, stage, clock):
        stage.publish("a", "b", plan=EVERY_TWENTY)
        began = clock()
        stage.publish("c", plan=SocialPlan("toots", "plain", every=10 * MINUTE), name="e2")

        with stage.store.read() as tx:
            due = tx.batches.next_due("e2", "toots")

        # The first are due at 0 and 20: between them there is room for one.
        assert timedelta(minutes=9) < due - began < timedelta(minutes=11)

    def test_a_run_says_that_the_rest_waits_as_planned(self, stage, clock):
        stage.publish("a", "b", plan=EVERY_TWENTY)

        report = stage.deliver()

        assert report.as_planned
        assert report.waiting_until - clock() == 20 * MINUTE


class TestMissed:
    def test_after_a_day_without_a_worker_posts_still_are_apart(self, stage, clock):
        stage.publish(*FOURTEEN, plan=EVERY_TWENTY)
        clock.advance(timedelta(days=1))

        moments = stage.deliver_all()

        assert moments == [moments[0] + n * 20 * MINUTE for n in range(14)]
        assert [text.split()[1] for text in stage.texts] == FOURTEEN
        assert len(stage.deliveries(DeliveryState.ACCEPTED)) == 14
        assert {one.attempt for one in stage.deliveries()} == {1}

    def test_two_campaigns_keep_apart_though_both_are_late(self, stage, clock):
        stage.publish("a", plan=EVERY_TWENTY)
        stage.publish("b", plan=EVERY_TWENTY, name="e2")
        clock.advance(timedelta(days=1))

        [first] = stage.deliver_all("e1")
        [second] = stage.deliver_all("e2")

        assert second - first == 20 * MINUTE

    def test_a_worker_that_comes_some_seconds_late_holds_nobody_up(self, stage, clock):
        stage.publish("a", "b", plan=EVERY_TWENTY)
        planned = clock()
        clock.advance(timedelta(seconds=14))
        stage.deliver()
        clock.now = planned + 20 * MINUTE

        stage.deliver()

        assert len(stage.provider.taken) == 2


class TestStopped:
    @pytest.fixture
    def tools(self, stage):
        """Two of six posts are out, of an edition that is stopped now."""
        stage.publish(*"abcdef", plan=EVERY_TWENTY)
        stage.deliver()
        stage.clock.advance(20 * MINUTE)
        stage.deliver()
        return {"store": stage.store, "clock": stage.clock}

    def test_while_it_is_paused_nothing_leaves_and_then_posts_are_apart_again(self, stage, tools):
        pause_edition("e1", reason="a doubt", **tools)
        stage.clock.advance(timedelta(hours=5))
        stage.deliver()
        during = len(stage.provider.taken)
        go_on_with_edition("e1", **tools)

        moments = stage.deliver_all()

        assert during == 2
        assert moments == [moments[0] + n * 20 * MINUTE for n in range(4)]

    def test_cancelled_the_rest_fails_and_holds_no_place(self, stage, tools):
        cancel_edition("e1", reason="a mistake", **tools)
        stage.clock.advance(timedelta(hours=5))
        stage.deliver()

        assert len(stage.deliveries(DeliveryState.FAILED)) == 4
        assert [row.state for row in stage.published()] == [PublishedState.PUBLISHED] * 2
        with stage.store.read() as tx:
            assert tx.batches.planned("toots", after=stage.clock() - timedelta(days=1)) == []
