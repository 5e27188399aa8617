"""Templates are tried before anything is kept, and never while the database waits.

A trial may take as long as its limits allow. So it is made between two transactions: the first
finds out what is to be tried and is taken back, the second keeps what was tried.
"""

from collections.abc import Callable
from typing import TypeVar

from dispatch.errors import Conflict
from dispatch.model.editions.edition import EditionContent

TryOut = Callable[[EditionContent], None]
"""Renders every text of an edition once; raises TemplateFailed."""

MOST = 10
"""Trials of one edition: each time, posts or people have changed what it holds meanwhile."""

T = TypeVar("T")


class Tried:
    """The contents whose texts were rendered."""

    def __init__(self) -> None:
        self._contents: list[EditionContent] = []

    def check(self, content: EditionContent) -> None:
        """Go on if this content was tried; otherwise end the transaction, to try it."""
        if content not in self._contents:
            raise _Untried(content)

    def add(self, content: EditionContent) -> None:
        """Note that it can be rendered."""
        self._contents.append(content)


class _Untried(Exception):
    """A content is to be tried first; the transaction that raises this keeps nothing."""

    def __init__(self, content: EditionContent) -> None:
        self.content = content


def with_trial(work: Callable[[Tried], T], try_out: TryOut) -> T:
    """Do `work`, and begin it anew after each trial that it asks for.

    Raises what it raises, TemplateFailed, and Conflict if there is no end to the changes.
    """
    tried = Tried()
    for _ in range(MOST):
        try:
            return work(tried)
        except _Untried as untried:
            try_out(untried.content)
            tried.add(untried.content)
    raise Conflict("the edition changes faster than its templates can be tried - try again")
