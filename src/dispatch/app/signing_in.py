"""How people of the team sign in to an opened workspace, and look after their own account."""

from typing import TYPE_CHECKING

from dispatch.app.tools import Tools

if TYPE_CHECKING:
    from dispatch.model.team.person import Person, Session
    from dispatch.pipeline.team.browser import Browser
    from dispatch.pipeline.team.join_team import Newcomer
    from dispatch.pipeline.team.sign_in import SignedIn
    from dispatch.pipeline.team.tries import Wrong


class SigningIn:
    """Hands the tools to the use cases."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def code_for_first_owner(self) -> str:
        """A new code by which the first person joins; empty where there is somebody already."""
        from dispatch.pipeline.team.join_team import code_for_first_owner

        return code_for_first_owner(store=self._tools.store, clock=self._tools.clock)

    def join_as_first_owner(
        self, code: str, newcomer: "Newcomer", browser: "Browser"
    ) -> "Person | Wrong":
        """Become the owner where there is nobody."""
        from dispatch.pipeline.team.join_team import join_as_first_owner

        tools = self._tools
        return join_as_first_owner(
            code,
            newcomer,
            browser,
            keys=tools.settings.secret_keys,
            passwords=tools.passwords,
            store=tools.store,
            clock=tools.clock,
        )

    def accept(self, mark: str, newcomer: "Newcomer", browser: "Browser") -> "Person":
        """Join by an invitation."""
        from dispatch.pipeline.team.join_team import accept_invitation

        tools = self._tools
        return accept_invitation(
            mark,
            newcomer,
            browser,
            passwords=tools.passwords,
            store=tools.store,
            clock=tools.clock,
        )

    def by_password(self, email: str, password: str, browser: "Browser") -> "SignedIn | Wrong":
        """Begin a session, or go on to the second page."""
        from dispatch.pipeline.team.sign_in import sign_in

        tools = self._tools
        return sign_in(
            email,
            password,
            browser,
            keys=tools.settings.secret_keys,
            passwords=tools.passwords,
            store=tools.store,
            clock=tools.clock,
        )

    def out(self, session: "Session") -> None:
        """Sign out."""
        from dispatch.pipeline.team.sign_out import sign_out

        sign_out(session, store=self._tools.store, clock=self._tools.clock)
