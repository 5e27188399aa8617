# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of receivers."""

from collections.abc import Iterator
from typing import Literal

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import NotificationOf, Replayed
from dispatch.client.shapes.receivers import ReceiverOf, ReceiverTest


class ReceiversGroup:
    """Operations of receivers."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self) -> Iterator[ReceiverOf]:
        """The receivers of the file, and how it goes with each."""
        return self._calls.pages("/receivers")

    def show(self, name: str) -> ReceiverOf:
        """One receiver, and how it goes with it."""
        answer: ReceiverOf = self._calls.ask("GET", f"/receivers/{part(name)}")
        return answer

    def list_notifications(
        self, name: str, *, limit: int | None = None, state: Literal["", "failed"] | None = None
    ) -> Iterator[NotificationOf]:
        """What a receiver was told and is to be told, the newest first."""
        return self._calls.pages(
            f"/receivers/{part(name)}/notifications", query={"limit": limit, "state": state}
        )

    def replay_failed(self, name: str, *, key: str = "") -> Replayed:
        """Have all told once more that a receiver has not taken."""
        answer: Replayed = self._calls.ask(
            "POST", f"/receivers/{part(name)}/replay-failed", key=key
        )
        return answer

    def resume(self, name: str, *, key: str = "") -> ReceiverOf:
        """Tell a receiver things again that was off or failed."""
        answer: ReceiverOf = self._calls.ask("POST", f"/receivers/{part(name)}/resume", key=key)
        return answer

    def test(self, name: str, *, key: str = "") -> ReceiverTest:
        """Call a receiver now, by a notification of the type `test.ping`."""
        answer: ReceiverTest = self._calls.ask("POST", f"/receivers/{part(name)}/test", key=key)
        return answer
