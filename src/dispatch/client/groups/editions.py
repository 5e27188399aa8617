# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of editions."""

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.editions import Approval, Decided


class EditionsGroup:
    """Operations of editions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def approve(self, edition_id: str, body: Approval, *, key: str = "") -> Decided:
        """Let an edition go out as it was looked at."""
        answer: Decided = self._calls.ask(
            "POST", f"/editions/{part(edition_id)}/approve", body=body, key=key
        )
        return answer
