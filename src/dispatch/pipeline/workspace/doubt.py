"""After a database was put back from a copy: what may have gone out since waits for a person.

The copy does not know what happened after it was made. So whatever would go out by itself, and may
have gone out already, does not:

- deliveries that were open are unknown, and their editions come back paused;
- editions that were to be reviewed, or were approved and had not left, are to be looked at again;
- letters that were drafts are drafts, and say that they may have gone out since;
- posts that no edition had, and those that the feeds bring at their next poll, are held;
- slots that have passed meanwhile are not run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.editions.edition import NOT_SENT, RESTORED, Edition, EditionState
from dispatch.model.intake.post import MAY_HAVE_GONE_OUT
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a person has to decide about."""

    paused: tuple[Edition, ...] = ()
    deliveries: int = 0
    reviews: tuple[Edition, ...] = ()
    posts: int = 0
    drafts: tuple[Edition, ...] = ()


def look_again(*, tx: Transaction, made: datetime | None) -> Doubts:
    """Have a person look at what was decided on, where nothing can have gone out since.

    Whoever has cancelled, rejected or paused something after the copy was made has done so in a
    database that is gone.
    """
    words = _words(made)
    paused = tx.editions.in_state(None, {EditionState.SENDING})
    for edition in paused:
        tx.editions.doubt(edition, note=f"{words} - resume it, unless that was decided otherwise")
    reviews, drafts = _not_sent(f"{words} - look what was decided since", tx)
    return Doubts(tuple(paused), 0, reviews, drafts=drafts)


def doubt_all(
    campaigns: Iterable[Campaign], *, tx: Transaction, made: datetime | None, now: datetime
) -> Doubts:
    """Have a person decide about all that may have gone out since the copy was made."""
    words = _words(made)
    paused = tx.editions.in_state(None, {EditionState.SENDING, EditionState.PAUSED})
    deliveries = 0
    for edition in paused:
        deliveries += tx.deliveries.doubt(edition, now=now)
        tx.batches.finish_idle(edition.id, now=now)
        tx.editions.doubt(edition, note=f"{words} - decide about what is unknown, then resume it")
    note = f"{words} - look whether this has gone out already"
    reviews, drafts = _not_sent(note, tx)
    held = 0
    for campaign in campaigns:
        news = tx.posts.news(campaign.name, tx.feeds.followed_since(campaign.name))
        held += tx.posts.hold(news, reason=MAY_HAVE_GONE_OUT, now=now)
    tx.runs.start_over(now=now)
    tx.identity.doubt(now)
    return Doubts(tuple(paused), deliveries, reviews, held, drafts)


def _not_sent(note: str, tx: Transaction) -> tuple[tuple[Edition, ...], tuple[Edition, ...]]:
    """Doubt what nobody may have sent: editions for review, and drafts."""
    found = tx.editions.in_state(None, NOT_SENT)
    for edition in found:
        tx.editions.doubt(edition, note=note)
    drafts = tuple(one for one in found if one.state is EditionState.DRAFT)
    return tuple(one for one in found if one.state is not EditionState.DRAFT), drafts


def _words(made: datetime | None) -> str:
    since = f"{made:%Y-%m-%d %H:%M} UTC" if made else "an earlier time"
    return f"{RESTORED} of {since}"
