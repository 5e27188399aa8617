"""How people of the team sign in."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import Domain, PublicUrl, Text
from dispatch.model.team.role import Role


class SecondFactor(StrEnum):
    """Whether a code of an app is asked for."""

    OPTIONAL = "optional"
    REQUIRED = "required"


def _secret(reference: str) -> str:
    kind, _, name = reference.strip().partition(":")
    if kind not in {"env", "file"} or not name:
        # Not shown: perhaps it is the secret itself.
        advice = "put it in an environment variable and write its name, such as env:SIGN_IN_SECRET"
        raise InvalidValueError("secrets are named, never written", advice)
    return reference.strip()


Secret = Annotated[
    str, AfterValidator(_secret), WithJsonSchema({"type": "string", "pattern": "^(env|file):.+$"})
]


class ServiceKeys(Keys):
    """The service that vouches for the team: OpenID Connect; needs the extra `oidc`."""

    name: Text = Field(description="What its button says.", examples=["Atelier accounts"])
    issuer: PublicUrl = Field(
        description="Its address, as it names itself; what else there is to know stands below it.",
        examples=["https://accounts.example.org"],
    )
    client_id: Text = Field(description="How it knows dispatch.", examples=["dispatch"])
    client_secret: Secret | None = Field(
        default=None,
        description="What it gave dispatch to prove itself, named as env:NAME or file:PATH.",
        examples=["env:SIGN_IN_SECRET"],
    )
    domains: list[Domain] = Field(
        default_factory=list,
        description="Whoever has a verified address in one of these joins without an invitation.",
        examples=[["atelier.example"]],
    )
    role: Role = Field(
        default=Role.VIEWER, description="What they are then, until somebody gives them more."
    )
    roles_from: Text | None = Field(
        default=None,
        description="The claim that says what somebody may do, such as `groups`; by default roles"
        " are given in dispatch.",
        examples=["groups"],
    )
    roles: dict[str, Role] = Field(
        default_factory=dict,
        description="What each word of that claim makes somebody; others mean nothing.",
        examples=[{"letters-editors": "editor"}],
    )

    @model_validator(mode="after")
    def _go_together(self) -> "ServiceKeys":
        if bool(self.roles) != bool(self.roles_from):
            missing = "roles_from" if self.roles else "roles"
            raise InvalidValueError(f"needs {missing} beside it", f"write {missing}, or neither")
        if self.role is Role.OWNER:
            problem = f"{quoted('owner')} is more than an address proves"
            raise InvalidValueError(problem, "let owners be invited")
        return self


class SignInKeys(Keys):
    """What is asked of who signs in."""

    second_factor: SecondFactor = Field(
        default=SecondFactor.OPTIONAL,
        description="required: who signs in with a password sets up an app, and says its code;"
        " needs the extra `factor`.",
    )
    service: ServiceKeys | None = Field(
        default=None, description="A service that vouches for people, beside passwords."
    )


class TeamKeys(Keys):
    """The people who make all this."""

    sign_in: SignInKeys = Field(
        default_factory=SignInKeys,
        description="How they sign in.",
        examples=[{"second_factor": "required"}],
    )
