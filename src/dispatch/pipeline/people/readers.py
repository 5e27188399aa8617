"""Who an edition is for: the readers of its digest and the accounts of its snippets."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice

from dispatch.clock import Timer, system_timer
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import Each, EmailPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.segment import shown_segment
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.deliveries import PlannedSnippet
from dispatch.store.transactions import Transaction

MOST_SECONDS = 5.0
EACH_SECONDS = 0.0002
"""How long a segment may take for an audience, and each reader of it more: an ordinary question
takes a tenth of that. It is asked in the middle of a transaction, which others wait for."""

ASKED_AT_ONCE = 2_000
"""Readers about whom a segment is asked in one go."""


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
    left = MOST_SECONDS
    asked = 0
    # Closed by us: an error leaves it where it is, and the transaction would end before it.
    with closing(tx.subscribers.active(plan.audience, plan.offer)) as active:
        while some := list(islice(active, ASKED_AT_ONCE)):
            left += len(some) * EACH_SECONDS
            asked += len(some)
            began = timer()
            found = renderer.pick(plan.segment, some, seconds=left)
            left -= timer() - began
            if left < 0:
                where = shown_segment(plan.segment)
                raise TemplateFailed(f"{where}: takes too long for {asked} readers - ask for less")
            yield from _chosen(some, found)


def snippets_of(content: EditionContent) -> Iterator[PlannedSnippet]:
    """The snippets of an edition, in the order in which they go out."""
    for plan in content.social:
        if plan.each is Each.EDITION:
            yield PlannedSnippet(plan.via)
        else:
            # Oldest first, so that an account's timeline reads in the order things happened.
            for post in reversed(content.posts):
                yield PlannedSnippet(plan.via, part=str(post.id))


def _chosen(readers: Iterable[Subscriber], found: Iterable[bool]) -> Iterator[tuple[int, str]]:
    return (
        (reader.id, reader.timezone)
        for reader, picked in zip(readers, found, strict=True)
        if picked
    )
