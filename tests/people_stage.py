"""A small workspace with two audiences, for what people do by themselves."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dispatch import ids
from dispatch.config.workspace import Workspace
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.pipeline.people.change_address import ask_for_new_address, confirm_new_address
from dispatch.pipeline.people.endings import Endings
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from pipeline_samples import CAMPAIGN, FEEDS, PUBLISHER

AUDIENCES = ("readers", "notes")
WORKSPACE = Workspace(
    Path("nowhere"),
    PUBLISHER,
    FEEDS,
    {},
    {
        "weekly": CAMPAIGN,
        "notes": replace(CAMPAIGN, name="notes", email=EmailPlan("notes", "plain", "mail")),
    },
)


def find(store: Store, email: str):
    with store.read() as tx:
        return tx.subscribers.find(email)


def states(store: Store, email: str) -> dict[str, str]:
    """Audience to the state of somebody's subscription."""
    with store.read() as tx:
        person = tx.subscribers.find(email)
        standing = tx.consents.standing(person.id) if person else {}
    return {one.audience: one.state.value for one in standing.values()}


def readers(store: Store, audience: str) -> set[str]:
    with store.read() as tx:
        return {one.email for one in tx.subscribers.active(audience)}


def words(store: Store, email: str) -> list[tuple[str, str, str]]:
    with store.read() as tx:
        person = tx.subscribers.find(email)
        return [(one.audience, one.state, one.source) for one in tx.record.words(person.id)]


def ask_to_move(store: Store, clock: FakeClock, old: str, new: str) -> str:
    """Name another address; what its link is for."""
    person = find(store, old)
    ask_for_new_address(person, new, via="mail", locale="", store=store, clock=clock, ids=ids.new)
    with store.read() as tx:
        return tx.address_changes.last(person.id).public_id


def move(store: Store, clock: FakeClock, endings: Endings, old: str, new: str):
    """Name another address, and confirm it there."""
    change = ask_to_move(store, clock, old, new)
    return confirm_new_address(change, via="mail", store=store, clock=clock, endings=endings)


def day(moment: datetime):
    return moment.date()
