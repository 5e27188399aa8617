"""What is to be changed in a file of keys and values, and what the file says after that."""

from collections.abc import Iterable
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

from dispatch.yaml_text import Path


class Unchangeable(Exception):
    """A change does not fit what the file says; nothing was changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)


@dataclass(frozen=True, slots=True)
class Put:
    """A key gets a value, which may be a group or a list; keys around it are made as needed.

    Of a group or list that is there already only what differs is written anew.
    """

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Append:
    """A list gets one more at its end; a value that stands alone becomes a list of two."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """A key goes, or a place in a list; what is not there may be removed.

    A group or list inside of another that holds nothing after that goes, too.
    """

    path: Path


Change = Put | Append | Remove


def meant(tree: Any, changes: Iterable[Change]) -> Any:
    """What a file says after changes, which `tree` says before; raises Unchangeable.

    >>> meant({"a": {"b": 1}}, [Put(("a", "c"), 2), Remove(("a", "b"))])
    {'a': {'c': 2}}
    """
    after = tree
    for change in changes:
        if not change.path:
            raise Unchangeable(change.path)
        after = with_own(after, change.path)
        if isinstance(change, Remove):
            _remove(after, change.path)
        elif isinstance(change, Append):
            _put(after, change.path, [*as_list(value_at(after, change.path)), change.value])
        else:
            _put(after, change.path, change.value)
    return after


def with_own(tree: Any, path: Path) -> Any:
    """The tree with groups and lists of its own on a path; all beside it is shared.

    Of 500 campaigns one is copied, and not all of them once for each change.
    """
    if not isinstance(tree, dict | list):
        return tree
    own: Any = copy(tree)
    if path and (inner := value_at(tree, path[:1])) is not None:
        own[path[0]] = with_own(inner, path[1:])
    return own


def value_at(tree: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(step, int) and isinstance(tree, list) and 0 <= step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def as_list(value: Any) -> list[Any]:
    """A value that may be one or several, as several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _put(tree: Any, path: Path, value: Any) -> None:
    for depth, step in enumerate(path[:-1], 1):
        if isinstance(step, str) and isinstance(tree, dict) and tree.get(step) is None:
            tree[step] = {}
        tree = _inside(tree, path[:depth])
    step = path[-1]
    if isinstance(step, str) and isinstance(tree, dict):
        tree[step] = deepcopy(value)
    elif isinstance(step, int) and isinstance(tree, list) and 0 <= step <= len(tree):
        tree[step : step + 1] = [deepcopy(value)]
    else:
        raise Unchangeable(path)


def _inside(tree: Any, path: Path) -> Any:
    found = value_at(tree, path[-1:])
    if not isinstance(found, dict | list):
        raise Unchangeable(path)
    return found


def _remove(tree: Any, path: Path) -> None:
    path = removed(tree, path)
    around, step = value_at(tree, path[:-1]), path[-1]
    if isinstance(around, dict):
        around.pop(step, None)
    elif isinstance(around, list) and isinstance(step, int) and 0 <= step < len(around):
        del around[step]


def removed(tree: Any, path: Path) -> Path:
    """What goes with a path: it, or what would hold nothing without it."""
    while len(path) > 2:
        around = value_at(tree, path[:-1])
        if not isinstance(around, dict | list) or len(around) > 1 or value_at(tree, path) is None:
            break
        path = path[:-1]
    return path
