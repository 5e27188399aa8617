"""Files of people to subscriptions: what is in `subscribers/`, or in any file in that form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dispatch.clock import Clock
from dispatch.config.people.subscribers import SubscriberFile, read_subscribers
from dispatch.config.values.columns import Rules
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers
from dispatch.pipeline.people.compare_file import count_changed
from dispatch.pipeline.people.subscribe import import_subscribers
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: `new` subscriptions among `file.rows`.

    `changed` is of how many the file knew something new, where that was asked for.
    """

    file: SubscriberFile
    new: int
    changed: int = 0


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
) -> ImportReport:
    """Bring in everybody of one file; its name is the audience's unless another is given.

    A row that is wrong is a problem of the file's; the others count. `rules` are what
    schedules.yaml says of columns, by audience. With `compare` it is counted who changes.
    """
    file = read_subscribers(path, audience=audience, rules=rules)
    changed = count_changed(file, store=store) if compare else 0
    new = import_subscribers(
        file.audience,
        file.rows,
        store=store,
        clock=clock,
        ids=ids,
        markers=markers,
        progress=progress,
    )
    return ImportReport(file, new, changed)
