"""Bring a file of people in with `dispatch subscribers import`, twice, and say what that took.

Before and after that it is looked at with `--dry-run`. `python -m benchmarks.importing FOLDER
PEOPLE [--database URL]` prints JSON, for each of the four: seconds, seconds of CPU, and the most
memory of the whole process in MB.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.workspace import write_files

FIRST = ("Ada", "Louise", "Zoé", "Grace", "Emmy", "Otto", "Björk", "Carl")
LAST = ("Byron", "Weiss", "Hopper", "Noether", "Müller", "Smith")
CITIES = ("London", "Paris", "Arras", "Bern", "São Paulo", "Oslo")
ZONES = ("Europe/London", "Europe/Paris", "America/New_York", "")


def write_people(file: Path, number: int) -> None:
    """A file with so many people and the columns of the guide, in no order of addresses."""
    chance = random.Random(1)
    order = list(range(number))
    chance.shuffle(order)
    pick = chance.choice
    with file.open("w", encoding="utf-8") as lines:
        lines.write("email,name,locale,timezone,topics,cadence,consented_at,consent_source,city\n")
        for one in order:
            lines.write(
                f"{pick('abcdefghij')}.reader{one}@{pick(('example.org', 'mail.example'))},"
                f"{pick(FIRST)} {pick(LAST)},{pick(('en', 'fr', 'de', ''))},{pick(ZONES)},"
                f"{pick(('ai|music', 'art', ''))},{pick(('weekly', 'daily', ''))},"
                f"2026-{chance.randint(1, 9):02}-{chance.randint(1, 28):02},newsletter form,"
                f"{pick(CITIES)}\n"
            )


def bring_in(folder: Path, file: Path, database: str, *more: str) -> dict[str, float]:
    """Run the command to its end, with more options."""
    where = {"DISPATCH_DATABASE_URL": database} if database else {}
    command = [sys.executable, "-m", "dispatch", "subscribers", "import", str(file)]
    began = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--audience", "readers", *more],
        cwd=folder,
        env={**os.environ, **where},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"dispatch subscribers import: exit code {child.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak_mb": usage.ru_maxrss / 1024}


def main() -> None:
    """Take both figures where the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("people", type=int)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    write_files(given.folder, port=25)
    file = given.folder / "people.csv"
    write_people(file, given.people)
    look = ("--dry-run",)
    runs = {"look": look, "first": (), "again": (), "look-again": look}
    taken = {
        name: bring_in(given.folder, file, given.database, *more) for name, more in runs.items()
    }
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
