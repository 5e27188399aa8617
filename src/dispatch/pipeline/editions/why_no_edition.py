"""Why a run makes no edition: which feeds were not read, and that nobody would have read it."""

from collections.abc import Mapping

from dispatch.model.campaigns.campaign import Campaign, EmailPlan
from dispatch.model.editions.run import NOBODY
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import NO_POST
from dispatch.pipeline.people.readers import count_readers
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction


def why_no_edition(
    campaign: Campaign,
    too_few: str,
    *,
    tx: Transaction,
    feeds: Mapping[str, Feed],
    renderer: Renderer,
) -> str:
    """The whole reason, where there are too few posts: not all feeds may have been heard.

    Raises TemplateFailed where the segment cannot be answered for somebody.
    """
    memories = tx.feeds.memories([feeds[name] for name in campaign.feeds])
    unread = [
        f"feed {one.name} could not be read ({one.problem})"
        for one in memories
        if one.problem and one.succeeded_at != one.polled_at  # else it is about a post's page
    ]
    if unread and too_few.startswith(NO_POST):
        all_unread = len(unread) == len(memories)
        others = too_few.replace(NO_POST, f"{NO_POST} in the others", 1)
        told = too_few.removeprefix(NO_POST).removeprefix("; ") if all_unread else others
        reasons = [*unread, told] if told else unread
    else:
        reasons = [*unread, too_few]
    if campaign.email is not None and not count_readers(campaign.email, tx, renderer):
        reasons.append(nobody_in(campaign.email))
    return "; ".join(reasons)


def nobody_in(plan: EmailPlan | None) -> str:
    """That a digest would have no reader."""
    audience = plan.audience if plan else ""
    chosen = " whom the segment picks" if plan and plan.segment else ""
    chosen += f" with the cadence '{plan.offer.cadence}'" if plan and plan.offer else ""
    return f"{NOBODY} in audience '{audience}'{chosen}"
