"""An account is told a post once, whoever wants to tell it again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, OutcomeUnknown
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.delivery.message import Accepted, Refused, SocialMessage
from dispatch.model.delivery.published import PublishedState
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.pipeline.delivery.pause import cancel_edition
from dispatch.pipeline.delivery.publishing import Publishing
from dispatch.pipeline.delivery.resolve import resolve_unknown, retry_failed
from dispatch.pipeline.delivery.tell_again import tell_again
from network_stage import MINUTE, address_of
from on_sqlite import on_sqlite

ELSEWHERE = SocialPlan("elsewhere", "plain")


@pytest.fixture
def tools(store, clock):
    return {"by": "ada", "store": store, "clock": clock}


class TestPublished:
    def test_where_a_post_is_is_kept_with_its_outcome(self, stage):
        stage.publish("a")

        stage.deliver()

        [row] = stage.published()
        [message] = stage.provider.taken
        assert row.state is PublishedState.PUBLISHED
        assert row.post.address == address_of(message)
        assert row.post.ids == (f"taken-{message.id}",)
        assert row.post.text == message.text

    @on_sqlite
    def test_of_a_thread_all_texts_are_kept(self, stage):
        edition = stage.publish("a")
        publishing = Publishing(edition, stage.channel("toots"), stage.store, stage.clock)

        publishing.reserve([(stage.deliveries()[0], SocialMessage("m", "One", thread=("Two",)))])

        assert [(row.post.text, row.parts) for row in stage.published()] == [("One\n---\nTwo", 2)]

    @on_sqlite
    def test_an_address_that_is_none_is_not_kept(self, stage):
        stage.publish("a")
        stage.provider.next(Accepted("7", "javascript:alert(1)"))

        stage.deliver()

        assert [row.post.address for row in stage.published()] == [""]


class TestToldAlready:
    def tell_twice(self, stage, **accounts):
        stage.accounts.update(accounts)
        stage.publish("a")
        stage.deliver()
        # Another campaign follows the same feed.
        stage.publish("a", plan=ELSEWHERE, name="e2", again=True)
        stage.deliver("e2")

    def test_the_same_post_to_the_same_account_is_refused_and_says_where_it_is(self, stage):
        self.tell_twice(stage)

        [refused] = stage.deliveries(DeliveryState.REFUSED)
        [taken] = stage.provider.taken
        assert refused.channel == "elsewhere"
        assert refused.reason.startswith("told already by edition e1 on 2026-11-24, ")
        assert address_of(taken) in refused.reason
        assert "tell-again --edition e2" in refused.reason

    @on_sqlite
    def test_another_account_is_told_the_same_post(self, stage):
        self.tell_twice(stage, elsewhere="b" * 64)

        assert len(stage.provider.taken) == 2

    @on_sqlite
    def test_a_person_may_have_it_told_again(self, stage, tools):
        self.tell_twice(stage)

        resolved = tell_again("e2", **tools)
        stage.deliver("e2")

        assert resolved.deliveries == 1
        assert len(stage.provider.taken) == 2
        assert [row.state for row in stage.published(2)] == [PublishedState.PUBLISHED]

    @on_sqlite
    def test_to_say_so_more_than_once_tells_it_once_more(self, stage, tools):
        self.tell_twice(stage)

        again = [tell_again("e2", **tools).deliveries for _ in range(2)]
        stage.deliver("e2")
        again.append(tell_again("e2", **tools).deliveries)
        stage.deliver("e2")

        assert again == [1, 0, 0]
        assert len(stage.provider.taken) == 2

    @on_sqlite
    def test_to_retry_what_was_refused_tells_nobody_again(self, stage, tools):
        self.tell_twice(stage)

        retry_failed(refused=True, **tools)
        stage.deliver("e2")

        assert len(stage.provider.taken) == 1
        assert len(stage.deliveries(DeliveryState.REFUSED)) == 1

    @on_sqlite
    def test_of_a_cancelled_edition_nothing_is_told_again(self, stage, tools):
        stage.publish("a")
        cancel_edition("e1", reason="a mistake", store=stage.store, clock=stage.clock)

        with pytest.raises(Conflict, match="was cancelled"):
            tell_again("e1", **tools)


class TestFreed:
    def test_what_the_network_refused_may_be_told_by_another(self, stage):
        stage.publish("a")
        stage.provider.next(Refused("too rude"))
        stage.deliver()
        stage.publish("a", plan=ELSEWHERE, name="e2", again=True)

        stage.deliver("e2")

        assert [row.state for row in stage.published(1)] == [PublishedState.FAILED]
        assert len(stage.provider.taken) == 1

    def test_what_may_be_there_is_not_told_by_another(self, stage):
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"))
        stage.deliver()
        stage.publish("a", plan=ELSEWHERE, name="e2", again=True)
        stage.clock.advance(10 * MINUTE)

        stage.deliver("e2")

        assert len(stage.provider.taken) == 1
        assert len(stage.deliveries(DeliveryState.REFUSED)) == 1

    @on_sqlite
    def test_what_was_reserved_and_cancelled_may_be_told_by_another(self, stage):
        edition = stage.publish("a")
        # A worker had it in hand, and was told to stop.
        publishing = Publishing(edition, stage.channel("toots"), stage.store, stage.clock)
        publishing.reserve([(stage.deliveries()[0], SocialMessage("m", "Title a"))])
        cancel_edition("e1", reason="a mistake", store=stage.store, clock=stage.clock)
        stage.publish("a", plan=ELSEWHERE, name="e2", again=True)

        stage.deliver("e2")

        assert [row.state for row in stage.published(1)] == [PublishedState.FAILED]
        assert len(stage.provider.taken) == 1


@on_sqlite
class TestSentAgain:
    def test_what_a_person_has_sent_again_is_handed_over_once_more(self, stage, tools):
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"))
        stage.deliver()
        stage.clock.advance(10 * MINUTE)

        resolve_unknown(On.RESENT, **tools)
        stage.deliver()

        assert len(stage.provider.attempts) == 2
        assert len(stage.deliveries(DeliveryState.ACCEPTED)) == 1

    def test_what_a_person_believes_is_kept_as_being_there(self, stage, tools):
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"))
        stage.deliver()

        resolve_unknown(On.BELIEVED, **tools)

        assert [row.state for row in stage.published()] == [PublishedState.PUBLISHED]

    def test_one_account_is_told_once_though_two_channels_of_an_edition_lead_to_it(self, stage):
        stage.publish("a", social=(SocialPlan("toots", "plain"), ELSEWHERE))

        stage.deliver()

        assert len(stage.provider.taken) == 1
        assert len(stage.deliveries(DeliveryState.REFUSED)) == 1

    def test_a_repeat_that_the_network_drops_has_one_reservation(self, stage):
        stage.drops_repeats_for = timedelta(hours=1)
        stage.publish("a")
        stage.provider.next(OutcomeUnknown("the line went dead"))
        stage.deliver()
        stage.clock.advance(10 * MINUTE)

        stage.deliver()

        assert len({one.id for one in stage.provider.attempts}) == 1
        assert [row.state for row in stage.published()] == [PublishedState.PUBLISHED]


def test_what_was_there_and_is_posted_again_is_nobodys_to_believe(stage):
    stage.publish("a")
    stage.deliver()
    [row] = stage.published()
    with stage.store.begin() as tx:
        tx.published.note_deleted(row.delivery_id, now=stage.clock())
        tx.published.reserve(replace(row, state=PublishedState.RESERVED))

        tx.published.believe(row.edition_number, now=stage.clock())

    assert [one.state for one in stage.published()] == [PublishedState.RESERVED]
