# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of imports."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.imports import BringIn, Import, ImportRows, LookAgain, Merge


class ImportsGroup:
    """Operations of imports."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self) -> Iterator[Import]:
        """The files of the last day, the newest first: ten at most."""
        return self._calls.pages("/imports")

    def take(
        self,
        content: bytes | str | Iterable[bytes],
        *,
        audience: str,
        name: str | None = None,
        merge: Merge | None = None,
        ground: str | None = None,
        key: str = "",
    ) -> Import:
        """Keep a CSV file of people, and look at it: nobody comes in by that."""
        answer: Import = self._calls.ask(
            "POST",
            "/imports",
            content=content,
            kind="text/csv",
            key=key,
            query={"audience": audience, "name": name, "merge": merge, "ground": ground},
        )
        return answer

    def take_rows(self, body: ImportRows, *, key: str = "") -> Import:
        """The same with people said as JSON, at most 10,000 of them."""
        answer: Import = self._calls.ask("POST", "/imports/rows", body=body, key=key)
        return answer

    def show(self, import_id: str) -> Import:
        """What is in a file and would come of it; how far it is; what became of it."""
        answer: Import = self._calls.ask("GET", f"/imports/{part(import_id)}")
        return answer

    def drop(self, import_id: str) -> None:
        """Forget a file."""
        self._calls.ask("DELETE", f"/imports/{part(import_id)}")

    def look_again(self, import_id: str, body: LookAgain, *, key: str = "") -> Import:
        """Look at a file again, with other columns or into another audience."""
        answer: Import = self._calls.ask(
            "POST", f"/imports/{part(import_id)}/look", body=body, key=key
        )
        return answer

    def bring_in(self, import_id: str, body: BringIn, *, key: str = "") -> Import:
        """Bring in whom a file names, as it was looked at. Said twice, it is brought in once."""
        answer: Import = self._calls.ask(
            "POST", f"/imports/{part(import_id)}/bring-in", body=body, key=key
        )
        return answer

    def list_wrong_rows(self, import_id: str) -> AbstractContextManager[Iterator[bytes]]:
        """The rows that do not count, as CSV: to be mended and handed over again."""
        return self._calls.stream("GET", f"/imports/{part(import_id)}/wrong-rows")
