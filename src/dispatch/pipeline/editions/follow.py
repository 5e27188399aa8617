"""Since when campaigns follow what the file says now: what came before is no news to them."""

from datetime import timedelta

from dispatch.clock import Clock
from dispatch.config.workspace import Workspace
from dispatch.store.transactions import Store

WAITED = timedelta(days=7)
"""So long the posts of a feed that no campaign names wait for one. A feed is added before the
campaign that it is for, and its posts were asked for when it was added."""


def follow(workspace: Workspace, *, store: Store, clock: Clock) -> None:
    """Note the feeds and the schedule of each campaign and the offer of each family, where new.

    What was noted by a clock that was far ahead is noted anew. The first campaign that ever names a
    feed follows it from before, so that it has the posts that have waited for it.
    """
    now = clock()
    with store.begin() as tx:
        tx.posts.meet_again(now=now)
        waiting = tx.feeds.named_by_nobody(after=now - WAITED)
        for campaign in workspace.campaigns.values():
            tx.feeds.follow(campaign.name, campaign.feeds, now=now, earlier=waiting)
            tx.runs.note_schedule(campaign.name, str(campaign.when or ""), now=now)
        for family in workspace.families.values():
            tx.families.note(family.name, family.default, family.offered, now=now)
