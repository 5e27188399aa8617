"""Each kind of notification as the store really writes it: signed and shaped for who gets it."""

import json
import shutil
from contextlib import closing
from dataclasses import replace

import pytest
import svix.webhooks
from jsonschema import Draft202012Validator, FormatChecker
from standardwebhooks import Webhook

from dispatch.clock import system_clock
from dispatch.ids import new
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Decision
from dispatch.model.notify.types import ADDRESS, SHAPES, Type
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.notify.again import ping
from dispatch.pipeline.notify.tell import LEASE
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.reviews.decide import approve_edition
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from docs.docs_pages import DOCS
from just_copied import just_copied
from ledger_stage import LedgerStage
from notify_stage import SECRET, Stage, plan
from pipeline_samples import ENDINGS, REVIEWED, compose, entry, keep, subscribe

ADA = "ada@example.org"
CRM, WALL = plan("crm", addresses=True), plan("wall")
TITLE = 'Œuvre & “more” \\ "quoted" \u2028 🗞'
TEXT = "<p>" + "It was a bright cold day in the old town, and the clocks were late. " * 5 + "</p>"


@pytest.fixture(scope="module")
def called(migrated_sqlite, tmp_path_factory):
    """Receiver to the calls that it got of all that can happen, made when they can be verified."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("told") / "dispatch.db")
    with just_copied():
        store = Store(f"sqlite:///{path}")
    with closing(store):
        stage = Stage(store, FakeClock(system_clock()))
        stage.follow(CRM, WALL)
        all_happens(stage)
        calls = {}
        for one in (CRM, WALL):
            stage.tell(one)
            calls[one.name], stage.called = stage.called, []
        yield calls


def all_happens(stage):
    store, clock = stage.store, stage.clock
    subscribe(store, clock, ADA)
    keep(store, entry("one", title=TITLE, content=TEXT), now=clock())
    edition = compose(store, clock, REVIEWED).edition
    keep(store, entry("two", title=TITLE, content=TEXT), now=clock())
    with store.read() as tx:
        held = tx.posts.latest(limit=2)[0].id
        ada = tx.subscribers.find(ADA)
    decide_posts([held], Decision.RELEASED, by="ada", store=store, clock=clock)
    approve_edition(edition.id, by="ada", store=store, clock=clock)
    with store.begin() as tx:
        tx.editions.move(tx.editions.get(edition.id), EditionState.SENDING)
        tx.batches.finish_edition(edition.id, now=clock())
    with closing(LedgerStage(store, clock)) as ledgers:
        ledgers.set_up()
        mail, snippet = ledgers.delivery(), ledgers.delivery()
        ledgers.commit(mail, snippet)
        refused = ledgers.settlement(mail, DeliveryState.REFUSED, reason="no")
        to_ada = replace(refused, delivery=replace(refused.delivery, subscriber_id=ada.id))
        ledgers.commit(settled=(to_ada, ledgers.settlement(snippet, DeliveryState.FAILED)))
    leave(ada, ["readers"], source="link", store=store, clock=clock, endings=ENDINGS)
    for one in (CRM, WALL):
        ping(one, by="ada", store=store, clock=clock, ids=new)
    clock.advance(LEASE)  # as if who asked for them had died with them in their hands


@pytest.fixture(scope="module")
def schema():
    return json.loads((DOCS / "reference" / "notifications.schema.json").read_text("utf-8"))


def strict(schema):
    """The same, with nothing beside what it names: who gets more fields has them documented."""
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(one) for name, one in schema.items()}
    return {"additionalProperties": False, **closed} if "properties" in schema else closed


@pytest.mark.parametrize("type_", Type)
def test_each_kind_is_verified_by_two_libraries_and_valid_by_its_schema(called, schema, type_):
    valid = Draft202012Validator(
        {**schema, "$defs": strict(schema["$defs"])}, format_checker=FormatChecker()
    )
    for receiver, calls in called.items():
        of_it = [one for one in calls if json.loads(one.content)["type"] == type_.value]
        assert of_it
        for one in of_it:
            headers = dict(one.headers)
            body = Webhook(SECRET).verify(one.content, headers)
            svix.webhooks.Webhook(SECRET).verify(one.content, headers)  # or raises
            valid.validate(body)
            has_address = ADDRESS in SHAPES[type_].fields and receiver == "crm"
            assert (ADDRESS in body["data"]) == has_address
