"""Posts whose answer was lost are looked for among the latest of their accounts.

What is found there was taken, and has an address. What is not found stays unknown, and says so: a
network may show a post later than it takes it, so that only a person sends it again.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Finds
from dispatch.clock import Clock
from dispatch.errors import DispatchError, ProviderUnavailable
from dispatch.model.delivery.message import Accepted, SocialMessage
from dispatch.model.delivery.published import PublishedRow
from dispatch.model.delivery.state import Delivery, On
from dispatch.pipeline.delivery.believe_told import accept_told
from dispatch.pipeline.delivery.publishing import readable
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store

log = structlog.get_logger()

MOST_LOOKS = 3
LOOK_EVERY = timedelta(minutes=20)
"""So that somebody has looked three times after an hour."""

LOOK_FOR = timedelta(hours=24)
"""After so long other posts may stand before it: it would not be found."""

_CLOCKS = timedelta(minutes=2)
"""How far a network's clock may be behind ours."""

NOT_FOUND = (
    "not among the latest posts of the account - if it is not there,"
    " 'dispatch deliveries resolve --unknown resend' sends it again"
)

_OF_ANOTHER = "only a post of another delivery that says the same was found, "
_LOOK = (
    " - if there are not two of them, 'dispatch deliveries resolve --unknown resend' sends it again"
)


def find_lost(
    *,
    store: Store,
    clock: Clock,
    open_channel: Callable[[str], Channel],
    links: SignedLinks,
    renderer: Renderer = HERE,
    edition_id: str | None = None,
) -> int:
    """Look for what is in doubt, of one edition or of all; how many posts were found.

    Only where the network tells what an account posted lately. No transaction is open meanwhile.
    """
    now = clock()
    with store.read() as tx:
        rows = tx.published.in_doubt(
            before=now - LOOK_EVERY, since=now - LOOK_FOR, most_looks=MOST_LOOKS
        )
        of = tx.events.deliveries([row.delivery_id for row in rows])
    places: dict[tuple[str, str], list[PublishedRow]] = defaultdict(list)
    for row in rows:
        delivery = of[row.delivery_id]
        if edition_id is None or delivery.edition_id == edition_id:
            places[delivery.edition_id, row.channel].append(row)
    found = 0
    for (edition, name), some in places.items():
        with suppress(DispatchError):  # it is not there any more, or a secret is missing here
            channel = open_channel(name)
            try:
                if isinstance(channel.provider, Finds):
                    looks = _Looks(channel, channel.provider, store, clock)
                    found += looks.look(edition, some, links, renderer)
                    continue
            finally:
                channel.close()
        with store.begin() as tx:  # they make room for others until it is time again
            for row in some:
                tx.published.note_look(row.delivery_id, now=now)
    return found


class _Looks:
    """Looks for posts at one account."""

    def __init__(self, channel: Channel, provider: Finds, store: Store, clock: Clock) -> None:
        self._channel = channel
        self._provider = provider
        self._store = store
        self._clock = clock

    def look(
        self,
        edition_id: str,
        rows: Sequence[PublishedRow],
        links: SignedLinks,
        renderer: Renderer,
    ) -> int:
        with self._store.read() as tx:
            edition = tx.editions.get(edition_id)
            deliveries = tx.delivery_pages.with_keys(edition, [row.delivery_id for row in rows])
        maker = MessageMaker(edition, self._channel, links, renderer=renderer)
        there = {row.delivery_id: row for row in rows}
        found = 0
        for delivery in deliveries:
            row = there[delivery.id]
            try:
                accepted = self._find(maker.snippet(delivery), self._first_try(delivery, row))
            except DispatchError as error:
                # Nobody has looked, so that it does not count; the others would fare no better.
                log.warning("post.not_looked_for", channel=self._channel.name, problem=str(error))
                self._note(row, "")
                return found
            if accepted is None:
                self._note(row, NOT_FOUND)
            elif self._accept(row, accepted):
                found += 1
            else:
                self._note(row, f"{_OF_ANOTHER}{accepted.address or accepted.id}{_LOOK}")
        return found

    def _first_try(self, delivery: Delivery, row: PublishedRow) -> datetime:
        """When it was handed over first: tried again, a network that drops repeats keeps that."""
        if delivery.repeats_until is None:
            return row.at
        return min(row.at, delivery.repeats_until - self._channel.capabilities.idempotent_for)

    def _find(self, message: SocialMessage, since: datetime) -> Accepted | None:
        try:
            accepted = self._provider.find(message, since - _CLOCKS)
        except DispatchError:
            raise
        except Exception as bug:  # such as an answer of a shape that nobody thought of
            log.exception("channel.crashed", channel=self._channel.name)
            raise ProviderUnavailable(
                f"{self._channel.name}: {type(bug).__name__} inside the provider"
            ) from bug
        return None if accepted is None else readable(accepted)

    def _accept(self, row: PublishedRow, accepted: Accepted) -> bool:
        """Accept what was found; False where it is another's, which says the same."""
        now = self._clock()
        with self._store.begin() as tx:
            if tx.published.is_of_another(row, accepted):
                return False
            tx.published.note_accepted(row.delivery_id, accepted, now=now)
            accept_told({row.delivery_id: accepted.id}, tx=tx, now=now, on=On.FOUND)
        log.info("post.found", channel=self._channel.name, address=accepted.address)
        return True

    def _note(self, row: PublishedRow, reason: str) -> None:
        with self._store.begin() as tx:
            tx.published.note_look(row.delivery_id, now=self._clock(), reason=reason)
