"""Pause an edition that is refused too often, before the sender's good name is gone."""

from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.transactions import Transaction

FEWEST = 100
"""Answers below which no share says anything."""

LOOK_AFTER = 10
"""Refusals of one batch after which is looked, before its end: a batch is a whole list to many."""


class RefusalLimit:
    """Adds up the answers of all workers, in the edition's row."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        plan = edition.content.email
        self._share = plan.pause_at if plan else 1.0

    def pulled(self, answered: int, refused: int, tx: Transaction) -> bool:
        """Add answers; returns whether the edition was paused for them."""
        if self._share >= 1 or not answered:
            return False
        total, no = tx.editions.count_answers(self._edition.id, answered=answered, refused=refused)
        if total < FEWEST or no <= self._share * total:
            return False
        current = tx.editions.get(self._edition.id, lock=True)
        if current.state is EditionState.SENDING:
            reason = (
                f"{no} of {total} were refused, more than {self._share * 100:g}% - "
                "look at the reasons, then resume or cancel it"
            )
            tx.editions.move(current, EditionState.PAUSED, reason=reason)
        return True
