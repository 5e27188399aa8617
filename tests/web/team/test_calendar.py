import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from app_stage import opened, workspace_in
from dispatch.model.editions.letter import LETTERS
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.plan_days import find_slot
from dispatch.testing.clock import FakeClock
from dispatch.web.team.calendar_file import calendar_file
from dispatch.web.team.days import Event
from team_stage import join, signed_in


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("calendar") / "letters", migrated_sqlite)
    clock = FakeClock()
    with opened(folder, clock) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        made(app, "weekly", datetime.fromisoformat("2026-12-01T09:00"))
        made(app, "bulletin", datetime.fromisoformat("2026-11-27T17:30"))
        clock.advance(timedelta(days=14))
        join(app, "jean", Role.OWNER)
        join(app, "josette", Role.VIEWER, locale="fr")
        yield app


def made(app, campaign: str, local: datetime) -> None:
    """The edition of a slot."""
    ours = app.campaign(campaign)
    app.editions.compose(ours, find_slot(ours, local).slot)


def look(app, query: str, handle: str = "jean"):
    with signed_in(app, handle) as browser:
        return browser.get(f"/team/calendar{query}")


def shown(answer) -> str:
    """What is on the page below the filters, without its tags."""
    assert answer.status_code == 200
    text = answer.text[answer.text.index('id="grid"') : answer.text.index('id="link"')]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_month_has_what_was_and_what_is_planned(house):
    text = shown(look(house, "?month=2026-12"))

    assert re.search(r"1 Approved, 09:00 The Atelier Letter Approved, 09:00 outbox ×\d 2", text)
    assert "8 , today 9" in text
    assert "Planned, 17:30 Le Bulletin" in text


def test_a_week_and_a_list_show_the_same_days(house):
    week = shown(look(house, "?week=2026-11-27"))
    listed = shown(look(house, "?list=2026-11-27"))

    assert "27 In review, 17:30 Le Bulletin" in week
    assert "Le Bulletin Friday 27 November 17:30 In review" in listed
    assert "The Atelier Letter Tuesday 15 December 09:00 Planned" in listed


def test_the_calendar_is_of_one_campaign_or_one_channel_if_that_is_asked_for(house):
    bulletin = shown(look(house, "?month=2026-12&campaign=bulletin"))
    nothing = shown(look(house, "?list=2026-12-08&channel=nowhere"))

    assert "Le Bulletin" in bulletin
    assert "The Atelier Letter" not in bulletin
    assert "Nothing in these days." in nothing


def test_what_has_no_such_day_leads_nowhere_and_says_why(house):
    answers = [
        look(house, f"?{query}")
        for query in ("month=2026-13", "week=monday", "list=9999-12-31", "month=0001-01")
    ]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert "is no day - write it such as 2026-12-24" in answers[0].text


def test_french_months_and_times_are_written_as_french_people_write_them(house):
    answer = look(house, "?month=2026-12", "josette")

    assert "<h1>Décembre 2026</h1>" in answer.text
    assert "9 h 00 The Atelier Letter" in shown(answer)


def test_a_link_of_ones_own_shows_the_calendar_until_another_one_is_made(house):
    with signed_in(house, "josette") as josette:
        josette.post("/team/calendar/link")
        first = link_in(josette.get("/team/calendar").text)
        shown_first = josette.get(first)
        josette.post("/team/calendar/link")
        second = link_in(josette.get("/team/calendar").text)
        josette.cookies.clear()
        over, fine = josette.get(first), josette.get(second)
        forged = josette.get(second.replace("-2-", "-3-"))

    assert shown_first.headers["content-type"].startswith("text/calendar")
    assert (over.status_code, fine.status_code, forged.status_code) == (404, 200, 404)
    assert "SUMMARY:Le Bulletin (Prévue)\r\n" in fine.text
    assert "STATUS:TENTATIVE\r\n" in fine.text
    assert max(len(line.encode()) for line in fine.text.split("\r\n")) <= 75


def test_a_link_that_was_ended_never_comes_back(house):
    with signed_in(house, "jean") as jean:
        jean.post("/team/calendar/link")
        first = link_in(jean.get("/team/calendar").text)
        jean.post("/team/calendar/link/end")
        ended = jean.get(first)
        jean.post("/team/calendar/link")
        again = jean.get(first)

    assert (ended.status_code, again.status_code) == (404, 404)


def test_the_link_of_somebody_who_has_left_the_team_is_over(house):
    join(house, "mia", Role.VIEWER)
    with signed_in(house, "mia") as mia:
        mia.post("/team/calendar/link")
        link = link_in(mia.get("/team/calendar").text)
        with house.store.begin() as tx:
            tx.persons.change(tx.persons.get("mia"), ended_at=house.clock())

        assert mia.get(link).status_code == 404


def link_in(page: str) -> str:
    """The path of the link on a page."""
    [found] = re.findall(r'value="[^"]*(/team/calendar/[^"]+\.ics)"', page)
    return found


def test_a_long_page_is_packed_for_who_takes_that(house):
    with signed_in(house, "jean") as jean:
        packed = jean.get("/team/calendar")
        plain = jean.get("/team/calendar", headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_two_letters_at_the_same_moment_are_two_events_of_the_file(house):
    visit = SimpleNamespace(app=house, now=house.clock(), words=str)
    one = Event(
        moment=house.clock(),
        local=house.clock(),
        title="Letter",
        href="/editions/l1",
        state="approved",
        campaign=LETTERS,
    )

    file = calendar_file(visit, [one, replace(one, href="/editions/l2")])

    assert len(set(re.findall("UID:(.+)", file))) == 2
