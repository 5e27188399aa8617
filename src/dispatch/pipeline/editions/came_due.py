"""Whether a campaign's next edition is due, for a run that has one to go on with."""

from datetime import datetime

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import slots
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.store.transactions import Transaction


def came_due(campaign: Campaign, *, tx: Transaction, now: datetime) -> bool:
    """Whether a slot of its schedule has come since its last run, or new posts call for an edition.

    Never so for a campaign that only a person starts.
    """
    if campaign.schedule is None:
        return look_for_news(campaign, tx=tx, now=now).ready <= now
    last = next(iter(tx.runs.latest(campaign.name, limit=1)), None)
    if last is None:
        return True
    # A run that was made ahead has answered for a slot that is still to come.
    coming = slots(campaign.schedule, after=max(last.moment, last.started))
    slot = next(coming, None)
    return slot is not None and slot.moment - campaign.schedule.ahead <= now
