"""The keys of `notify:`: programs elsewhere that are told what happens here."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.config.keys.group import Keys
from dispatch.config.values.simple import web_address
from dispatch.model.notify.receiver import ALL, ReceiverPlan
from dispatch.model.notify.types import ASKED_FOR, Type, matching

MOST_SECRETS = 2

_REFERENCE = {"type": "string", "pattern": "^(env|file):.+$"}


def _url(text: str) -> str:
    address = web_address(text)
    if "#" in address:
        raise InvalidValueError("has a # in it, which no server gets to see", "end it before the #")
    return address


def _secret(reference: object) -> str:
    kind, _, name = str(reference).strip().partition(":")
    if kind not in {"env", "file"} or not name or not isinstance(reference, str):
        # Not shown: perhaps it is the secret itself.
        advice = "put it in an environment variable and write its name, such as env:NOTIFY_SECRET"
        raise InvalidValueError("secrets are named, never written", advice)
    return reference.strip()


def _secrets(said: object) -> object:
    given = said if isinstance(said, list) else [said]
    if not 1 <= len(given) <= MOST_SECRETS:
        problem = f"has {len(given)} secrets"
        raise InvalidValueError(problem, "name one, or the new one and the old one after it")
    return tuple(map(_secret, given))


def _event(pattern: str) -> str:
    if not matching(pattern):
        known = [one.value for one in Type if one not in ASKED_FOR]
        raise InvalidValueError(
            f"{quoted(pattern)} is nothing that is told", did_you_mean(pattern, known)
        )
    return pattern


class ReceiverKeys(Keys):
    """A program elsewhere."""

    url: Annotated[
        str,
        AfterValidator(_url),
        WithJsonSchema({"type": "string", "pattern": "^https?://"}),
    ] = Field(
        description="Where it is called; https, or http with `private: true`.",
        examples=["https://crm.example.org/hooks/dispatch"],
    )
    secret: Annotated[
        tuple[str, ...],
        BeforeValidator(_secrets),
        WithJsonSchema(
            {
                "anyOf": [
                    _REFERENCE,
                    {"type": "array", "items": _REFERENCE, "minItems": 1, "maxItems": MOST_SECRETS},
                ]
            }
        ),
    ] = Field(
        description="What calls are signed with, named as env:NAME or file:PATH; while it is being"
        " replaced a list of the new one and the old one. `dispatch notify secret` makes one.",
        examples=["env:CRM_SECRET", ["env:CRM_SECRET", "env:CRM_SECRET_BEFORE"]],
    )
    events: list[Annotated[str, AfterValidator(_event)]] = Field(
        default_factory=lambda: list(ALL),
        min_length=1,
        description="What it is told, `*` standing for any letters; all of it by default.",
        examples=[["edition.*", "subscriber.left"]],
    )
    addresses: bool = Field(
        default=False,
        strict=True,
        description="Whether it gets the addresses of readers, who are else known by their id.",
    )
    private: bool = Field(
        default=False,
        strict=True,
        description="Whether it may be in a network that is not public: one that"
        " `DISPATCH_PRIVATE_NETWORKS` names.",
    )

    @model_validator(mode="after")
    def _is_encrypted(self) -> "ReceiverKeys":
        if not self.private and not self.url.startswith("https:"):
            problem = "is http, by which anybody on the way can read along"
            raise InvalidValueError(f"url {problem}", "write https, or private: true beside it")
        return self


def to_receivers(keys: dict[str, ReceiverKeys]) -> dict[str, ReceiverPlan]:
    """What `notify:` says, by the names of the receivers."""
    return {
        name: ReceiverPlan(
            name,
            one.url,
            one.secret,
            tuple(dict.fromkeys(one.events)),
            addresses=one.addresses,
            is_private=one.private,
        )
        for name, one in keys.items()
    }
