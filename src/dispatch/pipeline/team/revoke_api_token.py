"""A token opens nothing any more, from the next call on."""

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.api_token import ApiToken
from dispatch.store.transactions import Store


def revoke_api_token(number: int, *, by: str, store: Store, clock: Clock) -> ApiToken:
    """The token as it is then. Raises NotFound, and Conflict where it was revoked before."""
    with store.begin() as tx:
        token, now = tx.api_tokens.get(number), clock()
        if not tx.api_tokens.revoke(token, by=by, now=now):
            raise Conflict(f"token {token.name}: was revoked by {token.revoked_by} already")
        subject = str(number)
        tx.audit.add("token.revoke", by=by, now=now, kind="token", subject=subject, name=token.name)
        return tx.api_tokens.get(number)
