"""What is measured with: prepared workspaces, and the two senders that are compared."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.postgres import Server
from benchmarks.processes import Child, Usage, call, timed_run, tool
from benchmarks.workspace import CONNECTIONS, MAIL_BYTES, write_files

LEAST_TIMEOUT = 120.0
SLOWEST = 50
"""Mails a second: who is slower than that is ended."""

SLOWEST_PREPARING = 2_000
"""People a second, likewise."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure with: `people` are addressed, `few` and `many` are for the memory."""

    rounds: int
    mails: int
    people: int
    few: int
    many: int
    filling_seconds: float
    fast_sink: Path | None
    postgres: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workspace with an addressed edition; `database` is empty for SQLite in the folder."""

    folder: Path
    database: str
    edition: str
    address_seconds: float


@dataclass(frozen=True, slots=True)
class Sent:
    """What delivering an edition took, all workers together.

    `..._mb` are of the largest one, once it was opened and at most.
    """

    usage: Usage
    opened_mb: float
    peak_mb: float
    ledger_cpu: float


class WrongCountError(Exception):
    """Not everybody was mailed once: such a measurement means nothing."""


class Stage:
    """A temporary folder with everything that is measured."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._kept: dict[tuple[int, bool], Prepared] = {}

    def prepare(self, people: int, *, database: str = "", dkim: bool = False) -> Prepared:
        """A workspace in which everybody waits for one edition."""
        folder = self.new_folder()
        flags = (["--database", database] if database else []) + (["--dkim"] if dkim else [])
        answer = call(
            "prepare", folder, people, *flags, timeout=LEAST_TIMEOUT + people / SLOWEST_PREPARING
        )
        return Prepared(folder, database, answer["edition"], answer["address_seconds"])

    def prepared(self, people: int, *, dkim: bool = False) -> Prepared:
        """The same on SQLite, made once: to be copied, not used up."""
        if (people, dkim) not in self._kept:
            self._kept[people, dkim] = self.prepare(people, dkim=dkim)
        return self._kept[people, dkim]

    @contextmanager
    def copy(
        self,
        prepared: Prepared,
        *,
        port: int,
        dkim: bool = False,
        server: Server | None = None,
        **files: Any,
    ) -> Iterator[Prepared]:
        """The same once more, its mails going to `port`; gone after.

        `files` is what else they say, as `write_files` takes it.
        """
        folder = self.new_folder()
        shutil.copytree(prepared.folder, folder, dirs_exist_ok=True)
        write_files(folder, port=port, dkim=dkim, **files)
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, folder)
            database = ""
            if server is not None:
                database = stack.enter_context(server.database(prepared.database))
            yield replace(prepared, folder=folder, database=database)

    def new_folder(self) -> Path:
        """An empty one, for what is made there."""
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir()
        return folder


def source(port: int, mails: int, *, connections: int = CONNECTIONS) -> Usage:
    """The sender we compare with: Postfix's smtp-source, with as many connections."""
    size = ["-s", str(connections), "-l", str(MAIL_BYTES), "-m", str(mails)]
    command = [tool("smtp-source"), "-d", *size, f"127.0.0.1:{port}"]
    return timed_run(command, timeout=patience(mails))


def send(
    prepared: Prepared,
    mails: int,
    *,
    workers: int = 1,
    processes: int = 1,
    account: bool = False,
    environ: Mapping[str, str] = {},
) -> Sent:
    """Deliver the edition with so many workers, each of up to so many processes.

    They alone have `environ` besides. Raises WrongCountError.
    """
    flags = ["--database", prepared.database] if prepared.database else []
    flags += ["--account"] if account else []
    flags += ["--processes", str(processes)]
    flags += ["--loop"] if workers > 1 else []
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                Child(
                    "sender",
                    prepared.folder,
                    prepared.edition,
                    *flags,
                    timeout=patience(mails),
                    environ=environ,
                )
            )
            for _ in range(workers)
        ]
        for child in children:
            child.wait_until_ready()
        for child in children:
            child.go()
        reports = [child.result() for child in children]
    accepted = max(report["accepted"] for report in reports)
    if accepted != mails:
        raise WrongCountError(f"{accepted} of {mails} were accepted: {reports[-1]['counts']}")
    return _together(reports)


def patience(mails: int) -> float:
    """Seconds to wait for so many mails before it counts as stuck."""
    return LEAST_TIMEOUT + mails / SLOWEST


def _together(reports: Sequence[dict[str, Any]]) -> Sent:
    began = min(report["began"] for report in reports)
    ended = max(report["ended"] for report in reports)
    cpu = sum(report["cpu_user"] + report["cpu_sys"] for report in reports)
    return Sent(
        Usage(ended - began, cpu),
        opened_mb=max(report["opened_rss_kb"] for report in reports) / 1024,
        peak_mb=max(report["max_rss_kb"] for report in reports) / 1024,
        ledger_cpu=sum(report.get("ledger_cpu", 0.0) for report in reports),
    )
