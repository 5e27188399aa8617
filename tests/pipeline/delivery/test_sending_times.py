"""When messages leave: at the slot, or at its hour by each reader's clock."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery_stage import DeliveryStage
from dispatch.model.campaigns.approval import ApprovalRule, Otherwise
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.campaigns.schedule import slot_at, slot_on
from dispatch.model.campaigns.sending import Passed, SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState, stage
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.decide import approve_edition, decide_overdue
from dispatch.store.delivery import batches
from dispatch.store.editions.content import to_json
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from pipeline_samples import CAMPAIGN, REVIEWED, WITH_SOCIAL, bring_in, row, subscribe
from sending_stage import (
    BY_ZONE,
    NIGHT,
    PARIS,
    SLOT,
    ZONES,
    address,
    deliver_hour_by_hour,
    made,
    people,
    utc,
)


@pytest.fixture
def clock():
    return FakeClock(utc("2026-11-23T15:00"))


@pytest.fixture
def stage_(store, clock):
    return DeliveryStage(store, clock)


class TestWaiting:
    def test_an_approved_edition_waits_for_its_slot_and_then_takes_who_is_there(
        self, stage_, store, clock
    ):
        people(store, clock)
        edition = made(stage_, SendingRule())
        early = address(stage_)
        subscribe(store, clock, "late@example.org")
        clock.now = SLOT.moment
        on_time = address(stage_)

        assert edition.waits_until(edition.created) == SLOT.moment
        assert early.state is EditionState.APPROVED
        assert stage(edition, {}, due=SLOT.moment, now=edition.created) == "scheduled"
        assert on_time.state is EditionState.SENDING
        assert sum(stage_.counts.values()) == len(ZONES) + 1

    def test_ticks_find_it_when_its_time_has_come(self, stage_, store, clock):
        edition = made(stage_, SendingRule())

        with store.read() as tx:
            assert tx.editions.to_address(SLOT.moment - timedelta(seconds=1)) == []
            assert tx.editions.to_address(SLOT.moment) == [(edition.id, "weekly")]

    def test_what_a_clock_approved_that_was_far_ahead_does_not_wait_for_it(
        self, stage_, store, clock
    ):
        right = clock()
        clock.advance(timedelta(days=300))
        edition = made(stage_, SendingRule(NIGHT), slot=slot_at(clock(), PARIS), manual=True)
        clock.now = right

        with store.read() as tx:
            assert tx.editions.to_address(right) == [(edition.id, "weekly")]
        assert address(stage_).state is EditionState.SENDING

    def test_one_that_waits_can_be_edited_and_then_waits_for_approval(self, stage_, store, clock):
        made(stage_, SendingRule(), REVIEWED)
        approve_edition(stage_.edition_id, by="ada", store=store, clock=clock)

        changes = Changes(subject="Another one")
        edited = edit_edition(stage_.edition_id, changes, by="eve", store=store, clock=clock)

        assert edited.voided
        clock.now = SLOT.moment
        with store.read() as tx:
            assert tx.editions.to_address(clock()) == []

    def test_one_approved_after_its_slot_goes_at_once_within_the_hours(self, stage_, store, clock):
        made(stage_, SendingRule(NIGHT), REVIEWED)
        clock.now = utc("2026-11-24T22:15")
        approved = approve_edition(stage_.edition_id, by="ada", store=store, clock=clock)

        assert approved.waits_until(clock()) == utc("2026-11-25T06:00")
        assert address(stage_).state is EditionState.APPROVED
        clock.now = utc("2026-11-25T06:00")
        assert address(stage_).state is EditionState.SENDING

    def test_hours_that_closed_while_the_service_was_down_hold_it_back(self, stage_, clock):
        made(stage_, SendingRule(NIGHT))
        clock.now = utc("2026-11-24T21:30")

        waits = address(stage_)

        assert waits.state is EditionState.APPROVED
        assert waits.waits_until(clock()) == utc("2026-11-25T06:00")

    def test_a_run_by_hand_waits_for_the_morning(self, stage_, clock):
        clock.now = utc("2026-11-24T23:00")
        slot = slot_on(date(2026, 11, 25), time(0), PARIS)

        edition = made(stage_, SendingRule(NIGHT), slot=slot, manual=True)

        assert edition.waits_until(clock()) == utc("2026-11-25T06:00")

    def test_the_deadline_counts_from_the_slot_and_sends_within_the_hours(
        self, stage_, store, clock
    ):
        rule = ApprovalRule(deadline=timedelta(hours=14), otherwise=Otherwise.SEND)
        made(stage_, SendingRule(NIGHT), replace(REVIEWED, approval=rule))
        clock.now = SLOT.moment + timedelta(hours=13, minutes=59)
        before = decide_overdue(store=store, clock=clock)
        clock.advance(timedelta(minutes=1))

        [decided] = decide_overdue(store=store, clock=clock)

        assert before == []
        assert decided.edition.waits_until(clock()) == utc("2026-11-25T06:00")

    @pytest.mark.parametrize(("after", "sent"), [(5, True), (7, False)])
    def test_what_its_deadline_lets_go_out_is_not_later_than_late_allows(
        self, stage_, store, clock, after, sent
    ):
        approval = ApprovalRule(deadline=timedelta(hours=1), otherwise=Otherwise.SEND)
        rule = SendingRule(late=timedelta(hours=6))
        made(stage_, rule, replace(REVIEWED, approval=approval))
        clock.now = SLOT.moment + timedelta(hours=1 + after)  # nobody was there at the deadline

        [decided] = decide_overdue(store=store, clock=clock)

        assert (decided.edition.state is EditionState.APPROVED) == sent
        assert ("within 6 h of 2026-11-24 10:00" in decided.edition.reason) != sent

    def test_what_was_approved_keeps_its_hours_whatever_the_file_says_later(self, stage_, store):
        off = frozenset(date(2026, 12, day) for day in (26, 25, 24, 31))
        hours = replace(NIGHT, business_days=True, days_off=off)
        edition = made(stage_, SendingRule(hours, local_time=True, passed=Passed.TOMORROW))

        with store.read() as tx:
            again = tx.editions.get(edition.id)

        assert again.content.sending.hours == hours
        assert again.content == edition.content
        assert again.fingerprint == edition.approved_fingerprint
        kept = json.loads(to_json(again.content))["sending"]["hours"]["days_off"]
        assert kept == ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31"]


class TestByZone:
    def test_each_reader_gets_it_at_nine_by_their_own_clock(self, stage_, store, clock):
        people(store, clock)
        made(stage_)

        got = deliver_hour_by_hour(stage_)

        assert got == {
            "kiri@example.org": utc("2026-11-23T19:00"),
            "taro@example.org": utc("2026-11-24T00:00"),
            "ada@example.org": utc("2026-11-24T08:00"),
            "nobody@example.org": utc("2026-11-24T08:00"),
            "odd@example.org": utc("2026-11-24T08:00"),
            "newt@example.org": utc("2026-11-24T14:00"),
            "niue@example.org": utc("2026-11-24T20:00"),
        }
        assert stage_.edition.state is EditionState.FINISHED
        assert stage_.counts == {DeliveryState.ACCEPTED: len(ZONES)}

    def test_snippets_go_out_at_the_slot(self, stage_, store, clock):
        people(store, clock)
        made(stage_, campaign=WITH_SOCIAL)
        clock.now = utc("2026-11-23T19:00")
        address(stage_)

        with store.read() as tx:
            assert tx.batches.next_due("e1", "mastodon") == SLOT.moment
            assert tx.batches.next_due("e1", "mail") == clock()

    def test_a_segment_picks_readers_of_each_zone(self, stage_, store, clock, monkeypatch):
        monkeypatch.setattr("dispatch.store.delivery.deliveries.PICKED_AT_A_TIME", 2)
        zones = {f"reader{n}@example.org": [PARIS, "Asia/Tokyo"][n % 2] for n in range(12)}
        rows = [row(email, timezone=zone, locale="fr") for email, zone in zones.items()]
        rows.append(row("other@example.org", timezone=PARIS, locale="en"))
        bring_in("readers", rows, store=store, clock=clock)
        email = EmailPlan("readers", "plain", "mail", segment="locale == 'fr'")
        made(stage_, campaign=replace(CAMPAIGN, email=email))

        got = deliver_hour_by_hour(stage_)

        assert got == {
            email: utc("2026-11-24T00:00") if zone == "Asia/Tokyo" else SLOT.moment
            for email, zone in zones.items()
        }

    @pytest.mark.parametrize(
        ("passed", "tokyo"),
        [(Passed.AT_ONCE, "2026-11-24T12:00"), (Passed.TOMORROW, "2026-11-25T00:00")],
    )
    def test_a_late_approval_is_at_once_or_tomorrow_where_the_hour_has_passed(
        self, stage_, store, clock, passed, tokyo
    ):
        people(store, clock)
        made(stage_, replace(BY_ZONE, passed=passed), REVIEWED)
        clock.now = utc("2026-11-24T12:00")
        approve_edition(stage_.edition_id, by="ada", store=store, clock=clock)

        got = deliver_hour_by_hour(stage_)

        assert got["taro@example.org"] == utc(tokyo)
        assert got["newt@example.org"] == utc("2026-11-24T14:00")
        assert Counter(stage_.provider.copies.values()) == {1: len(ZONES)}

    def test_a_pause_keeps_each_zones_hour(self, stage_, store, clock):
        people(store, clock)
        made(stage_)
        clock.now = utc("2026-11-23T19:00")
        address(stage_)
        stage_.pause()
        clock.now = utc("2026-11-24T09:00")
        paused = stage_.deliver()
        stage_.go_on()

        got = deliver_hour_by_hour(stage_)

        assert paused.ended == 0
        assert got["ada@example.org"] == got["kiri@example.org"] == utc("2026-11-24T09:00")
        assert got["newt@example.org"] == utc("2026-11-24T14:00")

    def test_who_is_in_an_edition_cannot_get_into_it_again(self, stage_, store, clock):
        people(store, clock)
        edition = made(stage_)
        clock.now = utc("2026-11-23T19:00")
        address(stage_)
        with store.read() as tx:
            reader = next(tx.subscribers.timezones("readers"))[0]

        def add_again():
            with store.begin() as tx:
                tx.deliveries.add_readers_of_zone(
                    edition, "readers", "mail", picked=[reader], before=100, now=clock()
                )

        with pytest.raises(Exception, match=r"deliveries[._]reader"):
            add_again()

    def test_a_zone_is_a_range_of_batches(self, stage_, store, clock, monkeypatch):
        monkeypatch.setattr(batches, "BATCH_SIZE", 2)
        zones = {f"r{n}@example.org": [PARIS, "Asia/Tokyo", ""][n % 3] for n in range(15)}
        people(store, clock, zones)
        made(stage_)
        clock.now = utc("2026-11-23T19:00")
        address(stage_)

        with store.read() as tx:
            assert tx.batches.by_zone("e1") == [
                ("Asia/Tokyo", utc("2026-11-24T00:00"), 5, False),
                (PARIS, SLOT.moment, 10, False),
            ]
        assert len(deliver_hour_by_hour(stage_)) == 15
        with store.read() as tx:
            assert [done for *_, done in tx.batches.by_zone("e1")] == [True, True]


NAMES = [
    *("Pacific/Apia", "Pacific/Kiritimati", "Australia/Lord_Howe", "Africa/Casablanca", PARIS),
    *("America/Santiago", "Asia/Beirut", "America/New_York", "Pacific/Niue", "", "Nowhere"),
]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    zones=st.lists(st.sampled_from(NAMES), min_size=1, max_size=8),
    hour=st.integers(0, 23),
    day=st.sampled_from(["2026-11-24", "2027-03-28", "2026-10-25", "2026-10-04", "2027-09-05"]),
    quiet=st.none()
    | st.sampled_from([QuietHours(time(22), time(7)), QuietHours(time(8), time(13))]),
    business=st.booleans(),
    passed=st.sampled_from(Passed),
    late=st.integers(-20, 30),
    size=st.integers(1, 3),
)
def test_each_reader_gets_it_once_and_not_before_their_hour(  # noqa: PLR0917
    migrated_sqlite, tmp_path_factory, zones, hour, day, quiet, business, passed, late, size
):
    path = tmp_path_factory.mktemp("zones") / "dispatch.db"
    shutil.copy(migrated_sqlite, path)
    slot = slot_on(date.fromisoformat(day), time(hour), PARIS)
    hours = SendingHours(quiet, business_days=business and quiet is not None)
    clock = FakeClock(slot.moment + timedelta(hours=late))
    store = Store(f"sqlite:///{path}")
    before, batches.BATCH_SIZE = batches.BATCH_SIZE, size
    try:
        stage_ = DeliveryStage(store, clock)
        given_zones = {f"r{n}@example.org": zone for n, zone in enumerate(zones)}
        people(store, clock, given_zones)
        made(stage_, SendingRule(hours, local_time=True, passed=passed), slot=slot)

        got = deliver_hour_by_hour(stage_, hours=24 * 6)

        assert set(stage_.provider.copies.values()) == {1}
        assert got.keys() == given_zones.keys()
        assert stage_.counts == {DeliveryState.ACCEPTED: len(zones)}
        for email, moment in got.items():
            zone = given_zones[email] if given_zones[email] in NAMES[:-2] else PARIS
            wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert wall >= slot.local
            assert hours.open_from(moment, zone) == moment
    finally:
        batches.BATCH_SIZE = before
        store.close()
