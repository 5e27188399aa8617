"""A pause: somebody stays a reader and gets nothing until a day that they chose."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo

from dispatch.clock import Clock
from dispatch.errors import BadInput
from dispatch.model.people.subscriber import BY_PREFERENCES, SubscriptionState
from dispatch.store.transactions import Store

WEEKS = (2, 4, 8)
"""What is offered beside a day of one's own."""

LONGEST = timedelta(days=366)
SOURCE = BY_PREFERENCES
OVER = "the pause was over"


def day_of_weeks(weeks: int, today: date) -> date:
    """The day on which a pause of so many weeks ends."""
    return today + timedelta(weeks=weeks)


def pause_until(
    subscriber_id: int, day: date, zone: tzinfo, *, store: Store, clock: Clock, source: str = SOURCE
) -> list[str]:
    """Have nothing go out to somebody before that day begins where they are.

    In which audiences that is something new. Raises BadInput for a day that is over, is today, or
    is more than a year away.
    """
    now = clock()
    until = datetime.combine(day, time(), zone)
    if until <= now:
        raise BadInput([f"{day}: is not to come - choose a later day"])
    if until - now > LONGEST:
        raise BadInput([f"{day}: is more than a year away - choose an earlier day, or leave"])
    with store.begin() as tx:
        standing = tx.consents.standing(subscriber_id)
        return tx.preferences.pause(subscriber_id, standing, until, source=source, now=now)


def resume(
    subscriber_id: int,
    audiences: Collection[str] | None = None,
    *,
    store: Store,
    clock: Clock,
    source: str = SOURCE,
) -> list[str]:
    """End somebody's pauses, or those in some audiences; where there were any."""
    with store.begin() as tx:
        standing = tx.consents.standing(subscriber_id)
        asked = [
            one.audience
            for one in standing.values()
            if one.state is SubscriptionState.PAUSED
            and (audiences is None or one.audience in audiences)
        ]
        return tx.preferences.resume(subscriber_id, asked, source=source, now=clock())


def end_pauses(*, store: Store, clock: Clock) -> int:
    """End the pauses whose day has come; how many. Any number of machines may do so at once."""
    with store.read() as tx:
        over = tx.preferences.pauses_over(now=clock())
    if not over:
        return 0
    with store.begin() as tx:
        now = clock()
        # Asked again: meanwhile somebody may have put the day off.
        over = tx.preferences.pauses_over(now=now)
        return sum(
            len(tx.preferences.resume(number, [audience], source=OVER, now=now))
            for number, audience in over
        )
