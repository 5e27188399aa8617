"""What is the case with the database: nothing is changed, made or brought up to date."""

from dataclasses import dataclass

from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import UnknownDatabase
from dispatch.model.workspace.database_identity import FINE, Recognition
from dispatch.pipeline.workspace.guard import ADVICE, PROBLEMS, Guard
from dispatch.store.transactions import Store
from dispatch.store.upgrades.inspect import Found, inspect


@dataclass(frozen=True, slots=True)
class DatabaseLook:
    """What was found; `sentence` says it to a person."""

    found: Found
    sentence: str
    revision: str


def look_at_database(url: str, *, known: KnownDatabase) -> DatabaseLook:
    """Look at the database that a workspace names, and whether it is the one that it knows.

    Raises UnfitDatabase where this version cannot use it, UnknownDatabase where nothing may be
    sent over it, StoreUnavailable, and BadInput where it cannot be told which one is known.
    """
    seen = inspect(url)
    if not seen.is_there:
        remembered = known.read()
        if remembered is not None and remembered.age:
            raise UnknownDatabase(f"database {seen.place}: {PROBLEMS[Recognition.LOST]} - {ADVICE}")
        advice = "the first command that needs it makes it"
        return DatabaseLook(seen, f"database {seen.place}: is not there yet - {advice}", "")
    if not seen.is_current:
        advice = "'dispatch db upgrade' brings it up to date, and so does any other command"
        age = f"its tables are of version {seen.revision}, this dispatch has {seen.newest}"
        return DatabaseLook(seen, f"database {seen.place}: {age} - {advice}", seen.revision)
    store = Store(url)
    try:
        _, stands = Guard(known).look(store)
    finally:
        store.close()
    if stands not in FINE:
        raise UnknownDatabase(f"database {seen.place}: {PROBLEMS[stands]} - {ADVICE}")
    if seen.flaws:
        flaws = "; ".join(seen.flaws)
        advice = "restore a copy, or ask who has changed it"
        return DatabaseLook(seen, f"database {seen.place}: {flaws} - {advice}", seen.revision)
    return DatabaseLook(
        seen, f"database {seen.place}: is up to date (version {seen.revision})", seen.revision
    )
