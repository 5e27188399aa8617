"""A channel stops before its budget is passed, and goes on with the next month or a larger one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.model.campaigns.campaign import ChannelPlan, SocialPlan
from dispatch.model.delivery.message import Refused, SocialMessage
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.pipeline.delivery.budget_stops import lift_budget_stops
from dispatch.pipeline.delivery.publishing import Publishing
from dispatch.pipeline.delivery.resolve import resolve_unknown
from network_stage import MINUTE
from on_sqlite import on_sqlite


@pytest.fixture
def stage(stage):
    stage.budget = 2
    stage.spacing = MINUTE
    return stage


def used(stage):
    with stage.store.read() as tx:
        return tx.budgets.all_used("2026-11")


class TestUsedUp:
    def test_nothing_leaves_that_would_pass_it(self, stage):
        stage.publish("a", "b", "c")

        for _ in range(5):
            report = stage.deliver()
            stage.clock.advance(MINUTE)

        assert len(stage.provider.taken) == 2
        assert report.counts == {DeliveryState.ACCEPTED: 2, DeliveryState.PENDING: 1}
        [stop] = report.stops
        assert stop == (
            "channel toots is stopped until 2026-12-01 00:00 UTC: its budget of 2 posts for"
            " November is used up - raise budget: posts_per_month or wait until 1 December"
        )
        assert used(stage) == {"toots": 2}

    @on_sqlite
    def test_a_post_counts_for_the_month_in_which_it_is_made(self, stage, clock):
        stage.publish("a", "b", "c")
        stage.provider.next(ProviderUnavailable("away"))
        stage.deliver()
        clock.now = datetime(2026, 12, 1, tzinfo=UTC)

        for _ in range(5):
            stage.deliver()
            clock.advance(MINUTE)

        with stage.store.read() as tx:
            assert tx.budgets.all_used("2026-12") == {"toots": 2}
        assert used(stage) == {"toots": 0}
        assert len(stage.provider.taken) == 2

    @on_sqlite
    def test_with_the_next_month_it_goes_on(self, stage, clock):
        stage.publish("a", "b", "c", "d")
        for _ in range(4):
            stage.deliver()
            clock.advance(MINUTE)
        clock.now = datetime(2026, 12, 1, tzinfo=UTC)

        moments = stage.deliver_all()

        assert len(moments) == 2
        assert len(stage.provider.taken) == 4

    @on_sqlite
    def test_a_larger_budget_lets_it_go_on(self, stage, clock):
        stage.publish("a", "b", "c")
        for _ in range(4):
            stage.deliver()
            clock.advance(MINUTE)
        same = {"toots": ChannelPlan("toots", "network", posts_per_month=2)}
        larger = {"toots": ChannelPlan("toots", "network", posts_per_month=3)}

        lift_budget_stops(same, store=stage.store, clock=clock)
        still = stage.deliver()
        stage.budget = 3
        lift_budget_stops(larger, store=stage.store, clock=clock)
        stage.deliver()

        assert still.stops
        assert len(stage.provider.taken) == 3

    @on_sqlite
    def test_other_channels_go_on(self, stage, clock):
        stage.accounts["elsewhere"] = "b" * 64
        plans = (SocialPlan("toots", "plain"), SocialPlan("elsewhere", "plain"))
        stage.publish("a", "b", social=plans)
        stage.budget = 1
        for _ in range(3):
            stage.deliver()
            clock.advance(MINUTE)

        assert used(stage) == {"elsewhere": 1, "toots": 1}


@on_sqlite
class TestCounted:
    def reserve(self, stage, *threads):
        """What withholds the posts of an edition, of which each is a thread of so many."""
        edition = stage.publish(*"abcdef"[: len(threads)])
        publishing = Publishing(edition, stage.channel("toots"), stage.store, stage.clock)
        deliveries = sorted(stage.deliveries(), key=lambda one: one.id)
        messages = [SocialMessage("m", "1", thread=("more",) * (parts - 1)) for parts in threads]
        withheld = publishing.reserve(list(zip(deliveries, messages, strict=True)))
        return [withheld.get(one.id) for one in deliveries]

    def test_each_post_of_a_thread_counts(self, stage):
        stage.budget, stage.spacing = 4, timedelta(0)

        first, second = self.reserve(stage, 3, 2)

        assert first is None
        assert isinstance(second.trouble, RateLimited)
        assert used(stage) == {"toots": 3}

    def test_a_thread_that_no_month_has_room_for_is_refused_and_stops_nobody(self, stage):
        stage.budget = 3

        thread, post = self.reserve(stage, 5, 1)

        assert thread.settlement.state is DeliveryState.REFUSED
        assert thread.settlement.reason.startswith("5 posts are more than its channel's budget of")
        assert thread.trouble is None
        assert post is None
        assert used(stage) == {"toots": 1}

    def test_a_post_that_is_tried_again_counts_once(self, stage, clock):
        stage.publish("a")
        stage.provider.next(RateLimited("slowly", retry_after=MINUTE))
        stage.deliver()
        clock.advance(2 * MINUTE)

        stage.deliver()

        assert len(stage.provider.attempts) == 2
        assert used(stage) == {"toots": 1}

    @pytest.mark.parametrize(("meant", "counted"), [({"recipient": "toots"}, 2), ({"keys": []}, 1)])
    def test_what_may_be_there_stays_counted_when_a_person_has_it_sent_again(
        self, stage, clock, meant, counted
    ):
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"))
        stage.deliver()
        clock.advance(10 * MINUTE)
        resolve_unknown(On.RESENT, by="ada", store=stage.store, clock=clock, **meant)

        stage.deliver()

        assert used(stage) == {"toots": counted}
        assert len(stage.provider.attempts) == counted

    def test_of_what_is_sent_again_and_refused_only_the_second_try_is_given_back(
        self, stage, clock
    ):
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"), Refused("too rude"))
        stage.deliver()
        clock.advance(10 * MINUTE)
        resolve_unknown(On.RESENT, by="ada", store=stage.store, clock=clock)

        stage.deliver()

        assert used(stage) == {"toots": 1}

    def test_what_the_network_refuses_does_not_count(self, stage):
        stage.publish("a")
        stage.provider.next(Refused("too rude"))

        stage.deliver()

        assert used(stage) == {"toots": 0}

    def test_the_month_is_the_publishers(self, stage, clock):
        edition = stage.publish("a")
        publisher = replace(edition.content.publisher, timezone="Pacific/Auckland")
        there = replace(edition, content=replace(edition.content, publisher=publisher))
        clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)  # it is December there
        publishing = Publishing(there, stage.channel("toots"), stage.store, clock)

        publishing.reserve([(stage.deliveries()[0], SocialMessage("m", "a"))])

        assert used(stage) == {}
