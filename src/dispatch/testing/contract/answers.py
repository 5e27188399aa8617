"""What holds for answers that are not what the service promises: nobody is said to be served."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted, Outcome
from dispatch.testing.contract.messages import sample_messages
from dispatch.testing.contract.odd import odd_ones
from dispatch.testing.contract.service import Handler, OverHttp


class AnswerContract(OverHttp):
    """What holds for a 2xx with a body that is not what the service promises."""

    @pytest.mark.parametrize(
        "body",
        [b"", b"<html>", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 9999, b'"yes"', b"[[[]]]"],
    )
    def test_claims_nothing_when_the_answer_is_unreadable(self, body: bytes) -> None:
        odd = self.unless_preparing(lambda _: httpx.Response(200, content=body))
        provider = self.answering(odd)
        if not self.reads_answer:
            [outcome] = provider.send(sample_messages(provider, 1))
            assert isinstance(outcome, Accepted)
            return

        with pytest.raises(OutcomeUnknown):
            provider.send(sample_messages(provider, 1))

    def test_claims_nothing_when_half_of_the_answer_is_missing(self) -> None:
        bodies: list[bytes] = []

        def service(request: httpx.Request) -> httpx.Response:
            response = self.accepted(request)
            bodies.append(response.content)
            return _with(response, lambda whole: whole[: len(whole) // 2])

        outcomes = self._of(service)

        if self.reads_answer and bodies[-1]:
            assert all(isinstance(one, OutcomeUnknown) for one in outcomes)

    def test_claims_nothing_when_people_are_missing_in_the_answer(self) -> None:
        cut: list[bool] = []

        def service(request: httpx.Request) -> httpx.Response:
            response = self.accepted(request)
            answer = _json(response)
            lists = [one for one in _values(answer) if isinstance(one, list) and len(one) == 2]
            cut.extend(True for one in lists)
            for one in lists:
                one.pop()
            return _with(response, lambda it: json.dumps(answer).encode() if lists else it)

        outcomes = self._of(service)

        if self.reads_answer and cut:
            assert any(isinstance(one, OutcomeUnknown) for one in outcomes)
            assert all(isinstance(one, OutcomeUnknown | Accepted) for one in outcomes)

    def test_says_of_nobody_that_they_are_refused_when_the_answer_is_of_another_kind(self) -> None:
        answers: list[Any] = []
        self._of(lambda request: _noting(self.accepted(request), answers))
        for odd in odd_ones(answers[-1]):
            outcomes = self._of(partial(self._saying, json.dumps(odd).encode()))

            assert all(isinstance(one, OutcomeUnknown | Accepted) for one in outcomes), odd

    def _saying(self, content: bytes, request: httpx.Request) -> httpx.Response:
        return _with(self.accepted(request), lambda _: content)

    def _of(self, handler: Handler) -> list[Outcome | ProviderError]:
        """What becomes of two messages, or of one where the service takes no more."""
        provider = self.answering(self.unless_preparing(handler))
        messages = sample_messages(provider, min(2, provider.capabilities.batch))
        try:
            return list(provider.send(messages))
        except ProviderError as error:
            return [error] * len(messages)


def _with(response: httpx.Response, change: Callable[[bytes], bytes]) -> httpx.Response:
    kept = {
        name: value
        for name, value in response.headers.items()
        if name not in {"content-length", "content-encoding", "transfer-encoding"}
    }
    return httpx.Response(response.status_code, headers=kept, content=change(response.content))


def _json(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def _noting(response: httpx.Response, answers: list[Any]) -> httpx.Response:
    answers.append(_json(response))
    return response


def _values(answer: Any) -> Iterator[Any]:
    yield answer
    inside = answer.values() if isinstance(answer, dict) else answer
    for one in inside if isinstance(inside, list | type({}.values())) else ():
        yield from _values(one)
