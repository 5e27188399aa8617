"""What a network gives an account of ours by OAuth 2, so that we may post there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Tokens:
    """`access` is shown with each call, `refresh` gets another one where the network gives such.

    `ends` and `refresh_ends` are when they end, None: not told. `scopes` is what they may do.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends: datetime | None = None
    refresh_ends: datetime | None = None
    scopes: tuple[str, ...] = ()

    def lasts(self, now: datetime) -> bool:
        """Whether the access is believed to reach the end of a call that begins now."""
        return self.ends is None or self.ends - now > RENEW_BEFORE

    def holds(self, now: datetime) -> bool:
        """Whether the access has not ended yet."""
        return self.ends is None or self.ends > now

    @property
    def person_by(self) -> datetime | None:
        """When only a person can get another one; None: never, or not told."""
        return self.refresh_ends if self.refresh else self.refresh_ends or self.ends


RENEW_BEFORE = timedelta(minutes=5)
"""So long before its end a token is no longer believed to reach the end of a call."""

WARN_BEFORE = timedelta(days=14)
"""So long before an access ends that only a person can renew, the team is told."""

EARLY = WARN_BEFORE + timedelta(days=1)
"""So long before its end an access that lasts for weeks is renewed, though nobody posts: that is a
day before the team would be told, who hear of it only where that day did not do."""

LEAST_AGE = timedelta(hours=24)
"""Younger ones are not renewed early: Threads takes none that is younger
(https://developers.facebook.com/docs/threads/get-started/long-lived-tokens)."""

SHORT_LIVED = timedelta(days=2)
"""An access of hours is renewed when it is used: to renew it all day would be for nothing."""

RENEWAL_LEASE = timedelta(minutes=2)
"""So long somebody may be at a renewal; who has failed waits as long before the next try."""

LONGEST_PAUSE = timedelta(hours=12)


def is_renewed_early(ends: datetime | None, got: datetime, now: datetime) -> bool:
    """Whether an access that was got then is to be renewed now, though nobody posts."""
    if ends is None or ends - got <= SHORT_LIVED or now - got < LEAST_AGE:
        return False
    return ends - now < min(EARLY, (ends - got) / 2)


def pause_after_failure(ends: datetime | None, now: datetime) -> timedelta:
    """How long to wait after a renewal that failed: a tenth of what is left, or has passed since.

    So that it is tried more often as the end comes near, and less and less after it.
    """
    away = abs((ends or now) - now)
    return min(max(away / 10, RENEWAL_LEASE), LONGEST_PAUSE)
