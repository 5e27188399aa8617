"""A mail service of somebody else's plugin, which calls back: `bell`."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    CallUnreadable,
    Capabilities,
    Carries,
    Clock,
    EmailMessage,
    Event,
    EventKind,
    Hook,
    HookCall,
    Outcome,
    Refused,
    check_configured,
    check_hmac,
    check_window,
    unix_moment,
)

SECRET = "the bell rings twice"


class BellOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    webhook_secret: SecretStr = Field(default=SecretStr(""), description="what calls are signed by")


class Bell:
    """Rings at doors."""

    Options: ClassVar[type[BaseModel]] = BellOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        source="https://bells.example/limits",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(option="webhook_secret", source="https://bells.example/webhooks")

    def __init__(self, options: BellOptions, _: Any, clock: Clock) -> None:
        self._options = options
        self._clock = clock

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Nobody is at home."""
        return [Refused("nobody is at home") for _ in batch]

    def check(self) -> str:
        """The one bell."""
        return "the bell"

    def verify(self, call: HookCall) -> None:
        """Signed with the time, at about that time."""
        secret = check_configured(self._options.webhook_secret, "webhook_secret")
        time = call.header("x-bell-time")
        check_hmac(call.header("x-bell-signature"), secret, time, ".", call.body)
        check_window(unix_moment(time), self._clock())

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """A list of events."""
        said = call.json()
        if not isinstance(said, list):
            raise CallUnreadable("the body is no list of events")
        return [_event(one) for one in said]


class CrackedBell(Bell):
    """Fails at everything that is its service's own."""

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """By a bug."""
        raise ZeroDivisionError(call.body)


class LatinBell(Bell):
    """Wants answers of its own, as some services do."""

    hook: ClassVar[Hook] = Hook(
        option="webhook_secret", source="https://bells.example/webhooks", taken=200, again=429
    )


def _event(one: Any) -> Event:
    if not isinstance(one, dict):
        return Event(kind=EventKind.OTHER, said=str(one))
    kinds = {kind.value: kind for kind in EventKind}
    return Event(
        kind=kinds.get(str(one.get("kind", "")), EventKind.OTHER),
        id=str(one.get("id", "")),
        recipient=str(one.get("to", "")),
        reason=str(one.get("reason", "")),
        said=str(one.get("kind", "")),
    )


def signed(body: bytes, clock: Clock, *, secret: str = SECRET) -> dict[str, str]:
    """The headers by which the service says that a call is its own."""
    time = str(int(clock().timestamp()))
    signature = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Bell-Time": time, "X-Bell-Signature": signature}


def told(*events: Any) -> bytes:
    """A body that tells these events."""
    return json.dumps(events).encode()


def announce(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `bell` and its kin found, as if their package was installed."""
    info = folder / "door_bell-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: door-bell\nVersion: 1.0\n")
    kinds = {"bell": "Bell", "cracked": "CrackedBell", "latin": "LatinBell"}
    lines = [f"{name} = door_bell:{kind}\n" for name, kind in kinds.items()]
    (info / "entry_points.txt").write_text("[dispatch.providers]\n" + "".join(lines))
    monkeypatch.syspath_prepend(folder)


def hang_up(folder: Path, *more: str) -> None:
    """Give a workspace the channel `bell`, and others of the kinds that are named."""
    text = "channels:\n  outbox: {provider: outbox}\n"
    for name in ("bell", *more):
        text += f"  {name}: {{provider: {name}, options: {{webhook_secret: env:BELL_SECRET}}}}\n"
    file = folder / "schedules.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
