"""What a person sees of a run while it is at work: a bar for each part, or lines with --verbose."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.output.console import progress, say
from dispatch.cli.output.verbosity import verbosity
from dispatch.clock import system_timer
from dispatch.config.people.subscribers import count_lines, read_audience_files
from dispatch.pipeline.run_campaign import Part, Watcher

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from dispatch.pipeline.delivery.run_loop import Progress


@contextmanager
def watching(folder: Path, *, quiet: bool) -> Iterator[Watcher]:
    """Somebody who looks on; with `quiet`, or where nobody can see them, without bars."""
    with progress(quiet=quiet) as bars:
        yield _Onlooker(folder, bars)


class _Onlooker(Watcher):
    def __init__(self, folder: Path, bars: "Bars") -> None:
        self._folder = folder
        self._bars = bars
        self._task: TaskID | None = None

    @contextmanager
    def looks_at(self, part: Part, number: int | None = None) -> "Iterator[Progress]":
        """Show a bar while the part is at work, or say at its end how long that took."""
        if part is Part.PEOPLE and not self._bars.disable:
            number = sum(map(count_lines, read_audience_files(self._folder)))
        began = system_timer()
        self._task = task = self._bars.add_task(part, total=number)
        try:
            yield partial(self._bars.advance, task)
        finally:
            done = next(one.completed for one in self._bars.tasks if one.id == task)
            self._bars.remove_task(task)
        if verbosity().verbose:
            said = f": {done:.0f}" if done else ""
            say(f"{part}{said} in {system_timer() - began:.1f} s", err=True)

    def waits(self, until: datetime) -> None:
        """Say so, as nothing else moves meanwhile."""
        sentence = f"waiting for what another process has in hand, until {until:%H:%M:%S} UTC"
        if self._bars.disable:
            say(sentence, err=True)
        elif self._task is not None:
            self._bars.update(self._task, description=sentence)
