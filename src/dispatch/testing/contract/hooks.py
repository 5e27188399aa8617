"""What holds for providers whose service calls back, whoever calls and whatever they say."""

import contextlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.provider import CallsBack, Hook
from dispatch.clock import Clock
from dispatch.errors import CallUnreadable, NotGenuine
from dispatch.model.delivery.event import Event
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract.odd import odd_ones
from dispatch.testing.contract.service import SECRET

JUNK = (
    *(b"", b"{", b"null", b"[]", b"{}", b"7", b'"yes"', b"[[[]]]", b"[null, 7, []]", b"\xff\xfe"),
    *(b"[" * 9_999, b"\x00" * 99, b"<html>", b"a=b&c=%FF", b"1e999999", b"[NaN]", b'{"a": 1e400}'),
)
"""Bodies that no service sends."""


class HookContract:
    """What holds for providers that are called back: give `listening`, `call`, `good` and `mixed`.

    Set `signs_body = False` where the proof is a login or a secret in a header, and
    `dates_calls = False` where it does not say when the call was made.
    """

    good: ClassVar[bytes]
    """A body that tells something of at least one mail."""

    mixed: ClassVar[bytes]
    """The same where another event stands among those, of a shape that no service sends.

    The same as `good` for a service that tells one event a call.
    """

    secret: ClassVar[str] = SECRET
    another_secret: ClassVar[str] = "whsec_" + "c29tZWJvZHkgZWxzZSdzIHNlY3JldA=="
    """What the option of the hook may be set to; a service with keys of two parts has pairs."""

    signs_body: ClassVar[bool] = True
    dates_calls: ClassVar[bool] = True

    def listening(self, secret: SecretStr, clock: Clock) -> CallsBack:
        """The provider under test; calls are proved by `secret`, which may be empty."""
        raise NotImplementedError

    def call(self, body: bytes, *, secret: str, at: datetime) -> HookCall:
        """The call that the service makes to tell this body, with its proof."""
        raise NotImplementedError

    def unproved(self, body: bytes, *, at: datetime) -> HookCall:
        """The same without any proof."""
        return HookCall(self.call(body, secret=self.secret, at=at).body)

    @pytest.fixture
    def clock(self) -> FakeClock:
        """Stands still."""
        return FakeClock()

    @pytest.fixture
    def provider(self, clock: FakeClock) -> CallsBack:
        """The provider, which knows the secret."""
        return self.listening(SecretStr(self.secret), clock)

    def test_believes_its_service_and_says_the_same_each_time(
        self, provider: CallsBack, clock: FakeClock
    ) -> None:
        call = self.call(self.good, secret=self.secret, at=clock())

        provider.verify(call)
        told = list(provider.parse_events(call))

        assert told
        assert all(isinstance(one, Event) for one in told)
        assert told == list(provider.parse_events(call))

    def test_believes_nobody_without_a_proof(self, provider: CallsBack, clock: FakeClock) -> None:
        with pytest.raises(NotGenuine):
            provider.verify(self.unproved(self.good, at=clock()))

    def test_believes_nobody_who_has_another_secret(
        self, provider: CallsBack, clock: FakeClock
    ) -> None:
        with pytest.raises(NotGenuine) as raised:
            provider.verify(self.call(self.good, secret=self.another_secret, at=clock()))

        assert self.secret not in str(raised.value)

    @pytest.mark.parametrize("secret", [SECRET, ""])
    def test_believes_nobody_where_the_channel_has_no_secret(
        self, clock: FakeClock, secret: str
    ) -> None:
        provider = self.listening(SecretStr(""), clock)
        call = self.unproved(self.good, at=clock())
        if secret:
            call = self.call(self.good, secret=self.secret, at=clock())

        with pytest.raises(NotGenuine):
            provider.verify(call)

    def test_believes_no_call_that_was_changed(self, provider: CallsBack, clock: FakeClock) -> None:
        call = self.call(self.good, secret=self.secret, at=clock())
        if not self.signs_body:
            return

        for body in (call.body + b" ", call.body[:-1], call.body.replace(b"e", b"f", 1)):
            with pytest.raises((NotGenuine, CallUnreadable)):
                provider.verify(replace(call, body=body))

    @pytest.mark.parametrize("away", [timedelta(hours=-1), timedelta(hours=1)])
    def test_believes_no_call_of_another_time(
        self, provider: CallsBack, clock: FakeClock, away: timedelta
    ) -> None:
        if not self.dates_calls:
            return

        with pytest.raises(NotGenuine):
            provider.verify(self.call(self.good, secret=self.secret, at=clock() + away))

    def test_reads_what_stands_beside_something_unreadable(
        self, provider: CallsBack, clock: FakeClock
    ) -> None:
        good, mixed = (
            list(provider.parse_events(self.call(one, secret=self.secret, at=clock())))
            for one in (self.good, self.mixed)
        )

        assert [one for one in mixed if one in good] == good

    def test_reads_junk_as_junk(self, provider: CallsBack, clock: FakeClock) -> None:
        for body in (*JUNK, *(json.dumps(one).encode() for one in self._odd_ones())):
            self._is_fine_with(provider, body, clock())

    def test_shows_no_secret_of_its_hook(self, provider: CallsBack) -> None:
        assert self.secret not in f"{provider} {provider!r} {vars(provider)!r}"

    def test_declares_a_hook_that_makes_sense(self, provider: CallsBack) -> None:
        hook = provider.hook

        assert isinstance(provider, CallsBack)
        assert isinstance(hook, Hook)
        assert hook.option in vars(type(provider))["Options"].model_fields
        assert hook.source.startswith("https://")
        assert 200 <= hook.taken < 300
        assert 400 <= hook.again < 600

    def _is_fine_with(self, provider: CallsBack, body: bytes, at: datetime) -> None:
        """It raises nothing but what says that a call is not genuine, or not readable."""
        try:
            call = self.call(body, secret=self.secret, at=at)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            call = HookCall(body)  # such as a proof that stands in the body
        with contextlib.suppress(NotGenuine, CallUnreadable):
            provider.verify(call)
        try:
            told = list(provider.parse_events(call))
        except CallUnreadable:
            return
        assert all(isinstance(one, Event) for one in told), body[:100]

    def _odd_ones(self) -> list[Any]:
        """What is told, with something else in one of its places, for each place."""
        try:
            told = json.loads(self.good)
        except ValueError:
            return []
        return list(odd_ones(told))
