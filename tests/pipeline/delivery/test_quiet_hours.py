"""Nothing leaves in quiet hours, however it came to be due then."""

from datetime import date, time, timedelta

import pytest

from delivery_stage import DeliveryStage
from dispatch.errors import ProviderUnavailable, TryLater
from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.pipeline.delivery.resolve import resolve_unknown, retry_failed
from dispatch.testing.clock import FakeClock
from sending_stage import NIGHT, PARIS, address, made, people, utc


@pytest.fixture
def clock():
    return FakeClock(utc("2026-11-23T15:00"))


@pytest.fixture
def stage_(store, clock):
    return DeliveryStage(store, clock)


class TestQuietHours:
    """The night is from 22:00 to 7:00; the provider takes a minute for each mail."""

    EVENING = utc("2026-11-24T20:58")  # 21:58 in Paris
    MORNING = utc("2026-11-25T06:00")

    def start(self, stage_, rule=None, *, zones=None, minutes=1.0):
        zones = zones or {f"r{n}@example.org": "" for n in range(4)}
        people(stage_.store, stage_.clock, zones)
        slot = slot_on(date(2026, 11, 24), time(21, 50), PARIS)
        stage_.clock.now = self.EVENING
        made(stage_, rule or SendingRule(NIGHT), slot=slot)
        address(stage_)
        send = stage_.provider.send

        def send_slowly(batch):
            stage_.clock.advance(timedelta(minutes=minutes))
            return send(batch)

        stage_.provider.send = send_slowly

    def test_a_slow_send_stops_for_the_night_and_goes_on_in_the_morning(self, stage_, clock):
        self.start(stage_)

        evening = stage_.deliver()
        clock.now = self.MORNING - timedelta(seconds=1)
        night = stage_.deliver()
        clock.now = self.MORNING
        stage_.deliver()

        assert evening.counts == {DeliveryState.ACCEPTED: 2, DeliveryState.PENDING: 2}
        assert (evening.waiting_until, evening.as_planned, evening.is_due) == (
            self.MORNING,
            True,
            False,
        )
        assert night.ended == 0
        assert stage_.counts == {DeliveryState.ACCEPTED: 4}
        assert set(stage_.provider.copies.values()) == {1}

    def test_a_service_that_comes_back_in_the_night_waits(self, stage_, clock):
        self.start(stage_)
        clock.now = utc("2026-11-24T23:00")

        report = stage_.deliver()

        assert (report.ended, report.waiting_until) == (0, self.MORNING)

    def test_a_retry_that_would_be_in_the_night_waits(self, stage_, clock):
        self.start(stage_, zones={"r1@example.org": ""})
        stage_.provider.on("r1@example.org", TryLater("full"))

        report = stage_.deliver()

        assert report.counts == {DeliveryState.PENDING: 1}
        assert (report.waiting_until, report.as_planned) == (self.MORNING, False)

    def test_what_a_person_has_sent_again_waits(self, stage_, store, clock):
        self.start(stage_, zones={"r1@example.org": ""})
        stage_.during_call(1, self._die)
        with pytest.raises(KeyboardInterrupt):
            stage_.deliver()
        clock.now = utc("2026-11-24T22:30")
        stage_.deliver()
        resolve_unknown(On.RESENT, by="ada", store=store, clock=clock)

        report = stage_.deliver()

        assert (report.ended, report.waiting_until) == (0, self.MORNING)
        assert retry_failed(by="ada", store=store, clock=clock)[0].deliveries == 0

    def test_a_retry_of_the_evening_that_is_taken_up_at_night_waits(self, stage_, store, clock):
        self.start(stage_, zones={"r1@example.org": ""}, minutes=0.5)
        stage_.provider.on("r1@example.org", ProviderUnavailable("no route"))
        stage_.deliver()  # due again at once; it is the channel that pauses
        clock.now = utc("2026-11-24T21:30")

        report = stage_.deliver()  # and does not take the batch again and again

        assert (report.ended, report.waiting_until) == (0, self.MORNING)

    @staticmethod
    def _die():
        raise KeyboardInterrupt

    def test_going_on_after_a_pause_in_the_night_waits(self, stage_, clock):
        self.start(stage_)
        stage_.during_call(1, stage_.pause)
        stage_.deliver()
        clock.now = utc("2026-11-24T23:00")
        stage_.go_on()

        assert stage_.deliver().waiting_until == self.MORNING

    def test_the_night_of_one_zone_holds_up_no_other(self, stage_, clock):
        zones = {"ada@example.org": PARIS, "eve@example.org": PARIS, "newt@example.org": "UTC"}
        rule = SendingRule(NIGHT, local_time=True)
        self.start(stage_, rule, zones=zones, minutes=1.9)
        clock.advance(timedelta(seconds=30))

        stage_.deliver()  # one in Paris, then it is night there, and not yet evening in UTC
        clock.now = utc("2026-11-24T21:50")
        stage_.deliver()

        assert stage_.counts == {DeliveryState.ACCEPTED: 2, DeliveryState.PENDING: 1}
        assert stage_.provider.copies["newt@example.org"] == 1
