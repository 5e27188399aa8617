"""The conformance suite of hooks lets a careful provider pass, and finds what others do."""

from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

import pytest
from pydantic import SecretStr

import door_bell
from dispatch.channels.hooks.call import HookCall
from dispatch.errors import DispatchError, NotGenuine
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import HookContract
from door_bell import Bell, BellOptions, signed, told

ONE = {"id": "1", "kind": "bounced", "to": "ada@example.org", "reason": "550"}
TWO = {"id": "2", "kind": "delivered", "to": "ben@example.org"}


class TestBell(HookContract):
    careless: ClassVar[type[Bell]] = Bell
    good = told(ONE, TWO)
    mixed = told(ONE, None, ["odd"], TWO)

    def listening(self, secret, clock):
        return self.careless(BellOptions(webhook_secret=secret), None, clock)

    def call(self, body, *, secret, at):
        headers = signed(body, lambda: at, secret=secret)
        return HookCall(body, {name.lower(): value for name, value in headers.items()})


class Gullible(Bell):
    def verify(self, call):
        """Believe everybody."""


class Timeless(Bell):
    def verify(self, call):
        door_bell.check_hmac(
            call.header("x-bell-signature"),
            door_bell.check_configured(self._options.webhook_secret, "webhook_secret"),
            call.header("x-bell-time"),
            ".",
            call.body,
        )


class Keyless(Bell):
    def verify(self, call):
        secret = self._options.webhook_secret.get_secret_value()
        if secret:
            super().verify(call)


class Strict(Bell):
    def parse_events(self, call):
        return [door_bell._event(dict(one)) for one in call.json()]


class Dropping(Bell):
    def parse_events(self, call):
        told = []
        with suppress(TypeError, ValueError, DispatchError):
            told.extend(door_bell._event(dict(one)) for one in call.json())
        return told


class Talkative(Bell):
    def verify(self, call):
        secret = self._options.webhook_secret.get_secret_value()
        raise NotGenuine(f"not signed with {secret}")


@pytest.mark.parametrize(
    ("careless", "test"),
    [
        (Gullible, "believes_nobody_without_a_proof"),
        (Gullible, "believes_nobody_who_has_another_secret"),
        (Gullible, "believes_no_call_that_was_changed"),
        (Timeless, "believes_no_call_of_another_time"),
        (Keyless, "believes_nobody_where_the_channel_has_no_secret"),
        (Strict, "reads_what_stands_beside_something_unreadable"),
        (Strict, "reads_junk_as_junk"),
        (Dropping, "reads_what_stands_beside_something_unreadable"),
        (Talkative, "believes_nobody_who_has_another_secret"),
    ],
)
def test_what_a_careless_provider_does_is_found(careless, test):
    suite, clock = TestBell(), FakeClock()
    suite.careless = careless
    provider = suite.listening(SecretStr(suite.secret), clock)
    more = {
        "believes_no_call_of_another_time": (provider, clock, timedelta(hours=1)),
        "believes_nobody_where_the_channel_has_no_secret": (clock, ""),
    }

    with pytest.raises((AssertionError, pytest.fail.Exception, TypeError, ValueError)):
        getattr(suite, f"test_{test}")(*more.get(test, (provider, clock)))
