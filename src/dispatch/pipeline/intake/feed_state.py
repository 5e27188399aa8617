"""One word for how a feed is."""

from datetime import datetime
from typing import Literal, get_args

from dispatch.model.intake.polling_interval import silence
from dispatch.store.intake.feeds import FeedMemory

FeedWord = Literal["healthy", "failing", "silent", "gone", "new"]
STATES: tuple[FeedWord, ...] = get_args(FeedWord)


def state_of(memory: FeedMemory, now: datetime) -> FeedWord:
    """One of STATES; `new` is one that was never polled."""
    if memory.gone:
        return "gone"
    if memory.problem:
        return "failing"
    if memory.polled_at is None:
        return "new"
    quiet = silence(now, habit=memory.habit, last_post=memory.last_post_at)
    return "silent" if quiet else "healthy"
