"""Pause an edition that is refused too often, before the sender's good name is gone."""

from datetime import datetime, timedelta

from dispatch.model.delivery.event import Later
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.transactions import Transaction

FEWEST = 100
"""Answers below which no share says anything."""

LOOK_AFTER = 10
"""Refusals of one batch after which is looked, before its end: a batch is a whole list to many."""

LOOK_EVERY = timedelta(seconds=1)
"""How often answers are added up where few are refused: what is told later of those accepted must
find them counted, and each time is a commit."""


class RefusalLimit:
    """Adds up the answers of all workers, in the edition's row."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        plan = edition.content.email
        self._share = plan.pause_at if plan else 1.0
        self._looked: datetime | None = None

    def is_time(self, answered: int, refused: int, now: datetime) -> bool:
        """Whether answers of a batch are to be added up before its end."""
        due = self._looked is None or now - self._looked >= LOOK_EVERY
        if refused < LOOK_AFTER and not (answered >= FEWEST and due):
            return False
        self._looked = now
        return True

    def pulled(self, answered: int, refused: int, tx: Transaction) -> bool:
        """Add answers; returns whether the edition was paused for them."""
        return bool(answered) and self._count(answered, refused, tx)

    def came_back(self, number: int, tx: Transaction) -> bool:
        """Count mails that were accepted and have bounced hard since, or were complained about.

        Returns whether the edition was paused for them.
        """
        return self._count(0, number, tx)

    def _count(self, answered: int, refused: int, tx: Transaction) -> bool:
        if self._share >= 1:
            return False
        total, no = tx.editions.count_answers(self._edition.id, answered=answered, refused=refused)
        if total < FEWEST or no <= self._share * total:
            return False
        current = tx.editions.get(self._edition.id, lock=True)
        if current.state is EditionState.SENDING:
            reason = (
                f"{no} of {total} {_what(current, tx)}, more than {self._share * 100:g}% - "
                "look at the reasons, then resume or cancel it"
            )
            tx.editions.move(current, EditionState.PAUSED, reason=reason)
        return True


def _what(edition: Edition, tx: Transaction) -> str:
    came_later = tx.later.counts(edition)
    came_back = came_later.get(Later.BOUNCED, 0) + came_later.get(Later.COMPLAINED, 0)
    return "were refused, bounced or complained about" if came_back else "were refused"
