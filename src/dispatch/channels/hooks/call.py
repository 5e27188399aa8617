"""One call of a provider to the hook of its channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dispatch.errors import CallUnreadable

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HookCall:
    """`headers` by their names in lower case; `query` is what stands in the address after `?`.

    The body is as it came over the network: signatures are of its bytes.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    query: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def header(self, name: str) -> str:
        """What a header says, or empty."""
        return self.headers.get(name.lower(), "")

    def json(self) -> Any:
        """The body as JSON; raises CallUnreadable.

        JSON is UTF-8 (RFC 8259), whatever the header says of it. Where it is not all the same, such
        as for the words of a mail server in Latin-1, the rest of what is told is read.
        """
        try:
            return json.loads(self.body.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError) as error:
            raise CallUnreadable(f"the body is not JSON ({type(error).__name__})") from error
