"""All tables, the same on SQLite and PostgreSQL: a page for each subject."""

from dispatch.store.database.schema.columns import BIG_ID, NAMES, Span, UtcDateTime, metadata
from dispatch.store.database.schema.database import identity
from dispatch.store.database.schema.delivery import batches, deliveries, paces, stops
from dispatch.store.database.schema.editions import (
    choice_edits,
    edition_posts,
    editions,
    review_mails,
    runs,
    schedules,
)
from dispatch.store.database.schema.intake import (
    aliases,
    feeds,
    follows,
    news,
    posts,
    revisions,
    websub_subscriptions,
)
from dispatch.store.database.schema.people import (
    choices,
    consents,
    endings,
    endings_files,
    offers,
    subscribers,
    subscriptions,
    suppressions,
)

__all__ = [
    "BIG_ID",
    "NAMES",
    "Span",
    "UtcDateTime",
    "aliases",
    "batches",
    "choice_edits",
    "choices",
    "consents",
    "deliveries",
    "edition_posts",
    "editions",
    "endings",
    "endings_files",
    "feeds",
    "follows",
    "identity",
    "metadata",
    "news",
    "offers",
    "paces",
    "posts",
    "review_mails",
    "revisions",
    "runs",
    "schedules",
    "stops",
    "subscribers",
    "subscriptions",
    "suppressions",
    "websub_subscriptions",
]
