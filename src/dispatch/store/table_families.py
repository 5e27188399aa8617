"""The families of tables: one attribute of a transaction for each, loaded when it is asked for."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from dispatch.store.database.identities import Identities
    from dispatch.store.database.wakeups import Wakeups
    from dispatch.store.delivery.batches import Batches
    from dispatch.store.delivery.budgets import Budgets
    from dispatch.store.delivery.channel_checks import ChannelChecks
    from dispatch.store.delivery.channels import Channels
    from dispatch.store.delivery.deliveries import Deliveries
    from dispatch.store.delivery.listed import DeliveryPages
    from dispatch.store.delivery.paces import Paces
    from dispatch.store.delivery.pictures import Pictures
    from dispatch.store.delivery.published import PublishedPosts
    from dispatch.store.delivery.received import Deliveries as Received
    from dispatch.store.delivery.tokens import KeptTokens
    from dispatch.store.editions.archive import PastEditions
    from dispatch.store.editions.earlier import EarlierEditions
    from dispatch.store.editions.edits import EditionEdits
    from dispatch.store.editions.families import Families
    from dispatch.store.editions.letters import Letters
    from dispatch.store.editions.link_checks import LinkChecks
    from dispatch.store.editions.listed import ListedEditions
    from dispatch.store.editions.news import News
    from dispatch.store.editions.review_mails import ReviewMails
    from dispatch.store.editions.runs import Runs
    from dispatch.store.editions.standing import StandingPieces
    from dispatch.store.editions.table import Editions
    from dispatch.store.editions.uploaded_pictures import UploadedPictures
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
    from dispatch.store.notify.lanes import NotificationLanes
    from dispatch.store.notify.listed import ListedNotifications
    from dispatch.store.notify.outbox import Notifications
    from dispatch.store.notify.receivers import Receivers
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
    from dispatch.store.people.shared_readers import SharedReaders
    from dispatch.store.people.sign_ups import SignUps
    from dispatch.store.people.subscribers import Subscribers
    from dispatch.store.people.suppressions import Suppressions
    from dispatch.store.people.weighing import Weighing
    from dispatch.store.people.welcomes import Welcomes
    from dispatch.store.team.agenda import Agenda
    from dispatch.store.team.api_answers import ApiAnswers
    from dispatch.store.team.api_tokens import ApiTokens
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
    "shared_readers": "people.shared_readers:SharedReaders",
    "runs": "editions.runs:Runs",
    "editions": "editions.table:Editions",
    "edition_edits": "editions.edits:EditionEdits",
    "letters": "editions.letters:Letters",
    "standing": "editions.standing:StandingPieces",
    "uploaded_pictures": "editions.uploaded_pictures:UploadedPictures",
    "listed_editions": "editions.listed:ListedEditions",
    "archive": "editions.archive:PastEditions",
    "families": "editions.families:Families",
    "deliveries": "delivery.deliveries:Deliveries",
    "received": "delivery.received:Deliveries",
    "batches": "delivery.batches:Batches",
    "published": "delivery.published:PublishedPosts",
    "budgets": "delivery.budgets:Budgets",
    "tokens": "delivery.tokens:KeptTokens",
    "pictures": "delivery.pictures:Pictures",
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
    "api_answers": "team.api_answers:ApiAnswers",
    "api_tokens": "team.api_tokens:ApiTokens",
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
    "notifications": "notify.outbox:Notifications",
    "notification_lanes": "notify.lanes:NotificationLanes",
    "listed_notifications": "notify.listed:ListedNotifications",
    "receivers": "notify.receivers:Receivers",
}


class TableFamilies:
    """What can be read and written by one connection."""

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
    shared_readers: "SharedReaders"
    runs: "Runs"
    editions: "Editions"
    edition_edits: "EditionEdits"
    letters: "Letters"
    standing: "StandingPieces"
    uploaded_pictures: "UploadedPictures"
    listed_editions: "ListedEditions"
    archive: "PastEditions"
    families: "Families"
    deliveries: "Deliveries"
    received: "Received"
    batches: "Batches"
    published: "PublishedPosts"
    budgets: "Budgets"
    tokens: "KeptTokens"
    pictures: "Pictures"
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
    api_answers: "ApiAnswers"
    api_tokens: "ApiTokens"
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
    notifications: "Notifications"
    notification_lanes: "NotificationLanes"
    listed_notifications: "ListedNotifications"
    receivers: "Receivers"

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        # Each family is loaded when it is first asked for: commands use two or three of them.
        if name not in _FAMILIES:
            raise AttributeError(f"a transaction has no '{name}'")
        made = _family(name)(self._connection)
        setattr(self, name, made)
        return made


@cache
def _family(name: str) -> Any:
    module, _, family = _FAMILIES[name].partition(":")
    return getattr(import_module(f"dispatch.store.{module}"), family)
