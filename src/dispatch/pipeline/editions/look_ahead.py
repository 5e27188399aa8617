"""What the next edition of a campaign would have, were it made now. Nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.editions.edition import NOT_SENT
from dispatch.model.editions.piece import MOST_PIECES
from dispatch.model.editions.standing import StandingPiece
from dispatch.model.intake.post import Choice, Post, too_few
from dispatch.pipeline.editions.compose import choose_among
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Outlook:
    """`out` are posts that may be in a later one, with the reasons; `skipped`: why there is none.

    `taken` are posts in editions about which nothing is decided for good: if one of those is
    skipped or rejected, they come here. It maps the edition to their number. `pieces` come again.
    """

    posts: Sequence[Post]
    out: Sequence[Choice]
    skipped: str
    taken: Sequence[tuple[str, str, int]] = ()
    pieces: Sequence[StandingPiece] = ()


def look_ahead(
    campaign: Campaign, *, tx: Transaction, now: datetime, day: date | None = None
) -> Outlook:
    """Choose as a run would now. Feeds are not polled, and no reader is asked for.

    `day` is the slot's, by the campaign's clocks: what comes again by then; None: nothing does.

    Posts that no edition will ever have are not looked at: an archive may have very many.
    """
    since = tx.feeds.followed_since(campaign.name)
    ids = tx.posts.news(campaign.name, {name: since.get(name, now) for name in campaign.feeds})
    candidates = tx.posts.unused(campaign.name, campaign.feeds, among=ids) if ids else []
    choices = choose_among(candidates, campaign, tx=tx, now=now)
    chosen = [choice.post for choice in choices if choice.included]
    out = [choice for choice in choices if not choice.included and not choice.past]
    held = sum(choice.post.awaits_decision for choice in out)
    return Outlook(
        posts=chosen,
        out=out,
        skipped=too_few(len(chosen), campaign.posts, held=held),
        taken=tx.agenda.holding_posts(campaign.name, NOT_SENT),
        pieces=tx.standing.of(campaign.name, day)[:MOST_PIECES] if day and campaign.email else (),
    )
