"""The sending side: deliver a prepared edition with the real engine, and say what it took.

`python -m benchmarks.sender FOLDER EDITION [--database URL] [--loop] [--processes N] [--account]`
prints "ready" when all is opened, begins when a line comes in, and prints JSON: what delivering
took, without the start.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.ledger import LedgerClock
from benchmarks.workspace import count_states, opened
from dispatch.app import App
from dispatch.model.delivery.state import DeliveryState


def deliver(app: App, edition_id: str, *, loop: bool) -> None:
    """Hand over all that is due: the one place that says how the engine is called.

    A loop is what a worker does when it is woken: it leaves the other connections to others.
    """
    if loop:
        app.delivery.handlers()["deliver"]({"edition": edition_id, "channel": "mail"})
    else:
        app.delivery.send(edition_id)


def main() -> None:
    """Wait for the word, deliver, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("edition")
    parser.add_argument("--database", default="")
    parser.add_argument("--loop", action="store_true", help="as one of several workers")
    parser.add_argument("--processes", type=int, default=1, help="it may start others")
    parser.add_argument("--account", action="store_true", help="also time the ledger's share")
    given = parser.parse_args()
    ledger = LedgerClock() if given.account else None
    with opened(given.folder, given.database, processes=given.processes) as app:
        app.channels.get("mail")  # finds and imports the provider; talks to nobody
        opened_kb = _peak_kb()
        print("ready", flush=True)
        sys.stdin.readline()
        if ledger:
            ledger.start()
        user, system, began = *_cpu(), time.monotonic()
        deliver(app, given.edition, loop=given.loop)
        ended, (user_after, system_after) = time.monotonic(), _cpu()
        peak = _peak_kb()
        counts = count_states(app.store, given.edition)
    report: dict[str, Any] = {
        "began": began,  # by the clock that all processes of a machine share
        "ended": ended,
        "seconds": ended - began,
        "cpu_user": user_after - user,
        "cpu_sys": system_after - system,
        "opened_rss_kb": opened_kb,  # before there was anything to do
        "max_rss_kb": peak,
        "accepted": counts.get(DeliveryState.ACCEPTED, 0),
        "counts": {state.value: number for state, number in counts.items()},
    }
    if ledger:
        report["ledger_cpu"] = ledger.seconds
    print(json.dumps(report))


def _cpu() -> tuple[float, float]:
    """Seconds of this process and of those it has ended, as user and as system."""
    ours = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + children.ru_utime, ours.ru_stime + children.ru_stime


def _peak_kb() -> int:
    """The most memory this process has held, in KB."""
    # ru_maxrss of a process begins with that of the one that started it; VmHWM does not.
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


if __name__ == "__main__":
    main()
