"""What people wait for who type a command: the CPU it takes, with all processes it starts."""

import subprocess
import sys
from pathlib import Path

from benchmarks.processes import timed_run

COMMANDS = {
    "start-help": ("--help",),
    "start-check": ("check",),
    "start-run": ("run", "weekly"),
}
"""By figure, in a workspace as `dispatch init` makes it, whose letter has gone out."""


def starting_seconds(folder: Path, *, rounds: int) -> dict[str, list[float]]:
    """Seconds of CPU, user and system, by figure: one for each round, the commands in turn."""
    workspace = str(folder / "letters")
    dispatch = (sys.executable, "-m", "dispatch")
    at_it = (*dispatch, "--workspace", workspace)
    subprocess.run((*dispatch, "init", workspace), check=True, stdout=subprocess.DEVNULL)
    for command in COMMANDS.values():  # so that all is compiled, and the letter is out
        subprocess.run((*at_it, *command), check=True, stdout=subprocess.DEVNULL)
    found: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            found[name].append(timed_run((*at_it, *command), timeout=60).cpu)
    return found
