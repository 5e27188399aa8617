"""What the doctor finds stands on the channel's page, and among the checks before approval."""

from datetime import timedelta

import pytest

from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.team.role import Role
from dispatch.store.events.examinations import Examination
from team_stage import join, signed_in

STOPS = Finding(Kind.STOP, "spf_missing", {"domain": "atelier.fr", "suggested": "v=spf1 mx ~all"})


OPEN = {"place": "atelier.fr", "policy": "none", "domain": "atelier.fr"}


def keep(app, *findings):
    with app.store.begin() as tx:
        tx.examinations.keep(Examination("outbox", app.clock(), "jean", findings))


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as jean:
        yield jean


def test_the_button_examines_and_the_page_says_what_was_found(app, jean):
    before = jean.get("/team/channels/outbox").text
    answer = jean.post("/team/channels/outbox/examine")
    page = jean.get("/team/channels/outbox").text

    assert "Nobody has examined it yet." in before
    assert answer.headers["location"] == "/team/channels/outbox?said=channel_examined"
    assert "It writes files: nothing leaves" in page
    keep(app, STOPS, Finding(Kind.LOOK, "dmarc_open", OPEN))
    worse = jean.get("/team/channels/outbox?said=channel_examined_stops").text

    assert 'class="notice wait above" role="status"' in worse
    assert "atelier.fr has no SPF record" in worse
    assert "such as v=spf1 mx ~all" in worse
    assert "Gmail’s and Yahoo’s rules" in worse
    with app.store.read() as tx:
        assert [one.act for one in tx.audit.page()] == ["channel.examine"]


def test_what_would_keep_mails_back_is_told_before_approval_and_stops_nobody(app, clock, jean):
    list(app.people.import_files())
    list(app.intake.poll(app.workspace.feeds))
    edition = app.campaigns.run(app.campaign("bulletin")).edition

    def checks():
        return {one.name: one.kind for one in app.editions.check(edition)}

    never = checks()
    keep(
        app, STOPS, Finding(Kind.STOP, "stopped", {"reason": "x"}), Finding(Kind.LOOK, "dmarc_open")
    )
    bad = checks()
    page = jean.get(f"/team/editions/{edition.id}").text
    keep(app, Finding(Kind.FINE, "account_fine", {"account": "we"}))
    well = checks()
    clock.advance(timedelta(days=31))
    old = checks()

    assert not [name for name in never if name.startswith(("doctor", "examined"))]
    assert bad["doctor.spf_missing"] is Kind.LOOK
    assert 'href="/team/channels/outbox#doctor">Channel outbox</a>' in page
    assert {name for name in bad if name.startswith("doctor")} == {"doctor.spf_missing"}
    assert well["examined_fine"] is Kind.FINE
    assert "examined_fine" not in old
