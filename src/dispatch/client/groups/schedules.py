# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of schedules."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import VersionShape, VersionWhole
from dispatch.client.shapes.schedules import WentBack


class SchedulesGroup:
    """Operations of schedules."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list_plan_versions(self, *, limit: int | None = None) -> Iterator[VersionShape]:
        """List what schedules.yaml said before, the newest first."""
        return self._calls.pages("/schedules/versions", query={"limit": limit})

    def show_plan_version(self, version: str) -> VersionWhole:
        """Show what schedules.yaml said then, and what going back to it would change."""
        answer: VersionWhole = self._calls.ask("GET", f"/schedules/versions/{part(version)}")
        return answer

    def restore_plan_version(self, version: str, *, key: str = "") -> WentBack:
        """Have schedules.yaml say again what it said."""
        answer: WentBack = self._calls.ask(
            "POST", f"/schedules/versions/{part(version)}/restore", key=key, matches=True
        )
        return answer
