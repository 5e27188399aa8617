"""Other programs: found, started, given a time to be done in, and ended by their own number."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class NotMeasuredError(Exception):
    """A figure cannot be had here; the words say why."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What something took: seconds by the wall clock, seconds of CPU (user and system)."""

    seconds: float
    cpu: float


def tool(name: str) -> str:
    """Where a program is; servers' programs are often where only root looks."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        raise NotMeasuredError(f"{name} is not installed")
    return found


def timed_run(command: Sequence[str], *, timeout: float) -> Usage:
    """Run a program to its end; nothing else may be waited for meanwhile."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=timeout)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Usage(seconds, cpu)


class Child:
    """One of our own modules as a process: it says "ready", is told to go, and answers in JSON."""

    def __init__(
        self,
        module: str,
        *arguments: object,
        timeout: float,
        environ: Mapping[str, str] = {},
    ) -> None:
        self._name = module
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._deadline = threading.Timer(timeout, self._process.kill)
        self._deadline.daemon = True
        self._deadline.start()

    def wait_until_ready(self) -> None:
        """Return when everything but the work is done."""
        assert self._process.stdout is not None
        while (line := self._process.stdout.readline()) != "ready\n":
            if not line:
                self._failed()

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """What it answers in its last line, after its end."""
        out, _ = self._process.communicate()
        if self._process.returncode or not out.strip():
            self._failed()
        answer: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return answer

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()

    def end(self) -> None:
        """See to it that nothing of it stays."""
        self._deadline.cancel()
        if self._process.poll() is None:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()
        self._errors.close()

    def _failed(self) -> None:
        self._process.wait()
        self._errors.seek(0)
        last = "".join(self._errors.readlines()[-15:])
        raise RuntimeError(f"{self._name} ended with {self._process.returncode}:\n{last}")

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def call(module: str, *arguments: object, timeout: float) -> dict[str, Any]:
    """What one of our own modules answers, run as a process of its own."""
    with Child(module, *arguments, timeout=timeout) as child:
        return child.result()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def listening(
    command: Sequence[str], port: int, *, patience: float = 30
) -> Iterator[subprocess.Popen[str]]:
    """The program, from when it listens on `port`; told to end after."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(process, port, time.monotonic() + patience)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait(process: subprocess.Popen[str], port: int, give_up: float) -> None:
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"{process.args!r} does not listen") from None
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue


def clean_environ() -> Mapping[str, str]:
    """Our environment without settings of dispatch that somebody has made for other purposes."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DISPATCH_")}
