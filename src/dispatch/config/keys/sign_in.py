"""How people of the team sign in, as a value."""

from typing import TYPE_CHECKING

from dispatch.model.team.sign_in_rule import SignInRule, SignInService

if TYPE_CHECKING:
    from dispatch.config.keys.team import ServiceKeys, SignInKeys


def to_sign_in_rule(keys: "SignInKeys") -> SignInRule:
    """What `team.sign_in` says."""
    service = _service(keys.service) if keys.service else None
    return SignInRule(second_factor=keys.second_factor == "required", service=service)


def _service(keys: "ServiceKeys") -> SignInService:
    return SignInService(
        name=keys.name,
        issuer=keys.issuer,
        client_id=keys.client_id,
        client_secret=keys.client_secret or "",
        domains=tuple(one.lower() for one in keys.domains),
        role=keys.role,
        roles_from=keys.roles_from or "",
        roles=keys.roles,
    )
