"""What holds for several messages at once, as the engine hands them over."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatch.channels.provider import Provider
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract.handing_over import Came, hand_over
from dispatch.testing.contract.messages import is_mail, sample_messages
from dispatch.testing.contract.service import SECRET, OverHttp, Service, people_in, plain

PEOPLE = 7
AT_ONCE = 3
"""How many of them go into one call, where the service takes more than one."""

UNHAPPY = 5
"""The number of the reader whom the service does not want."""

MANY = 1000
FEW_CALLS = 20
"""A service that takes one message a call is called so often instead."""


class BatchContract(OverHttp):
    """What holds for several messages at once, as the engine hands them over."""

    def test_sends_to_the_others_when_one_recipient_is_refused(self) -> None:
        email = f"reader{UNHAPPY}@example.org"

        def answer(request: httpx.Request) -> httpx.Response:
            if UNHAPPY in people_in(request):
                return self.refused_one(request, email, f"no such mailbox, nor {SECRET}")
            return self.accepted(request)

        service = Service(self.key, answer, refuses=UNHAPPY)

        outcomes = hand_over_to(self.answering(service))

        refused = outcomes.pop(UNHAPPY - 1)
        assert isinstance(refused, Refused)
        assert refused.reason
        assert SECRET not in refused.reason
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        assert service.taken == dict.fromkeys({*range(1, PEOPLE + 1)} - {UNHAPPY}, 1)

    def test_keeps_the_rest_back_when_the_service_has_had_enough(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            if len(service.calls) == 2:
                return httpx.Response(429, headers={"Retry-After": "7"})
            return self.accepted(request)

        service = Service(self.key, answer)
        provider = self.answering(service)

        at_once = min(AT_ONCE, provider.capabilities.batch)

        first = hand_over_to(provider)
        second = hand_over(provider, sample_messages(provider, PEOPLE)[at_once:], at_once=at_once)

        assert all(isinstance(one, Accepted) for one in first[:at_once])
        limited = first[at_once : 2 * at_once]
        assert [one.retry_after for one in limited if isinstance(one, RateLimited)] == (
            [timedelta(seconds=7)] * at_once
        )
        assert first[2 * at_once :] == [None] * (PEOPLE - 2 * at_once)
        assert all(isinstance(one, Accepted) for one in second)
        assert service.taken == dict.fromkeys(range(1, PEOPLE + 1), 1)

    @pytest.mark.parametrize("failure", ["silence", "500"])
    def test_calls_nobody_twice_when_an_answer_is_lost(self, failure: str) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            if len(service.calls) == 1 or self.prepares(request):
                return self.accepted(request)
            if failure == "silence":
                raise httpx.ReadTimeout("simulated", request=request)
            return httpx.Response(500, text="<h1>Oops</h1>")

        service = Service(self.key, answer)
        provider = self.answering(service)
        at_once = min(AT_ONCE, provider.capabilities.batch)

        outcomes = hand_over_to(provider)

        assert all(isinstance(one, Accepted) for one in outcomes[:at_once])
        lost = outcomes[at_once : 2 * at_once]
        assert all(isinstance(one, OutcomeUnknown) for one in lost)
        assert outcomes[2 * at_once :] == [None] * (PEOPLE - 2 * at_once)
        for number in range(1, PEOPLE + 1):
            keys = [key for people, key in service.calls if number in people]
            assert len(keys) < 2 or (len(set(keys)) == 1 and keys[0])  # a repeat that is dropped

    def test_makes_smaller_calls_where_one_is_too_large(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            alone = len(people_in(request)) < 2
            return self.accepted(request) if alone else httpx.Response(413)

        service = Service(self.key, answer)

        outcomes = hand_over_to(self.answering(service))

        assert all(isinstance(one, Accepted) for one in outcomes)
        assert service.taken == dict.fromkeys(range(1, PEOPLE + 1), 1)

    def test_stops_at_once_when_the_account_has_to_be_paid_for(self) -> None:
        service = Service(self.key, lambda _: httpx.Response(402, json={"error": "Pay first"}))

        outcomes = hand_over_to(self.answering(service))

        assert {type(one) for one in outcomes} <= {CredentialsRefused, type(None)}
        assert len(service.calls) == 1

    def test_reaches_many_people_once_each_by_full_batches(self) -> None:
        service = Service(self.key, self.accepted)
        provider = self.answering(service)
        batch = provider.capabilities.batch
        messages = sample_messages(provider, min(MANY, FEW_CALLS * batch))

        outcomes = hand_over(provider, messages)

        assert all(isinstance(one, Accepted) for one in outcomes)
        assert service.taken == dict.fromkeys(range(1, len(messages) + 1), 1)
        if not provider.capabilities.most_call_bytes:
            assert len(service.calls) == -(-len(messages) // batch)

    def test_gives_everybody_a_way_out_of_their_own(self) -> None:
        requests: list[httpx.Request] = []

        def service(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return self.accepted(request)

        provider = self.answering(service)
        if not is_mail(provider):
            return

        hand_over_to(provider)

        said = "\n".join(map(plain, requests))
        assert {int(one) for one in re.findall(r"t{160}(\d+)", said)} == {*range(1, PEOPLE + 1)}
        assert "List-Unsubscribe-Post" in said
        assert "List-Unsubscribe=One-Click" in said


def hand_over_to(provider: Provider[Any]) -> list[Came]:
    """What becomes of a message to each of `PEOPLE`."""
    return hand_over(provider, sample_messages(provider, PEOPLE), at_once=AT_ONCE)
