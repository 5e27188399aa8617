"""What is found in an edition before it is approved."""

from datetime import timedelta

import httpx
import pytest

from app_stage import opened, workspace_in
from dispatch.errors import Conflict
from dispatch.model.editions.finding import Kind
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.pipeline.editions.check_edition import Stopped
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.store.delivery.channels import Stop

ANSWERS = {"/2026/le-brouillon": 404, "/2026/le-seuil": 403}


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(ANSWERS.get(request.url.path, 200))


@pytest.fixture
def app(tmp_path, migrated_sqlite, clock):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with opened(folder, clock, answer) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        yield app


@pytest.fixture
def edition(app):
    edition = app.campaigns.run(app.campaign("bulletin")).edition
    with app.store.read() as tx:
        return tx.editions.get(edition.id)


def found(app, edition):
    with app.store.read() as tx:
        now = tx.editions.get(edition.id)
    return {one.name: one for one in app.editions.check(now)}


def test_links_are_asked_beside_it_and_a_dead_one_stops_it(app, edition):
    assert found(app, edition)["links_waiting"].kind is Kind.LOOK

    asked = app.editions.check_links()
    after = found(app, edition)

    assert asked > 3
    assert app.editions.check_links() == 0
    assert after["links_dead"].kind is Kind.STOP
    assert "le-brouillon (404)" in after["links_dead"].values["links"]
    with pytest.raises(Stopped, match="links_dead"):
        app.editions.approve(edition.id, by="ada")


def test_they_are_asked_again_when_somebody_wants_it_or_after_hours(app, edition, clock):
    app.editions.check_links()
    app.editions.ask_links_again(edition, by="ada")
    again = app.editions.check_links()
    clock.advance(timedelta(hours=7))

    assert app.editions.check_links() == again > 3


def test_what_its_texts_are_is_seen_once_for_each_edit(app, edition):
    before = found(app, edition)
    edit_edition(
        edition.id, Changes(subject="A subject"), by="ada", store=app.store, clock=app.clock
    )

    assert before["texts_fine"].kind is Kind.FINE
    assert before["way_out_fine"].kind is Kind.FINE
    assert before["size_fine"].values["size"] < 60
    assert found(app, edition)["texts_fine"].kind is Kind.FINE


def test_an_audience_without_anybody_stops_it(app, edition):
    with app.store.begin() as tx:
        for reader in list(tx.subscribers.active("readers")):
            tx.subscribers.end(reader.id, "readers", source="a test", now=app.clock())

    assert found(app, edition)["nobody"].kind is Kind.STOP


def test_so_does_a_segment_that_picks_nobody(app, edition):
    with app.store.begin() as tx:
        for reader in list(tx.subscribers.active("readers")):
            if reader.locale == "fr":
                tx.subscribers.end(reader.id, "readers", source="a test", now=app.clock())

    assert found(app, edition)["nobody_picked"].kind is Kind.STOP


def test_a_channel_that_waits_for_a_person_stops_it_and_one_that_rests_does_not(app, edition):
    until = app.clock() + timedelta(minutes=5)
    for rests, kind in ((None, Kind.STOP), (until, Kind.LOOK)):
        with app.store.begin() as tx:
            tx.channels.put_stop(Stop("outbox", rests, "login refused", failures=1))

        assert found(app, edition)["channel"].kind is kind

    resume_channel("outbox", store=app.store, clock=app.clock)
    assert found(app, edition)["channels_fine"].kind is Kind.FINE


def test_where_nothing_stops_it_it_is_approved_as_it_was_looked_at(app, edition):
    approved = app.editions.approve(edition.id, by="ada", seen=edition.fingerprint[:8])

    assert approved.approved_fingerprint == edition.fingerprint
    with pytest.raises(Conflict, match="edited meanwhile"):
        app.editions.approve(edition.id, by="ada", seen="another")
