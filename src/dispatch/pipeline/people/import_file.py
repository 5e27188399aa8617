"""Files of people to subscriptions: what is in `subscribers/`, or in any file in that form."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dispatch.clock import Clock
from dispatch.config.people.subscribers import SubscriberFile, read_subscribers
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers
from dispatch.pipeline.people.subscribe import import_subscribers
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: `new` subscriptions among `file.rows`."""

    file: SubscriberFile
    new: int


def import_file(
    path: Path,
    audience: str | None = None,
    *,
    store: Store,
    clock: Clock,
    ids: Ids,
    markers: Markers,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Bring in everybody of one file; its name is the audience's unless another is given.

    A row that is wrong is a problem of the file's; the others count.
    """
    file = read_subscribers(path, audience=audience)
    new = import_subscribers(
        file.audience,
        file.rows,
        store=store,
        clock=clock,
        ids=ids,
        markers=markers,
        progress=progress,
    )
    return ImportReport(file, new)
