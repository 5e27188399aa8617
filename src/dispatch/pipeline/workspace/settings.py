"""What schedules.yaml says for all campaigns, field by field, and how it is changed."""

from collections.abc import Mapping
from typing import Any

from dispatch.config.splice.change import Change, Put, Remove, value_at

FIELDS: dict[str, tuple[str, ...]] = {
    "sender_name": ("sender", "name"),
    "sender_email": ("sender", "email"),
    "locale": ("locale",),
    "timezone": ("timezone",),
    "address": ("brand", "address"),
    "website": ("brand", "website"),
    "public_url": ("public_url",),
    "accent": ("brand", "accent"),
    "erase_after": ("people", "erase_after"),
    "keep_networks": ("people", "keep_networks"),
}
"""The fields of the form, and the keys that they are."""

SIGN_IN: dict[str, tuple[str, ...]] = {
    "second_factor": ("team", "sign_in", "second_factor"),
    "service_name": ("team", "sign_in", "service", "name"),
    "service_issuer": ("team", "sign_in", "service", "issuer"),
    "service_client_id": ("team", "sign_in", "service", "client_id"),
    "service_client_secret": ("team", "sign_in", "service", "client_secret"),
}
"""The same for owners alone: who can change how people sign in can sign in as anybody."""

TICKS = {"keep_networks": (True, "yes"), "second_factor": ("required", "yes")}
"""What a tick puts there, and what the form says for it."""

Said = Mapping[str, str]
"""Field to text."""


def settings_of(tree: Any, fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What the file, whose tree this is, says for each field; as it is written there."""
    return {name: _as_text(name, value_at(tree, path)) for name, path in fields.items()}


def changes_of(said: Said, typed: Said) -> list[Change]:
    """What differs of the fields that are `said`; an empty text takes its key out."""
    changes: list[Change] = []
    for name in (name for name in said if typed[name] != said[name]):
        path = (FIELDS | SIGN_IN)[name]
        value = TICKS[name][0] if name in TICKS else typed[name]
        changes.append(Put(path, value) if typed[name] else Remove(path))
    return changes


def _as_text(name: str, value: Any) -> str:
    if name in TICKS:
        put, said = TICKS[name]
        return said if value == put else ""
    return "" if value is None else str(value)
