"""Runs what the documentation tells people to type, and compares what it promises they will see.

A `console` block is typed line by line into one workspace per page. A block whose fence says
`file=schedules.yaml` is saved there; with `part-of=` it is merged into what that file says. With
`anew=channels.mail` besides, what stands there is taken out before.
"""

import io
import re
import shlex
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from dispatch.cli.main import main
from dispatch.config.schedules.load import load_workspace
from docs.docs_pages import Block
from docs.typed_curl import Curl

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
EDITION = r"\b[0-9a-f]{8}\b"


class RunningTime:
    """Stands in for `datetime` in dispatch.clock: each look at it is a second later."""

    moment = START

    @classmethod
    def now(cls, _zone: object) -> datetime:
        cls.moment += timedelta(seconds=1)
        return cls.moment


class Reader:
    """Somebody who follows a page to the letter, from inside a new workspace."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._edition = ""
        self._names: dict[str, Any] = {}
        self._code = 0
        self._curl = Curl(monkeypatch)
        RunningTime.moment = START
        monkeypatch.setattr("dispatch.clock.datetime", RunningTime)
        network = "dispatch.feeds.web.network.FeedNetwork"
        monkeypatch.setattr(network, lambda **_: httpx.MockTransport(_blog))
        monkeypatch.setenv("COLUMNS", "160")
        monkeypatch.chdir(folder)
        self._dispatch(["init", "letters"])
        monkeypatch.chdir(folder / "letters")

    def close(self) -> None:
        """Let go of what stands open."""
        self._curl.close()

    def follow(self, block: Block) -> None:
        """Do what the block says."""
        if block.info == "console":
            self._type(block)
        elif block.info == "python":
            exec(block.body, self._names)  # what a page shows is ours
        elif place := re.search(r"(file|part-of)=(\S+)", block.info):
            anew = re.search(r"anew=(\S+)", block.info)
            out = anew[1].split(".") if anew else []
            self._save(Path(place[2]), block.body, part=place[1] == "part-of", out=out)

    def _save(self, path: Path, text: str, *, part: bool, out: Sequence[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if part:
            before = _without(YAML(typ="safe").load(path), out)
            merged = _merged(before, YAML(typ="safe").load(text))
            with path.open("w", encoding="utf-8") as file:
                YAML(typ="safe").dump(merged, file)
        else:
            path.write_text(text, encoding="utf-8")
        if path.name == "schedules.yaml":
            load_workspace(Path())

    def _type(self, block: Block) -> None:
        commands = re.split(r"(?m)^\$ ", block.body)[1:]
        for number, command in enumerate(commands):
            typed, _, promised = command.partition("\n")
            seen = self._run(re.sub(EDITION, lambda _: self._edition, typed))
            code_is_asked_for = commands[number + 1 : number + 2] and "$?" in commands[number + 1]
            assert self._code == 0 or code_is_asked_for, f"{typed}\n{seen}"
            compare(promised, seen)

    def _run(self, typed: str) -> str:
        if kept := re.fullmatch(r"(\w+)=\$\((curl .+)\)", typed):
            self._monkeypatch.setenv(kept[1], self._curl(kept[2]))
            return ""
        words = shlex.split(typed, comments=True)
        match words[0]:
            case "cd":
                self._monkeypatch.chdir(words[1])
            case "export":
                for name, _, value in (word.partition("=") for word in words[1:]):
                    self._monkeypatch.setenv(name, value)
            case "echo" if words[1:] == ["$?"]:
                code, self._code = self._code, 0
                return str(code)
            case "ls":
                return "\n".join(sorted(path.name for path in Path(*words[1:]).glob("[!.]*")))
            case "curl":
                return self._curl(typed)
            case "dispatch":
                return self._dispatch(words[1:])
            case _:
                pytest.fail(f"'{typed}' cannot be run: mark its block <!-- not run: reason -->")
        return ""

    def _dispatch(self, arguments: list[str]) -> str:
        self._monkeypatch.setattr("sys.argv", ["dispatch", *arguments])
        seen = io.StringIO()
        with redirect_stdout(seen), redirect_stderr(seen):
            try:
                main()
                self._code = 0
            except SystemExit as end:
                self._code = int(end.code or 0)
        for edition in re.findall(rf"edition ({EDITION})|[│┃] ({EDITION}) ", seen.getvalue())[:1]:
            self._edition = "".join(edition)
        return seen.getvalue()


def _blog(request: httpx.Request) -> httpx.Response:
    """The one site that there is for readers of the documentation: blog.example.org."""
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    posts = "".join(
        f"<item><title>Post {number}</title><link>https://blog.example.org/{number}</link></item>"
        for number in range(8)
    )
    feed = f'<rss version="2.0"><channel><title>The Acme Blog</title>{posts}</channel></rss>'
    pages = {"/": link, "/feed.xml": feed}
    if request.url.host != "blog.example.org" or request.url.path not in pages:
        raise httpx.ConnectError("no network here", request=request)
    return httpx.Response(200, text=pages[request.url.path])


def compare(promised: str, seen: str) -> None:
    """Each promised line was seen, in this order; … stands for anything, ids for any id."""
    lines = iter(map(_plain, seen.splitlines()))
    for line in filter(None, map(_plain, promised.splitlines())):
        pattern = re.sub(EDITION, EDITION.replace("\\", r"\\"), re.escape(line))
        pattern = pattern.replace("…", ".*")
        if not any(re.fullmatch(pattern, one) for one in lines):
            pytest.fail(f"promised, but not seen (after what came before):\n{line}\n\n{seen}")


def _plain(line: str) -> str:
    """The line without the widths of a table."""
    return re.sub(r"[ ━─]+", " ", line.replace("┃", "│")).strip()


def _without(value: Any, place: Sequence[str]) -> Any:
    if not place:
        return value
    first, *rest = place
    others = {key: one for key, one in value.items() if key != first}
    return others | {first: _without(value[first], rest)} if rest else others


def _merged(below: Any, above: Any) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return below | {key: _merged(below.get(key), value) for key, value in above.items()}
