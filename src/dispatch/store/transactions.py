"""The database as the use cases see it: a transaction with one attribute per table family."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from importlib import import_module
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dispatch.errors import StoreUnavailable
from dispatch.store.database.engine import (
    copy_aside,
    empty_journal,
    file_of,
    make_file,
    may_pause,
    open_engine,
    place_of,
    sentences,
)
from dispatch.store.database.schema import UtcDateTime
from dispatch.store.database.trouble import MOVED
from dispatch.store.upgrades.migrate import HEAD, migrate

if TYPE_CHECKING:
    from dispatch.clock import Clock
    from dispatch.ids import Ids
    from dispatch.model.delivery.batch import Batch
    from dispatch.store.database.identities import Identities
    from dispatch.store.database.wakeups import Wakeups
    from dispatch.store.delivery.batches import Batches
    from dispatch.store.delivery.channel_checks import ChannelChecks
    from dispatch.store.delivery.channels import Channels
    from dispatch.store.delivery.deliveries import Deliveries
    from dispatch.store.delivery.ledger import Ledger
    from dispatch.store.delivery.listed import DeliveryPages
    from dispatch.store.delivery.paces import Paces
    from dispatch.store.delivery.received import Deliveries as Received
    from dispatch.store.editions.archive import PastEditions
    from dispatch.store.editions.earlier import EarlierEditions
    from dispatch.store.editions.edits import EditionEdits
    from dispatch.store.editions.families import Families
    from dispatch.store.editions.link_checks import LinkChecks
    from dispatch.store.editions.listed import ListedEditions
    from dispatch.store.editions.news import News
    from dispatch.store.editions.review_mails import ReviewMails
    from dispatch.store.editions.runs import Runs
    from dispatch.store.editions.table import Editions
    from dispatch.store.events.examinations import Examinations
    from dispatch.store.events.hooks import Hooks
    from dispatch.store.events.later import CameLaters
    from dispatch.store.events.mailboxes import Mailboxes
    from dispatch.store.events.old import OldEvents
    from dispatch.store.events.told import Events
    from dispatch.store.intake.feeds import Feeds
    from dispatch.store.intake.inbox import Inbox
    from dispatch.store.intake.names import Names
    from dispatch.store.intake.posts import Posts
    from dispatch.store.intake.websub_subscriptions import WebsubSubscriptions
    from dispatch.store.people.address_changes import AddressChanges
    from dispatch.store.people.arrivals import Arrivals
    from dispatch.store.people.consents import Consents
    from dispatch.store.people.endings import Endings
    from dispatch.store.people.erasures import Erasures
    from dispatch.store.people.finding import Finding
    from dispatch.store.people.limits import Limits
    from dispatch.store.people.preferences import Preferences
    from dispatch.store.people.reader_mails import ReaderMails
    from dispatch.store.people.reasons import Reasons
    from dispatch.store.people.record import Record
    from dispatch.store.people.roster import Roster
    from dispatch.store.people.sign_ups import SignUps
    from dispatch.store.people.subscribers import Subscribers
    from dispatch.store.people.suppressions import Suppressions
    from dispatch.store.people.weighing import Weighing
    from dispatch.store.people.welcomes import Welcomes
    from dispatch.store.staged import Staged
    from dispatch.store.team.agenda import Agenda
    from dispatch.store.team.audit import Audit
    from dispatch.store.team.file_versions import FileVersions
    from dispatch.store.team.invitations import Invitations
    from dispatch.store.team.mails import TeamMails
    from dispatch.store.team.passes import Passes
    from dispatch.store.team.persons import Persons
    from dispatch.store.team.rail import Rail
    from dispatch.store.team.reader_counts import ReaderCounts
    from dispatch.store.team.sessions import Sessions
    from dispatch.store.team.spare_codes import SpareCodes
    from dispatch.store.team.ticks import Ticks
    from dispatch.store.team.uploads import Uploads
    from dispatch.wakeup.port import Waker


_FAMILIES = {
    "feeds": "intake.feeds:Feeds",
    "posts": "intake.posts:Posts",
    "inbox": "intake.inbox:Inbox",
    "names": "intake.names:Names",
    "news": "editions.news:News",
    "websub_subscriptions": "intake.websub_subscriptions:WebsubSubscriptions",
    "subscribers": "people.subscribers:Subscribers",
    "arrivals": "people.arrivals:Arrivals",
    "weighing": "people.weighing:Weighing",
    "consents": "people.consents:Consents",
    "roster": "people.roster:Roster",
    "finding": "people.finding:Finding",
    "runs": "editions.runs:Runs",
    "editions": "editions.table:Editions",
    "edition_edits": "editions.edits:EditionEdits",
    "listed_editions": "editions.listed:ListedEditions",
    "archive": "editions.archive:PastEditions",
    "families": "editions.families:Families",
    "deliveries": "delivery.deliveries:Deliveries",
    "received": "delivery.received:Deliveries",
    "batches": "delivery.batches:Batches",
    "paces": "delivery.paces:Paces",
    "wakeups": "database.wakeups:Wakeups",
    "channels": "delivery.channels:Channels",
    "channel_checks": "delivery.channel_checks:ChannelChecks",
    "review_mails": "editions.review_mails:ReviewMails",
    "identity": "database.identities:Identities",
    "endings": "people.endings:Endings",
    "reader_mails": "people.reader_mails:ReaderMails",
    "welcomes": "people.welcomes:Welcomes",
    "sign_ups": "people.sign_ups:SignUps",
    "limits": "people.limits:Limits",
    "preferences": "people.preferences:Preferences",
    "address_changes": "people.address_changes:AddressChanges",
    "reasons": "people.reasons:Reasons",
    "record": "people.record:Record",
    "suppressions": "people.suppressions:Suppressions",
    "erasures": "people.erasures:Erasures",
    "invitations": "team.invitations:Invitations",
    "passes": "team.passes:Passes",
    "spare_codes": "team.spare_codes:SpareCodes",
    "team_mails": "team.mails:TeamMails",
    "persons": "team.persons:Persons",
    "sessions": "team.sessions:Sessions",
    "agenda": "team.agenda:Agenda",
    "audit": "team.audit:Audit",
    "file_versions": "team.file_versions:FileVersions",
    "link_checks": "editions.link_checks:LinkChecks",
    "earlier": "editions.earlier:EarlierEditions",
    "ticks": "team.ticks:Ticks",
    "delivery_pages": "delivery.listed:DeliveryPages",
    "rail": "team.rail:Rail",
    "reader_counts": "team.reader_counts:ReaderCounts",
    "uploads": "team.uploads:Uploads",
    "events": "events.told:Events",
    "later": "events.later:CameLaters",
    "old_events": "events.old:OldEvents",
    "hooks": "events.hooks:Hooks",
    "mailboxes": "events.mailboxes:Mailboxes",
    "examinations": "events.examinations:Examinations",
}


class Transaction:
    """All or nothing: what is done through it is kept together, or not at all."""

    feeds: "Feeds"
    posts: "Posts"
    inbox: "Inbox"
    names: "Names"
    news: "News"
    websub_subscriptions: "WebsubSubscriptions"
    subscribers: "Subscribers"
    arrivals: "Arrivals"
    weighing: "Weighing"
    consents: "Consents"
    roster: "Roster"
    finding: "Finding"
    runs: "Runs"
    editions: "Editions"
    edition_edits: "EditionEdits"
    listed_editions: "ListedEditions"
    archive: "PastEditions"
    families: "Families"
    deliveries: "Deliveries"
    received: "Received"
    batches: "Batches"
    paces: "Paces"
    wakeups: "Wakeups"
    channels: "Channels"
    channel_checks: "ChannelChecks"
    review_mails: "ReviewMails"
    identity: "Identities"
    endings: "Endings"
    reader_mails: "ReaderMails"
    welcomes: "Welcomes"
    sign_ups: "SignUps"
    limits: "Limits"
    preferences: "Preferences"
    address_changes: "AddressChanges"
    reasons: "Reasons"
    record: "Record"
    suppressions: "Suppressions"
    erasures: "Erasures"
    invitations: "Invitations"
    passes: "Passes"
    spare_codes: "SpareCodes"
    team_mails: "TeamMails"
    persons: "Persons"
    sessions: "Sessions"
    agenda: "Agenda"
    audit: "Audit"
    file_versions: "FileVersions"
    link_checks: "LinkChecks"
    earlier: "EarlierEditions"
    ticks: "Ticks"
    delivery_pages: "DeliveryPages"
    rail: "Rail"
    reader_counts: "ReaderCounts"
    uploads: "Uploads"
    events: "Events"
    later: "CameLaters"
    old_events: "OldEvents"
    hooks: "Hooks"
    mailboxes: "Mailboxes"
    examinations: "Examinations"

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        # Each family is loaded when it is first asked for: commands use two or three of them.
        if name not in _FAMILIES:
            raise AttributeError(f"a transaction has no '{name}'")
        module, _, family = _FAMILIES[name].partition(":")
        made = getattr(import_module(f"dispatch.store.{module}"), family)(self._connection)
        setattr(self, name, made)
        return made

    @property
    def is_shared(self) -> bool:
        """Whether other machines may work on the database."""
        return self._connection.dialect.name != "sqlite"

    def now(self, clock: "Clock") -> datetime:
        """What time it is by the one clock that all who count together share."""
        return self.time() if self.is_shared else clock()

    def time(self) -> datetime:
        """What time it is for the database."""
        now = sa.func.clock_timestamp(type_=UtcDateTime)
        moment: datetime = self._connection.scalars(sa.select(now)).one()
        return moment


class Store:
    """One database, brought up to date when it is opened; threads may share it.

    `waker` hears of what a transaction wakes for, once that is committed; None: nobody does.
    """

    waker: "Waker | None" = None

    def __init__(self, url: str) -> None:
        """Open `url` (`sqlite:///...` or `postgresql://...`); raises StoreUnavailable."""
        self._engine = open_engine(url)
        self._joint = local()
        # SQLite has one writer at a time, and who waits for it asks in vain: our threads queue up.
        self._writing: AbstractContextManager[Any] = (
            Lock() if self._engine.dialect.name == "sqlite" else nullcontext()
        )
        try:
            make_file(self._engine)
            migrate(self._engine)
            self._file = file_of(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction that writes; on SQLite it has the database to itself, so keep it short."""
        joint = getattr(self._joint, "connection", None)
        if joint is not None:
            with sentences(self._engine), joint.begin_nested():
                yield Transaction(joint)
            return
        with self._writing, sentences(self._engine), self._engine.begin() as connection:
            tx = Transaction(connection)
            yield tx
            wakeups = tx.wakeups.enqueue() if "wakeups" in vars(tx) else ()
        if self.waker is not None:
            for wakeup in wakeups:
                wakeup.pass_to(self.waker)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Have all transactions that this thread begins meanwhile kept at once, or none of them.

        On SQLite each commit waits for the disk and for its turn: many small ones do so once. What
        fails takes back its own transaction only. For what wakes nobody.
        """
        if self.is_shared:
            yield
            return
        with self._writing, sentences(self._engine), self._engine.begin() as connection:
            self._joint.connection = connection
            try:
                yield
            finally:
                self._joint.connection = None

    def ledger(self, batch: "Batch") -> "Ledger":
        """The rows of a batch that was taken, for one thread; to be closed."""
        from dispatch.store.delivery.ledger import Ledger  # noqa: PLC0415 - for who delivers

        return Ledger(self._engine, batch, self._writing)

    def is_current(self) -> bool:
        """Whether its tables are still of this version: a newer program may have upgraded them."""
        with sentences(self._engine), self._engine.connect() as connection:
            version = sa.text("SELECT version_num FROM alembic_version")
            found: str | None = connection.execution_options(read_only=True).scalar(version)
        return found == HEAD

    def answers(self) -> None:
        """Ask for as little as can be asked; raises StoreUnavailable."""
        with sentences(self._engine), self._engine.connect() as connection:
            connection.execution_options(read_only=True).execute(sa.text("SELECT 1"))

    def check_in_place(self) -> None:
        """Raise StoreUnavailable where the file that was opened is not the database any more.

        SQLite would go on in a file that has no name, and all would be lost with the process.
        """
        if not self.is_in_place():
            raise StoreUnavailable(f"database {self.place}: {MOVED.problem} - {MOVED.advice}")

    def is_in_place(self) -> bool:
        """Whether the file that was opened is still the database."""
        return file_of(self._engine) == self._file

    @property
    def place(self) -> str:
        """Where it is, as messages name it."""
        return place_of(self._engine)

    @property
    def file(self) -> Path | None:
        """The file that it is in, where that is on this machine; those beside it have its mode."""
        return None if self.is_shared else Path(str(self._engine.url.database))

    @property
    def is_shared(self) -> bool:
        """Whether other machines may work on it."""
        return self._engine.dialect.name != "sqlite"

    def time(self) -> datetime | None:
        """What time it is for the database, where that may be another machine's."""
        if not self.is_shared:
            return None
        with self.read() as tx:
            return tx.time()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads: one consistent picture, in nobody's way."""
        joint = getattr(self._joint, "connection", None)
        if joint is not None:
            yield Transaction(joint)
            return
        with sentences(self._engine), self._engine.connect() as connection:
            yield Transaction(connection.execution_options(read_only=True))

    @contextmanager
    def staging(self, ids: "Ids", *, looks: bool = False) -> Iterator["Staged"]:
        """Room for the people of a file, which is gone at the end.

        No other process waits for it. `ids` give the public ids of who is new. With `looks` the
        file is only looked at, and nobody comes in.
        """
        from dispatch.store.staged import Staged  # noqa: PLC0415 - for who brings people in

        with sentences(self._engine), self._engine.connect() as connection:
            try:
                yield Staged(connection, ids, self._writing, looks=looks)
            finally:
                connection.invalidate()  # its tables go with it

    def rehearsal(self) -> "Store":
        """A store that begins with all that is in this one, and of which nothing is kept.

        A SQLite database is copied, and nobody waits. On PostgreSQL all happens in
        one transaction that is rolled back at the end: who changes the same rows waits until then.
        """
        return _Rehearsal(self._engine)

    def wipe(self) -> None:
        """Have the disk forget what was deleted, as far as nobody is in the way at this moment.

        A file keeps what was written last in a second one beside it. PostgreSQL does so by itself.
        """
        if not self.is_shared:
            with self._writing:
                empty_journal(self._engine)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()


class _Rehearsal(Store):
    def __init__(self, engine: sa.Engine) -> None:
        self._copied = engine.dialect.name == "sqlite"
        self._engine = copy_aside(engine) if self._copied else engine
        self._connection = self._engine.connect()
        self._outer = self._connection.begin()
        self._file = file_of(self._engine)
        may_pause(self._connection)  # feeds are fetched meanwhile

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with sentences(self._engine), self._connection.begin_nested():
            yield Transaction(self._connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with sentences(self._engine):
            yield Transaction(self._connection)

    @contextmanager
    def staging(self, ids: "Ids", *, looks: bool = False) -> Iterator["Staged"]:
        from dispatch.store.staged import RehearsedStaged  # noqa: PLC0415 - likewise

        with sentences(self._engine):
            staged = RehearsedStaged(self._connection, ids, nullcontext(), looks=looks)
            try:
                yield staged
            finally:
                staged.people.drop()

    def wipe(self) -> None:
        """Nothing is kept, so there is nothing to forget."""

    def close(self) -> None:
        self._outer.rollback()
        self._connection.close()
        if self._copied:
            self._engine.dispose()
