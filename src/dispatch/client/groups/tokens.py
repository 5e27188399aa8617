# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Operations of tokens."""

from collections.abc import Iterator

from dispatch.client.calls import Calls, part
from dispatch.client.shapes.tokens import Token


class TokensGroup:
    """Operations of tokens."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, *, limit: int | None = None) -> Iterator[Token]:
        """The tokens, the newest first."""
        return self._calls.pages("/tokens", query={"limit": limit})

    def revoke(self, number: str, *, key: str = "") -> Token:
        """Have a token open nothing any more."""
        answer: Token = self._calls.ask("POST", f"/tokens/{part(number)}/revoke", key=key)
        return answer
