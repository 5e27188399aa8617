# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of forms."""

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.forms import SignUp, Taken


class FormsGroup:
    """Operations of forms."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def join(self, form: str, body: SignUp) -> Taken:
        """Fill in a form."""
        answer: Taken = self._calls.ask("POST", f"/forms/{part(form)}/sign-ups", body=body)
        return answer
