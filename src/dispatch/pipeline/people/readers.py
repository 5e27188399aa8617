"""Who an edition is for: the readers of its digest and the accounts of its snippets."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import compress, islice

from dispatch.clock import Timer, system_timer
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.cadence import CadenceOffer
from dispatch.model.campaigns.campaign import Each, EmailPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.segment import asks_for_consent, shown_segment
from dispatch.model.people.subscriber import Consent, Subscriber
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.deliveries import PlannedSnippet
from dispatch.store.transactions import Transaction

MOST_SECONDS = 5.0
EACH_SECONDS = 0.0002
"""How long a segment may take for an audience, and each reader of it more: an ordinary question
takes a tenth of that. It is asked in the middle of a transaction, which others wait for."""

ASKED_AT_ONCE = 2_000
"""Readers about whom a segment is asked in one go."""

Reader = tuple[Subscriber, Consent | None]
"""Somebody in an audience, with the consent by which they are, where that was asked for."""


def count_readers(plan: EmailPlan, tx: Transaction, renderer: Renderer) -> int:
    """How many people a digest would go to now. Raises TemplateFailed."""
    if plan.segment:
        return sum(1 for _ in picked_readers(plan, tx, renderer))
    return tx.subscribers.count_active(plan.audience, plan.offer)


def count_recipients(
    content: EditionContent, tx: Transaction, renderer: Renderer
) -> dict[str, int]:
    """Channel name to how many messages an edition would come to now. Raises TemplateFailed."""
    numbers: dict[str, int] = {}
    if content.email is not None:
        numbers[content.email.via] = count_readers(content.email, tx, renderer)
    for one in snippets_of(content):
        numbers[one.channel] = numbers.get(one.channel, 0) + 1
    return numbers


def readers_with_zones(
    plan: EmailPlan, tx: Transaction, renderer: Renderer
) -> Iterator[tuple[int, str]]:
    """The ids of those who would get a digest now, in order, with the time zones they gave."""
    if plan.segment:
        return picked_readers(plan, tx, renderer)
    return tx.subscribers.timezones(plan.audience, plan.offer)


def picked_readers(
    plan: EmailPlan, tx: Transaction, renderer: Renderer, *, timer: Timer = system_timer
) -> Generator[tuple[int, str]]:
    """The ids of those whom the segment picks, with their time zones.

    Raises TemplateFailed where it cannot be answered, or takes far too long in all.
    """
    picked = pick(plan.segment, plan.audience, tx, renderer, offer=plan.offer, timer=timer)
    with closing(picked) as found:
        yield from ((reader.id, reader.timezone) for reader, _ in found)


def pick(
    segment: str,
    audience: str,
    tx: Transaction,
    renderer: Renderer,
    *,
    offer: CadenceOffer | None = None,
    among: int | None = None,
    timer: Timer = system_timer,
) -> Generator[Reader]:
    """Those of an audience whom a segment picks, by id; of the first `among` only, where given.

    Raises as `picked_readers` does.
    """
    left = MOST_SECONDS
    asked = 0
    # Closed by us: an error leaves it where it is, and the transaction would end before it.
    with closing(readers_for(segment, audience, tx, offer)) as active:
        first = islice(active, among)
        while some := list(islice(first, ASKED_AT_ONCE)):
            left += len(some) * EACH_SECONDS
            asked += len(some)
            began = timer()
            found = chosen(some, segment, renderer, seconds=left)
            left -= timer() - began
            if left < 0:
                where = shown_segment(segment)
                raise TemplateFailed(f"{where}: takes too long for {asked} readers - ask for less")
            yield from found


def chosen(
    some: Sequence[Reader], segment: str, renderer: Renderer, *, seconds: float
) -> list[Reader]:
    """Those of them whom a segment picks. Raises TemplateFailed."""
    people = [reader for reader, _ in some]
    consents = [consent for _, consent in some if consent]
    return list(compress(some, renderer.pick(segment, people, consents, seconds=seconds)))


def readers_for(
    segment: str,
    audience: str,
    tx: Transaction,
    offer: CadenceOffer | None = None,
    *,
    after: int = 0,
) -> Generator[Reader]:
    """Everybody in an audience with an id above one, with as much as a segment asks about them.

    To be closed.
    """
    if asks_for_consent(segment):
        yield from tx.subscribers.active_by_consent(audience, offer, after=after)
    else:
        with closing(tx.subscribers.active(audience, offer, after=after)) as active:
            yield from ((reader, None) for reader in active)


def snippets_of(content: EditionContent) -> Iterator[PlannedSnippet]:
    """The snippets of an edition, in the order in which they go out."""
    for plan in content.social:
        if plan.each is Each.EDITION:
            yield PlannedSnippet(plan.via)
        else:
            # Oldest first, so that an account's timeline reads in the order things happened.
            for post in reversed(content.posts):
                yield PlannedSnippet(plan.via, part=str(post.id))
