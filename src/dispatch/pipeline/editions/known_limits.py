"""How much text an account takes, as its server told when its channel was last checked."""

from dataclasses import replace

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.store.transactions import Transaction


def known_limits(social: tuple[SocialPlan, ...], tx: Transaction) -> tuple[SocialPlan, ...]:
    """The plans, to be kept with an edition: what is approved does not change with a check."""
    checks = tx.channel_checks.all() if social else {}
    return tuple(
        replace(plan, max_text=checks[plan.via].max_text) if plan.via in checks else plan
        for plan in social
    )
