"""How people of the team sign in to an opened workspace, and look after their own account."""

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from dispatch.app.tools import Tools
from dispatch.errors import Conflict, LinkOver, NotFound
from dispatch.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.app.channels import Channels
    from dispatch.model.team.invitation import Invitation
    from dispatch.model.team.person import Person, Session
    from dispatch.pipeline.team.browser import Browser
    from dispatch.pipeline.team.join import Newcomer
    from dispatch.pipeline.team.send_mails import TeamMailReport
    from dispatch.pipeline.team.sign_in import SignedIn
    from dispatch.pipeline.team.sign_in_service import ServiceClient
    from dispatch.pipeline.team.tries import Wrong


class SigningIn:
    """Hands the tools to the use cases."""

    def __init__(self, tools: Tools, channels: "Channels") -> None:
        self._tools = tools
        self._channels = channels
        self._service: ServiceClient | None = None

    def code_for_first_owner(self) -> str:
        """A new code by which the first person joins; empty where there is somebody already."""
        from dispatch.pipeline.team.join import code_for_first_owner

        return code_for_first_owner(**self._base)

    def join_as_first_owner(
        self, code: str, newcomer: "Newcomer", browser: "Browser"
    ) -> "Person | Wrong":
        """Become the owner where there is nobody."""
        from dispatch.pipeline.team.join import join_as_first_owner

        return join_as_first_owner(code, newcomer, browser, **self._proofs)

    def invitation(self, mark: str) -> "Invitation":
        """The open invitation that a link is for."""
        from dispatch.pipeline.team.join import open_invitation

        with self._tools.store.read() as tx:
            return open_invitation(mark, tx=tx, now=self._tools.clock())

    def accept(self, mark: str, newcomer: "Newcomer", browser: "Browser") -> "Person":
        """Join by an invitation."""
        from dispatch.pipeline.team.join import accept_invitation

        passwords = self._tools.passwords
        return accept_invitation(mark, newcomer, browser, passwords=passwords, **self._base)

    def by_password(self, email: str, password: str, browser: "Browser") -> "SignedIn | Wrong":
        """Begin a session, or go on to the second page."""
        from dispatch.pipeline.team.sign_in import sign_in

        return sign_in(email, password, browser, **self._proofs)

    def by_code(self, mark: str, code: str, browser: "Browser") -> "Person | Wrong":
        """Begin the session of who has said their password before."""
        from dispatch.pipeline.team.check_code import check_code

        return check_code(mark, code, browser, keys=self._keys, **self._base)

    def out(self, session: "Session") -> None:
        """Sign out."""
        from dispatch.pipeline.team.sign_out import sign_out

        sign_out(session, **self._base)

    def end_session(self, asking: "Session", number: int) -> None:
        """End one of somebody's own sessions."""
        from dispatch.pipeline.team.sign_out import end_session

        end_session(asking, number, **self._base)

    def end_other_sessions(self, asking: "Session") -> int:
        """End all of somebody's sessions but one: how many."""
        from dispatch.pipeline.team.sign_out import end_other_sessions

        return end_other_sessions(asking, **self._base)

    def change_account(
        self, person: "Person", *, name: str, locale: str, theme: str, keys_off: bool
    ) -> None:
        """How somebody wants the pages to be."""
        from dispatch.pipeline.team.change_account import change_account

        said: dict[str, Any] = {"locale": locale, "theme": theme, "keys_off": keys_off}
        change_account(person, name=name, **said, **self._base)

    def change_password(
        self, session: "Session", old: str, new: str, browser: "Browser"
    ) -> "Wrong | None":
        """Choose another one, by the present one."""
        from dispatch.pipeline.team.change_password import change_password

        return change_password(session, old, new, browser, via=self._via, **self._proofs)

    def ask_for_reset(self, email: str, *, network: str, locale: str) -> None:
        """Have a link mailed by which somebody chooses a new password."""
        from dispatch.pipeline.team.reset_password import ask_for_reset

        ask_for_reset(
            email,
            network=network,
            locale=locale,
            links=self._tools.team_links,
            via=self._via,
            keys=self._keys,
            **self._base,
        )

    def whose_reset(self, mark: str) -> "Person":
        """Who may choose a new password by a link."""
        from dispatch.pipeline.team.reset_password import whose_reset

        return whose_reset(mark, **self._base)

    def reset_password(self, mark: str, new: str, browser: "Browser") -> "SignedIn":
        """Choose another one, by the link."""
        from dispatch.pipeline.team.reset_password import reset_password

        passwords = self._tools.passwords
        return reset_password(mark, new, browser, via=self._via, passwords=passwords, **self._base)

    def begin_factor(self, person: "Person") -> None:
        """Begin to set up an app."""
        from dispatch.pipeline.team.change_factor import begin_factor

        begin_factor(person, keys=self._keys, **self._base)

    def begun_factor(self, person: "Person") -> str:
        """The address that a picture for the app holds; empty where none is being set up."""
        from dispatch.pipeline.team.change_factor import begun_factor
        from dispatch.pipeline.team.factor import Factor

        with self._tools.store.read() as tx:
            seed = begun_factor(person, tx=tx, clock=self._tools.clock)
        issuer = self._tools.files.workspace.publisher.sender.name or "dispatch"
        return Factor(self._keys).address(seed, who=person.email, issuer=issuer) if seed else ""

    def confirm_factor(self, session: "Session", code: str) -> list[str]:
        """Have the app asked for from now on: the spare codes; none where the code is wrong."""
        from dispatch.pipeline.team.change_factor import confirm_factor

        return confirm_factor(session, code, keys=self._keys, **self._base)

    def renew_spare_codes(
        self, person: "Person", password: str, network: str
    ) -> "list[str] | Wrong":
        """New spare codes in place of those before."""
        from dispatch.pipeline.team.change_factor import renew_spare_codes

        return renew_spare_codes(person, password, network, **self._proofs)

    def remove_factor(self, person: "Person", password: str, network: str) -> "Wrong | None":
        """Ask for no code any more."""
        from dispatch.pipeline.team.change_factor import remove_factor

        return remove_factor(person, password, network, **self._proofs)

    def remove_factor_of(self, handle: str, *, by: str) -> None:
        """The same for somebody else, who has lost app and codes."""
        from dispatch.pipeline.team.change_factor import remove_factor_of

        remove_factor_of(handle, by=by, **self._base)

    def to_service(self, onward: str) -> tuple[str, str]:
        """Where somebody goes to prove who they are, and what their browser keeps meanwhile.

        Raises NotFound where the workspace names no service, and ServiceFailed.
        """
        from dispatch.pipeline.team.sign_in_by_service import set_out

        client, state, secret = self._client(), token_urlsafe(24), token_urlsafe(32)
        proofs = self._service_proofs(secret)
        address = client.address(state=state, now=self._tools.clock(), **proofs)
        set_out(state, secret, onward, **self._base)
        return address, secret

    def from_service(
        self, state: str, secret: str, code: str, browser: "Browser"
    ) -> "tuple[Person | None, str]":
        """Who has come back, if they may come in, and where they want to go on.

        Raises LinkOver where this browser has not set out, and ServiceFailed.
        """
        from dispatch.pipeline.team.sign_in_by_service import come_back, sign_in_by_service

        client, now = self._client(), self._tools.clock()
        onward = come_back(state, secret, **self._base)
        if onward is None:
            raise LinkOver("sign-in: this browser has not set out, or too long ago - begin anew")
        claims = client.claims(code, now=now, **self._service_proofs(secret))
        service = client.service
        return sign_in_by_service(claims, browser, service=service, **self._base), onward

    def mails_are_due(self) -> bool:
        """Whether anybody of the team is to be written to; asks very little."""
        with self._tools.store.read() as tx:
            return tx.team_mails.are_due(now=self._tools.clock())

    def send_mails(self) -> "Iterator[TeamMailReport]":
        """Hand over the mails to the team that are due."""
        from dispatch.pipeline.team.send_mails import send_team_mails

        tools = self._tools
        return send_team_mails(
            store=tools.store,
            publisher=tools.files.workspace.publisher,
            links=tools.team_links,
            open_channel=self._channels.open,
            clock=tools.engine_clock(),
            keep_going=tools.keep_going,
        )

    def forget(self) -> None:
        """Remove passes and mails whose time is over."""
        from dispatch.pipeline.team.send_mails import forget

        forget(**self._base)

    def _client(self) -> "ServiceClient":
        """What speaks with the service; what it knows of that is kept while the file says so."""
        from dispatch.config.process.secrets import resolve
        from dispatch.pipeline.team.sign_in_service import ServiceClient

        workspace = self._tools.files.workspace
        service = workspace.sign_in.service
        if service is None:
            raise NotFound("sign-in service: schedules.yaml names none - use a password")
        back = f"{workspace.publisher.public_url}/team/sign-in/oidc/back"
        known = self._service
        if known is None or (known.service, known.redirect) != (service, back):
            secret = ""
            if service.client_secret:
                folder, environ = self._tools.files.folder, self._tools.environ
                try:
                    found = resolve(service.client_secret, folder=folder, environ=environ)
                except ValueError as error:
                    raise Conflict(f"team.sign_in.service.client_secret: {error}") from error
                secret = found.get_secret_value()
            known = ServiceClient(service, secret, self._tools.http(), back)
            self._service = known
        return known

    def _service_proofs(self, secret: str) -> dict[str, str]:
        """Nonce and verifier of one way there and back: reckoned, so that no row holds them."""
        signers = {name: Signer(self._keys[-1], name, 32) for name in ("nonce", "verifier")}
        return {name: signer.sign(secret).hex() for name, signer in signers.items()}

    @property
    def _keys(self) -> tuple[str, ...]:
        return self._tools.settings.secret_keys

    @property
    def _via(self) -> str:
        return self._tools.files.workspace.mail_channel()

    @property
    def _base(self) -> dict[str, Any]:
        return {"store": self._tools.store, "clock": self._tools.clock}

    @property
    def _proofs(self) -> dict[str, Any]:
        return {"keys": self._keys, "passwords": self._tools.passwords, **self._base}
