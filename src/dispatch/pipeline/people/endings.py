"""Who has left is also written beside the database, so that its loss brings nobody back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from dispatch.clock import Clock
from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput
from dispatch.model.people.ending import IN_FORCE, Ending, Markers, What
from dispatch.store.transactions import Transaction

log = structlog.get_logger()

JUST_AFTER = timedelta(microseconds=1)


class Endings:
    """Writes endings down, in the file of this machine; `markers` makes and knows their marks."""

    def __init__(self, file: EndingsFile, markers: Markers, clock: Clock) -> None:
        self.file = file
        self.markers = markers
        self._clock = clock

    def left(self, email_key: str, audience: str, *, tx: Transaction) -> Ending:
        """Write down that somebody has left an audience; what is to be kept in the database.

        `tx` reads what was said of them before.
        """
        return self._add(What.LEFT, self.markers.newest.left(email_key, audience), tx)

    def moved_away(self, email_key: str, audience: str, *, tx: Transaction) -> Ending:
        """That nobody has this address any more who was in an audience by it.

        It is kept in the database first, and written down after that: until then they have it.
        """
        return self._ending(What.LEFT, self.markers.newest.left(email_key, audience), tx)

    def left_by_link(self, public_id: str, audience: str, *, tx: Transaction) -> Ending:
        """The same of somebody whom this database does not know."""
        return self._add(What.LEFT, self.markers.newest.left_by_link(public_id, audience), tx)

    def suppressed(self, email_key: str, *, tx: Transaction) -> Ending:
        """Write down that an address is never to be mailed again."""
        return self._add(What.SUPPRESSED, self.markers.newest.suppressed(email_key), tx)

    def all_suppressed(self, email_keys: Sequence[str], *, tx: Transaction) -> list[Ending]:
        """The same of many addresses, in one go."""
        marks = [self.markers.newest.suppressed(one) for one in email_keys]
        return self._add_all(What.SUPPRESSED, marks, tx)

    def all_left(self, said: Sequence[tuple[str, str]], *, tx: Transaction) -> list[Ending]:
        """Write down that people have left, in one go: an email key and an audience of each."""
        marks = [self.markers.newest.left(key, audience) for key, audience in said]
        return self._add_all(What.LEFT, marks, tx)

    def erased(self, email_key: str, *, tx: Transaction) -> Ending:
        """Write down that somebody was erased."""
        return self._add(What.ERASED, self.markers.newest.erased(email_key), tx)

    def is_erased(self, email_key: str, *, tx: Transaction) -> bool:
        """Whether who had this address was erased, and has not come back since."""
        return bool(tx.endings.known(self.markers.erased(email_key)))

    def returned_after_erasing(self, email_key: str, *, tx: Transaction) -> list[Ending]:
        """That somebody who was erased has come back by their own word; none where they were not.

        To be added in the same transaction (`tx.endings.add`), and written down after it (`write`).
        """
        if not self.is_erased(email_key, tx=tx):
            return []
        marks = self.markers.all_erased(email_key)
        newest = self.markers.newest.erased(email_key)
        return self.taken_back(What.RETURNED, marks, newest, tx=tx)

    def returned(
        self, email_key: str, public_id: str, audience: str, *, tx: Transaction
    ) -> list[Ending]:
        """That somebody is in an audience again, wherever it is kept that they have left.

        To be added and written down as the one above. `public_id` is empty for who is new here.
        """
        marks = self.markers.all_left(email_key, public_id, audience)
        newest = self.markers.newest.left(email_key, audience)
        return self.taken_back(What.RETURNED, marks, newest, tx=tx)

    def returned_where_left(
        self, email_key: str, public_id: str, audiences: Iterable[str], *, tx: Transaction
    ) -> list[Ending]:
        """The same of those of these audiences that they had left; nothing of the others."""
        return [
            ending
            for audience in audiences
            if tx.endings.known(list(self.markers.all_left(email_key, public_id, audience)))
            for ending in self.returned(email_key, public_id, audience, tx=tx)
        ]

    def taken_back(
        self, what: What, marks: Mapping[str, str], newest: str, *, tx: Transaction
    ) -> list[Ending]:
        """That it is over: under the newest mark, and under each other that keeps them out.

        `marks` has the names of their keys. It is not written down yet (`write`).
        """
        said = tx.endings.said(list(marks))
        at = later_than(said.values(), self._clock())
        return [
            Ending(mark, what, at, key)
            for mark, key in marks.items()
            if mark == newest or (mark in said and said[mark].what in IN_FORCE)
        ]

    def write(self, *endings: Ending) -> None:
        """Add them to the file; what keeps us from that is logged."""
        try:
            self.file.add(*endings)
        except OSError as error:
            # Their wish counts all the same: it is kept in the database.
            advice = "make room, and the folder writable, or name another by DISPATCH_STATE_FOLDER"
            problem = f"{self.file.path.name}: cannot be written ({error.strerror}) - {advice}"
            log.warning("ending.not_written", problem=problem)
        except BadInput as error:
            log.warning("ending.not_written", problem=str(error))

    def _add_all(self, what: What, marks: Sequence[str], tx: Transaction) -> list[Ending]:
        said, now = tx.endings.said(marks), self._clock()
        at = {one: later_than([said[one]] if one in said else [], now) for one in marks}
        made = [Ending(one, what, at[one], self.markers.newest.key) for one in marks]
        if made:
            self.write(*made)
        return made

    def _add(self, what: What, mark: str, tx: Transaction) -> Ending:
        ending = self._ending(what, mark, tx)
        self.write(ending)
        return ending

    def _ending(self, what: What, mark: str, tx: Transaction) -> Ending:
        at = later_than(tx.endings.said([mark]).values(), self._clock())
        return Ending(mark, what, at, self.markers.newest.key)


def later_than(said: Iterable[Ending], now: datetime) -> datetime:
    """Now, or just after what was said last: another machine's clock may be ahead of ours."""
    return max([now, *(one.at + JUST_AFTER for one in said)])
