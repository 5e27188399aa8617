# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of audiences."""

from collections.abc import Iterator

from dispatch.client.calls import Calls
from dispatch.client.shapes.audiences import Audience, WeekCount


class AudiencesGroup:
    """Operations of audiences."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self) -> Iterator[Audience]:
        """All audiences, with their last counts."""
        return self._calls.pages("/audiences")

    def list_reader_counts(
        self, *, audience: str | None = None, weeks: int | None = None
    ) -> Iterator[WeekCount]:
        """How many readers there were week by week, the last day of each on which they were
        counted.
        """
        return self._calls.pages("/audiences/counts", query={"audience": audience, "weeks": weeks})
