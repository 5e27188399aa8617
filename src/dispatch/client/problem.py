"""What a call can come to instead of an answer."""

from collections.abc import Mapping, Sequence
from typing import Any


class ClientError(Exception):
    """The root of what this client raises."""


class Unreachable(ClientError):
    """No answer came, however often it was tried.

    A call that changes something may have been carried out nevertheless: to make it again with
    the same `key` does nothing twice.
    """

    def __init__(self, sentence: str, *, key: str = "") -> None:
        super().__init__(sentence)
        self.key = key


class Problem(ClientError):
    """The API answered with a problem (RFC 9457): the fields are those of its document.

    `errors` are its fields, each with `field`, `problem` and `detail`. `retry_after` is in
    seconds, where it says how long to wait.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        kind: str = "about:blank",
        errors: Sequence[Mapping[str, Any]] = (),
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.kind = kind
        self.errors = tuple(errors)
        self.retry_after = retry_after
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        named = "; ".join(f"{one.get('field')}: {one.get('detail')}" for one in self.errors)
        said = self.detail or self.title
        return f"{self.status} {self.title}: {said}" + (f" ({named})" if named else "")
