"""What a provider is: a kind of service, as one class, with the facts it declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from dispatch.clock import Clock
from dispatch.model.message import Outcome


class Carries(StrEnum):
    """What kind of message a provider takes."""

    EMAIL = "email"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do and where its limits are, for the engine, the docs and the editor.

    `batch` is how many messages one `send` may take. `idempotent_for` is how long the service drops
    a repeat of a message with the same id; zero: it does not. `max_text` and `link_cost`
    are in code points, None where there is no limit or a link costs what it is long.
    `source` is where the facts are from, `evidence` how we know that the adapter works.
    """

    carries: frozenset[Carries]
    source: str
    evidence: Literal["documented", "recorded", "live"]
    batch: int = 1
    idempotent_for: timedelta = timedelta(0)
    max_text: int | None = None
    link_cost: int | None = None


class Provider(Protocol):
    """A kind of service, built from its checked options; one file in `providers/`.

    An instance serves one channel and one thread.
    """

    Options: ClassVar[type[BaseModel]]
    capabilities: ClassVar[Capabilities]

    def __init__(self, options: Any, http: httpx.Client, clock: Clock) -> None: ...

    def send(self, batch: Sequence[Any]) -> Sequence[Outcome]:
        """Hand over at most `capabilities.batch` messages; one outcome for each, in order.

        Raises a ProviderError where the outcome is the same for the whole batch and is not a
        refusal: ProviderUnavailable, RateLimited, CredentialsRefused, OutcomeUnknown; given one
        message, also TryLater.
        """
        ...

    def check(self) -> str:
        """The account, as a person would name it, after really talking to the service.

        Sends nothing to anybody. Raises a ProviderError like `send`.
        """
        ...


@runtime_checkable
class Closing(Protocol):
    """A provider that keeps something open between sends, such as a connection."""

    def close(self) -> None:
        """Let go of it; called once, when the channel is no longer needed."""
        ...
