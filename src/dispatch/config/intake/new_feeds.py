"""Feeds added to schedules.yaml: every line that is there stays as it is, comments and all."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.config.files.problems import FileProblem
from dispatch.config.files.yaml_file import read_yaml
from dispatch.config.schedules.load import FILE
from dispatch.errors import BadInput
from dispatch.private_files import whole_file
from dispatch.regular_files import open_regular
from dispatch.yaml_text import YamlUnreadable, read_once

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """What schedules.yaml shall say of a feed."""

    name: str
    url: str
    title: str = ""

    def as_line(self) -> str:
        """The feed as a line of YAML, without indentation.

        >>> NewFeed("blog", "https://blog.example.org/feed").as_line()
        'blog: {url: "https://blog.example.org/feed"}'
        """
        # A text of JSON is one of YAML too, where its characters can be printed.
        fields = {"url": self.url, "title": self.title}
        written = (
            f"{key}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in fields.items()
            if value
        )
        return f"{self.name}: {{{', '.join(written)}}}"


def add_feeds(folder: Path, new: Iterable[NewFeed]) -> None:
    """Write the feeds behind those that schedules.yaml has, all or none.

    The file is written beside the old one, read and compared, and only then put in its place.
    Raises BadInput where it is not in order, before or after.
    """
    added = list(new)
    if not added:
        return
    path = folder / FILE
    before = read_yaml(path)
    with open_regular(path) as file:
        body = file.read()
    text = body.removeprefix(_BOM).decode("utf-8")
    changed = _with_feeds(text, added)
    with whole_file(path) as file:
        file.write((_BOM if body.startswith(_BOM) else b"") + changed.encode())
        file.flush()
        _check(Path(file.name), before.tree, added)


def text_with_feeds(text: str, new: Iterable[NewFeed]) -> str:
    """What schedules.yaml says with these feeds, too; quick also for a thousand of them.

    Raises BadInput where it is written in a way that cannot be added to.
    """
    added, mark = list(new), "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    try:
        changed = _with_feeds(body, added)
        before, after = read_once(body), read_once(changed)
    except YamlUnreadable:
        raise _by_hand() from None
    if after.flaws or not _says(after.tree, before.tree, added):
        raise _by_hand()
    return mark + changed


def _check(path: Path, before: dict[str, Any], added: list[NewFeed]) -> None:
    try:
        after = read_yaml(path)
    except BadInput:
        raise _by_hand() from None
    if after.problems or not _says(after.tree, before, added):
        raise _by_hand()


def _says(after: dict[str, Any], before: dict[str, Any], added: list[NewFeed]) -> bool:
    """Whether a file has these feeds behind those it had before, and is the same otherwise."""
    wanted = {
        one.name: {"url": one.url, **({"title": one.title} if one.title else {})} for one in added
    }
    expected = {**before, "feeds": {**before["feeds"], **wanted}}
    return after == expected and [*after["feeds"]] == [*expected["feeds"]]


def _with_feeds(text: str, added: list[NewFeed]) -> str:
    feeds = _node_of_feeds(text)
    if feeds.flow_style:
        return _in_brackets(text, feeds, added)
    end = "\r\n" if "\r\n" in text else "\n"
    indent = " " * feeds.value[0][0].start_mark.column
    last = _last_of(feeds)
    place = last.index
    # Behind a block of text the mark is where the next line begins already.
    if last.column > 0:
        place = text.find("\n", last.index) + 1
    before, after = (text[:place], text[place:]) if place else (text + end, "")
    return "".join([before, *(f"{indent}{one.as_line()}{end}" for one in added), after])


def _in_brackets(text: str, feeds: Any, added: list[NewFeed]) -> str:
    close = feeds.end_mark.index - 1
    inside = text[feeds.start_mark.index + 1 : close].rstrip()
    comma = "" if not feeds.value or inside.endswith(",") else ", "
    return text[:close].rstrip() + comma + ", ".join(one.as_line() for one in added) + text[close:]


def _node_of_feeds(text: str) -> Any:
    from ruamel.yaml import YAML  # noqa: PLC0415 - 15 ms that --help need not wait for

    root = YAML(typ="rt", pure=True).compose(text)
    found = [value for key, value in root.value if key.value == "feeds"]
    if len(found) != 1 or found[0].id != "mapping" or not (found[0].flow_style or found[0].value):
        raise _by_hand()
    return found[0]


def _last_of(node: Any) -> Any:
    """The mark behind the last thing that a node of block style says."""
    while node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if node.id == "mapping" else last
    return node.end_mark


def _by_hand() -> BadInput:
    problem = "its feeds are written in a way that cannot be added to"
    return BadInput([FileProblem(FILE, None, "feeds", problem, "add them by hand")])
