import re
from datetime import datetime

import pytest

from app_stage import change
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.plan_days import find_slot
from dispatch.scheduling.tick import tick
from team_stage import join, signed_in

SLOT = "/team/campaigns/weekly/slots/2026-12-01T09:00"


@pytest.fixture
def team(app):
    join(app, "ada", Role.EDITOR)
    join(app, "victor", Role.VIEWER)
    return app


def text_of(answer) -> str:
    assert answer.status_code in {200, 422}
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def plan(folder) -> str:
    return (folder / "schedules.yaml").read_text(encoding="utf-8")


def test_a_planned_slot_shows_what_it_would_have_now_and_why_not_more(team):
    list(team.intake.poll(team.workspace.feeds))
    with signed_in(team, "ada") as ada:
        text = text_of(ada.get(SLOT))

    assert "Tuesday 1 December Planned" in text
    assert "Leaves Tue 1 Dec, 09:00 (in 7 days)" in text
    assert "As of now it would go out, with" in text
    assert "Dated in the future: waits until" in text
    assert "Nothing on this page is kept" in text


def test_a_day_is_left_out_and_taken_in_again_and_the_file_is_as_it_was(team, folder):
    before = plan(folder)
    with signed_in(team, "ada") as ada:
        skipped = ada.post(f"{SLOT}/skip", data={"reason": "stock-taking"})
        then = text_of(ada.get(SLOT))
        in_calendar = text_of(ada.get("/team/calendar?month=2026-12"))
        during = plan(folder)
        back = ada.post(f"{SLOT}/unskip")
        now = text_of(ada.get(SLOT))

    assert skipped.headers["location"] == f"{SLOT}?said=slot_skipped"
    assert "except: [2026-12-01]" in during
    assert "Skipped by Ada, today 09:00. Why: stock-taking" in then
    assert "Skipped, 09:00 The Atelier Letter" in in_calendar
    assert back.headers["location"] == f"{SLOT}?said=slot_back"
    assert "Tuesday 1 December Planned" in now
    assert plan(folder) == before
    with team.store.read() as tx:
        assert [one.act for one in tx.audit.page(by="ada")] == ["slot.unskip", "slot.skip"]


def test_a_slot_that_was_skipped_makes_no_edition(team, clock):
    with signed_in(team, "ada") as ada:
        ada.post(f"{SLOT}/skip")
        assert "Skipped by Ada, today 09:00." in text_of(ada.get(SLOT))  # who gave no reason
    clock.now = clock.now.replace(month=12, day=1)

    tick(team)

    with team.store.read() as tx:
        assert tx.agenda.at("weekly", "2026-12-01T09:00") is None
    join(team, "eve", Role.EDITOR)
    with signed_in(team, "eve") as eve:
        assert "The day was left out" in text_of(eve.get(SLOT))


def test_a_holiday_is_no_day_that_somebody_has_skipped(team, folder):
    (folder / "holidays.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    change(folder, 'at: "09:00"', 'at: "09:00", except: [file:holidays.ics]')
    team.reload_if_changed()

    with signed_in(team, "ada") as ada:
        page = text_of(ada.get(SLOT))
        answer = ada.post(f"{SLOT}/unskip")

    assert "by a list of holidays" in page
    assert "Take that back" not in page
    assert answer.status_code == 422
    assert "is left out by holidays or a calendar" in answer.text


def test_a_slot_whose_edition_is_made_leads_to_it_and_is_not_skipped(team):
    list(team.intake.poll(team.workspace.feeds))
    campaign = team.campaign("weekly")
    slot = find_slot(campaign, datetime.fromisoformat("2026-12-01T09:00")).slot
    edition = team.editions.compose(campaign, slot).edition

    with signed_in(team, "ada") as ada:
        page, answer = ada.get(SLOT), ada.post(f"{SLOT}/skip")

    assert page.headers["location"] == f"/team/editions/{edition.id}"
    assert answer.status_code == 409
    assert "has its edition already - reject that one instead" in answer.text


def test_where_no_slot_is_there_is_no_page(team):
    none = ("2026-12-02T09:00", "2026-12-01T10:00", "soon", "9999-12-31T23:59", "0001-01-01T00:00")

    with signed_in(team, "ada") as ada:
        answers = [ada.get(f"/team/campaigns/weekly/slots/{slot}") for slot in none]

    assert [answer.status_code for answer in answers] == [404] * len(none)


def test_who_may_only_look_can_skip_nothing(team):
    with signed_in(team, "victor") as victor:
        page, answer = victor.get(SLOT), victor.post(f"{SLOT}/skip")

    assert "Skip this one" not in page.text
    assert answer.status_code == 403


def test_where_files_are_not_written_the_change_is_there_to_be_copied(team, folder):
    (folder / "schedules.yaml").chmod(0o400)
    with signed_in(team, "ada") as ada:
        page, answer = text_of(ada.get(SLOT)), ada.post(f"{SLOT}/skip")

    assert "schedules.yaml: may only be read" in page
    assert "except: [2026-12-01]" in page
    assert answer.status_code == 422
    assert "may only be read" in answer.text


def test_a_slot_that_was_left_out_without_a_reason_has_a_page(app):
    join(app, "ada")
    slot = "/team/campaigns/weekly/slots/2026-12-01T09:00"
    with signed_in(app, "ada") as ada:
        skipped = ada.post(f"{slot}/skip", data={"reason": ""})
        shown = ada.get(slot)

    assert (skipped.status_code, shown.status_code) == (303, 200)
