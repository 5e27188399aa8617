"""Does this process do its work, and does the work go on? For whoever watches the service.

The answer may be read by anybody who can reach the pages. So it names things of the workspace and
what is the case with them, and never what others have said, or where something is.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput, StoreUnavailable
from dispatch.model.workspace.database_identity import FINE, Recognition
from dispatch.pipeline.workspace.guard import Guard
from dispatch.pulse import Pulse
from dispatch.store.transactions import Store

LATE_SECONDS = 180.0
"""Without a tick. They come every 15 seconds, and one that runs a campaign waits for its feeds."""

LEFT_BEHIND = timedelta(minutes=2)
"""After the lease of a batch: others take it over at the next tick."""

SCARCE_BYTES = 50_000_000
"""Room on a disk below which it is time to act."""

STANDINGS = {
    Recognition.LOST: "is a new one, and this workspace has sent from another",
    Recognition.OTHER: "is another one than this workspace has sent from",
    Recognition.OLDER: "is an older copy of the one that this workspace has sent from",
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """`problems` are what somebody has to do something about; `waits` what stands by its nature."""

    problems: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    tick_age: float | None = None

    @property
    def is_ready(self) -> bool:
        """Whether all goes on."""
        return not self.problems


def check_readiness(
    *,
    store: Store,
    guard: Guard,
    pulse: Pulse,
    folders: Sequence[Path],
    endings: EndingsFile,
    now: datetime,
) -> Readiness:
    """Look at database, ticks, disks and channels; raises nothing."""
    found = _Found()
    try:
        found.problems += _database(store, guard)
        if store.is_in_place():  # else it may not even be opened any more
            _ledger(store, now, found)
    except StoreUnavailable:
        found.problems.append("database: cannot be used now")
    found.problems += _ticks(pulse)
    found.problems += _disks(folders)
    found.problems += _endings(endings)
    return Readiness(tuple(found.problems), tuple(found.waits), pulse.age)


@dataclass(slots=True)
class _Found:
    problems: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)


def _endings(file: EndingsFile) -> Iterator[str]:
    if file.size():
        try:
            file.file_id()
        except BadInput:
            yield "endings: the file is not one of endings, so that who leaves is not noted there"


def _database(store: Store, guard: Guard) -> Iterator[str]:
    if not store.is_in_place():
        yield "database: was moved or deleted while it was in use - put it back, and restart"
        return
    if not store.is_current():
        yield "database: was brought up to date by a newer dispatch - restart this one, upgraded"
        return
    try:
        _, stands = guard.look(store)
    except BadInput:
        yield "database: which one this workspace sends from cannot be read"
        return
    if stands not in FINE:
        yield f"database: {STANDINGS[stands]} - nothing is sent, see 'dispatch db check'"


def _ledger(store: Store, now: datetime, found: _Found) -> None:
    with store.read() as tx:
        stops = [stop for stop in tx.channels.stops() if stop.is_in_force(now)]
        left = tx.batches.left_behind(before=now - LEFT_BEHIND)
        paused = tx.editions.paused()
    for stop in stops:
        if stop.until is None:
            found.problems.append(f"channel {stop.channel}: stopped until a person acts")
        elif stop.down:
            found.problems.append(f"channel {stop.channel}: down")
        else:
            found.waits.append(f"channel {stop.channel}: rests until {stop.until:%H:%M} UTC")
    if left:
        found.problems.append(f"deliveries: {left} batches were left behind and nobody takes them")
    found.waits += [f"campaign {campaign}: edition {one[:8]} is paused" for one, campaign in paused]


def _ticks(pulse: Pulse) -> Iterator[str]:
    if pulse.age is not None and pulse.age > LATE_SECONDS:
        yield f"ticks: none for {pulse.age:.0f} seconds - see what the log says last"
    for what in pulse.troubles:
        yield f"{what}: failed when it was last tried - see the log"


def _disks(folders: Sequence[Path]) -> Iterator[str]:
    for folder in dict.fromkeys(folders):
        name = "workspace" if folder == folders[0] else "state folder"
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            yield f"{name}: cannot be looked at"
            continue
        if free < SCARCE_BYTES:
            yield f"{name}: {free / 1_000_000:.0f} MB left on its disk"
    if not os.access(folders[-1], os.W_OK):
        yield "state folder: cannot be written, so that nothing is sent"
