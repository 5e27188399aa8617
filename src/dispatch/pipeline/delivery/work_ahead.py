"""The messages of the next batch are made while the last answers to this one are waited for.

Nothing is taken for that, and nothing written. What was made counts only if nobody has had that
batch in between. Who has left or was handed over since is found when the intent is written.
"""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import islice

from dispatch.errors import RenderingStopped, StoreUnavailable
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.message import Message
from dispatch.store.delivery.item import Item
from dispatch.store.transactions import Store, Transaction

MOST = timedelta(seconds=1)
OFTEN = 50
"""How long that may take, asked before each 50 messages: an answer may wait to be written down."""


class WorkAhead:
    """Looks for the batch that comes next, once for each that is taken, and makes its messages.

    `coming` gives that batch as it will be when it is taken; None: there is none for now.
    """

    def __init__(
        self,
        coming: Callable[[Transaction], Batch | None],
        *,
        make: Callable[[Item], Message],
        store: Store,
        clock: Callable[[], datetime],
    ) -> None:
        self._coming = coming
        self._make = make
        self._store = store
        self._clock = clock
        self._batch: Batch | None = None
        self._items: Sequence[Item] = ()
        self._made: dict[int, Message] = {}
        self._has_looked = False

    def look(self, room: int) -> None:
        """Make so many messages of the next batch, unless this was done since one was taken."""
        if self._has_looked:
            return
        self._has_looked = True
        with suppress(StoreUnavailable):
            with self._store.read() as tx:
                batch = self._coming(tx)
            if batch is not None:
                with closing(self._store.ledger(batch)) as ledger:
                    self._items = ledger.items(now=self._clock())
                self._batch = batch
        until = self._clock() + MOST
        for number, item in enumerate(islice(self._items, room)):
            if number % OFTEN == 0 and self._clock() > until:
                return
            try:
                self._made[item.id] = self._make(item)
            except RenderingStopped:
                return
            except Exception:  # noqa: BLE001, S112 - it is told when it is made in its turn
                continue

    def items_of(self, batch: Batch) -> Sequence[Item] | None:
        """What is due of a batch that was just taken; None where that is not known.

        The next time there is another batch to look for.
        """
        expected, items = self._batch, self._items
        self._batch, self._items, self._has_looked = None, (), False
        if expected is not None and (expected.id, expected.fence) == (batch.id, batch.fence):
            return items
        self._made.clear()
        return None

    def message_of(self, item: Item) -> Message | None:
        """What was made for it; given once, as what is tried again is made anew."""
        return self._made.pop(item.id, None)
