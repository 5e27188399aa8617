"""Nothing goes out over a database that the workspace does not know, or that lacks its past.

One that was lost, moved, or put back from an old copy does not know who has got what: to go on with
it would write to everybody again, and to those who have left.
"""

from contextlib import nullcontext, suppress

from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput, UnknownDatabase
from dispatch.model.workspace.database_identity import FINE, Identity, Recognition, recognise
from dispatch.store.transactions import Store, Transaction

PROBLEMS = {
    Recognition.LOST: "is a new one, and this workspace has sent from another",
    Recognition.OTHER: "is another one than this workspace has sent from",
    Recognition.OLDER: "is an older copy of the one that this workspace has sent from",
}
ADVICE = (
    "nothing is sent: put the right one back (DISPATCH_DATABASE_URL says where it is, 'dispatch db "
    "restore' reads a copy), or go on with this one by 'dispatch db adopt'"
)


class Guard:
    """Compares the database with what the workspace remembers of it, and has it remember more."""

    def __init__(self, known: KnownDatabase) -> None:
        self._known = known

    def look(self, store: Store, within: Transaction | None = None) -> tuple[Identity, Recognition]:
        """Which database it is, and how it stands to what is remembered. Raises BadInput.

        It is read in a transaction of its own, or `within` one.
        """
        store.check_in_place()
        known = self._known.read()  # first, as the database grows before that is remembered
        with store.read() if within is None else nullcontext(within) as tx:
            found = tx.identity.get()
        return found, recognise(found, known, boot=self._known.boot)

    @property
    def workspace(self) -> str:
        """Who has the database grow. Raises BadInput."""
        return self._known.workspace()

    def meet(self, store: Store) -> None:
        """Have a database remembered that is the first one, or has grown older, when it is opened.

        Where that is not possible nothing is said: it may be that nobody wants to send.
        """
        with suppress(BadInput):
            found, stands = self.look(store)
            if stands in FINE:
                self._known.note(found, on_disk=_on_disk(found, store))

    def check(self, store: Store, within: Transaction | None = None) -> None:
        """Raise UnknownDatabase unless things may go out over this database, as `look` finds it.

        Raises BadInput where that cannot be remembered.
        """
        found, stands = self.look(store, within)
        if stands not in FINE:
            raise UnknownDatabase(f"database {store.place}: {PROBLEMS[stands]} - {ADVICE}")
        is_new = stands is Recognition.FIRST
        self.note(found, store, durable=is_new, on_disk=_on_disk(found, store))

    def note(
        self,
        grown: Identity,
        store: Store,
        *,
        durable: bool = True,
        on_disk: int | None = None,
    ) -> None:
        """Have it remembered that something goes out from here on. Raises as `check`.

        Without `durable` that outlives the process, and not a power cut. `on_disk` is the age that
        no power cut takes from the database; None: this one.
        """
        if not self._known.note(grown, durable=durable, on_disk=on_disk):
            problem = "is not the one any more that this workspace sends from"
            raise UnknownDatabase(f"database {store.place}: {problem} - {ADVICE}")


def _on_disk(found: Identity, store: Store) -> int:
    """The age of what was only read; in a file it may be that of a commit which did not wait."""
    return found.age if store.is_shared else 0
