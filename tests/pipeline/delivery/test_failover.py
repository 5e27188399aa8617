"""While a channel is down the next one of `via:` steps in; nobody gets it twice by that."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import (
    BadInput,
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.state import BACK_OFF, DeliveryState
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.reconcile import DELIVER, reconcile
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.store.delivery.channels import Stop
from dispatch.testing.fakes import RecordingProvider
from dispatch.testing.wakeup import AtOnce
from pipeline_samples import (
    CAMPAIGN,
    GUARD,
    LINKS,
    addressed_edition,
    channel,
    recipients,
)

PEOPLE = ("ada@example.org", "bob@example.org", "eve@example.org", "joe@example.org")
ACCEPTED, PENDING, UNKNOWN = DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.UNKNOWN
DOWN = ProviderUnavailable("smtp.example.org: connection refused")


@pytest.fixture
def providers():
    return {"mail": RecordingProvider(), "backup": RecordingProvider(), "last": RecordingProvider()}


@pytest.fixture
def channels(providers):
    """Each takes one message at a time, as SMTP has it."""
    made = {name: channel(one, name) for name, one in providers.items()}
    return {
        name: replace(one, capabilities=replace(one.capabilities, batch=1))
        for name, one in made.items()
    }


@pytest.fixture
def edition(store, clock):
    email = replace(CAMPAIGN.email, failover=("backup", "last"))
    return addressed_edition(store, clock, PEOPLE, replace(CAMPAIGN, email=email))


@pytest.fixture
def deliver(store, clock, channels):
    def deliver(edition, *, after=timedelta(0), locked=(), **options):
        def open_channel(name):
            if name in locked:
                raise BadInput([f"channels.{name}.options.password: not set"])
            return channels[name]

        clock.advance(after)
        return deliver_edition(
            edition,
            store=store,
            open_channel=open_channel,
            guard=GUARD,
            links=LINKS,
            clock=clock,
            lease=timedelta(minutes=2),
            **options,
        )

    return deliver


@pytest.fixture
def rows(store, edition):
    """Recipient to the channel that the row names, and its state."""

    def rows():
        with store.read() as tx:
            return {
                one.recipient: (one.channel, one.state)
                for one in tx.deliveries.latest(edition=edition)
            }

    return rows


def copies(providers):
    return sum((one.copies for one in providers.values()), Counter())


def forgets_nothing(channels, name, *, hours=1):
    """Let a channel's provider drop repeats."""
    one = channels[name]
    capabilities = replace(one.capabilities, idempotent_for=timedelta(hours=hours))
    channels[name] = replace(one, capabilities=capabilities)


def test_the_others_have_nothing_to_do_while_the_first_works(deliver, edition, providers):
    report = deliver(edition)

    assert report.counts == {ACCEPTED: 4}
    assert recipients(providers["mail"].taken) == sorted(PEOPLE)
    assert providers["backup"].attempts == providers["last"].attempts == []


@pytest.mark.parametrize("error", [DOWN, CredentialsRefused("smtp.example.org: login refused")])
def test_the_next_one_sends_the_rest_while_the_first_is_down(
    error, deliver, edition, providers, rows
):
    providers["mail"].on("bob@example.org", error)

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 4}
    assert set(copies(providers).values()) == {1}
    assert providers["last"].attempts == []
    assert rows() == {
        "ada@example.org": ("mail", ACCEPTED),
        "bob@example.org": ("backup", ACCEPTED),
        "eve@example.org": ("backup", ACCEPTED),
        "joe@example.org": ("backup", ACCEPTED),
    }


def test_the_one_after_that_steps_in_when_two_are_down(deliver, edition, providers, rows):
    providers["mail"].next(DOWN)
    providers["backup"].next(DOWN)

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 4}
    assert {name for name, _ in rows().values()} == {"last"}


def test_all_wait_when_all_are_down_and_the_first_begins_again(deliver, edition, providers):
    for provider in providers.values():
        provider.next(DOWN)

    waiting = deliver(edition)
    report = deliver(edition, after=BACK_OFF[0])

    assert waiting.counts == {PENDING: 4}
    assert len(waiting.stops) == 3
    assert report.counts == {ACCEPTED: 4}
    assert recipients(providers["mail"].taken) == sorted(PEOPLE)


def test_the_first_takes_over_again_when_it_is_back(
    deliver, edition, providers, rows, *, store, clock
):
    with store.begin() as tx:
        tx.channels.put_stop(Stop("mail", clock() + BACK_OFF[0], "down", failures=1, down=True))
    deliver(edition, keep_going=lambda: not providers["backup"].taken)

    report = deliver(edition, after=BACK_OFF[0])

    assert report.counts == {ACCEPTED: 4}
    assert Counter(name for name, _ in rows().values()) == {"backup": 1, "mail": 3}
    assert set(copies(providers).values()) == {1}


def test_a_first_one_that_is_still_down_leaves_the_next_one_going(deliver, edition, providers):
    providers["mail"].next(DOWN, DOWN)
    deliver(edition)
    deliver(edition, keep_going=lambda: not providers["backup"].taken)

    deliver(edition, after=BACK_OFF[0])
    report = deliver(edition)

    assert report.counts == {ACCEPTED: 4}
    assert recipients(providers["backup"].taken) == sorted(PEOPLE)


def test_a_first_one_that_a_person_resumes_is_used_again(deliver, edition, providers, store, clock):
    providers["mail"].next(CredentialsRefused("login refused"))
    providers["backup"].next(DOWN)
    providers["last"].next(DOWN)
    deliver(edition)

    resume_channel("mail", store=store, clock=clock)
    deliver(edition)

    assert recipients(providers["mail"].taken) == sorted(PEOPLE)


def test_a_channel_that_asks_for_patience_is_not_down(deliver, edition, providers):
    providers["mail"].next(RateLimited("429 too many", retry_after=timedelta(hours=2)))

    deliver(edition)
    report = deliver(edition)

    assert report.counts == {PENDING: 4}
    assert providers["backup"].attempts == []


def test_a_lost_answer_is_not_tried_over_another_channel(deliver, edition, providers, rows):
    providers["mail"].on("ada@example.org", OutcomeUnknown("the connection was lost"))

    report = deliver(edition)

    assert report.counts == {ACCEPTED: 3, UNKNOWN: 1}
    assert copies(providers)["ada@example.org"] == 1
    assert rows()["ada@example.org"] == ("mail", UNKNOWN)
    assert rows()["eve@example.org"] == ("backup", ACCEPTED)


def test_a_first_one_that_goes_on_losing_answers_loses_one_in_each_trial(
    deliver, edition, providers, rows
):
    providers["mail"].next(*[OutcomeUnknown("no answer to the mail")] * 2)
    deliver(edition, keep_going=lambda: not providers["mail"].attempts)

    report = deliver(edition, after=BACK_OFF[0])

    assert report.counts == {ACCEPTED: 2, UNKNOWN: 2}
    assert Counter(name for name, _ in rows().values()) == {"mail": 2, "backup": 2}
    assert set(copies(providers).values()) == {1}


def test_what_the_first_may_repeat_is_left_to_the_first(
    deliver, edition, providers, channels, rows
):
    forgets_nothing(channels, "mail")
    providers["mail"]._drops_repeats = True
    providers["mail"].on("ada@example.org", OutcomeUnknown("the connection was lost"))
    deliver(edition)
    providers["mail"].next(DOWN)
    deliver(edition, after=BACK_OFF[0])

    while_down = deliver(edition)
    report = deliver(edition, after=BACK_OFF[1])

    assert while_down.counts == {ACCEPTED: 3, PENDING: 1}
    assert "ada@example.org" not in copies({"backup": providers["backup"]})
    assert report.counts == {ACCEPTED: 4}
    assert rows()["ada@example.org"] == ("mail", ACCEPTED)
    assert copies(providers)["ada@example.org"] == 1


def test_what_the_next_one_may_repeat_is_not_sent_by_the_first(
    deliver, edition, providers, channels, rows
):
    forgets_nothing(channels, "backup")
    providers["mail"].next(DOWN)
    providers["backup"].on("ada@example.org", OutcomeUnknown("the connection was lost"))
    deliver(edition)
    deliver(edition)

    back = deliver(edition, after=BACK_OFF[0])
    report = deliver(edition, after=timedelta(hours=1))

    assert back.counts == {ACCEPTED: 3, PENDING: 1}
    assert copies(providers)["ada@example.org"] == 1
    assert report.counts == {ACCEPTED: 3, UNKNOWN: 1}
    assert rows()["ada@example.org"] == ("backup", UNKNOWN)


def test_who_dies_in_a_hand_over_over_the_next_one_leaves_it_unknown(
    deliver, edition, providers, rows
):
    class Killed(BaseException):
        """The process ends here."""

    providers["mail"].next(DOWN)
    send = providers["backup"].send

    def send_and_die(batch):
        send(batch)
        raise Killed

    def deliver_until_it_steps_in():
        deliver(edition)  # it may do so at once, if it looks after the first one has gone down
        deliver(edition)

    providers["backup"].send = send_and_die
    with pytest.raises(Killed):
        deliver_until_it_steps_in()
    providers["backup"].send = send

    report = deliver(edition, after=timedelta(minutes=2))

    assert report.counts == {ACCEPTED: 3, UNKNOWN: 1}
    assert rows()["ada@example.org"] == ("backup", UNKNOWN)
    assert set(copies(providers).values()) == {1}


def test_a_late_answer_of_the_first_still_counts(deliver, edition, providers, clock, rows):
    send, others = providers["mail"].send, []

    def send_slowly(batch):
        clock.advance(timedelta(minutes=4))
        providers["mail"].send = send
        providers["mail"].next(DOWN)
        others.append(deliver(edition))  # another worker settles this one, and finds it down
        others.append(deliver(edition))
        return [Accepted("late")]

    providers["mail"].send = send_slowly
    report = deliver(edition)

    assert others[1].counts == {ACCEPTED: 3, UNKNOWN: 1}
    assert report.counts == {ACCEPTED: 4}
    assert rows()["ada@example.org"] == ("mail", ACCEPTED)


@pytest.mark.parametrize(
    ("locked", "carrier"),
    [(["mail"], "backup"), (["mail", "backup"], "last"), (["backup"], "mail"), (["last"], "mail")],
)
def test_a_channel_that_this_process_cannot_open_is_stepped_in_for(
    edition, deliver, providers, locked, carrier
):
    report = deliver(edition, locked=locked)

    assert report.counts == {ACCEPTED: 4}
    assert report.stops == ()
    assert {name: len(one.taken) for name, one in providers.items() if one.taken} == {carrier: 4}


def test_where_no_channel_can_be_opened_everybody_waits(edition, deliver, providers, store):
    waits = deliver(edition, locked=["mail", "backup", "last"])
    mended = deliver(edition, after=timedelta(minutes=1))

    assert waits.counts == {PENDING: 4}
    assert "channels.mail.options.password: not set" in waits.stops
    assert mended.counts == {ACCEPTED: 4}
    assert len(providers["mail"].taken) == 4  # nothing has stopped it for other machines


def test_workers_are_woken_for_the_channel_that_steps_in(edition, store, clock):
    woken = []
    store.waker = AtOnce({DELIVER: lambda payload: woken.append(payload["channel"])}, clock)

    reconcile(
        store=store,
        clock=clock,
        lease=timedelta(minutes=2),
        window_of=lambda _: timedelta(0),
        loops_of=lambda name: 0 if name == "mail" else 1,
    )

    if not store.is_shared:  # a server's own queue has it
        assert woken == ["backup"]
