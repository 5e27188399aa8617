"""Change values of a YAML text and leave every other byte as it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from dispatch.config.splice.change import (
    Change,
    Put,
    Remove,
    Unchangeable,
    meant,
    removed,
    value_at,
    with_own,
)
from dispatch.config.splice.edits import Text
from dispatch.config.splice.nodes import Node, find
from dispatch.config.splice.section import Section
from dispatch.yaml_text import Path, YamlUnreadable, read_once


@dataclass(frozen=True, slots=True)
class _Insert:
    """A list gets one more before one of its places."""

    path: Path
    value: Any


_Step = Put | _Insert | Remove


def spliced(text: str, changes: Iterable[Change]) -> str:
    """The text with changes, which says what was meant and nothing else.

    It is read again and compared, unless it has flaws, of which whoever checks it says more.
    Raises Unchangeable where a change does not fit, or where the text is written in a way that
    cannot be changed here, and YamlUnreadable where it cannot be read before.
    """
    before = read_once(text)
    tree: Any = {} if before.tree is None else before.tree
    after, mark = text, text[:1] == "\ufeff"
    for change in changes:
        wanted = meant(tree, [change])
        for step in _steps(tree, change, wanted):
            after = _stepped(after.removeprefix("\ufeff"), tree, step)
            tree = _after(tree, step)
        if tree != wanted:
            raise Unchangeable(change.path)
    try:
        found = read_once(after)
    except YamlUnreadable as error:
        raise Unchangeable(()) from error
    if found.tree != tree and not found.flaws:
        raise Unchangeable(())
    return "\ufeff" + after if mark else after


def _steps(tree: Any, change: Change, wanted: Any) -> Iterator[_Step]:
    if isinstance(change, Remove):
        path = removed(tree, change.path)
        around = value_at(tree, path[:-1])
        if isinstance(around, dict) and path[-1] not in around:
            return
        if isinstance(around, list) and value_at(tree, path) is None:
            return
        if not isinstance(around, dict | list):
            return
        yield Remove(path)
        return
    yield from _differences(change.path, tree, wanted)


def _differences(path: Path, tree: Any, wanted: Any) -> Iterator[_Step]:
    """From the first place on a path that is not written: what is to be written there."""
    old, new = value_at(tree, path), value_at(wanted, path)
    for length in range(1, len(path)):
        if value_at(tree, path[:length]) is None:
            yield Put(path[:length], value_at(wanted, path[:length]))
            return
    if old is None and isinstance(path[-1], int) and value_at(tree, path[:-1]) is not None:
        yield _Insert(path, new)
    else:
        yield from _between(path, old, new)


def _between(path: Path, old: Any, new: Any) -> Iterator[_Step]:
    if _same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        for key, value in new.items():
            if key not in old or old[key] is None:
                yield Put((*path, key), value)
            else:
                yield from _between((*path, key), old[key], value)
        for key in old:
            if key not in new:
                yield Remove((*path, key))
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _in_list(path, old, new)
    else:
        yield Put(path, new)


def _in_list(path: Path, old: list[Any], new: list[Any]) -> Iterator[_Step]:
    """From its end, so that the places of what comes before stay as they are."""
    matcher = SequenceMatcher(None, list(map(repr, old)), list(map(repr, new)), autojunk=False)
    for _, i1, i2, j1, j2 in reversed([one for one in matcher.get_opcodes() if one[0] != "equal"]):
        both = min(i2 - i1, j2 - j1)
        for value in reversed(new[j1 + both : j2]):
            yield _Insert((*path, i1 + both), value)
        for at in range(i2 - 1, i1 + both - 1, -1):
            yield Remove((*path, at))
        for at in range(both):
            yield from _between((*path, i1 + at), old[i1 + at], new[j1 + at])


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and repr(old) == repr(new)


def _after(tree: Any, step: _Step) -> Any:
    if isinstance(step, Put):
        return meant(tree, [step])
    tree = with_own(tree, step.path)
    around, at = value_at(tree, step.path[:-1]), step.path[-1]
    if isinstance(step, _Insert):
        around.insert(at, step.value)
    else:
        del around[at]
    return tree


def _stepped(text: str, tree: Any, step: _Step) -> str:
    """The text after one step; aliases in its way are written out first."""
    section = Section.around(text, tree, step.path)
    if section is not None:
        inside = replace(step, path=step.path[section.above :])
        edited = _edited(section.text, section.tree, inside, text)
        return section.before + edited + section.after
    return _edited(text, tree, step, text)


def _edited(text: str, tree: Any, step: _Step, whole: str) -> str:
    while True:
        page = Text.of(text, whole)
        if page.root is None:
            raise Unchangeable(step.path)
        place = _in_the_way(page.root, step)
        if place is None:
            break
        text = page.replaced(place, value_at(tree, place))
    if isinstance(step, Remove):
        return page.without(step.path)
    if isinstance(step, _Insert):
        return page.with_item(step.path, step.value)
    return page.with_value(step.path, step.value)


def _in_the_way(root: Node, step: _Step) -> Path | None:
    """The place of an alias that would change its meaning by a step, or is on its path."""
    found = find(root, step.path)
    if found[-1].kind == "alias" and len(found) <= len(step.path):
        return step.path[: len(found) - 1]
    anchors = {node.anchor for node in found[:-1] if node.anchor and node.kind != "alias"}
    whole = len(found) == len(step.path) + 1 and not isinstance(step, _Insert)
    if whole:
        anchors |= {one.anchor for one in found[-1].below() if one.kind != "alias" and one.anchor}
    elif found[-1].kind != "alias" and found[-1].anchor:
        anchors.add(found[-1].anchor)
    for path, node in _with_paths(root, ()):
        gone = whole and path[: len(step.path)] == step.path
        if node.kind == "alias" and node.anchor in anchors and not gone:
            return path
    return None


def _with_paths(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for key, value in node.pairs:
        yield from _with_paths(value, (*path, key.text))
    for number, one in enumerate(node.items):
        yield from _with_paths(one, (*path, number))
