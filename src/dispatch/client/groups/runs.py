# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of runs."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import ShownRun
from dispatch.client.shapes.runs import RunRow


class RunsGroup:
    """Operations of runs."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None, campaign: str | None = None) -> Iterator[RunRow]:
        """The runs, the newest slots first."""
        return self._calls.pages("/runs", query={"limit": limit, "campaign": campaign})

    def show(self, number: str) -> ShownRun:
        """A run, and of each post why it was in or out."""
        answer: ShownRun = self._calls.ask("GET", f"/runs/{part(number)}")
        return answer
