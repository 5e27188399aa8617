"""Write down what reviewers are to be told, in the transaction that it is about.

Sending is another matter (`tell_reviewers`): what is committed here is told sooner or later.
"""

from datetime import datetime

from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import About, reminder_due
from dispatch.store.transactions import Transaction

OVERTAKEN = "something newer is told instead"


def queue_for_new(edition: Edition, tx: Transaction, *, now: datetime) -> None:
    """A new edition waits for approval, and reviewers are reminded before its deadline passes."""
    tell = edition.review.tell
    tx.review_mails.add(edition, About.WAITS, tell, due=now, now=now)
    due = reminder_due(edition)
    if due is not None:
        tx.review_mails.add(edition, About.REMINDER, tell, due=due, now=now)


def queue_for_edited(edition: Edition, tx: Transaction, *, back: bool, now: datetime) -> None:
    """An edition was edited; `back`: and so it waits again.

    Where it was waiting already, those who were told are not told at each edit; those who were not
    get to see what it is now.
    """
    tell = edition.review.tell if back else tx.review_mails.untold(edition.id, About.WAITS)
    _tell(edition, About.WAITS, tell, tx, now=now)


def queue_for_asked(edition: Edition, tx: Transaction, *, now: datetime, said: str) -> None:
    """Somebody asks for approval: everybody is told, also who was before. `said` is to them."""
    _tell(edition, About.WAITS, edition.review.tell, tx, now=now, said=said)


def queue_for_changes(edition: Edition, tx: Transaction, *, now: datetime) -> None:
    """Changes were requested: by whom and which is the edition's note."""
    _tell(edition, About.CHANGES, edition.review.tell, tx, now=now, said=edition.note)


def queue_for_decided(edition: Edition, decision: str, tx: Transaction, *, now: datetime) -> None:
    """The deadline has decided."""
    _tell(edition, About.DECIDED, edition.review.tell, tx, now=now, said=decision)


def _tell(
    edition: Edition,
    about: About,
    addresses: tuple[str, ...] | list[str],
    tx: Transaction,
    *,
    now: datetime,
    said: str = "",
) -> None:
    tx.review_mails.overtake(edition.id, reason=OVERTAKEN)
    tx.review_mails.add(edition, about, addresses, due=now, now=now, said=said)
