"""Files of people to subscriptions: what is in `subscribers/`, or in any file in that form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch.clock import Clock
from dispatch.config.files.problems import FileProblem
from dispatch.config.people.subscribers import SubscriberFile, read_people
from dispatch.config.values.columns import Rules
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers
from dispatch.pipeline.people.bring_in import CHUNK, bring_in
from dispatch.pipeline.people.compare_file import disagreements
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: `new` subscriptions among `file.people`.

    Where it was compared with the database, `changed` is of how many the file knew something new,
    and `disagreements` says of whom else it says something that did not count.
    """

    file: SubscriberFile
    new: int
    changed: int = 0
    disagreements: Sequence[FileProblem] = ()


def import_file(
    path: Path,
    audience: str | None = None,
    *,
    store: Store,
    clock: Clock,
    ids: Ids,
    markers: Markers,
    rules: Mapping[str, Rules] | None = None,
    progress: Callable[[int], None] = lambda _: None,
    compare: bool = False,
    chunk_size: int = CHUNK,
) -> ImportReport:
    """Bring in everybody of one file; its name is the audience's unless another is given.

    A row that is wrong is a problem of the file's; the others count. `rules` are what
    schedules.yaml says of columns, by audience. With `compare` it is looked at what changes.
    Of `progress` each row is a part: half of it when it is read, the rest when it is in.
    """
    halves = _Halves(progress)
    with store.staging(ids) as staged:
        file = read_people(
            path, staged.people, audience=audience, rules=rules, progress=halves.read
        )
        if not file.readable:
            return ImportReport(file, 0)
        number, changed = staged.people.arrange(), 0
        halves.come_in(number)
        if compare:
            with staged.read() as tx:
                changed = tx.arrivals.count_changed(file.audience)
        new = bring_in(
            file.audience,
            number,
            staged=staged,
            clock=clock,
            ids=ids,
            file=path.name,
            markers=markers,
            progress=halves.brought_in,
            chunk_size=chunk_size,
        )
        if not compare:
            return ImportReport(file, new)
        with staged.read() as tx:
            return ImportReport(file, new, changed, disagreements(file, tx))


class _Halves:
    """Progress of two passes over the same rows, as one."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self._rows = self._told = self._coming = self._in = 0

    def read(self, number: int) -> None:
        self._rows += number
        self._tell(self._rows // 2)

    def come_in(self, number: int) -> None:
        """All is read, and so many people come in; nothing more happens to the other rows."""
        self._coming = number
        self._tell(self._rows - (number + 1) // 2)

    def brought_in(self, number: int) -> None:
        self._in += number
        self._tell(self._rows - (self._coming - self._in) // 2)

    def _tell(self, done: int) -> None:
        if done > self._told:
            self._progress(done - self._told)
            self._told = done
