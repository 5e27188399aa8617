# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of status."""

from dispatch.client.calls import Calls
from dispatch.client.shapes.status import Status


class StatusGroup:
    """Operations of status."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show(self) -> Status:
        """Show whether the service does its work, and what somebody has to do something about."""
        answer: Status = self._calls.ask("GET", "/status")
        return answer
