"""Whether new posts call for an edition of a campaign that runs on them, and from when on."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.clock import NEVER
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.new_posts import arrival, ready_at
from dispatch.model.campaigns.schedule import Slot, slot_at
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Call:
    """When an edition is ready, and the posts that call for it; NEVER while none does."""

    ready: datetime
    posts: frozenset[int] = frozenset()
    timezone: str = "UTC"

    def slot(self, now: datetime) -> Slot:
        """The slot of a run at this moment: to the second, so that no second has two runs."""
        return slot_at(now.replace(microsecond=0), self.timezone)


def look_for_news(campaign: Campaign, *, tx: Transaction, now: datetime) -> Call:
    """The call of the posts that no run of the campaign has chosen yet.

    Runs are asked what they chose, and no times are compared: a post that was met before the last
    run may have been committed after it. What a run has chosen calls for no edition again, even
    where the edition was rejected, or a person took the post out. The next edition has it.
    """
    rule = campaign.new_posts
    if rule is None:
        return Call(NEVER)
    unanswered = tx.news.unanswered(campaign.name, campaign.feeds)
    if not unanswered:
        return Call(NEVER)
    since = tx.feeds.followed_since(campaign.name)
    untold = tx.posts.unused(campaign.name, campaign.feeds, among=unanswered)
    arrivals = {post.id: arrival(post, campaign.posts, since=since[post.feed]) for post in untold}
    calling = {post: moment for post, moment in arrivals.items() if moment is not None}
    made = tx.runs.made_since(campaign.name, rule.looks_back(now))
    ready = ready_at(rule, calling.values(), made=made, now=now)
    return Call(ready or NEVER, frozenset(calling), rule.timezone)
