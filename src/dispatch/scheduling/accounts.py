"""Accounts at networks: access that ends is renewed in time, and who we are there asked daily."""

from dispatch.app import App
from dispatch.scheduling.attempts import attempt, may_work

LOOKED_AT_EVERY = 60
"""Seconds: an access that is renewed though nobody posts lasts for days."""


def look_after_accounts(app: App) -> None:
    """Renew what is near its end, and ask accounts anew; beside `tick`, as networks may hang."""
    if may_work(app):
        attempt(app, "accounts", app.channels.access.look_after)
