"""A thorough look at a database, for a person who wants to know what is the case with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from dispatch.store.database.engine import open_engine, place_of, sentences
from dispatch.store.database.schema import metadata
from dispatch.store.upgrades.migrate import HEAD, Age, look

MOST = 5

_TRIGGERS = {
    "sqlite": """
        SELECT name, tbl_name, sql LIKE 'CREATE TRIGGER ' || name || CASE name
            WHEN 'consents_keep_REPLACE' THEN ' BEFORE INSERT ON consents'
                || ' WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id)'
            ELSE ' BEFORE ' || replace(name, 'consents_keep_', '') || ' ON consents'
            END || ' BEGIN SELECT RAISE(ABORT, %'
        FROM (
            SELECT name, tbl_name, replace(sql, char(10), ' ') AS sql
            FROM sqlite_master WHERE type = 'trigger'
        )
    """,
    "postgresql": """
        SELECT t.tgname, c.relname,
            t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''
                AND p.prosrc ~ '^ *BEGIN RAISE EXCEPTION '
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
    """,
}
"""Each with its table, and whether it refuses in any case what it is asked about."""

_CHANGES = ("UPDATE", "DELETE", "REPLACE")
_OUR_TRIGGERS = {
    "sqlite": {(f"consents_keep_{change}", "consents") for change in _CHANGES},
    "postgresql": {(f"consents_keep{which}", "consents") for which in ("", "_all")},
}
"""Those that keep what people have agreed to from being changed."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen of a database; `revision` is that of its tables, `newest` that of the code.

    `flaws` are differences from the tables of that version which do not keep us from using it, and
    yet should not be, such as an index that is missing.
    """

    place: str
    is_there: bool
    revision: str = ""
    newest: str = HEAD
    flaws: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether its tables are those of this version."""
        return self.revision == self.newest


def inspect(url: str) -> Found:
    """Look; raises UnfitDatabase and StoreUnavailable."""
    engine = open_engine(url)
    place = place_of(engine)
    try:
        if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
            return Found(place, is_there=False)
        with sentences(engine):
            seen = look(engine)
            if seen.age is Age.NEW:
                return Found(place, is_there=False)
            flaws = _flaws(engine) if seen.age is Age.CURRENT else ()
        return Found(place, is_there=True, revision=seen.revision, flaws=tuple(flaws))
    finally:
        engine.dispose()


def _flaws(engine: sa.Engine) -> list[str]:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - only where it is needed
    from alembic.migration import MigrationContext  # noqa: PLC0415

    ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
    with engine.connect().execution_options(read_only=True) as connection:
        context = MigrationContext.configure(connection, opts=ours)
        flaws = [_in_words(one) for one in compare_metadata(context, metadata)]
        if engine.dialect.name == "sqlite":
            verdict = connection.scalar(sa.text("PRAGMA quick_check(1)"))
            flaws += [] if verdict == "ok" else [f"its file is damaged ({verdict})"]
        found = connection.exec_driver_sql(_TRIGGERS[engine.dialect.name])
        refusing = {(name, table): bool(refuses) for name, table, refuses in found}
        flaws += _wrong_triggers(refusing, engine.dialect.name)
    more = [f"and {len(flaws) - MOST} more"] if len(flaws) > MOST else []
    return [one for one in flaws[:MOST] if one] + more


def _wrong_triggers(found: Mapping[tuple[str, str], bool], kind: str) -> list[str]:
    ours = _OUR_TRIGGERS[kind]
    strange = sorted(one for one in found.keys() - ours if one[1] in metadata.tables)
    idle = sorted(one for one in ours & found.keys() if not found[one])
    return [
        *(f"trigger {name} on {table} is not ours" for name, table in strange),
        *(f"trigger {name} on {table} is missing" for name, table in sorted(ours - found.keys())),
        *(f"trigger {name} on {table} is switched off or changed" for name, table in idle),
    ]


def _in_words(difference: object) -> str:
    """One of Alembic's differences, as what is the case in the database."""
    match difference:
        case ("add_index" | "add_constraint", thing):
            return f"{getattr(thing, 'name', None) or 'a constraint'} is missing"
        case ("remove_index" | "remove_constraint", thing):
            return f"{getattr(thing, 'name', None) or 'a constraint'} is not ours"
        case ("remove_column", _, table, column):
            return f"{table}.{getattr(column, 'name', '')} is not ours"
        case [(kind, _, table, column, *_), *_]:
            return f"{table}.{column} is another kind of column ({kind})"
    return "a table is not as it was made"
