"""A disk whose sync takes 5 ms, as many cloud disks' do: the rate with it, and without."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Measured
from benchmarks.processes import NotMeasuredError, Usage, tool
from benchmarks.rounds import per_second
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Stage, send

SYNC = 5_000
"""Microseconds of a sync."""


def measure_slow_sync(options: Options, stage: Stage) -> Iterator[Measured]:
    """Sending with such a disk, against sending with the one that is there, by turns."""
    mails = options.mails
    # The processes that send have it, and nobody else: not the sink, nor what we are compared with.
    slow = {"LD_PRELOAD": str(_slow_disk(stage.new_folder())), "SYNC_US": str(SYNC)}
    prepared = stage.prepared(mails)
    without: list[Usage] = []
    with_it: list[Usage] = []
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            for environ, taken in (({}, without), (slow, with_it)):
                with stage.copy(prepared, port=sink.port) as once:
                    taken.append(send(once, mails, environ=environ).usage)
    details = {
        "mails": mails,
        "without_per_second": per_second(without, mails),
        "slow_per_second": per_second(with_it, mails),
        "without_cpu_us": round(median(one.cpu for one in without) / mails * 1e6, 1),
        "slow_cpu_us": round(median(one.cpu for one in with_it) / mails * 1e6, 1),
    }
    ratios = [bare.seconds / one.seconds for bare, one in zip(without, with_it, strict=True)]
    yield Measured("slow-sync", ratios, details)


def _slow_disk(folder: Path) -> Path:
    """Compile it, to be loaded before a process's own functions."""
    tools = os.environ.get("DISPATCH_TEST_TOOLS")
    if not tools:
        raise NotMeasuredError("DISPATCH_TEST_TOOLS names no folder with slow-sync.c")
    source = Path(tools).absolute() / "slow-sync.c"
    if not source.is_file():
        raise NotMeasuredError(f"no slow-sync.c in {tools}, which DISPATCH_TEST_TOOLS names")
    made = folder / "slow-sync.so"
    command = [tool("cc"), "-O2", "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise NotMeasuredError(f"cc cannot compile slow-sync.c: {done.stderr.strip()[-200:]}")
    return made
