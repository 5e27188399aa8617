"""A hub asks whether it was us who subscribed, or says that it will not serve us."""

from datetime import timedelta
from urllib.parse import urlsplit

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.feeds.websub.protocol import DENIED, LEASE, Question, same_topic
from dispatch.model.intake.websub_subscription import RENEW_AT, WebsubSubscription, Wish, kept_lease
from dispatch.store.transactions import Store

AFTER_DENIAL = timedelta(days=7)
"""A hub's no is no fault that passes; but what it rests on may change."""

AFTER_LEAVING = timedelta(hours=1)
"""How long a hub may ask once more whether we really want to leave."""


def verify_intent(websub_id: str, question: Question, *, store: Store, clock: Clock) -> str:
    """What to answer: the hub's own challenge, as a yes; empty where it only told us something.

    The first yes to a request of ours is kept, with the lease that the hub offers. All further
    ones, until we ask again, change nothing, and nor does any question about what we did not ask.

    Raises NotFound for what we did not ask for, or do not want any more.
    """
    with store.read() as tx:
        websub = tx.websub_subscriptions.get(websub_id)
    if websub is None or not same_topic(websub.topic, question.topic):
        raise NotFound(
            "websub subscription: nothing was asked for about this topic - the hub is mistaken"
        )
    if question.mode == DENIED:
        _deny(websub, question, store=store, clock=clock)
        return ""
    if question.mode != websub.wish.value:
        raise NotFound(
            f"websub subscription of {websub.feed}: this was not asked for - the hub is mistaken"
        )
    if websub.pending:
        _agree(websub, question, store=store, clock=clock)
    return question.challenge


def _agree(websub: WebsubSubscription, question: Question, *, store: Store, clock: Clock) -> None:
    now = clock()
    with store.begin() as tx:
        if websub.wish is Wish.UNSUBSCRIBE:
            tx.websub_subscriptions.agree(websub, lease_until=None, next_at=now + AFTER_LEAVING)
        else:
            lease = kept_lease(question.lease, asked=LEASE)
            tx.websub_subscriptions.agree(
                websub, lease_until=now + lease, next_at=now + RENEW_AT * lease
            )


def _deny(websub: WebsubSubscription, question: Question, *, store: Store, clock: Clock) -> None:
    words = f" ({question.reason})" if question.reason else ""
    problem = (
        f"{urlsplit(websub.hub).hostname}: the hub will not tell us about new posts{words} - "
        "they are found by polling"
    )
    with store.begin() as tx:
        tx.websub_subscriptions.deny(websub, problem=problem, next_at=clock() + AFTER_DENIAL)
