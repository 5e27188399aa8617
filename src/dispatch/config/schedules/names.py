"""The names in schedules.yaml, read quickly and silently: a shell asks for them at each Tab."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.config.schedules.load import FILE
from dispatch.model.campaigns.cadence import campaign_name, read_cadence
from dispatch.regular_files import open_regular
from dispatch.yaml_text import MAX_BYTES, decode_yaml, read_yaml_text


def campaign_names(folder: Path) -> Iterator[str]:
    """The campaigns that can be run: of one with cadences, that of each."""
    for name, keys in _group(folder, "campaigns").items():
        cadences = keys.get("cadences") if isinstance(keys, dict) else None
        offered = filter(None, map(read_cadence, cadences)) if isinstance(cadences, dict) else ()
        yield from [campaign_name(name, cadence) for cadence in offered] or [name]


def feed_names(folder: Path) -> Iterator[str]:
    """The feeds."""
    yield from _group(folder, "feeds")


def channel_names(folder: Path) -> Iterator[str]:
    """The channels, with the one that is always there."""
    yield from dict.fromkeys((*_group(folder, "channels"), DEFAULT_CHANNEL))


def audience_names(folder: Path) -> Iterator[str]:
    """The audiences that campaigns write to."""
    emails = [
        keys.get("email") for keys in _group(folder, "campaigns").values() if isinstance(keys, dict)
    ]
    found = [email.get("audience") for email in emails if isinstance(email, dict)]
    yield from dict.fromkeys(name for name in found if isinstance(name, str))


def form_names(folder: Path) -> Iterator[str]:
    """The forms; where the file has no such key, there is one for each audience."""
    forms = _tree(folder).get("forms")
    yield from audience_names(folder) if forms is None else _group(folder, "forms")


def segment_names(folder: Path) -> Iterator[str]:
    """The saved segments."""
    yield from _group(folder, "segments")


def _group(folder: Path, key: str) -> dict[str, Any]:
    group = _tree(folder).get(key)
    return group if isinstance(group, dict) else {}


def _tree(folder: Path) -> dict[str, Any]:
    with open_regular(folder / FILE) as file:
        tree = read_yaml_text(decode_yaml(file.read(MAX_BYTES + 1))).tree
    return tree if isinstance(tree, dict) else {}
