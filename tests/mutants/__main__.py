"""Change one thing after the other and run its tests: `make mutants`, `make mutants OF=settle`."""

import argparse
import importlib
import os
import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mutants.mutant import Mutant, mutants_of
from mutants.targets import TARGETS, Target
from mutants.trial import ALIVE, Trial, trials_of
from postgres_servers import postgres

ENOUGH = 90
"""Percent of the mutants of each target that the tests have to notice."""

_WARM = ("dispatch.app.open", "alembic", "psycopg", "sqlalchemy.dialects.postgresql", "nh3", "mrml")
"""What all tests import; a child forgets what its mutant reaches."""


Came = TypeVar("Came")


@dataclass(frozen=True, slots=True)
class Result:
    """How many mutants a target had, and which of them live."""

    target: Target
    number: int
    alive: Sequence[Mutant]
    seconds: float

    @property
    def percent(self) -> float:
        return 100 * (self.number - len(self.alive)) / max(1, self.number)


def main() -> int:
    """Exit code 1 where a target has too many that live, 2 where its tests fail without one."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    names = [target.name for target in TARGETS]
    parser.add_argument(
        "targets", nargs="*", choices=[*names, []], metavar=f"{{{','.join(names)}}}"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--only", nargs="+", default=[""], help="such as 'settle.py:55' or 'DropCondition'"
    )
    given = parser.parse_args()
    for module in _WARM:
        importlib.import_module(module)
    with _server(), tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        results = [
            _judge(target, Path(folder), given.jobs, given.only)
            for target in TARGETS
            if not given.targets or target.name in given.targets
        ]
    return 0 if all(one.percent >= ENOUGH for one in results) else 1


def _judge(target: Target, folder: Path, jobs: int, only: Sequence[str]) -> Result:
    begun = time.monotonic()
    trials = trials_of(target)
    for trial in trials:
        [code] = _side_by_side([trial.run(None, folder / "unchanged", seconds=600)], 1)
        if code != ALIVE:
            sys.exit(f"{target.name}: its tests fail on the code as it is - mend them first")
    patience = 10 + 5 * (time.monotonic() - begun)

    mutants = [one for one in mutants_of(target) if any(text in one.place for text in only)]
    lived = _side_by_side((_lives(one, trials, folder, patience) for one in mutants), jobs)
    alive = [one for one, lives in zip(mutants, lived, strict=True) if lives]
    result = Result(target, len(mutants), alive, time.monotonic() - begun)
    _report(result)
    return result


def _lives(
    mutant: Mutant, trials: Sequence[Trial], folder: Path, patience: float
) -> Generator[None, None, bool]:
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        for trial in trials:
            if (yield from trial.run(mutant, own / "base", seconds=patience)) != ALIVE:
                return False
        print(mutant, flush=True)
        return True
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _side_by_side(tasks: Iterable[Generator[None, None, Came]], jobs: int) -> list[Came]:
    """What the tasks return, in order; so many go on at once, and in no threads, as they fork."""
    waiting = deque(enumerate(tasks))
    running: dict[int, Generator[None, None, Came]] = {}
    results: dict[int, Came] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            place, task = waiting.popleft()
            running[place] = task
        for place, task in list(running.items()):
            try:
                next(task)
            except StopIteration as ended:
                results[place] = ended.value
                del running[place]
        time.sleep(0.005)
    return [results[place] for place in sorted(results)]


def _report(result: Result) -> None:
    killed = result.number - len(result.alive)
    share = f"{killed} of {result.number} killed ({result.percent:.1f} %)"
    print(f"{result.target.name}: {share} in {result.seconds:.0f} s", flush=True)


@contextmanager
def _server() -> Iterator[None]:
    if os.environ.get("DISPATCH_TEST_POSTGRES"):
        yield
        return
    with postgres() as server:
        os.environ["DISPATCH_TEST_POSTGRES"] = server.address
        yield


if __name__ == "__main__":
    sys.exit(main())
