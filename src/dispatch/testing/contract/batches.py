"""What holds for several messages at once, as the engine hands them over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatch.channels.calling import Calling
from dispatch.channels.provider import Provider, Ready
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Message, Outcome, Refused
from dispatch.testing.contract.messages import is_mail, sample_messages
from dispatch.testing.contract.service import SECRET, OverHttp, Service, people_in, plain

PEOPLE = 7
AT_ONCE = 3
"""How many of them go into one call, where the service takes more than one."""

UNHAPPY = 5
"""The number of the reader whom the service does not want."""

MANY = 1000
FEW_CALLS = 20
"""For so many calls at most, `MANY` people are told of one issue."""

What = Outcome | ProviderError


class BatchContract(OverHttp):
    """What holds for several messages at once, as the engine hands them over."""

    def test_sends_to_the_others_when_one_recipient_is_refused(self) -> None:
        email = f"reader{UNHAPPY}@example.org"

        def answer(request: httpx.Request) -> httpx.Response:
            if UNHAPPY in people_in(request):
                return self.refused_one(request, email, f"no such mailbox, nor {SECRET}")
            return self.accepted(request)

        service = Service(self.key, answer, refuses=UNHAPPY)

        outcomes = hand_over(self.answering(service))

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

        first = hand_over(provider)
        done = sum(isinstance(one, Accepted) for one in first)
        second = hand_over(provider, sample_messages(provider, PEOPLE)[done:])

        assert done == min(AT_ONCE, provider.capabilities.batch)
        assert all(isinstance(one, RateLimited) for one in first[done:])
        waits = {one.retry_after for one in first[done:] if isinstance(one, RateLimited)}
        assert waits == {timedelta(seconds=7)}
        assert all(isinstance(one, Accepted) for one in second)
        assert service.taken == dict.fromkeys(range(1, PEOPLE + 1), 1)

    @pytest.mark.parametrize("failure", ["silence", "500"])
    def test_calls_nobody_twice_when_an_answer_is_lost(self, failure: str) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            if len(service.calls) == 1:
                return self.accepted(request)
            if failure == "silence":
                raise httpx.ReadTimeout("simulated", request=request)
            return httpx.Response(500, text="<h1>Oops</h1>")

        service = Service(self.key, answer)
        provider = self.answering(service)
        at_once = min(AT_ONCE, provider.capabilities.batch)

        outcomes = hand_over(provider)

        assert all(isinstance(one, Accepted) for one in outcomes[:at_once])
        lost = outcomes[at_once : 2 * at_once]
        assert all(isinstance(one, OutcomeUnknown) for one in lost)
        assert all(isinstance(one, ProviderUnavailable) for one in outcomes[2 * at_once :])
        for number in range(1, PEOPLE + 1):
            keys = [key for people, key in service.calls if number in people]
            assert len(keys) < 2 or (len(set(keys)) == 1 and keys[0])  # a repeat that is dropped

    def test_makes_smaller_calls_where_one_is_too_large(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            alone = len(people_in(request)) < 2
            return self.accepted(request) if alone else httpx.Response(413)

        service = Service(self.key, answer)

        outcomes = hand_over(self.answering(service))

        assert all(isinstance(one, Accepted) for one in outcomes)
        assert service.taken == dict.fromkeys(range(1, PEOPLE + 1), 1)

    def test_stops_at_once_when_the_account_has_to_be_paid_for(self) -> None:
        service = Service(self.key, lambda _: httpx.Response(402, json={"error": "Pay first"}))

        outcomes = hand_over(self.answering(service))

        assert all(isinstance(one, CredentialsRefused) for one in outcomes)
        assert len(service.calls) == 1

    def test_reaches_many_people_once_each_by_full_batches(self) -> None:
        service = Service(self.key, self.accepted)
        provider = self.answering(service)
        batch = provider.capabilities.batch
        messages = sample_messages(provider, min(MANY, FEW_CALLS * batch))

        outcomes = [
            one
            for at in range(0, len(messages), batch)
            for one in hand_over(provider, messages[at : at + batch], at_once=batch)
        ]

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

        hand_over(provider)

        said = "\n".join(map(plain, requests))
        assert {int(one) for one in re.findall(r"t{160}(\d+)", said)} == {*range(1, PEOPLE + 1)}
        assert "List-Unsubscribe-Post" in said
        assert "List-Unsubscribe=One-Click" in said


def hand_over(
    provider: Provider[Any], messages: Sequence[Message] = (), *, at_once: int = AT_ONCE
) -> list[What]:
    """What becomes of messages that the engine hands over together, in their order."""
    messages = messages or sample_messages(provider, PEOPLE)
    declared = provider.capabilities
    wire = Calling(
        provider, replace(declared, batch=min(at_once, declared.batch)), name="the service"
    )
    wire.hand_over(messages)
    found: dict[str, What] = {}
    while wire.in_flight:
        events = wire.poll(1)
        found |= {one.id: what for one, what in events if not isinstance(what, Ready)}
    return [found[one.id] for one in messages]
