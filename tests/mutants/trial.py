"""The tests of a target against one mutant, in a process of its own that is forked from a warm one.

Nothing is written to disk: the child loads the changed code in place of the file's.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from mutants.mutant import Mutant
from mutants.targets import ROOT, Target

ALIVE, KILLED, NOT_RUN = 0, 1, 70

# A mutant shall die at once, of the same example each time: nobody reads the smallest one.
settings.register_profile(
    "mutants",
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
_OPTIONS = (
    *("-x", "-q", "--no-header", "--tb=no", "--no-summary", "-p", "no:cacheprovider"),
    "--hypothesis-profile=mutants",
    *("-p", "_hypothesis_pytestplugin", "--assert=plain", "--disable-plugin-autoload"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """Some of a target's tests, all but the first of which run only on what is still alive."""

    target: Target
    chosen: tuple[str, ...] = ()

    def run(
        self, mutant: Mutant | None, folder: Path, *, seconds: float
    ) -> Generator[None, None, int]:
        """What the tests came to, in a while; a mutant that takes longer is dead."""
        child = os.fork()
        if not child:
            os.setsid()
            self._run(mutant, folder)
        end = time.monotonic() + seconds
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return KILLED
            yield

    def _run(self, mutant: Mutant | None, folder: Path) -> None:
        code = NOT_RUN
        try:
            _silence()
            if mutant is not None:
                for module in mutant.reaches:
                    sys.modules.pop(module, None)
                sys.meta_path.insert(0, _Changed(mutant))
            os.chdir(ROOT)
            tests = _own_first(self.target.tests, mutant)
            code = pytest.main([*_OPTIONS, f"--basetemp={folder}", *self.chosen, *tests])
            if code not in {ALIVE, KILLED}:
                code = KILLED if mutant is not None else NOT_RUN  # it cannot even be imported
        finally:
            os._exit(code)


def trials_of(target: Target) -> Sequence[Trial]:
    """The quick database first."""
    if target.on_servers:
        return Trial(target, ("-k", "not postgresql")), Trial(target, ("-k", "postgresql"))
    if target.without:
        return (Trial(target, ("-k", " and ".join(f"not {one}" for one in target.without))),)
    return (Trial(target),)


def _own_first(tests: Sequence[str], mutant: Mutant | None) -> Sequence[str]:
    """The tests of the mutant's own file before those of others: they kill most, and sooner."""
    own = f"test_{Path(mutant.file).name}" if mutant else ""
    return sorted(tests, key=lambda test: Path(test).name != own)


class _Changed(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname, path, target=None):
        if fullname != self._mutant.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        loader = _Loader(fullname, found.origin)
        loader.changed = self._mutant.code
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    changed = ""

    def get_code(self, fullname):
        return compile(self.changed, self.path, "exec", dont_inherit=True)


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
