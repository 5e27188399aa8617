"""What digests are filled with: the values of one reader, whoever holds them."""

from collections.abc import Mapping
from typing import Protocol

from dispatch.model.people.subscriber import Subscriber


class Profile(Protocol):
    """A reader, as far as a form asks: a `Subscriber`, or a row that was not made into one.

    A mail may cost 50 µs in all, and a `Subscriber` takes three of them to be made.
    """

    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def topics(self) -> tuple[str, ...]: ...
    @property
    def cadence(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...
    @property
    def public_id(self) -> str: ...
    @property
    def link_version(self) -> int: ...
    @property
    def subscriber(self) -> Subscriber:
        """The reader, for whoever renders a digest for them alone."""
        ...
