# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of exports."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from dispatch.client.calls import Calls
from dispatch.client.shapes.exports import Exported


class ExportsGroup:
    """Operations of exports."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def export_subscribers(self, body: Exported) -> AbstractContextManager[Iterator[bytes]]:
        """An audience as a CSV file, or those with some ids."""
        return self._calls.stream("POST", "/exports/subscribers", body=body)

    def export_suppressions(self) -> AbstractContextManager[Iterator[bytes]]:
        """All addresses and domains to which nothing goes, as a CSV file."""
        return self._calls.stream("POST", "/exports/suppressions")
