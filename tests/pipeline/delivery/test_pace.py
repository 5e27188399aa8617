"""A channel goes no faster than it may, all workers together, and nobody is lost by waiting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from dispatch.errors import ProviderUnavailable, RateLimited
from dispatch.model.campaigns.pace import Pace, WarmUp
from dispatch.model.delivery.message import Refused
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.people.subscribe import suppress_address
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.wires import WiredProvider
from pipeline_samples import (
    ENDINGS,
    GUARD,
    LINKS,
    PUBLISHER,
    WITH_SOCIAL,
    approved_edition,
    channel,
    subscribe,
)

LEASE = timedelta(minutes=2)
ACCEPTED, PENDING = DeliveryState.ACCEPTED, DeliveryState.PENDING
SUPPRESSED = DeliveryState.SUPPRESSED


class TimedProvider(RecordingProvider):
    """Remembers when each message came."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.moments = []

    def send(self, batch):
        self.moments += [self.clock()] * len(batch)
        return super().send(batch)


@pytest.fixture
def provider(clock):
    return TimedProvider(clock)


@pytest.fixture
def mail(provider):
    """A channel with a pace; it takes one message at a time, or so many."""

    def mail(pace=None, *, at_once=1):
        one = channel(provider)
        capabilities = replace(one.capabilities, batch=at_once)
        return replace(one, pace=pace or Pace(), capabilities=capabilities)

    return mail


@pytest.fixture
def edition(store, clock):
    """An edition for so many people, or for these addresses."""

    def edition(people, *, timezone="UTC"):
        numbered = isinstance(people, int)
        emails = [f"{n:03}@example.org" for n in range(people)] if numbered else people
        subscribe(store, clock, *emails)
        publisher = replace(PUBLISHER, timezone=timezone)
        made = approved_edition(store, clock, publisher=publisher)
        return address_edition(made.id, store=store, clock=clock)

    return edition


@pytest.fixture
def waits():
    """The seconds of every wait so far."""
    return []


@pytest.fixture
def deliver(store, clock, waits):
    """Delivers; where a worker waits, time passes, so that nothing waits in vain for ever."""

    def wait(seconds):
        waits.append(seconds)
        assert len(waits) < 2000
        clock.advance(timedelta(seconds=seconds))

    def deliver(edition, over, **options):
        return deliver_edition(
            edition,
            store=store,
            open_channel=lambda _: over,
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=LEASE,
            wait=wait,
            **options,
        )

    return deliver


def most_in_a_second(moments):
    second = timedelta(seconds=1)
    return max(sum(start <= one < start + second for one in moments) for start in moments)


class TestPerSecond:
    def test_messages_go_out_evenly(self, deliver, edition, mail, provider):
        report = deliver(edition(60), mail(Pace(per_second=20)))

        assert report.counts == {ACCEPTED: 60}
        gaps = {b - a for a, b in pairwise(provider.moments)}
        assert gaps == {timedelta(milliseconds=50)}

    def test_no_second_has_more_than_the_pace_and_its_burst(self, deliver, edition, mail, provider):
        deliver(edition(250), mail(Pace(per_second=100), at_once=50))

        took = (provider.moments[-1] - provider.moments[0]).total_seconds()
        assert most_in_a_second(provider.moments) <= 103
        assert 2.4 < took < 2.5

    def test_who_waits_for_the_pace_does_not_ask_the_database_meanwhile(
        self, deliver, edition, mail, provider, waits
    ):
        deliver(edition(10), mail(Pace(per_second=0.1)))

        assert len(provider.moments) == 10
        assert 9 * 20 <= len(waits) <= 9 * 21  # half a second each, to look whether to stop

    def test_stopping_does_not_wait_for_the_pace(self, deliver, edition, mail, provider, clock):
        before = clock()

        report = deliver(
            edition(3), mail(Pace(per_second=0.01)), keep_going=lambda: not provider.taken
        )

        assert report.counts == {ACCEPTED: 1, PENDING: 2}
        assert clock() == before


class TestPerDay:
    def test_the_rest_goes_out_on_the_next_days(self, deliver, edition, mail, clock):
        three_a_day, going_out = mail(Pace(per_day=3)), edition(8)

        reports = []
        for _ in range(3):
            reports += [deliver(going_out, three_a_day), deliver(going_out, three_a_day)]
            clock.advance(timedelta(days=1))

        assert [one.counts[ACCEPTED] for one in reports] == [3, 3, 6, 6, 8, 8]
        assert reports[-1].edition.state is EditionState.FINISHED

    def test_a_day_ends_at_midnight_where_the_team_is(self, deliver, edition, mail, clock):
        clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

        report = deliver(edition(3, timezone="Asia/Tokyo"), mail(Pace(per_day=2)))

        midnight = datetime(2026, 11, 24, 15, tzinfo=UTC)
        assert report.waiting_until == midnight
        assert report.stops == (
            (
                "channel mail is stopped until 2026-11-24 15:00 UTC: "
                "what it may send in a day has been sent"
            ),
        )

    def test_the_channel_is_free_again_from_midnight_on(self, deliver, edition, mail, clock):
        two_a_day, going_out = mail(Pace(per_day=2)), edition(3)
        clock.now = deliver(going_out, two_a_day).waiting_until

        report = deliver(going_out, two_a_day)

        assert report.counts == {ACCEPTED: 3}
        assert report.stops == ()

    def test_a_number_that_is_just_enough_stops_nothing(self, deliver, edition, mail):
        report = deliver(edition(3), mail(Pace(per_day=3), at_once=2))

        assert report.counts == {ACCEPTED: 3}
        assert report.stops == ()

    def test_batches_do_not_exceed_the_day(self, deliver, edition, mail, provider):
        report = deliver(edition(20), mail(Pace(per_day=7), at_once=5))

        assert report.counts == {ACCEPTED: 7, PENDING: 13}
        assert len(provider.attempts) == 7

    def test_what_never_left_is_given_back(self, deliver, edition, clock):
        wired = WiredProvider()
        three_a_day, going_out = replace(channel(wired), pace=Pace(per_day=3)), edition(3)
        wired.next(ProviderUnavailable("connection refused"))

        deliver(going_out, three_a_day)
        clock.advance(timedelta(minutes=1))
        report = deliver(going_out, three_a_day)

        assert report.counts == {ACCEPTED: 3}

    def test_who_has_left_uses_up_nothing(self, deliver, edition, mail, store, clock):
        def leave(_ended):
            suppress_address(
                "001@example.org", reason="complaint", store=store, clock=clock, endings=ENDINGS
            )

        report = deliver(edition(3), mail(Pace(per_day=2)), progress=leave)

        assert report.counts == {ACCEPTED: 2, SUPPRESSED: 1}

    def test_the_stop_of_a_person_outlives_the_end_of_the_day(
        self, deliver, edition, mail, store, provider
    ):
        def refuse_us(_ended):
            with store.begin() as tx:
                tx.channels.put_stop(Stop("mail", None, "login refused", 1, down=True))

        report = deliver(edition(3), mail(Pace(per_day=1)), progress=refuse_us)

        assert len(provider.attempts) == 1
        assert "until a person acts: login refused" in report.stops[0]

    def test_a_new_sender_may_send_more_day_by_day(self, deliver, edition, mail, clock):
        pace = Pace(per_day=8, warm_up=WarmUp(first=2, days=2))
        growing, going_out = mail(pace), edition(20)

        numbers = []
        for _ in range(4):
            numbers.append(deliver(going_out, growing).ended)
            clock.advance(timedelta(days=1))

        assert numbers == [2, 4, 8, 6]


class TestPerDomain:
    PEOPLE = (
        *(f"a{n}@gmail.com" for n in range(5)),
        *(f"b{n}@example.org" for n in range(5)),
        *(f"c{n}@Gmail.com" for n in range(2)),
    )

    @pytest.fixture
    def statements(self, store):
        """What was asked of the pace rows."""
        found = []

        def note(_connection, _cursor, statement, *_rest):
            if "paces" in statement:
                found.append(statement)

        sa.event.listen(store._engine, "before_cursor_execute", note)
        return found

    def test_the_others_overtake_and_nobody_is_lost(self, deliver, edition, mail, provider):
        report = deliver(edition(self.PEOPLE), mail(Pace(per_domain={"gmail.com": 2})))

        order = [message.to.email.lower().partition("@")[2] for message in provider.taken]
        assert report.counts == {ACCEPTED: 12}
        assert order == ["gmail.com", *["example.org"] * 5, *["gmail.com"] * 6]

    def test_a_domain_is_served_at_its_own_pace(self, deliver, edition, mail, provider):
        deliver(edition(self.PEOPLE), mail(Pace(per_domain={"gmail.com": 2}), at_once=5))

        pairs = zip(provider.attempts, provider.moments, strict=True)
        moments = [when for message, when in pairs if "gmail" in message.to.email]
        gaps = {b - a for a, b in pairwise(moments)}
        assert gaps == {timedelta(seconds=0.5)}

    def test_waiting_for_a_domain_costs_next_to_nothing(
        self, deliver, edition, mail, waits, statements
    ):
        deliver(edition(self.PEOPLE), mail(Pace(per_domain={"gmail.com": 0.1})))

        assert len(waits) <= 6 * 21  # a minute in half seconds
        assert len(statements) <= 2 + 7 * 4  # ask and note, and be told to wait, for each message

    def test_those_who_wait_for_their_domain_do_not_ask_for_the_channel(
        self, deliver, edition, mail, provider, statements
    ):
        pace = Pace(per_second=100, per_day=12, per_domain={"gmail.com": 1})

        report = deliver(edition(self.PEOPLE), mail(pace))

        assert report.counts == {ACCEPTED: 12}
        assert len(statements) <= 100


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


class TestPauses:
    """How long a worker sleeps: never for nothing, and never round and round."""

    @pytest.fixture
    def queue(self, store, clock, mail, edition):
        def queue(pace, *, people=3):
            going_out = edition(people)
            with store.begin() as tx:
                batch = tx.batches.take(
                    going_out.id,
                    ["mail"],
                    channel="mail",
                    connections=1,
                    at_most=1,
                    now=clock(),
                    lease=LEASE,
                )
            ledger = store.ledger(batch)
            items = ledger.items(now=clock())
            ledger.close()
            return Queue(items, channel=mail(pace), store=store, clock=clock, timezone="UTC")

        return queue

    def test_an_empty_queue_is_no_reason_to_hurry(self, queue, clock):
        some = queue(Pace(per_second=10, per_domain={"example.org": 1}), people=1)
        some.take(5, offered=0)
        some.permit(1)
        clock.advance(timedelta(seconds=5))
        some.take(5, offered=0)

        assert some.is_empty
        assert some.pause(0.5, ready=False, room=True) == 0.5

    def test_the_pause_ends_when_the_next_one_may_go(self, queue, clock):
        some = queue(Pace(per_second=10))
        taken = some.take(5, offered=0)

        assert (len(taken), some.permit(3)) == (3, 1)
        assert some.pause(0.5, ready=True, room=True) == pytest.approx(0.1)
        clock.advance(timedelta(seconds=0.1))
        assert some.permit(2) == 1

    def test_at_a_slow_pace_one_is_announced_after_the_other(self, queue):
        some = queue(Pace(per_second=0.05))

        assert len(some.take(5, offered=0)) == 1
        assert some.take(5, offered=1) == []

    def test_those_refused_when_announced_count_too(self, queue, clock):
        some = queue(Pace(per_second=1))
        some.take(1, offered=0)
        some.used(2)

        some.permit(0)

        assert some.take(1, offered=0) == []
        clock.advance(timedelta(seconds=some.pause(9, ready=False, room=True)))
        some.permit(0)
        assert len(some.take(1, offered=0)) == 1

    def test_full_connections_do_not_make_a_worker_spin(self, deliver, edition, clock):
        seconds = []
        wired = WiredProvider()
        open_wire = wired.open_wire

        def watched(connections):
            wire = open_wire(connections)
            poll = wire.poll

            def look(most):
                if wire.room <= 0 and wire.in_flight == 1:
                    seconds.append(most)
                clock.advance(timedelta(seconds=most))
                wired.silent = len(seconds) < 5
                return poll(most)

            wire.poll = look
            return wire

        wired.open_wire = watched
        slow = replace(channel(wired), pace=Pace(per_second=1000, connections=1))

        report = deliver(edition(20), slow)

        assert report.counts == {ACCEPTED: 20}
        assert max(seconds) == 0.5

    def test_a_list_that_is_refused_when_announced_goes_no_faster(self, deliver, edition, clock):
        wired, before = WiredProvider(), clock()
        for number in range(10):
            wired.always(f"{number:03}@example.org", Refused("550 no such user"))
        slow = replace(channel(wired), pace=Pace(per_second=1, connections=1))

        report = deliver(edition(10), slow)

        assert report.counts == {DeliveryState.REFUSED: 10}
        assert clock() - before >= timedelta(seconds=4)
