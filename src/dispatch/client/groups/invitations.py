# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of invitations."""

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.invitations import Invitations, Invited, NewInvitation


class InvitationsGroup:
    """Operations of invitations."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self) -> Invitations:
        """Who was asked to join and has not answered."""
        answer: Invitations = self._calls.ask("GET", "/invitations")
        return answer

    def invite_person(self, body: NewInvitation, *, key: str = "") -> Invited:
        """Ask somebody by mail to join."""
        answer: Invited = self._calls.ask("POST", "/invitations", body=body, key=key)
        return answer

    def cancel(self, number: str) -> None:
        """Take an invitation back."""
        self._calls.ask("DELETE", f"/invitations/{part(number)}")
