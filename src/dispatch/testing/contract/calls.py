"""What holds for calls over HTTP: how failures are sorted, and what stays secret."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatch.channels.provider import Provider
from dispatch.errors import (
    BatchRefused,
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Message, Outcome, Refused
from dispatch.testing.contract.messages import is_mail, sample_digest, sample_messages
from dispatch.testing.contract.service import SECRET, Handler, OverHttp, plain

TOO_LARGE = 12_000_000
"""Bytes of a digest that few services take."""


class CallContract(OverHttp):
    """What holds for calls over HTTP."""

    @pytest.fixture
    def working(self) -> Provider[Any]:
        """A provider whose service takes everything."""
        return self.answering(self.accepted)

    @pytest.mark.parametrize(
        "failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]
    )
    def test_says_that_nothing_was_sent_when_there_is_no_connection(
        self, failure: type[httpx.TransportError]
    ) -> None:
        provider = self.answering(_failing(failure))

        with pytest.raises(ProviderUnavailable):
            provider.send(sample_messages(provider, 1))

    @pytest.mark.parametrize(
        "failure", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]
    )
    def test_claims_nothing_when_the_answer_is_lost(
        self, failure: type[httpx.TransportError]
    ) -> None:
        provider = self.answering(self.unless_preparing(_failing(failure)))

        with pytest.raises(OutcomeUnknown):
            provider.send(sample_messages(provider, 1))

    @pytest.mark.parametrize("status", [500, 502, 504])
    def test_claims_nothing_when_the_service_broke_down(self, status: int) -> None:
        broken = self.unless_preparing(lambda _: httpx.Response(status, text="<h1>Oops</h1>"))
        provider = self.answering(broken)

        with pytest.raises(OutcomeUnknown):
            provider.send(sample_messages(provider, 1))

    def test_waits_as_long_as_the_service_asks(self) -> None:
        busy = httpx.Response(429, headers={"Retry-After": "7"})
        provider = self.answering(lambda _: busy)

        with pytest.raises(RateLimited) as raised:
            provider.send(sample_messages(provider, 1))

        assert raised.value.retry_after == timedelta(seconds=7)

    @pytest.mark.parametrize("status", [401, 403])
    def test_tells_a_refused_account_from_a_refused_message(self, status: int) -> None:
        provider = self.answering(lambda _: httpx.Response(status, json={"error": "who?"}))

        with pytest.raises(CredentialsRefused):
            provider.send(sample_messages(provider, 1))

    def test_gives_the_reason_of_a_refusal(self) -> None:
        provider = self.answering(lambda _: httpx.Response(422, json={"error": "Too long"}))

        outcome = _alone(provider, sample_messages(provider, 1))

        assert isinstance(outcome, Refused | BatchRefused)
        assert str(outcome)

    def test_gives_the_reason_when_a_mail_is_too_large(self) -> None:
        sizes: list[int] = []

        def service(request: httpx.Request) -> httpx.Response:
            sizes.append(len(request.content))
            return httpx.Response(413, text="<h1>Request Entity Too Large</h1>")

        provider = self.answering(service)
        large = sample_messages(provider, 1)
        if is_mail(provider):
            html = f"<p>{'0123456789 ' * (TOO_LARGE // 11)}</p>"
            large = [sample_digest(provider.capabilities, html=html)]

        outcome = _alone(provider, large)

        assert isinstance(outcome, Refused | BatchRefused)
        assert str(outcome)
        assert len(sizes) == 1
        assert not is_mail(provider) or sizes[0] > TOO_LARGE

    def test_changes_nothing_when_it_checks(self) -> None:
        methods: list[str] = []

        def service(request: httpx.Request) -> httpx.Response:
            methods.append(request.method)
            return self.accepted(request)

        self.answering(service).check()

        assert methods
        assert {*methods} <= {"GET", "HEAD"}

    def test_switches_off_the_tracking_of_the_service_where_it_says_so(self) -> None:
        requests: list[httpx.Request] = []

        def service(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return self.accepted(request)

        provider = self.answering(service)
        provider.send(sample_messages(provider, 1))

        if provider.capabilities.tracking == "off":
            assert "track" in plain(requests[-1]).lower()

    def test_lets_a_check_fail_without_doubt(self) -> None:
        provider = self.answering(_failing(httpx.ReadTimeout))

        with pytest.raises(ProviderUnavailable):
            provider.check()

    @pytest.mark.parametrize("status", [401, 422, 429, 500])
    def test_keeps_the_secret_even_when_the_service_repeats_it(self, status: int) -> None:
        said = {"error": f"no such token: {SECRET}", "message": SECRET}

        shown = self._said_with(httpx.Response(status, json=said))

        assert SECRET not in shown

    @pytest.mark.parametrize("status", [401, 422, 429, 500])
    @pytest.mark.parametrize("before", ["", "marie:", "Bearer ", "\0marie@example.org\0"])
    def test_keeps_the_secret_even_when_the_service_repeats_it_in_base64(
        self, status: int, before: str
    ) -> None:
        both = f"{before}{SECRET}".encode()
        encoded = base64.b64encode(both).decode(), base64.urlsafe_b64encode(both).decode()
        said = {"error": f"no such login: {encoded[0]}, {encoded[1].rstrip('=')}"}

        shown = self._said_with(httpx.Response(status, json=said))

        # The first letters may be the user's name, and the last ones depend on what follows.
        assert not any(one[len(before) * 2 : -4] in shown for one in encoded)

    def _said_with(self, answer: httpx.Response) -> str:
        provider = self.answering(lambda _: answer)
        try:
            return repr(provider.send(sample_messages(provider, 1)))
        except ProviderError as error:
            return f"{error} {error!r} {error.__cause__!r}"

    def test_gives_a_message_the_same_key_each_time_where_repeats_are_dropped(self) -> None:
        requests: list[httpx.Request] = []

        def service(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return self.accepted(request)

        provider = self.answering(service)
        first, other = sample_messages(provider, 2)

        for message in (first, first, other):
            provider.send([message])

        assert len(requests) >= 3  # whether it was there before is for the service to say
        if provider.capabilities.idempotent_for:
            keys = [self.key(request) for request in requests]
            assert keys[0] == keys[1] != keys[2]
            assert all(keys)


def _failing(failure: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise failure("simulated", request=request)

    return handler


def _alone(provider: Provider[Any], messages: Sequence[Message]) -> Outcome | ProviderError:
    """What becomes of one message; a call that is turned down is that message, too."""
    try:
        [outcome] = provider.send(messages)
    except BatchRefused as refusal:
        return refusal
    return outcome
