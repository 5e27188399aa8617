"""The one thing that whoever uses the client makes."""

from types import TracebackType
from typing import Any, Self

from dispatch.client.calls import Calls
from dispatch.client.groups import Groups


class Client(Groups):
    """The operations of one workspace, by what they are about: `client.subscribers.list()`.

    `address` is that of the pages, as `public_url` says it, and `token` what the page of tokens has
    shown. It is to be used by one thread at a time, and closed: by `with`, or by `close()`.
    """

    def __init__(self, address: str, token: str, **tools: Any) -> None:
        self._calls = Calls(address, token, **tools)
        super().__init__(self._calls)

    def __repr__(self) -> str:
        return f"Client({self._calls.address!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()
