"""A database that is the copy of one with all tables: nobody need look which it has."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dispatch.store import transactions


@contextmanager
def just_copied() -> Iterator[None]:
    """While it lasts, a store is opened as it is: to look takes longer than all else at opening.

    Two thousand tests open one; those of upgrades and of odd databases open theirs themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transactions, "migrate", lambda engine: None)
        yield
