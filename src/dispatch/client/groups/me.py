# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of me."""

from dispatch.client.calls import Calls
from dispatch.client.shapes.me import Me


class MeGroup:
    """Operations of me."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show(self) -> Me:
        """Who the token speaks for, and what it may do."""
        answer: Me = self._calls.ask("GET", "/me")
        return answer
