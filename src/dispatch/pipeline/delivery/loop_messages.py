"""The messages that one sending loop hands over: made one by one, some of them ahead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dispatch.channels.opened import Channel
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.message import Message
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.work_ahead import WorkAhead
from dispatch.pipeline.messages.make import MessageMaker, sign
from dispatch.store.delivery.item import Item
from dispatch.store.delivery.ledger import Ledger

if TYPE_CHECKING:
    from dispatch.model.editions.card import KeptPicture


class LoopMessages:
    """Makes the messages of an edition for one channel; `planned` is as for `SendingLoop`."""

    def __init__(
        self, edition: Edition, channel: Channel, planned: Sequence[str], tools: SendingTools
    ) -> None:
        self._edition = edition
        self._channel = channel
        self._tools = tools
        self._maker = MessageMaker(
            edition,
            channel,
            tools.links,
            date=tools.clock(),
            earlier=self._earlier,
            renderer=tools.renderer,
            pictures=self._pictures,
        )
        self._ahead = WorkAhead(
            lambda tx: tx.batches.coming(edition.id, planned, now=tools.clock()),
            make=self._make,
            store=tools.store,
            clock=tools.clock,
        )

    def items_of(self, batch: Batch, ledger: Ledger) -> Sequence[Item]:
        """What is due of a batch that was just taken. Raises StoreUnavailable."""
        items = self._ahead.items_of(batch)
        return ledger.items(now=self._tools.clock()) if items is None else items

    def message_for(self, item: Item) -> Message:
        """Raises TemplateFailed and MessageUnusable."""
        return self._ahead.message_of(item) or self._make(item)

    def look_ahead(self, room: int) -> None:
        """Make what comes next, as far as the wire has room for it."""
        self._ahead.look(room)

    def _make(self, item: Item) -> Message:
        if item.subscriber_id is None:
            return self._maker.snippet(item)
        if not item.recipient:
            raise MessageUnusable("its reader was erased")
        self._channel.check_recipient(item.recipient)
        return sign(self._maker.message(item, item), self._channel)

    def _earlier(self) -> Iterable[EditionContent]:
        """What readers may catch up from."""
        from dispatch.pipeline.editions.catch_up import approved_before  # noqa: PLC0415 - for few

        return approved_before(self._edition, store=self._tools.store)

    def _pictures(self, marks: Collection[str]) -> "Mapping[str, KeptPicture]":
        """What stands beside snippets."""
        from dispatch.pipeline.editions.keep_pictures import kept_pictures  # noqa: PLC0415

        return kept_pictures(marks, store=self._tools.store)
