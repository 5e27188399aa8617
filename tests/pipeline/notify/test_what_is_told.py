"""What happens is told where it happens, however it comes about; on each database."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.ids import new
from dispatch.model.campaigns.approval import BY_DEADLINE
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS
from dispatch.model.intake.post import Decision
from dispatch.model.notify.types import SHAPES, Type
from dispatch.model.people.subscriber import UNDID_LEAVING, Consent
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.reviews.decide import approve_edition
from ledger_stage import LedgerStage
from notify_stage import plan
from pipeline_samples import (
    CAMPAIGN,
    ENDINGS,
    MARKERS,
    REVIEWED,
    bring_in,
    compose,
    entry,
    keep,
    row,
    subscribe,
)

TITLE = "How we moved to Postgres"
TEXT = "<p>" + "It was a bright cold day in the old town, and the clocks were late. " * 5 + "</p>"
FULL = plan("crm", addresses=True)


@pytest.fixture
def told(stage):
    """What a receiver was told: type and data, as far as they are of the shape that is promised."""
    stage.follow(FULL, plan("wall"))

    def told(name: str = "crm"):
        found = [(one["type"], one["data"]) for one in stage.bodies(name)]
        for type_, data in found:
            promised = SHAPES[Type(type_)].example(addresses=name == "crm")
            assert data.keys() == promised.keys()
        return found

    return told


def types(told):
    return [type_ for type_, _ in told()]


def test_posts_arrive_are_held_and_released(stage, store, clock, told):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one", title=TITLE, content=TEXT), now=clock())
    with store.begin() as tx:
        [first] = tx.posts.latest(limit=1)
    compose(store, clock)
    clock.advance(timedelta(days=1))
    keep(store, entry("two", title=TITLE, content=TEXT), now=clock())

    with store.begin() as tx:
        [second, _] = tx.posts.latest(limit=2)
    decide_posts([second.id], Decision.RELEASED, by="ada", store=store, clock=clock)

    posts = [(type_, data) for type_, data in told() if type_.startswith("post.")]
    assert [type_ for type_, _ in posts] == ["post.arrived", "post.held", "post.arrived"]
    assert posts[0][1] == {
        "id": str(first.id),
        "feed": "blog",
        "title": TITLE,
        "link": "https://blog.example/one",
    }
    assert {data["id"] for _, data in posts[1:]} == {str(second.id)}
    assert posts[1][1]["reason"]


def test_the_same_entries_a_second_time_are_told_of_once(store, clock, told):
    for _ in range(2):
        keep(store, entry("one"), now=clock())
        clock.advance(timedelta(minutes=1))

    assert types(told) == ["post.arrived"]


def test_an_edition_is_made_approved_and_finished(store, clock, told):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, REVIEWED).edition
    approve_edition(edition.id, by="ada", store=store, clock=clock)
    with store.begin() as tx:
        tx.editions.move(tx.editions.get(edition.id), EditionState.SENDING)
        assert tx.batches.finish_edition(edition.id, now=clock())
        assert not tx.batches.finish_edition(edition.id, now=clock())

    found = [(type_, data) for type_, data in told() if type_.startswith("edition.")]
    who = {"id": edition.id, "campaign": "weekly", "letter": False, "subject": ""}
    assert found == [
        ("edition.made", {**who, "posts": 1}),
        (
            "edition.approved",
            {
                **who,
                "by": "ada",
                "fingerprint": edition.fingerprint,
                "goes_out": "2026-11-24T08:00:00Z",
            },
        ),
        ("edition.finished", {**who, "deliveries": {}}),
    ]


def test_where_no_person_approves_none_is_named(store, clock, told):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())
    made = compose(store, clock, CAMPAIGN).edition
    clock.advance(timedelta(days=7))
    keep(store, entry("two"), now=clock())
    other = compose(store, clock, REVIEWED, name="e2").edition
    with store.begin() as tx:
        tx.editions.approve(other, by=BY_DEADLINE, now=clock())

    approved = [data for type_, data in told() if type_ == "edition.approved"]
    assert [(one["id"], one["by"]) for one in approved] == [(made.id, None), (other.id, None)]


def test_of_a_welcome_nothing_is_told_and_of_a_letter_once_it_is_handed_in(store, clock, told):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, REVIEWED).edition
    before = len(told())
    empty = replace(edition.content, posts=())
    welcome = replace(edition, id="welcome", slot_key="", welcome_of=edition.id, content=empty)
    draft = EditionState.DRAFT
    letter = replace(welcome, id="letter", welcome_of="", state=draft, campaign=LETTERS)

    with store.begin() as tx:
        for one in (welcome, letter):
            tx.editions.add(one)
        tx.editions.approve(tx.editions.get("welcome"), by="ada", now=clock())
        tx.editions.move(tx.editions.get("welcome"), EditionState.SENDING)
        tx.batches.finish_edition("welcome", now=clock())
    unsaid = len(told()) - before
    with store.begin() as tx:
        tx.editions.move(tx.editions.get("letter"), EditionState.IN_REVIEW)

    assert unsaid == 0
    [(type_, data)] = told()[before:]
    assert (type_, data["campaign"], data["letter"]) == ("edition.made", None, True)


def test_deliveries_that_fail_are_told_of_with_their_reader(store, clock, told, stage):
    ledgers = LedgerStage(store, clock)
    ledgers.set_up()
    with closing(ledgers):
        reader = ledgers.reader(email="ada@example.org")
        mail = ledgers.delivery(to=reader)
        late, fine, snippet = (ledgers.delivery() for _ in range(3))
        ledgers.commit(mail, late, fine, snippet)
        refused = ledgers.settlement(mail, DeliveryState.REFUSED, reason="<ada@example.org> no")
        settled = (
            replace(refused, delivery=replace(refused.delivery, subscriber_id=reader)),
            ledgers.settlement(late, DeliveryState.PENDING),
            ledgers.settlement(snippet, DeliveryState.FAILED),
        )
        ledgers.commit(taken={fine: "x"}, settled=settled)
        ledgers.commit(settled=settled)  # which find nothing to settle any more

    found = [data for type_, data in told() if type_ == "delivery.failed"]
    assert [(one["id"], one["state"], one["subscriber"]) for one in found] == [
        (str(mail), "refused", "public1"),
        (str(snippet), "failed", None),
    ]
    assert found[0]["email"] == "ada@example.org"
    assert "ada@" not in json.dumps(told("wall"))


def test_a_file_of_people_is_told_of_person_by_person(store, clock, told, stage):
    people = [row("ada@example.org"), row('"o\'b\\"x"@exämple.org'), row("left@example.org")]
    subscribe(store, clock, "left@example.org")
    before = len(told())
    with store.begin() as tx:
        left = tx.subscribers.find("left@example.org")
        tx.subscribers.end(left.id, "readers", source="a word", now=clock())

    new_ones = bring_in("readers", people, store=store, clock=clock)

    found = told()[before + 1 :]
    assert new_ones == len(found) == 2
    assert {data["email"] for _, data in found} == {one.email for one in people[:2]}
    assert all(type_ == "subscriber.joined" for type_, _ in found)
    assert all("email" not in data for _, data in told("wall"))
    with store.read() as tx:
        ids = {tx.subscribers.find(one.email).public_id for one in people[:2]}
    assert {data["id"] for _, data in found} == ids
    assert len({one.event for one in stage.all()}) == len(stage.all())


def test_who_had_left_another_database_is_told_of_by_nothing(store, clock, told):
    with store.begin() as tx:
        tx.endings.add([ENDINGS.left("ada@example.org", "readers", tx=tx)])

    bring_in("readers", [row("ada@example.org")], store=store, clock=clock, markers=MARKERS)

    assert told() == []


def test_joining_leaving_and_coming_back_are_told_and_a_pause_is_not(store, clock, told):
    subscribe(store, clock, "ada@example.org")
    with store.read() as tx:
        ada = tx.subscribers.find("ada@example.org")
    leave(ada, ["readers"], source="link", store=store, clock=clock, endings=ENDINGS)
    clock.advance(timedelta(minutes=1))

    def agree():
        with store.begin() as tx:
            consent = Consent(clock(), UNDID_LEAVING)
            tx.consents.give(ada.id, "readers", consent, now=clock())

    agree()
    with store.begin() as tx:
        until = clock() + timedelta(days=9)
        tx.preferences.pause(ada.id, ["readers"], until, source="x", now=clock())
    agree()
    clock.advance(timedelta(minutes=1))
    end_all_subscriptions("ada@example.org", source="x", store=store, clock=clock, endings=ENDINGS)

    assert [type_.partition(".")[2] for type_ in types(told)] == ["joined", "left"] * 2
    assert told()[1][1] == {"id": ada.public_id, "audience": "readers", "email": "ada@example.org"}


def test_who_is_erased_has_left_and_nothing_told_names_them_any_more(store, clock, told, stage):
    subscribe(store, clock, "ada@example.org", "bob@example.org")
    with store.read() as tx:
        ada = tx.subscribers.find("ada@example.org")

    erase_person(ada, source="asked", store=store, clock=clock, endings=ENDINGS)

    bodies = [one.body for one in stage.all()]
    assert "ada@" not in "".join(bodies)
    assert [json.loads(bodies[-1])["type"], json.loads(bodies[-1])["data"]] == [
        "subscriber.left",
        {"id": ada.public_id, "audience": "readers"},
    ]
    assert len(bodies) == 2


def test_a_million_newcomers_are_a_statement_for_each_receiver(
    store, clock, told, stage, monkeypatch
):

    written = []

    @sa.event.listens_for(store._engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest):
        written.append(statement)

    bring_in("readers", [row(f"{new()}@example.org") for _ in range(50)], store=store, clock=clock)

    assert sum("INSERT INTO notifications" in one for one in written) == 2
    assert len(told()) == 50
