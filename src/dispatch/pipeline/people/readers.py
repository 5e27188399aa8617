"""Who an edition is for: the readers of its digest and the accounts of its snippets."""

from collections.abc import Iterator

from dispatch.model.campaigns.campaign import Each, EmailPlan
from dispatch.model.editions.edition import EditionContent
from dispatch.render.templates.segment import timed_segment
from dispatch.store.delivery.deliveries import Snippet
from dispatch.store.store import Transaction


def count_readers(plan: EmailPlan, tx: Transaction) -> int:
    """How many people a digest would go to now."""
    if plan.segment:
        return sum(1 for _ in picked_readers(plan, tx))
    return tx.subscribers.count_active(plan.audience, plan.offer)


def count_recipients(content: EditionContent, tx: Transaction) -> dict[str, int]:
    """Channel name to how many messages an edition would come to now."""
    numbers: dict[str, int] = {}
    if content.email is not None:
        numbers[content.email.via] = count_readers(content.email, tx)
    for one in snippets_of(content):
        numbers[one.channel] = numbers.get(one.channel, 0) + 1
    return numbers


def readers_with_zones(plan: EmailPlan, tx: Transaction) -> Iterator[tuple[int, str]]:
    """The ids of those who would get a digest now, in order, with the time zones they gave."""
    return (
        picked_readers(plan, tx)
        if plan.segment
        else tx.subscribers.timezones(plan.audience, plan.offer)
    )


def picked_readers(plan: EmailPlan, tx: Transaction) -> Iterator[tuple[int, str]]:
    """The ids of those whom the segment picks, with their time zones."""
    belongs = timed_segment(plan.segment)
    active = tx.subscribers.active(plan.audience, plan.offer)
    return ((one.id, one.timezone) for one in active if belongs(one))


def snippets_of(content: EditionContent) -> Iterator[Snippet]:
    """The snippets of an edition, in the order in which they go out."""
    for plan in content.social:
        if plan.each is Each.EDITION:
            yield Snippet(plan.via)
        else:
            # Oldest first, so that an account's timeline reads in the order things happened.
            for post in reversed(content.posts):
                yield Snippet(plan.via, part=str(post.id))
