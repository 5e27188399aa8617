"""Files of people to subscriptions: what is in `subscribers/`, or in any file in that form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.clock import Clock
from dispatch.config.files.problems import FileProblem
from dispatch.config.people.gathering import WithGround
from dispatch.config.people.subscribers import SubscriberFile, read_people
from dispatch.config.values.columns import Rules
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers
from dispatch.model.people.refusal import Merge, Outcome
from dispatch.pipeline.people.bring_in import CHUNK, bring_in
from dispatch.pipeline.people.compare_file import disagreements
from dispatch.pipeline.people.weigh_file import weigh_file
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: `new` subscriptions among `file.people`.

    Where it was compared with the database, `outcome` is what becomes of each row, and
    `disagreements` says of whom it says something that did not count.
    """

    file: SubscriberFile
    new: int
    outcome: Outcome = field(default_factory=Outcome)
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
    merge: Merge = Merge.REPLACE,
    ground: str = "",
    progress: Callable[[int], None] = lambda _: None,
    compare: bool = False,
    keep: bool = True,
    refused: Callable[[Iterable[tuple[int, str]]], object] | None = None,
    chunk_size: int = CHUNK,
) -> ImportReport:
    """Bring in everybody of one file; its name is the audience's unless another is given.

    A row that is wrong is a problem of the file's; the others count. `rules` are what
    schedules.yaml says of columns, by audience, and `merge` what becomes of what is known. `ground`
    is how those agreed of whom the file does not say it. With
    `compare` it is looked at what changes; without `keep` only that, and nobody comes in. Then
    `refused` is handed the lines that do not count, with why, in the order of the file.
    Of `progress` each row is a part: half of it when it is read, the rest when it is in.
    """
    halves = _Halves(progress)
    with store.staging(ids, looks=not keep) as staged:
        into = WithGround(staged.people, ground) if ground else staged.people
        file = read_people(path, into, audience=audience, rules=rules, progress=halves.read)
        if not file.readable:
            return ImportReport(file, 0)
        number = staged.people.arrange()
        halves.come_in(number)
        outcome, told = Outcome(), []
        with staged.read() as tx:
            tx.arrivals.merge(merge)
            if compare:
                outcome = weigh_file(file.audience, tx=tx, markers=markers)
                told = disagreements(file, outcome, tx)
            if refused:
                refused(tx.weighing.refused_lines())
        if not keep:
            halves.brought_in(number)
            return ImportReport(file, outcome.new, outcome, told)
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
        return ImportReport(file, new, outcome, told)


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
