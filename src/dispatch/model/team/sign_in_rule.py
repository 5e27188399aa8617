"""How people of the team sign in: what is asked of them, and a service that vouches for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.model.team.role import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInService:
    """A service of OpenID Connect. `client_secret` names it, as `env:NAME`; empty: there is none.

    Who has an address in one of `domains` joins by it with `role`, without an invitation. What the
    claim `roles_from` says counts as `roles`; an empty one means that roles are given here.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    domains: tuple[str, ...] = ()
    role: Role = Role.VIEWER
    roles_from: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)

    def knows_domain_of(self, email: str) -> bool:
        """Whether anybody with such an address may join."""
        return email.rpartition("@")[2].lower() in self.domains

    def roles_in(self, said: object) -> list[Role]:
        """The roles that a claim gives, in their order; what it says besides is passed over.

        >>> groups = {"letters": Role.EDITOR}
        >>> service = SignInService(name="A", issuer="", client_id="", roles=groups)
        >>> service.roles_in(["staff", "letters"])
        [<Role.EDITOR: 'editor'>]
        """
        words = said if isinstance(said, list) else str(said or "").split()
        found = {self.roles[word] for word in words if isinstance(word, str) and word in self.roles}
        return [role for role in Role if role in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRule:
    """`second_factor`: who has a password needs an app, too."""

    second_factor: bool = False
    service: SignInService | None = None
