"""A channel goes no faster than it may, all workers together, and nobody is lost by waiting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from dispatch.errors import ProviderUnavailable
from dispatch.model.campaigns.pace import Pace, WarmUp
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.store.delivery.channels import Stop
from dispatch.testing.wires import WiredProvider
from pace_stage import ACCEPTED, PENDING
from pipeline_samples import ENDINGS, channel

SUPPRESSED = DeliveryState.SUPPRESSED


def most_in_a_second(moments):
    second = timedelta(seconds=1)
    return max(sum(start <= one < start + second for one in moments) for start in moments)


class TestPerSecond:
    def test_messages_go_out_evenly(self, deliver, edition, mail, provider):
        report = deliver(edition(60), mail(Pace(per_second=20)))

        assert report.counts == {ACCEPTED: 60}
        gaps = {b - a for a, b in pairwise(provider.moments)}
        assert gaps == {timedelta(milliseconds=50)}

    def test_calls_that_carry_many_take_what_a_second_allows(
        self, deliver, edition, mail, provider
    ):
        deliver(edition(250), mail(Pace(per_second=100), at_once=50))

        took = (provider.moments[-1] - provider.moments[0]).total_seconds()
        assert most_in_a_second(provider.moments) <= 101
        assert 2 <= took < 2.1
        assert len(set(provider.moments)) <= 6

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
