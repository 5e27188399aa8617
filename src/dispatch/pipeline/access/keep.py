"""What a network gave us is kept, or forgotten."""

from dispatch.clock import Clock
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.delivery.tokens import Tokens
from dispatch.pipeline.access.sealed import seal
from dispatch.sealing import Sealer
from dispatch.store.transactions import Store


def keep_access(
    plan: ChannelPlan, tokens: Tokens, *, by: str, sealer: Sealer, store: Store, clock: Clock
) -> None:
    """Keep it sealed in the place of what there was; raises SealBroken where there is no key."""
    row = seal(plan.name, plan.provider, tokens, sealer, by=by, at=clock())
    with store.begin() as tx:
        tx.tokens.keep(row)
        tx.audit.add(
            "channel.give_access",
            by=by,
            now=row.at,
            kind="channel",
            subject=plan.name,
            scopes=list(tokens.scopes),
        )


def end_access(channel: str, *, by: str, store: Store, clock: Clock) -> bool:
    """Forget it: whether there was any. The network knows of it until a person ends it there."""
    with store.begin() as tx:
        if not tx.tokens.forget(channel):
            return False
        tx.audit.add("channel.end_access", by=by, now=clock(), kind="channel", subject=channel)
    return True
