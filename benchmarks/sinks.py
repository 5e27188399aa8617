"""Where the mails go: Postfix's smtp-sink, our own sink, or a faster one that is given."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import free_port, listening, tool


@dataclass(slots=True)
class Sink:
    """A sink that listens; `counts` is what it says at its end, empty where it does not count."""

    port: int
    counts: dict[str, Any]


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """Postfix's own, which tells nobody how much it took."""
    port = free_port()
    command = [tool("smtp-sink")]
    if os.geteuid() == 0:
        command += ["-u", "nobody"]  # it refuses to stay root
    with listening([*command, f"127.0.0.1:{port}", "128"], port):
        yield Sink(port, {})


@contextmanager
def fast_sink(given: Path | None, *, delay: int = 0) -> Iterator[Sink]:
    """The given program, else our own; each reply comes `delay` microseconds later."""
    port = free_port()
    ours = [sys.executable, "-m", "benchmarks.sink"]
    command = [str(given)] if given else ours
    sink = Sink(port, {})
    with listening([*command, str(port), str(delay)], port) as process:
        yield sink
        sink.counts.update(_counts(process))


def _counts(process: subprocess.Popen[str]) -> dict[str, Any]:
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found
