"""Templates are tried before anything is kept, and never while the database waits.

A trial may take as long as its limits allow. So it is made between two transactions: the first
finds out what is to be tried and is taken back, the second keeps what was tried. What has to be
fetched for an edition is gathered in between, too.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from dispatch.errors import Conflict, TemplateFailed
from dispatch.model.editions.card import PostCard, cards_of
from dispatch.model.editions.edition import EditionContent

TryOut = Callable[[EditionContent], None]
"""Renders every text of an edition once; raises TemplateFailed."""

Gather = Callable[[EditionContent], tuple[PostCard, ...]]
"""What stands beside the snippets of an edition: what it has, and of further posts what is found.
It may take some seconds, and raises nothing."""

Without = Callable[[EditionContent], EditionContent | None]
"""What is tried where the texts of an edition cannot be made; None: then there is none."""

MOST = 10
"""Trials of one edition: each time, posts or people have changed what it holds meanwhile."""

T = TypeVar("T")


def gather_nothing(content: EditionContent) -> tuple[PostCard, ...]:
    """Where nothing is fetched."""
    return content.cards


def nothing_else(content: EditionContent) -> EditionContent | None:  # noqa: ARG001
    """Where nothing can be left out."""
    return None


class Tried:
    """The contents whose texts were rendered."""

    def __init__(self) -> None:
        self._contents: list[EditionContent] = []
        self._others: list[tuple[EditionContent, EditionContent]] = []
        self._cards: tuple[PostCard, ...] = ()

    def check(self, content: EditionContent) -> EditionContent:
        """The content with what was gathered for it; where it was not tried, that comes first.

        Ends the transaction then. Another takes its place where its texts cannot be made.
        """
        content = next((other for one, other in self._others if one == content), content)
        if content not in self._contents:
            raise _Untried(content)
        return self.with_cards(content)

    def with_cards(self, content: EditionContent) -> EditionContent:
        """The content with what is known for its posts by now."""
        posts = {post.id for post in content.posts}
        return replace(content, cards=cards_of((*self._cards, *content.cards), posts))

    def add(self, content: EditionContent, cards: tuple[PostCard, ...] = ()) -> None:
        """Note that it can be rendered, and what was gathered for it."""
        self._contents.append(content)
        self._cards += cards

    def replace(self, content: EditionContent, other: EditionContent) -> None:
        """Note that this is made of it instead."""
        self._others.append((content, other))


class _Untried(Exception):
    """A content is to be tried first; the transaction that raises this keeps nothing."""

    def __init__(self, content: EditionContent) -> None:
        self.content = content


def with_trial(
    work: Callable[[Tried], T],
    try_out: TryOut,
    gather: Gather = gather_nothing,
    *,
    without: Without = nothing_else,
) -> T:
    """Do `work`, and begin it anew after each trial that it asks for.

    Raises what it raises, TemplateFailed, and Conflict if there is no end to the changes.
    """
    tried = Tried()
    for _ in range(MOST):
        try:
            return work(tried)
        except _Untried as untried:
            content = untried.content
            try:
                try_out(content)
            except TemplateFailed:
                if (other := without(content)) is None:
                    raise
                try_out(other)
                tried.replace(content, other)
                content = other
            tried.add(content, gather(tried.with_cards(content)))
    raise Conflict("the edition changes faster than its templates can be tried - try again")
