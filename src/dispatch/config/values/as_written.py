"""The values of schedules.yaml as written, for checks of what does not go together.

So they find their problems in a file whose shape is wrong elsewhere; what has the wrong shape
itself is passed over here, as somebody else tells of it.
"""

from collections.abc import Iterator
from typing import Any

from dispatch.config.files.line_numbers import Path

Finding = tuple[Path, str, str]
"""Where, what is wrong, what to do."""


def group_at(tree: Any, key: str) -> dict[str, Any]:
    """The keys below a key; none where there is no such group."""
    found = tree.get(key) if isinstance(tree, dict) else None
    return found if isinstance(found, dict) else {}


def list_at(tree: dict[str, Any], key: str) -> list[Any]:
    """The list below a key; empty where there is none."""
    found = tree.get(key)
    return found if isinstance(found, list) else []


def campaigns(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every campaign, and where it stands."""
    for name, campaign in group_at(tree, "campaigns").items():
        if isinstance(campaign, dict):
            yield ("campaigns", name), campaign


def cadences(campaign: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What stands below the words of `cadences`."""
    for word, keys in group_at(campaign, "cadences").items():
        if isinstance(keys, dict):
            yield (*path, "cadences", word), keys


def schedules(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every schedule of a campaign or of one of its cadences."""
    for path, campaign in campaigns(tree):
        for place, keys in [(path, campaign), *cadences(campaign, path)]:
            if isinstance(keys.get("schedule"), dict):
                yield (*place, "schedule"), keys["schedule"]


def campaigns_by_posts(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every campaign; of a family also those with `posts` of their own, as if written out."""
    for path, campaign in campaigns(tree):
        yield path, campaign
        for place, own in cadences(campaign, path):
            if "posts" in own:
                posts = {**group_at(campaign, "posts"), **group_at(own, "posts")}
                yield place, {**campaign, **own, "posts": posts}
