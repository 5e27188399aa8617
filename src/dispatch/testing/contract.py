"""What every provider must hold to, as tests: subclass, name the class `Test...`, run pytest.

For example:

    class TestLoudspeaker(ProviderContract):
        def provider(self, http, secret):
            return Loudspeaker(LoudspeakerOptions(token=secret), http, FakeClock())

        def accepted(self, request):
            return httpx.Response(200, json={"id": "7"})
"""

import base64
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from dispatch.channels.provider import Carries, Provider
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Message, Refused
from dispatch.testing.samples import a_mail, a_snippet, an_email

SECRET = "whsec_c2VjcmV0LXRoYXQtbm9ib2R5LW1heS1zZWUtMTIz"  # noqa: S105 - a sample, valid as any kind

Handler = Callable[[httpx.Request], httpx.Response]

KEY_HEADERS = ("idempotency-key", "webhook-id")


def sample_messages(provider: Provider[Any], count: int) -> Sequence[Message]:
    """Messages of a kind that the provider carries, each for somebody else."""
    declared = provider.capabilities
    numbers = range(1, count + 1)
    if Carries.EMAIL not in declared.carries:
        return [a_snippet(n) for n in numbers]
    return [a_mail(n) if declared.takes_mail else an_email(n) for n in numbers]


class ProviderPromises:
    """What holds for every provider, whatever it talks to.

    Give the fixture `working`: a provider whose service takes everything.
    """

    @pytest.fixture
    def working(self) -> Provider[Any]:
        """A provider whose service takes everything."""
        raise NotImplementedError("write the fixture `working` for your provider")

    def test_gives_one_outcome_for_each_message(self, working: Provider[Any]) -> None:
        messages = sample_messages(working, working.capabilities.batch)

        outcomes = working.send(messages)

        assert len(outcomes) == len(messages)
        assert all(isinstance(outcome, Accepted | Refused) for outcome in outcomes)

    def test_accepts_an_ordinary_message(self, working: Provider[Any]) -> None:
        [outcome] = working.send(sample_messages(working, 1))

        assert isinstance(outcome, Accepted)

    def test_names_its_account_in_one_line(self, working: Provider[Any]) -> None:
        account = str(working.check())

        assert account.strip() == account != ""
        assert len(account.splitlines()) == 1

    def test_declares_capabilities_that_make_sense(self, working: Provider[Any]) -> None:
        declared = working.capabilities

        assert declared.carries
        assert declared.batch >= 1
        assert declared.idempotent_for >= timedelta(0)
        assert declared.max_text is None or declared.max_text > 0
        assert declared.link_cost is None or declared.link_cost > 0
        assert declared.source.startswith("https://")

    def test_rejects_options_it_does_not_know(self, working: Provider[Any]) -> None:
        with pytest.raises(ValidationError) as raised:
            working.Options.model_validate({"no_such_option": 1})

        kinds = {
            error["type"] for error in raised.value.errors() if "no_such_option" in error["loc"]
        }
        assert kinds == {"extra_forbidden"}

    def test_describes_its_options_to_people(self, working: Provider[Any]) -> None:
        fields = working.Options.model_fields

        assert [name for name, field in fields.items() if not field.description] == []

    def test_shows_no_secret_when_printed(self, working: Provider[Any]) -> None:
        assert SECRET not in f"{working} {working!r} {vars(working)!r}"


class ProviderContract(ProviderPromises):
    """What holds for providers that speak HTTP: give `provider` and `accepted`.

    Set `reads_answer = False` where every 2xx is a yes whatever its body says.
    """

    reads_answer = True

    def provider(self, http: httpx.Client, secret: SecretStr) -> Provider[Any]:
        """The provider under test, built with this client and this secret."""
        raise NotImplementedError

    def accepted(self, request: httpx.Request) -> httpx.Response:
        """How the real service says yes to `request`, those of `check` included."""
        raise NotImplementedError

    def key(self, request: httpx.Request) -> str:
        """By what the service knows a repeat; an idempotency header if not overridden."""
        return next((request.headers[name] for name in KEY_HEADERS if name in request.headers), "")

    def answering(self, handler: Handler) -> Provider[Any]:
        """The provider, with `handler` in place of the service."""
        http = new_client(transport=httpx.MockTransport(handler))
        return self.provider(http, SecretStr(SECRET))

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
        provider = self.answering(_failing(failure))

        with pytest.raises(OutcomeUnknown):
            provider.send(sample_messages(provider, 1))

    @pytest.mark.parametrize("status", [500, 502, 504])
    def test_claims_nothing_when_the_service_broke_down(self, status: int) -> None:
        provider = self.answering(lambda _: httpx.Response(status, text="<h1>Oops</h1>"))

        with pytest.raises(OutcomeUnknown):
            provider.send(sample_messages(provider, 1))

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 9999]
    )
    def test_claims_nothing_when_the_answer_is_unreadable(self, body: bytes) -> None:
        provider = self.answering(lambda _: httpx.Response(200, content=body))
        if not self.reads_answer:
            [outcome] = provider.send(sample_messages(provider, 1))
            assert isinstance(outcome, Accepted)
            return

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

        [outcome] = provider.send(sample_messages(provider, 1))

        assert isinstance(outcome, Refused)
        assert outcome.reason

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

    def test_gives_a_message_the_same_key_each_time(self) -> None:
        keys: list[str] = []

        def service(request: httpx.Request) -> httpx.Response:
            keys.append(self.key(request))
            return self.accepted(request)

        provider = self.answering(service)
        if provider.capabilities.idempotent_for == timedelta(0):
            pytest.skip("this service does not drop repeats")
        first, other = sample_messages(provider, 2)

        for message in (first, first, other):
            provider.send([message])

        assert keys[0] == keys[1] != keys[2]
        assert all(keys)


def _failing(failure: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise failure("simulated", request=request)

    return handler
