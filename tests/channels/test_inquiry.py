"""What a service makes of each message, whatever it says of the call that many were in."""

import pytest

from dispatch.channels.inquiry import MOST_CALLS, MOST_SECONDS, Inquiry
from dispatch.errors import (
    BatchRefused,
    CredentialsRefused,
    MessageUnusable,
    NotHandedOver,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Address, EmailMessage, Refused
from dispatch.testing.samples import an_email


def people(number, domain="example.org"):
    return [mail(f"r{one}@{domain}") for one in range(number)]


def mail(to):
    one = an_email()
    return EmailMessage(to, one.message_id, one.sender, Address(to), "Hi", "Hi", "<p>Hi</p>")


class Service:
    """Answers each call by a function of its recipients, and remembers what it was asked."""

    def __init__(self, answer, seconds=0.0):
        self.answer = answer
        self.calls = []
        self.now = 0.0
        self.seconds = seconds

    def send(self, batch):
        to = [one.to.email for one in batch]
        self.calls.append(to)
        self.now += self.seconds
        return self.answer(to)

    def ask(self, messages, **options):
        """What became of each recipient; nobody comes out twice or is left out."""
        inquiry = Inquiry(self, messages, name="mail", ticks=lambda: self.now, **options)
        events = [event for found in inquiry.answers() for event in found]
        assert sorted(one.id for one, _ in events) == sorted(one.id for one in messages)
        return {one.to.email: what for one, what in events}


def taken(to):
    return [Accepted(one) for one in to]


def unless(*bad, named=False, words="no such address"):
    """Turns down a call with any of these, as a whole."""

    def answer(to):
        found = {at: words for at, one in enumerate(to) if one in bad}
        if found:
            raise BatchRefused(words, named=found if named else None)
        return taken(to)

    return answer


def refused(came_out):
    return {to for to, what in came_out.items() if isinstance(what, Refused)}


def kinds(came_out):
    return {type(what) for what in came_out.values()}


def test_what_is_taken_costs_one_call():
    service = Service(taken)

    came_out = service.ask(people(1000))

    assert (len(service.calls), kinds(came_out)) == (1, {Accepted})


class TestTurnedDownAsAWhole:
    @pytest.mark.parametrize("named", [True, False])
    @pytest.mark.parametrize(
        "bad",
        [
            [0],
            [999],
            [500],
            [1, 998],
            [0, 1, 2],
            [997, 998, 999],
            [3, 4, 5, 6],
            list(range(100, 110)),
        ],
    )
    def test_those_it_is_for_are_refused_and_the_others_get_it(self, bad, named):
        addresses = [f"r{one}@example.org" for one in bad]
        service = Service(unless(*addresses, named=named))

        left, came_out = people(1000), {}
        for _ in range(5):  # what took too many calls is left for a next time
            came_out |= service.ask(left)
            left = [one for one in left if isinstance(came_out[one.to.email], NotHandedOver)]
            if not left:
                break

        assert refused(came_out) == set(addresses)
        assert all(
            what == Refused("no such address")
            for what in came_out.values()
            if isinstance(what, Refused)
        )
        assert kinds(came_out) == {Accepted, Refused}
        if named:
            assert len(service.calls) == 2

    def test_a_refusal_is_sure_once_a_later_message_was_taken(self):
        came_out = Service(unless("r1@example.org")).ask(people(4))

        assert came_out["r1@example.org"].sure

    def test_places_out_of_range_name_nobody(self):
        def answer(to):
            if "r2@example.org" in to:
                raise BatchRefused("no", named={-1: "no", len(to): "no", 10**9: "no"})
            return taken(to)

        came_out = Service(answer).ask(people(4))

        assert refused(came_out) == {"r2@example.org"}

    def test_with_all_of_them_named_nothing_is_called_again(self):
        service = Service(unless("r0@example.org", "r1@example.org", named=True))

        came_out = service.ask(people(2))

        assert len(service.calls) == 1
        assert {what.sure for what in came_out.values()} == {False}

    def test_each_call_may_name_one_more(self):
        def answer(to):
            for at, one in enumerate(to):
                if one in {"r3@example.org", "r40@example.org", "r77@example.org"}:
                    raise BatchRefused("bad address", named={at: f"bad address {one}"})
            return taken(to)

        service = Service(answer)
        came_out = service.ask(people(100))

        assert refused(came_out) == {"r3@example.org", "r40@example.org", "r77@example.org"}
        assert len(service.calls) == 4


class TestTheAccountsFault:
    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(unless(*(f"r{n}@one.example" for n in range(1000))), id="unnamed"),
            pytest.param(
                unless(*(f"r{n}@one.example" for n in range(1000)), named=True), id="all named"
            ),
            pytest.param(
                lambda to: (_ for _ in ()).throw(
                    BatchRefused(
                        "not verified", named=dict.fromkeys(range(min(10, len(to))), "not verified")
                    )
                ),
                id="ten named each time",
            ),
            pytest.param(lambda to: [Refused("not verified", sure=False)] * len(to), id="each"),
            pytest.param(
                lambda to: [
                    Refused(f"<{one}>: denied, id 4{at}F", sure=False) for at, one in enumerate(to)
                ],
                id="each with a number",
            ),
        ],
    )
    @pytest.mark.parametrize("number", [3, 5, 1000])
    def test_refuses_nobody_and_stops_the_channel(self, answer, number):
        service = Service(answer)

        came_out = service.ask(people(number, "one.example"))

        assert kinds(came_out) <= {ProviderUnavailable, NotHandedOver}
        [trouble] = {str(w) for w in came_out.values() if type(w) is ProviderUnavailable}
        assert trouble.startswith("mail: whoever a message is for, it is turned down (")
        assert len(service.calls) < 20

    def test_one_alone_is_refused_and_whoever_counts_more_of_them_is_told_so(self):
        came_out = Service(unless("r0@example.org")).ask(people(1))

        assert came_out == {"r0@example.org": Refused("no such address")}
        assert not came_out["r0@example.org"].sure

    def test_a_limit_in_the_middle_of_an_answer_refuses_nobody_behind_it(self):
        def answer(to):
            half = len(to) // 2
            return [*taken(to[:half]), *[Refused("quota used up", sure=False)] * half]

        came_out = Service(answer).ask(people(100))

        assert len([one for one in came_out.values() if isinstance(one, Accepted)]) == 50
        assert refused(came_out) == set()


class TestErrors:
    @pytest.mark.parametrize(
        "error",
        [
            RateLimited("slow down"),
            CredentialsRefused("suspended"),
            ProviderUnavailable("down"),
            OutcomeUnknown("lost"),
        ],
    )
    def test_in_the_middle_what_was_taken_stays_taken_and_the_rest_waits(self, error):
        def answer(to):
            if len(service.calls) == 3:
                raise error
            return unless("r5@example.org")(to)

        service = Service(answer)
        came_out = service.ask(people(8))

        assert service.calls[1:] == [[f"r{n}@example.org" for n in range(4)],
                                     [f"r{n}@example.org" for n in range(4, 8)]]  # fmt: skip
        assert [came_out[f"r{n}@example.org"] for n in range(4)] == taken(service.calls[1])
        assert {came_out[f"r{n}@example.org"] for n in range(4, 8)} == {error}

    def test_those_for_whom_no_call_was_made_have_used_up_nothing(self):
        def answer(to):
            if len(to) == 2:
                raise RateLimited("slow down")
            raise BatchRefused("no")

        came_out = Service(answer).ask(people(8))

        assert [type(came_out[f"r{n}@example.org"]) for n in range(8)] == [
            *[RateLimited] * 2, *[NotHandedOver] * 6,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "answer",
        [
            lambda to: 1 / 0,
            lambda to: None,
            lambda to: taken(to)[1:],
            lambda to: [*taken(to), Accepted("more")],
            lambda to: [None] * len(to),
            lambda to: ["accepted"] * len(to),
        ],
    )
    def test_what_cannot_be_believed_may_have_gone_out(self, answer):
        service = Service(answer)

        came_out = service.ask(people(3))

        assert (kinds(came_out), len(service.calls)) == ({OutcomeUnknown}, 1)

    def test_an_error_of_one_is_about_that_one(self):
        later = TryLater("mailbox full")
        came_out = Service(lambda to: [Accepted(), later, Refused("gone")]).ask(people(3))

        assert list(came_out.values()) == [Accepted(), later, Refused("gone")]


class TestLimits:
    def test_many_that_are_not_named_are_found_a_few_at_a_time(self):
        bad = {f"r{one}@example.org" for one in range(0, 1000, 20)}
        service = Service(unless(*bad))

        came_out = service.ask(people(1000))

        assert len(service.calls) == MOST_CALLS
        assert kinds(came_out) == {Accepted, Refused, NotHandedOver}

    def test_a_slow_service_is_not_asked_for_longer_than_a_lease(self):
        service = Service(unless("r0@example.org"), seconds=MOST_SECONDS / 2 - 1)

        came_out = service.ask(people(1000))

        assert len(service.calls) == 3
        assert kinds(came_out) == {ProviderUnavailable}
        assert "turned down as a whole (no such address), and there was no time" in str(
            came_out["r0@example.org"]
        )

    def test_who_is_to_stop_calls_no_more(self):
        service = Service(unless("r0@example.org"))

        came_out = service.ask(people(8), wants_more=lambda: len(service.calls) < 2)

        assert (len(service.calls), kinds(came_out)) == (2, {NotHandedOver})


def test_a_message_that_cannot_be_written_is_not_handed_over_and_the_others_are():
    def answer(to):
        if "r3@example.org" in to:
            raise MessageUnusable("address: no such domain - correct it")
        return taken(to)

    came_out = Service(answer).ask(people(20))

    assert refused(came_out) == {"r3@example.org"}
    assert came_out["r3@example.org"].reason == "address: no such domain - correct it"
    assert sum(type(what) is Accepted for what in came_out.values()) == 19
