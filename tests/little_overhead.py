"""What pytest does for each of twenty thousand tests and for each file, done for less."""

import faulthandler
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from _pytest.faulthandler import fault_handler_stderr_fd_key

ENDLESS_SECONDS = 600
RENEWED_SECONDS = 60


class LittleOverhead:
    """A plugin for a run of tests."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._left_out = {Path(one).resolve() for one in config.getoption("ignore") or ()}
        self._watched_since = float("-inf")

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Say it of files, which pytest compares with each `--ignore`, read anew."""
        return collection_path in self._left_out if collection_path.suffix == ".py" else None

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """Examples are run in `src` alone, where there are any."""
        found = yield
        is_ours = "src" in file_path.parts and ">>>" in file_path.read_text(encoding="utf-8")
        return [one for one in found if is_ours or not isinstance(one, DoctestModule)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """A test that waits for ever says where, and fails, before CI is cut off without a word.

        `faulthandler_timeout` starts and ends a thread for each test. This one is told once in a
        while that there are tests that end.
        """
        now = time.monotonic()
        if now - self._watched_since > RENEWED_SECONDS:
            stderr = self._config.stash[fault_handler_stderr_fd_key]
            seconds = ENDLESS_SECONDS + RENEWED_SECONDS
            faulthandler.dump_traceback_later(seconds, exit=True, file=stderr)
            self._watched_since = now

    def pytest_exception_interact(self) -> None:
        """Where a test fails, pytest ends whatever watches it."""
        self._watched_since = float("-inf")

    def pytest_unconfigure(self) -> None:
        faulthandler.cancel_dump_traceback_later()

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_to_serializable(self, report: pytest.TestReport) -> None:
        """Who counts the tests of several processes asks for no keywords, which are a hundred."""
        report.keywords = {}
