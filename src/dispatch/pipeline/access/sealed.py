"""Tokens as the database keeps them: sealed for their channel."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dispatch.model.delivery.tokens import Tokens
from dispatch.sealing import SealBroken, Sealer
from dispatch.store.delivery.tokens import TokensRow

KEY = "DISPATCH_TOKEN_KEY"
NO_KEY = f"{KEY} is not set, under which access is kept"
MAKE_ONE = "set it to what `dispatch channels token-key` prints"


def check_key(channel: str, sealer: Sealer) -> None:
    """Raise SealBroken, with what to do, where nothing that a network gave could be kept."""
    if not sealer:
        raise SealBroken(f"{channel}: {NO_KEY} - {MAKE_ONE}")
    try:
        sealer.check()
    except SealBroken as error:
        raise SealBroken(f"{channel}: its access cannot be kept, as {error}") from None


def seal(
    channel: str,
    provider: str,
    tokens: Tokens,
    sealer: Sealer,
    *,
    by: str,
    at: datetime,
    renewed: datetime | None = None,
) -> TokensRow:
    """The row of a channel; raises SealBroken where there is no key."""
    check_key(channel, sealer)
    said = {name: _plain(value) for name, value in asdict(tokens).items()}
    sealed = sealer.seal(json.dumps(said), purpose_of(channel, provider))
    return TokensRow(
        channel=channel,
        provider=provider,
        sealed=sealed,
        ends=tokens.ends,
        refresh_ends=tokens.person_by,
        scopes=tokens.scopes,
        by=by,
        at=at,
        renewed=renewed,
    )


def unseal(row: TokensRow, sealer: Sealer) -> Tokens:
    """What is in a row; raises SealBroken, with what to do."""
    if not sealer:
        raise SealBroken(f"{row.channel}: {NO_KEY} - set it to the key that it was kept with")
    try:
        said = json.loads(sealer.open(row.sealed, purpose_of(row.channel, row.provider)))
    except SealBroken as error:
        advice = f"set {KEY} to the key that it was kept with, or dispatch channels connect"
        raise SealBroken(
            f"{row.channel}: its access cannot be read, as {error} - {advice} {row.channel}"
        ) from None
    for name in ("ends", "refresh_ends"):
        said[name] = datetime.fromisoformat(said[name]) if said[name] else None
    return Tokens(**said | {"scopes": tuple(said["scopes"])})


def purpose_of(channel: str, provider: str) -> str:
    """What they are sealed for: a row that is moved to another channel does not open there."""
    return f"tokens of channel {channel} at {provider}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
