"""Which right somebody of the team needs who changes a key of schedules.yaml in a page."""

from typing import Any

from dispatch.model.team.role import Right
from dispatch.yaml_text import YamlUnreadable, read_once

RIGHTS: dict[str, Right] = {
    "timezone": Right.PEOPLE,
    "locale": Right.PEOPLE,
    "sender": Right.PEOPLE,
    "brand": Right.PEOPLE,
    "public_url": Right.PEOPLE,
    "feeds": Right.PLAN,
    "channels": Right.CHANNELS,
    "bounces": Right.CHANNELS,
    "notify": Right.CHANNELS,
    "campaigns": Right.PLAN,
    "letters": Right.PLAN,
    "segments": Right.PLAN,
    "audiences": Right.PLAN,
    "forms": Right.PLAN,
    "people": Right.PEOPLE,
    "subscribers": Right.PLAN,
    "team": Right.OWN,
}
"""Of each key that stands at the edge of the file."""


def rights_to_change(before: str, after: str) -> list[Right]:
    r"""The rights that it takes to make one text of the other, as its keys differ.

    >>> rights_to_change("locale: en\nfeeds: {}", "locale: en\nfeeds: {a: {url: x}}")
    [<Right.PLAN: 'plan'>]

    Where one of them cannot be read, all of the other counts as changed.
    """
    one, other = _tree(before), _tree(after)
    changed = {key for key in {*one, *other} if one.get(key) != other.get(key)}
    needed = {RIGHTS.get(key, Right.OWN) for key in changed}
    return [right for right in Right if right in needed]


def _tree(text: str) -> dict[str, Any]:
    try:
        tree = read_once(text, as_written=True).tree
    except YamlUnreadable:
        return {}
    return tree if isinstance(tree, dict) else {}
