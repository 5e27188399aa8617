# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of settings."""

from dispatch.client.calls import Calls
from dispatch.client.shapes.common import PlanChanged
from dispatch.client.shapes.settings import Settings


class SettingsGroup:
    """Operations of settings."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def show(self) -> Settings:
        """Show what schedules.yaml says for all campaigns. How people sign in: owners only."""
        answer: Settings = self._calls.ask("GET", "/settings")
        return answer

    def change(self, body: Settings, *, try_only: bool | None = None) -> PlanChanged:
        """Change settings of the workspace: what the body leaves out stays, null takes a key
        out.
        """
        answer: PlanChanged = self._calls.ask(
            "PATCH", "/settings", body=body, query={"try_only": try_only}, matches=True
        )
        return answer
