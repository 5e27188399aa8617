"""A channel that its budget has stopped goes on when somebody has raised that."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.clock import Clock
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.pipeline.delivery.publishing import BUDGET_USED_UP, end_of_month, month_of
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.store.transactions import Store, Transaction


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


def budget_told(plan: ChannelPlan, timezone: str, tx: Transaction, *, now: datetime) -> str:
    """How much of its budget a channel has used, in words; empty without a budget."""
    if plan.posts_per_month is None:
        return ""
    zone = ZoneInfo(timezone)
    used = tx.budgets.all_used(month_of(now, zone)).get(plan.name, 0)
    left = max(0, plan.posts_per_month - used)
    until = end_of_month(now, zone).astimezone(zone)
    return f"{used} of {plan.posts_per_month} posts used, {left} left until {until:%Y-%m-%d}"
