"""What a file and the database know of one person, as one: by columns of a statement."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from dispatch.model.people.refusal import Merge
from dispatch.store.database.schema import subscribers
from dispatch.store.people.staging_tables import arriving

_TEXTS = ("name", "locale", "timezone", "cadence")


def merged_values(how: Merge, dialect: str) -> Mapping[str, Any]:
    """What each column of the file becomes, beside the person whom the database knows."""
    if how is Merge.KEEP:
        return {name: subscribers.c[name] for name in (*_TEXTS, "topics", "fields")}
    first, then = (arriving, subscribers) if how is Merge.OVERWRITE else (subscribers, arriving)
    values: dict[str, Any] = {
        name: sa.case((first.c[name] == "", then.c[name]), else_=first.c[name]) for name in _TEXTS
    }
    no_topics = sa.cast(first.c.topics, sa.Text) == "[]"
    values["topics"] = sa.case((no_topics, then.c.topics), else_=first.c.topics)
    known, file = subscribers.c.fields, arriving.c.fields
    merge = _on_postgres if dialect == "postgresql" else _on_sqlite
    values["fields"] = merge(known, file, fill=how is Merge.FILL)
    return values


def _on_sqlite(known: Any, file: Any, *, fill: bool) -> Any:
    # In the order of what is known: so that where nothing is new, nothing is written.
    over = sa.func.json_patch(file, known) if fill else file
    merged = sa.func.json_patch(known, over, type_=sa.Text)
    return sa.case((merged == sa.func.json(known), known), else_=sa.type_coerce(merged, sa.Text))


def _on_postgres(known: Any, file: Any, *, fill: bool) -> Any:
    ours, theirs = sa.cast(known, JSONB), sa.cast(file, JSONB)
    merged = theirs.op("||")(ours) if fill else ours.op("||")(theirs)
    return sa.case((merged == ours, known), else_=sa.cast(merged, sa.JSON))
