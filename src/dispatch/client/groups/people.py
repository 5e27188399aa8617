# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of people."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.people import Member, PersonChanges


class PeopleGroup:
    """Operations of people."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None) -> Iterator[Member]:
        """Everybody in the team, by handle."""
        return self._calls.pages("/people", query={"limit": limit})

    def show(self, handle: str) -> Member:
        """Somebody of the team."""
        answer: Member = self._calls.ask("GET", f"/people/{part(handle)}")
        return answer

    def change(self, handle: str, body: PersonChanges) -> Member:
        """Give somebody other roles, another name or address."""
        answer: Member = self._calls.ask("PATCH", f"/people/{part(handle)}", body=body)
        return answer

    def remove(self, handle: str) -> None:
        """Let somebody out of the team, at once and everywhere; their tokens end, too."""
        self._calls.ask("DELETE", f"/people/{part(handle)}")
