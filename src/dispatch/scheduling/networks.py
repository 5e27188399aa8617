"""What is asked of networks now and then, beside the tick, as they may hang."""

from dispatch.app import App
from dispatch.scheduling.attempts import attempt, may_work


def find_lost_posts(app: App) -> None:
    """Look for posts whose answer was lost among the latest ones of their accounts."""
    if may_work(app):
        attempt(app, "lost posts", app.delivery.find_lost)
