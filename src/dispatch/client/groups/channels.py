# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of channels."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.channels import (
    ChannelPatch,
    ChannelShape,
    ChannelWhole,
    CheckShape,
    Disconnected,
    ExaminationShape,
    NewChannel,
    PauseBody,
)
from dispatch.client.shapes.common import PlanChanged


class ChannelsGroup:
    """Operations of channels."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None) -> Iterator[ChannelShape]:
        """List the channels, in the order of schedules.yaml, with how each stands."""
        return self._calls.pages("/channels", query={"limit": limit})

    def connect(
        self, body: NewChannel, *, try_only: bool | None = None, key: str = ""
    ) -> PlanChanged:
        """Connect a channel: it is tried, then written into schedules.yaml."""
        answer: PlanChanged = self._calls.ask(
            "POST", "/channels", body=body, key=key, query={"try_only": try_only}
        )
        return answer

    def show(self, name: str) -> ChannelWhole:
        """Show one channel: who we are there, its pace, its stop, its options."""
        answer: ChannelWhole = self._calls.ask("GET", f"/channels/{part(name)}")
        return answer

    def change(self, name: str, body: ChannelPatch, *, try_only: bool | None = None) -> PlanChanged:
        """Change a channel's options or pace; it is tried before it is written."""
        answer: PlanChanged = self._calls.ask(
            "PATCH",
            f"/channels/{part(name)}",
            body=body,
            query={"try_only": try_only},
            matches=True,
        )
        return answer

    def check(self, name: str, *, key: str = "") -> CheckShape:
        """Check a channel: it signs in and hangs up, and says who we are there."""
        answer: CheckShape = self._calls.ask("POST", f"/channels/{part(name)}/check", key=key)
        return answer

    def examine(self, name: str, *, key: str = "") -> ExaminationShape:
        """Have the doctor look at a channel: it signs in and asks the DNS, and nothing leaves."""
        answer: ExaminationShape = self._calls.ask(
            "POST", f"/channels/{part(name)}/examine", key=key
        )
        return answer

    def pause(self, name: str, body: PauseBody, *, key: str = "") -> ChannelShape:
        """Pause a channel: nothing leaves over it until somebody lets it go on."""
        answer: ChannelShape = self._calls.ask(
            "POST", f"/channels/{part(name)}/pause", body=body, key=key
        )
        return answer

    def resume(self, name: str, *, key: str = "") -> ChannelShape:
        """Let a channel go on: what waits starts over, with one message at first."""
        answer: ChannelShape = self._calls.ask("POST", f"/channels/{part(name)}/resume", key=key)
        return answer

    def disconnect(self, name: str, *, key: str = "") -> Disconnected:
        """Forget what the network gave us: the channel waits until a person connects it again."""
        answer: Disconnected = self._calls.ask(
            "POST", f"/channels/{part(name)}/disconnect", key=key
        )
        return answer
