"""Since when campaigns follow what the file says now: what came before is no news to them."""

from dispatch.clock import Clock
from dispatch.config.workspace import Workspace
from dispatch.store.transactions import Store


def follow(workspace: Workspace, *, store: Store, clock: Clock) -> None:
    """Note the feeds and the schedule of each campaign and the offer of each family, where new.

    What was noted by a clock that was far ahead is noted anew.
    """
    now = clock()
    with store.begin() as tx:
        tx.posts.meet_again(now=now)
        for campaign in workspace.campaigns.values():
            tx.feeds.follow(campaign.name, campaign.feeds, now=now)
            tx.runs.note_schedule(campaign.name, str(campaign.when or ""), now=now)
        for family in workspace.families.values():
            tx.families.note(family.name, family.default, family.offered, now=now)
