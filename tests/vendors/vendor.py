"""What a vendor does with our calls, as far as a reader can tell: for tests of every provider.

There is one module for each provider beside this one, named like it, whose `VENDOR` plays the
service: it answers as the real one does when all is well, and says which mails its readers get.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from dispatch.channels.provider import Provider


@dataclass(frozen=True)
class Received:
    """One mail as its reader gets it: decoded, with every field filled in.

    `id` is our delivery as the vendor knows it; empty where it has no place for one. Header names
    are in lower case, and only those that we asked for are there. `pictures` are content ids.
    """

    to: str
    name: str
    sender: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    id: str = ""


class Vendor(Protocol):
    """A service as tests know it."""

    name: str

    def provider(self, http: httpx.Client, secret: SecretStr, **options: Any) -> Provider[Any]:
        """Our adapter, with options that the service would take."""
        ...

    def answer(self, request: httpx.Request) -> httpx.Response:
        """How it says yes, to calls of `check` as well."""
        ...

    def mails(self, request: httpx.Request) -> Sequence[Received]:
        """What it sends for a call; nothing for one that sends nothing.

        It does with its own template language what its documentation says, one pass or several.
        """
        ...
