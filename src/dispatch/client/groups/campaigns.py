# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of campaigns."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.campaigns import (
    CampaignPatch,
    CampaignShape,
    CampaignWhole,
    NewCampaign,
    RehearsalShape,
    RunMade,
    SimulationShape,
    SkipBody,
    SlotShape,
)
from dispatch.client.shapes.common import PlanChanged


class CampaignsGroup:
    """Operations of campaigns."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show_slot(self, name: str, slot: str) -> SlotShape:
        """Show one slot; of one that is to come also what its edition would have now."""
        answer: SlotShape = self._calls.ask("GET", f"/campaigns/{part(name)}/slots/{part(slot)}")
        return answer

    def skip_slot(self, name: str, slot: str, body: SkipBody, *, key: str = "") -> SlotShape:
        """Skip a slot: its day is left out of the campaign's schedule, with all slots of that
        day.
        """
        answer: SlotShape = self._calls.ask(
            "POST", f"/campaigns/{part(name)}/slots/{part(slot)}/skip", body=body, key=key
        )
        return answer

    def unskip_slot(self, name: str, slot: str, *, key: str = "") -> SlotShape:
        """Take that back: the day is one of the schedule again."""
        answer: SlotShape = self._calls.ask(
            "POST", f"/campaigns/{part(name)}/slots/{part(slot)}/unskip", key=key
        )
        return answer

    def list(self, *, limit: int | None = None, text: str | None = None) -> Iterator[CampaignShape]:
        """List the campaigns, in the order of schedules.yaml."""
        return self._calls.pages("/campaigns", query={"limit": limit, "text": text})

    def add(self, body: NewCampaign, *, try_only: bool | None = None, key: str = "") -> PlanChanged:
        """Make a campaign: it is written into schedules.yaml, checked as `dispatch check` does."""
        answer: PlanChanged = self._calls.ask(
            "POST", "/campaigns", body=body, key=key, query={"try_only": try_only}
        )
        return answer

    def show(self, name: str) -> CampaignWhole:
        """Show one campaign: its plan, what uses it, and its next runs."""
        answer: CampaignWhole = self._calls.ask("GET", f"/campaigns/{part(name)}")
        return answer

    def change(
        self, name: str, body: CampaignPatch, *, try_only: bool | None = None
    ) -> PlanChanged:
        """Change a campaign by a merge patch of its keys in schedules.yaml."""
        answer: PlanChanged = self._calls.ask(
            "PATCH",
            f"/campaigns/{part(name)}",
            body=body,
            query={"try_only": try_only},
            matches=True,
        )
        return answer

    def simulate_weeks(self, name: str, *, weeks: int | None = None) -> SimulationShape:
        """Simulate the last weeks by the plan as it is now; nothing is kept."""
        answer: SimulationShape = self._calls.ask(
            "GET", f"/campaigns/{part(name)}/simulation", query={"weeks": weeks}
        )
        return answer

    def rehearse(self, name: str) -> RehearsalShape:
        """Rehearse a run: what it would come to now, on a copy of the database; nothing is
        kept.
        """
        answer: RehearsalShape = self._calls.ask("GET", f"/campaigns/{part(name)}/rehearsal")
        return answer

    def run(self, name: str, *, key: str = "") -> RunMade:
        """Run a campaign by hand: feeds are polled and the edition of this moment is made."""
        answer: RunMade = self._calls.ask("POST", f"/campaigns/{part(name)}/run", key=key)
        return answer
