"""A post whose answer was lost is looked for before anybody has to decide about it."""

from datetime import timedelta

import pytest

from dispatch.errors import OutcomeUnknown, ProviderUnavailable
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import PublishedState
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from network_stage import MINUTE, ListingNetwork, Network, address_of
from on_sqlite import on_sqlite

LOST = OutcomeUnknown("the line went dead")


@pytest.fixture
def stage(stage):
    stage.provider = ListingNetwork()
    return stage


def lose(stage, *, taken=True):
    """Have the answer to a post be lost, and a run end."""
    stage.publish("a")
    stage.provider.next(LOST)
    if not taken:
        stage.provider._take = lambda _: None
    return stage.deliver()


class TestFound:
    def test_what_is_there_is_accepted_with_its_address_at_the_end_of_the_run(self, stage):
        report = lose(stage)

        [row], [message] = stage.published(), stage.provider.taken
        assert report.counts == {DeliveryState.ACCEPTED: 1}
        assert report.edition.state is EditionState.FINISHED
        assert row.state is PublishedState.PUBLISHED
        assert row.post.address == address_of(message)
        assert [one.provider_id for one in stage.deliveries()] == [f"found-{message.id}"]

    @on_sqlite
    def test_only_posts_since_the_hand_over_are_looked_at(self, stage, clock):
        lose(stage)

        [since] = stage.provider.asked_since
        assert timedelta(0) < clock() - since < 5 * MINUTE

    @on_sqlite
    def test_what_another_delivery_has_put_there_is_not_taken_for_it(self, stage, clock):
        stage.publish("a")
        stage.deliver()
        [first] = stage.provider.taken
        clock.advance(MINUTE)
        stage.provider.next(LOST)
        stage.provider._take = lambda _: None
        stage.publish("b", name="e2")
        stage.provider.find = lambda *_: Accepted(f"taken-{first.id}", address_of(first))

        report = stage.deliver("e2")

        lost = stage.deliveries(DeliveryState.UNKNOWN)
        assert report.counts == {DeliveryState.UNKNOWN: 1}
        assert [one.reason.partition(",")[0] for one in lost] == [
            "only a post of another delivery that says the same was found"
        ]

    @on_sqlite
    def test_a_network_that_drops_repeats_keeps_the_post_of_the_first_try(self, stage, clock):
        stage.drops_repeats_for = 60 * MINUTE
        stage.publish("a")
        stage.provider.next(LOST)
        stage.deliver()
        first = clock()
        while not stage.provider.asked_since:
            clock.advance(10 * MINUTE)
            stage.provider.next(LOST)
            stage.deliver()

        assert stage.provider.asked_since[0] < first

    @on_sqlite
    def test_what_was_tried_again_for_days_is_looked_for_as_well(self, stage, clock):
        stage.publish("a")
        stage.provider.next(ProviderUnavailable("away"))
        stage.deliver()
        clock.advance(timedelta(days=2))
        stage.provider.next(LOST)

        assert stage.deliver().counts == {DeliveryState.ACCEPTED: 1}


@on_sqlite
class TestNotFound:
    def test_it_stays_unknown_and_says_what_to_do(self, stage):
        report = lose(stage, taken=False)

        [lost] = stage.deliveries()
        assert report.counts == {DeliveryState.UNKNOWN: 1}
        assert lost.reason.startswith("not among the latest posts of the account - ")
        assert len(stage.provider.attempts) == 1

    def test_it_is_looked_for_three_times_in_an_hour_and_no_more(self, stage, clock):
        lose(stage, taken=False)

        for _ in range(20):
            clock.advance(5 * MINUTE)
            stage.find()

        assert len(stage.provider.asked_since) == 3
        assert [row.looks for row in stage.published()] == [3]

    def test_a_network_that_does_not_answer_has_not_been_looked_at(self, stage, clock):
        stage.provider.troubles = [ProviderUnavailable("away"), ValueError("odd")]
        lose(stage)
        looks = [row.looks for row in stage.published()]

        for _ in range(2):
            clock.advance(20 * MINUTE)
            stage.find()

        assert looks == [0]
        assert [one.state for one in stage.deliveries()] == [DeliveryState.ACCEPTED]

    def test_after_a_day_nobody_looks_any_more(self, stage, clock):
        stage.provider.troubles = [ProviderUnavailable("away")]
        lose(stage)
        clock.advance(timedelta(days=1, minutes=1))

        assert stage.find() == 0
        assert len(stage.provider.asked_since) == 1


@on_sqlite
class TestAnyNetwork:
    def test_where_nobody_can_look_it_stays_unknown_for_its_own_reason(self, stage):
        stage.provider = Network()

        report = lose(stage)

        assert report.counts == {DeliveryState.UNKNOWN: 1}
        assert [one.reason for one in stage.deliveries()] == ["the line went dead"]

    def test_those_that_nobody_can_look_for_make_room_for_others(self, stage, clock):
        stage.provider = Network()
        lose(stage)

        with stage.store.read() as tx:
            wanted = {"since": clock() - timedelta(hours=1), "most_looks": 3}
            assert tx.published.in_doubt(before=clock() - MINUTE, **wanted) == []
            assert len(tx.published.in_doubt(before=clock(), **wanted)) == 1

    def test_a_process_that_ended_after_the_address_was_kept_has_lost_nothing(self, stage, clock):
        stage.publish("a")
        send = stage.provider.send

        def keep_and_die(batch):
            [outcome] = send(batch)
            with stage.store.begin() as tx:
                key = int(batch[0].id.rpartition(".")[2])
                tx.published.note_accepted(key, outcome, now=clock())
            raise KeyboardInterrupt

        stage.provider.send = keep_and_die
        with pytest.raises(KeyboardInterrupt):
            stage.deliver()
        clock.advance(3 * MINUTE)

        report = stage.deliver()

        assert report.counts == {DeliveryState.ACCEPTED: 1}
        assert len(stage.provider.attempts) == 1

    def test_a_process_that_ended_in_the_hand_over_leaves_a_post_that_is_looked_for(
        self, stage, clock
    ):
        stage.publish("a")
        send = stage.provider.send

        def take_and_die(batch):
            send(batch)
            raise KeyboardInterrupt

        stage.provider.send = take_and_die
        with pytest.raises(KeyboardInterrupt):
            stage.deliver()
        clock.advance(3 * MINUTE)

        report = stage.deliver()

        assert report.counts == {DeliveryState.ACCEPTED: 1}
        assert len(stage.provider.attempts) == 1
