"""A channel that its budget has stopped goes on when somebody has raised that."""

from collections.abc import Mapping

from dispatch.clock import Clock
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.pipeline.delivery.publishing import BUDGET_USED_UP
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.store.transactions import Store


def lift_budget_stops(plans: Mapping[str, ChannelPlan], *, store: Store, clock: Clock) -> None:
    """Let channels be used again whose budget is another one than that which is used up."""
    now = clock()
    with store.read() as tx:
        stops = [stop for stop in tx.channels.stops() if stop.is_in_force(now)]
    for stop in stops:
        plan = plans.get(stop.channel)
        budget = plan.posts_per_month if plan else None
        same = f"{BUDGET_USED_UP}{budget} posts "
        if stop.reason.startswith(BUDGET_USED_UP) and not stop.reason.startswith(same):
            resume_channel(stop.channel, store=store, clock=clock)
