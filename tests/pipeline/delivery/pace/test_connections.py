"""Connections that lanes share, and how long a channel is left alone."""

from datetime import timedelta

import pytest

from dispatch.errors import RateLimited
from dispatch.model.campaigns.pace import Pace
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from pace_stage import ACCEPTED, LEASE, PENDING
from pipeline_samples import GUARD, LINKS, WITH_SOCIAL, approved_edition, channel, subscribe


class TestConnections:
    @pytest.fixture
    def take(self, store, clock, monkeypatch, edition):
        monkeypatch.setattr("dispatch.store.delivery.batches.BATCH_SIZE", 2)
        going_out = edition(10)

        def take(*, at_most, channel="mail"):
            with store.begin() as tx:
                return tx.batches.take(
                    going_out.id,
                    ["mail"],
                    channel=channel,
                    connections=10,
                    at_most=at_most,
                    now=clock(),
                    lease=LEASE,
                )

        return take

    def test_two_lanes_share_what_the_channel_may_open(self, take):
        assert take(at_most=15).connections == 10
        assert take(at_most=15).connections == 5
        assert take(at_most=15) is None

    def test_what_is_put_back_is_free_for_others(self, take, store, clock):
        batch = take(at_most=10)
        with store.begin() as tx:
            tx.batches.put_back(batch, now=clock())

        assert take(at_most=10).connections == 10

    def test_who_is_gone_holds_no_connection_longer_than_the_lease(self, take, clock):
        take(at_most=10)
        clock.advance(LEASE)

        assert take(at_most=10).connections == 10

    def test_another_channel_has_connections_of_its_own(self, take):
        take(at_most=10)

        assert take(at_most=10, channel="backup").connections == 10

    def test_a_lane_that_gets_no_connection_ends_and_leaves_the_rest(
        self, take, deliver, mail, store, provider
    ):
        batch = take(at_most=1)
        with store.read() as tx:
            going_out = tx.editions.get(batch.edition_id)

        report = deliver(going_out, mail(Pace(connections=1)))

        assert report.counts == {PENDING: 10}
        assert provider.attempts == []


class TestPatience:
    def test_a_channel_is_stopped_for_everybody(self, deliver, edition, mail, provider, clock):
        going_out = edition(3)
        provider.next(RateLimited("429 too many", retry_after=timedelta(minutes=42)))

        deliver(going_out, mail())
        other = deliver(going_out, mail())
        clock.advance(timedelta(minutes=42))
        later = deliver(going_out, mail())

        assert other.counts == {PENDING: 3}
        assert len(provider.attempts) == 1 + 3
        assert later.counts == {ACCEPTED: 3}

    def test_who_is_in_the_middle_of_a_batch_stops_too(self, deliver, edition, mail, store, clock):
        def told_elsewhere(_ended):
            with store.begin() as tx:
                until = clock() + timedelta(minutes=42)
                tx.channels.put_stop(Stop("mail", until, "429 too many", 1))

        report = deliver(edition(3), mail(), progress=told_elsewhere)

        assert report.counts == {ACCEPTED: 1, PENDING: 2}

    def test_the_other_channels_go_on(self, store, clock):
        subscribe(store, clock, "ada@example.org", "bob@example.org")
        made = approved_edition(store, clock, WITH_SOCIAL)
        going_out = address_edition(made.id, store=store, clock=clock)
        mail, social = RecordingProvider(), RecordingProvider()
        mail.next(RateLimited("429 too many", retry_after=timedelta(minutes=42)))
        channels = {"mail": channel(mail), "mastodon": channel(social, "mastodon")}

        report = deliver_edition(
            going_out,
            store=store,
            open_channel=channels.__getitem__,
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=LEASE,
        )

        assert report.counts == {PENDING: 2, ACCEPTED: 1}
        assert len(social.taken) == 1
