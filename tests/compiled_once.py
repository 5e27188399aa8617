"""Statements that are compiled once for all engines of a test run.

SQLAlchemy compiles each statement once for each engine. The product opens one; tests open
thousands, and a third of their time went into that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa


@contextmanager
def compiled_once() -> Iterator[None]:
    """While it lasts, an engine shares its dialect and what is compiled with others of its kind."""
    make, first_of = sa.create_engine, dict[str, sa.Engine]()

    def create_engine(*address: Any, **options: Any) -> sa.Engine:
        engine = make(*address, **options)
        kind = engine.dialect.name
        if kind in first_of:
            engine.dialect = engine.pool._dialect = first_of[kind].dialect
            engine._compiled_cache = first_of[kind]._compiled_cache
        else:  # a dialect is of use once it has seen its database
            sa.event.listen(
                engine, "first_connect", lambda *_: first_of.setdefault(kind, engine), once=True
            )
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", create_engine)
        yield
