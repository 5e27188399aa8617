# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of calendar."""

from dispatch.client.calls import Calls
from dispatch.client.shapes.calendar import CalendarShape


class CalendarGroup:
    """Operations of calendar."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        campaign: str | None = None,
        channel: str | None = None,
    ) -> CalendarShape:
        """Show some days: slots that had their run, those that wait, and those that are
        planned.
        """
        answer: CalendarShape = self._calls.ask(
            "GET",
            "/calendar",
            query={"from": from_, "to": to, "campaign": campaign, "channel": channel},
        )
        return answer
