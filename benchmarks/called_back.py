"""A provider whose service calls back, in requests of many events (for measuring)."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
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

NAME = "called_back"


class CalledBackOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    webhook_secret: SecretStr = Field(description="what calls are signed by")


class CalledBack:
    """Takes no mails, and hears of those of others."""

    Options: ClassVar[type[BaseModel]] = CalledBackOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        source="https://example.org/called-back",
        evidence="live",
    )
    hook: ClassVar[Hook] = Hook(option="webhook_secret", source="https://example.org/called-back")

    def __init__(self, options: CalledBackOptions, _http: Any, clock: Clock) -> None:
        self._options = options
        self._clock = clock

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """Send nothing."""
        return [Refused("nothing is sent here") for _ in batch]

    def check(self) -> str:
        """Nobody."""
        return "nobody"

    def verify(self, call: HookCall) -> None:
        """By the time and the body, as most services sign."""
        secret = check_configured(self._options.webhook_secret, "webhook_secret")
        time = call.header("x-time")
        check_hmac(call.header("x-signature"), secret, time, ".", call.body)
        check_window(unix_moment(time), self._clock())

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """One for each object of a list."""
        return [
            Event(
                kind=EventKind(one["event"]),
                id=one["id"],
                at=unix_moment(one["at"]),
                delivery=one["delivery"],
                provider_id=one["message"],
                recipient=one["email"],
                reason=one["response"],
                said=one["event"],
            )
            for one in call.json()
        ]


def call_of(events: Sequence[dict[str, Any]], *, secret: str, at: int) -> HookCall:
    """The call that tells these events."""
    body = json.dumps(events).encode()
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Time": str(at), "X-Signature": signature, "Content-Type": "application/json"}
    return HookCall(body, headers)


def announce(folder: Path) -> None:
    """Have the provider found by processes that have this folder in their path."""
    info = folder / "called_back-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: called-back\nVersion: 1.0\n")
    line = f"{NAME} = benchmarks.called_back:CalledBack"
    (info / "entry_points.txt").write_text(f"[dispatch.providers]\n{line}\n")
