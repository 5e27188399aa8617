# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of notifications."""

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import NotificationOf, Replayed
from dispatch.client.shapes.notifications import ReplayedNotifications


class NotificationsGroup:
    """Operations of notifications."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show(self, number: str) -> NotificationOf:
        """One notification."""
        answer: NotificationOf = self._calls.ask("GET", f"/notifications/{part(number)}")
        return answer

    def replay(self, body: ReplayedNotifications, *, key: str = "") -> Replayed:
        """Have some told once more, by the ids that they had: all of them, or none."""
        answer: Replayed = self._calls.ask("POST", "/notifications/replay", body=body, key=key)
        return answer
