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
    """The forms; where none is written down, there is one for each audience."""
    yield from _group(folder, "forms") or audience_names(folder)


def segment_names(folder: Path) -> Iterator[str]:
    """The saved segments."""
    yield from _group(folder, "segments")


def _group(folder: Path, key: str) -> dict[str, Any]:
    with open_regular(folder / FILE) as file:
        tree = read_yaml_text(decode_yaml(file.read(MAX_BYTES + 1))).tree
    group = tree.get(key) if isinstance(tree, dict) else None
    return group if isinstance(group, dict) else {}
