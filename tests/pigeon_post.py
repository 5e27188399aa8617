"""A mail service of somebody else's plugin, which tells all that a service can."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Account,
    Capabilities,
    Carries,
    CredentialsRefused,
    EmailMessage,
    Event,
    Extra,
    Hook,
    HookCall,
    Outcome,
    Quota,
    Refused,
    check_configured,
)

KEY = "the key of the loft"


class PigeonOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    api_key: SecretStr = Field(description="key of the loft")
    webhook_secret: SecretStr = Field(default=SecretStr(""), description="proves their calls")
    region: Literal["north", "south"] = Field(default="north", description="where they fly")
    extra: Extra = {}


class PigeonPost:
    """Carries mails by pigeon.

    What its account may still send is `left`.
    """

    Options: ClassVar[type[BaseModel]] = PigeonOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        batch=1_000,
        calls_at_once=4,
        idempotent_for=timedelta(hours=12),
        most_bytes=25 * 1024 * 1024,
        most_call_bytes=50_000_000,
        tracking="account",
        source="https://pigeons.example/limits",
        evidence="documented",
    )
    hook: ClassVar[Hook] = Hook(
        option="webhook_secret", source="https://pigeons.example/homecoming"
    )
    left: ClassVar[int] = 1_888

    def __init__(self, options: PigeonOptions, *_: Any) -> None:
        self._options = options

    def send(self, batch: Sequence[EmailMessage]) -> Sequence[Outcome]:
        """All of them are asleep."""
        return [Refused("asleep", sure=False) for _ in batch]

    def verify(self, call: HookCall) -> None:
        """Their ring says who they are."""
        check_configured(self._options.webhook_secret, "webhook_secret")

    def parse_events(self, call: HookCall) -> Sequence[Event]:
        """What came home: nothing of what pigeons say is understood yet."""
        return []

    def check(self) -> Account:
        """The loft, for whoever has the key."""
        if self._options.api_key.get_secret_value() != KEY:
            raise CredentialsRefused("pigeon: the loft is locked - use the key of this loft")
        quota = Quota(self.left, 50_000, "24 hours")
        return Account("loft <7>", quota, ("grain is low - buy some",))


def announce(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `pigeon` found, as if its package was installed."""
    info = folder / "pigeon_post-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1.0\n")
    entry = "[dispatch.providers]\npigeon = pigeon_post:PigeonPost\n"
    (info / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(folder)
