# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of forms."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.common import PlanChanged
from dispatch.client.shapes.forms import FormPatch, FormShape, FormWhole, NewForm, SignUp, Taken


class FormsGroup:
    """Operations of forms."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def join(self, form: str, body: SignUp) -> Taken:
        """Fill in a form."""
        answer: Taken = self._calls.ask("POST", f"/forms/{part(form)}/sign-ups", body=body)
        return answer

    def list(self, *, limit: int | None = None) -> Iterator[FormShape]:
        """List the public forms, in the order of schedules.yaml."""
        return self._calls.pages("/forms", query={"limit": limit})

    def add(self, body: NewForm, *, try_only: bool | None = None, key: str = "") -> PlanChanged:
        """Make a form: a public page by which people join."""
        answer: PlanChanged = self._calls.ask(
            "POST", "/forms", body=body, key=key, query={"try_only": try_only}
        )
        return answer

    def show(self, name: str) -> FormWhole:
        """Show one form: what it asks, its keys in schedules.yaml, and how it comes into a
        site.
        """
        answer: FormWhole = self._calls.ask("GET", f"/forms/{part(name)}")
        return answer

    def change(self, name: str, body: FormPatch, *, try_only: bool | None = None) -> PlanChanged:
        """Change a form by a merge patch of its keys in schedules.yaml."""
        answer: PlanChanged = self._calls.ask(
            "PATCH", f"/forms/{part(name)}", body=body, query={"try_only": try_only}, matches=True
        )
        return answer

    def remove(self, name: str, *, try_only: bool | None = None) -> PlanChanged:
        """Take a form away: its page is gone, and whoever has joined by it stays."""
        answer: PlanChanged = self._calls.ask(
            "DELETE", f"/forms/{part(name)}", query={"try_only": try_only}, matches=True
        )
        return answer
