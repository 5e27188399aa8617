"""What a hand-over came to, as a table: error and attempt to state, wait and count."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_samples import in_hand
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import BACK_OFF, Delivery, Settlement
from dispatch.model.delivery.state import DeliveryState as State
from dispatch.pipeline.delivery.settle import (
    after_loss,
    by_error,
    given_back,
    kept_back,
    refused,
    settle_lost,
    stop_after,
    unmade,
)
from dispatch.store.delivery.channels import Stop
from dispatch.testing.clock import FakeClock

NOW = FakeClock()()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NO_WINDOW = timedelta(0)
BATCH = Batch(1, "e1", "readers", "mail", "mail", 1, 9, 3, 1)
SENDING = in_hand(7, recipient="ada@example.org", subscriber_id=1, changed=NOW - MINUTE)
LAST = len(BACK_OFF) + 1
"""The attempt after which it is given up."""


def by(error, delivery=SENDING, *, window=NO_WINDOW, handed_over=NOW):
    return by_error(delivery, error, window=window, handed_over=handed_over, now=NOW)


@pytest.mark.parametrize("attempt", range(1, LAST))
def test_a_message_that_is_to_be_tried_later_waits_longer_each_time(attempt):
    delivery = replace(SENDING, attempt=attempt)

    settlement = by(TryLater("mail: busy"), delivery)

    due = NOW + BACK_OFF[attempt - 1]
    assert settlement == Settlement(delivery, State.PENDING, "mail: busy", due=due)


@pytest.mark.parametrize(
    "error", [ProviderUnavailable("mail: down"), RateLimited("mail: down", retry_after=MINUTE)]
)
@pytest.mark.parametrize("attempt", [1, LAST - 1])
def test_where_the_channel_is_left_alone_its_messages_wait_for_nothing_else(error, attempt):
    delivery = replace(SENDING, attempt=attempt)

    assert by(error, delivery) == Settlement(delivery, State.PENDING, "mail: down", due=NOW)


@pytest.mark.parametrize("error", [TryLater("mail: no"), ProviderUnavailable("mail: no")])
def test_after_the_last_attempt_it_has_failed(error):
    delivery = replace(SENDING, attempt=LAST)

    assert by(error, delivery) == Settlement(delivery, State.FAILED, "mail: no")


@pytest.mark.parametrize("attempt", [LAST - 1, LAST, LAST + 9])
def test_a_limit_may_be_met_as_often_as_it_likes_and_nobody_fails_for_it(attempt):
    delivery = replace(SENDING, attempt=attempt)

    due = NOW + BACK_OFF[-1]
    assert by(RateLimited("mail: no"), delivery) == Settlement(
        delivery, State.PENDING, "mail: no", due=due
    )


def test_after_the_last_attempt_nobody_knows_if_an_answer_was_lost_before():
    delivery = replace(SENDING, attempt=LAST, repeats_until=NOW - MINUTE)

    assert by(TryLater("mail: no"), delivery) == Settlement(delivery, State.UNKNOWN, "mail: no")


@pytest.mark.parametrize("attempt", [1, LAST, LAST + 9])
def test_refused_credentials_say_nothing_about_the_message(attempt):
    delivery = replace(SENDING, attempt=attempt)

    assert by(CredentialsRefused("mail: no"), delivery) == Settlement(
        delivery, State.PENDING, "mail: no", due=NOW, counted=False
    )


def test_a_lost_answer_is_not_tried_again():
    assert by(OutcomeUnknown("mail: lost")) == Settlement(SENDING, State.UNKNOWN, "mail: lost")


# From the hand-over on repeats are dropped for a minute; how long ago that was, and the attempt.
HARMLESS = [
    (timedelta(0), 1, True),
    (MINUTE - SECOND, 1, True),
    (MINUTE, 1, False),
    (MINUTE + SECOND, 1, False),
    (timedelta(0), LAST - 1, True),
    (timedelta(0), LAST, False),
]


@pytest.mark.parametrize(("ago", "attempt", "harmless"), HARMLESS)
def test_a_lost_answer_is_tried_again_only_while_repeats_are_dropped(ago, attempt, harmless):
    delivery = replace(SENDING, attempt=attempt)

    settlement = by(OutcomeUnknown("lost"), delivery, window=MINUTE, handed_over=NOW - ago)

    again = Settlement(delivery, State.PENDING, "lost", due=NOW, repeats_until=NOW - ago + MINUTE)
    assert settlement == (again if harmless else Settlement(delivery, State.UNKNOWN, "lost"))


@pytest.mark.parametrize("rest", [SECOND, timedelta(0), -SECOND])
def test_the_window_is_open_from_the_first_hand_over_on(rest):
    delivery = replace(SENDING, attempt=2, repeats_until=NOW + rest)

    settlement = after_loss(delivery, "lost", window=MINUTE, handed_over=NOW, now=NOW)

    if rest > timedelta(0):
        again = {"due": NOW, "repeats_until": NOW + rest}
        assert settlement == Settlement(delivery, State.PENDING, "lost", **again)
    else:
        assert settlement == Settlement(delivery, State.UNKNOWN, "lost")


def test_a_refusal_is_the_providers_own_word():
    assert refused(SENDING, "no such\x07 mailbox") == Settlement(
        SENDING, State.REFUSED, "no such mailbox", answered=True
    )


def test_what_could_not_be_made_has_failed():
    assert unmade(SENDING, "no\x07 subject") == Settlement(SENDING, State.FAILED, "no subject")


def test_what_could_not_be_made_again_may_have_arrived_before():
    delivery = replace(SENDING, repeats_until=NOW)

    assert unmade(delivery, "no subject").state is State.UNKNOWN


def test_what_is_for_a_sample_person_is_suppressed_uncounted():
    reason = "a sample person: only an outbox takes mail for them"

    assert kept_back(SENDING) == Settlement(SENDING, State.SUPPRESSED, reason, counted=False)
    assert kept_back(SENDING).ended


def test_what_was_not_handed_over_is_given_back_uncounted():
    assert given_back(SENDING, "asleep", now=NOW) == Settlement(
        SENDING, State.PENDING, "asleep", due=NOW, counted=False
    )


@pytest.mark.parametrize(
    "error",
    [TryLater("a\x07b"), OutcomeUnknown("a\x07b"), CredentialsRefused("a\x07b"),
     RateLimited("a\x07b"), ProviderUnavailable("a\x07b")],
)  # fmt: skip
def test_no_reason_has_what_cannot_be_printed(error):
    assert by(error).reason == "ab"
    assert stop_after("mail", error, None, now=NOW).reason == "ab"


@given(
    st.sampled_from([TryLater, OutcomeUnknown, CredentialsRefused, RateLimited]),
    st.integers(1, 20),
    st.none() | st.timedeltas(-MINUTE, MINUTE),
    st.timedeltas(NO_WINDOW, MINUTE),
)
def test_what_may_have_arrived_is_never_said_to_have_failed(error, attempt, rest, window):
    repeats_until = None if rest is None else NOW + rest
    delivery = replace(SENDING, attempt=attempt, repeats_until=repeats_until)

    settlement = by(error("x"), delivery, window=window)

    assert not (rest is not None and settlement.state is State.FAILED)
    assert (settlement.due is None) == (settlement.state is not State.PENDING)
    assert settlement.ended == (settlement.due is None)


class TestStops:
    @pytest.mark.parametrize("failures", range(len(BACK_OFF) + 2))
    def test_a_channel_is_left_alone_longer_each_time_and_no_longer_than_that(self, failures):
        before = Stop("mail", NOW, "x", failures) if failures else None

        stop = stop_after("mail", ProviderUnavailable("down"), before, now=NOW)

        pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
        assert stop == Stop("mail", NOW + pause, "down", failures + 1, down=True)

    @pytest.mark.parametrize("failures", [0, 3])
    def test_after_refused_credentials_until_a_person_acts(self, failures):
        before = Stop("mail", NOW, "x", failures)

        stop = stop_after("mail", CredentialsRefused("no"), before, now=NOW)

        assert stop == Stop("mail", None, "no", failures + 1, down=True)

    @pytest.mark.parametrize(
        ("said", "pause"),
        [
            (None, BACK_OFF[0]),
            (timedelta(0), BACK_OFF[0]),
            (SECOND / 2, SECOND),
            (2 * SECOND, 2 * SECOND),
            (BACK_OFF[0] - SECOND, BACK_OFF[0] - SECOND),
            (BACK_OFF[0] + SECOND, BACK_OFF[0] + SECOND),
            (timedelta(days=1), timedelta(days=1)),
        ],
    )
    def test_a_service_that_says_how_long_is_left_alone_that_long(self, said, pause):
        stop = stop_after("mail", RateLimited("slow", retry_after=said), None, now=NOW)

        assert stop == Stop("mail", NOW + pause, "slow", 1, down=False)

    @pytest.mark.parametrize(
        ("failures", "pause"), [(0, SECOND), (1, 5 * SECOND), (2, 20 * SECOND), (3, MINUTE)]
    )
    def test_one_that_says_a_second_again_and_again_is_believed_less(self, failures, pause):
        before = Stop("mail", NOW, "x", failures)

        stop = stop_after("mail", RateLimited("slow", retry_after=SECOND), before, now=NOW)

        assert stop.until == NOW + pause

    def test_what_it_says_counts_however_often_it_failed(self):
        before = Stop("mail", NOW, "x", 4)

        stop = stop_after("mail", RateLimited("slow", retry_after=2 * MINUTE), before, now=NOW)

        assert stop.until == NOW + 2 * MINUTE

    def test_a_lost_answer_counts_as_down_and_a_busy_service_does_not(self):
        errors = (OutcomeUnknown("x"), TryLater("x"), RateLimited("x"))

        assert [stop_after("mail", one, None, now=NOW).down for one in errors] == [
            True, False, False,
        ]  # fmt: skip


@dataclass
class Rows:
    """The deliveries of a transaction, as far as they are asked here."""

    left: list[Delivery]
    written: list = field(default_factory=list)

    @property
    def deliveries(self):
        return self

    events = deliveries

    def told_of(self, keys):
        return {one: "p9" for one in keys if one == 4}

    def lost(self, batch):
        assert batch is BATCH
        return self.left

    def settle(self, settlements, *, now):
        self.written.append((settlements, now))


def test_what_a_worker_that_is_gone_left_is_settled_by_its_channels_window():
    known = replace(SENDING, id=1, channel="web", changed=NOW - SECOND)
    too_long_ago = replace(known, id=2, changed=NOW - MINUTE)
    unknown = replace(known, id=3, channel="mail")
    rows = Rows([known, too_long_ago, unknown])

    lost = settle_lost(
        BATCH, window_of={"web": MINUTE, "mail": NO_WINDOW}.__getitem__, tx=rows, now=NOW
    )

    reason = "the process was ended during the hand-over"
    until = NOW - SECOND + MINUTE
    settlements = [
        Settlement(known, State.PENDING, reason, due=NOW, repeats_until=until),
        Settlement(too_long_ago, State.UNKNOWN, reason),
        Settlement(unknown, State.UNKNOWN, reason),
    ]
    assert rows.written == [(settlements, NOW)]
    assert [one.ended for one in lost] == [False, True, True]
