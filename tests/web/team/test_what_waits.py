"""What home, the calendar and its slots say of what there is to do and what is to come."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from markupsafe import Markup
from starlette.requests import Request

from app_stage import change, opened, workspace_in
from dispatch.clock import NEVER
from dispatch.config.splice.change import Remove
from dispatch.errors import Conflict
from dispatch.model.campaigns.approval import Otherwise, Review
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Decision
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.queue import DAY_IS_OVER
from dispatch.pipeline.editions.plan_days import find_slot
from dispatch.pipeline.editions.skip_slot import check_still_open, unskip_day
from dispatch.signing import mark_of
from dispatch.store.delivery.channels import Stop
from dispatch.store.team.agenda import PastSlot, WaitingEdition
from dispatch.store.team.reader_counts import ReaderCount
from dispatch.testing.clock import FakeClock
from dispatch.web.team import calendar, home
from dispatch.web.team.calendar_file import MOST_OCTETS, calendar_file
from dispatch.web.team.days import Choice, Event, events
from dispatch.web.team.visit import Visit
from dispatch.web.team.waiting import what_waits
from dispatch.words.catalogues import team_words_in
from team_stage import TOKEN, join, signed_in

NOTES = """
  notes:
    title: Notes
    feeds: [notebook]
    schedule: {every: monday, at: "08:00", timezone: Asia/Tokyo}
    social: [{template: weekly, each: edition}]
"""
SLOTS = "/team/campaigns"
PLACE = ("campaigns", "weekly", "schedule")
DAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def app(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("waits") / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', 'at: "09:00"}\n    approval: {needed: true, by: [ada]}')
    with (folder / "schedules.yaml").open("a", encoding="utf-8") as file:
        file.write(NOTES)
    with opened(folder, FakeClock()) as app:
        join(app, "ada", Role.OWNER, name="Ada Lindqvist")
        join(app, "vera", Role.VIEWER)
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


@pytest.fixture
def visit(app):
    """Somebody looks at a page, at some time of the day."""

    def visit(handle: str = "ada", later: timedelta = timedelta()) -> Visit:
        with app.store.read() as tx:
            session = tx.sessions.find(mark_of(TOKEN + handle), now=app.clock())
        return Visit(
            request=Request({"type": "http", "query_string": b"", "headers": []}),
            app=app,
            words=team_words_in("en"),
            now=app.clock() + later,
            session=session,
        )

    return visit


def waiting_edition(**values) -> WaitingEdition:
    usual = {
        "id": "1234",
        "campaign": "weekly",
        "slot": "2026-12-01T09:00[Europe/Paris]",
        "state": EditionState.IN_REVIEW,
        "audience": "readers",
        "reason": "",
        "note": "",
        "review": Review(needed=True),
        "goes_out": None,
    }
    return WaitingEdition(**(usual | values))


def a_day(
    *, undecided=(), paused=(), unsettled=(), stops=(), failing=(), invited=0, behind=(), checks=()
):
    """What a transaction reads on a day on which this waits, and nothing else."""
    return SimpleNamespace(
        persons=SimpleNamespace(names=lambda: {"ada": "Ada Lindqvist"}),
        channels=SimpleNamespace(stops=lambda: list(stops)),
        batches=SimpleNamespace(waiting_by_channel=lambda: dict(behind)),
        tokens=SimpleNamespace(all=dict),
        receivers=SimpleNamespace(off=list),
        channel_checks=SimpleNamespace(all=lambda: dict(checks)),
        agenda=SimpleNamespace(
            undecided=lambda: list(undecided),
            paused=lambda: list(paused),
            unsettled=lambda: list(unsettled),
            failing=lambda _: list(failing),
            open_invitations=lambda _: invited,
        ),
    )


def test_an_edition_in_review_says_what_happens_if_nobody_acts(app, visit):
    noon = app.clock() + timedelta(hours=3)
    counts = {"readers": ReaderCount("readers", DAY, active=8)}
    asked = {"state": EditionState.CHANGES_REQUESTED, "note": "ada: less"}
    by_ada = Review(needed=True, by=("Ada ", "eve@atelier.example"), deadline=noon)
    skipped = "8 readers. Until today 12:00, otherwise skipped."
    table = [
        ({}, "is in review", "8 readers."),
        ({"audience": "elsewhere"}, "is in review", ""),
        (
            {"review": by_ada},
            "is in review",
            f"{skipped} Ada Lindqvist or eve@atelier.example can approve it.",
        ),
        (
            {"review": Review(needed=True, deadline=noon, otherwise=Otherwise.SEND)} | asked,
            "waits for changes",
            "8 readers. Until today 12:00, otherwise it goes out as it is. Asked for: ada: less",
        ),
    ]

    for values, rest, detail in table:
        tx = a_day(undecided=[waiting_edition(**values)])
        [found] = what_waits(visit(), tx, counts=counts, held=0)

        assert (found.title, found.rest) == ("The Atelier Letter, Tue 1 Dec", rest)
        assert found.detail == detail, values
        assert found.too_late == (values["review"].deadline if "review" in values else NEVER)
        assert found.does == "Review"


def test_the_first_to_be_too_late_stands_first_and_the_others_keep_their_order(app, visit):
    soon, later = (app.clock() + timedelta(hours=hours) for hours in (1, 5))
    tx = a_day(
        undecided=[waiting_edition(id="later", goes_out=later), waiting_edition(id="never")],
        paused=[waiting_edition(id="paused", slot="", campaign="gone", reason="a wrong link.")],
        unsettled=[(waiting_edition(id="lost"), 2)],
        stops=[
            Stop("outbox", None, "", 1),
            Stop("outbox", soon, "a pause of its own", 1),
            Stop("gone", None, "no channel of ours", 1),
        ],
        failing=[("atelier", "gives a 500")],
        invited=2,
    )

    found = what_waits(visit(), tx, counts={}, held=3)

    assert [one.href for one in found] == [
        "/editions/later",
        "/editions/never",
        "/editions/paused",
        "/editions/lost",
        "/channels/outbox",
        "/posts?state=held",
        "/feeds/atelier",
        "/people",
    ]
    said = {one.href: (one.title, one.detail) for one in found}
    assert said["/editions/paused"][0] == "gone"
    assert '<span lang="en">a wrong link</span>. Nobody gets it' in said["/editions/paused"][1]
    assert said["/editions/lost"][0] == "2 deliveries are unknown"
    assert "lang=" not in said["/channels/outbox"][1]
    assert "gives a 500" in said["/feeds/atelier"][1]


def test_a_channel_that_waits_says_until_when_and_how_much_does(app, visit):
    patience, hour = (app.clock() + timedelta(minutes=minutes) for minutes in (4, 60))
    goes_on = "It goes on by itself today 10:0"
    table = [
        (hour, "credits used up", 6400, f"</span>. 6,400 messages wait. {goes_on}"),
        (hour, "credits used up", 0, None),  # nobody has to know
        (patience, "too many requests", 6400, None),
        (hour, DAY_IS_OVER, 6400, None),  # as its own pace says
        (None, "login refused", 1, "</span>. 1 message waits. Nothing goes out over it"),
    ]

    for until, reason, behind, said in table:
        tx = a_day(stops=[Stop("outbox", until, reason, 1)], behind={"outbox": behind})
        found = what_waits(visit(), tx, counts={}, held=0)

        assert len(found) == (said is not None), reason
        assert said is None or said in found[0].detail
        assert said is None or found[0].rest == ("waits" if until else "is stopped")


def test_who_may_only_look_is_asked_for_nothing(visit):
    tx = a_day(
        undecided=[waiting_edition()],
        unsettled=[(waiting_edition(id="lost"), 1)],
        stops=[Stop("outbox", None, "login refused", 1)],
        invited=2,
    )

    found = what_waits(visit("vera"), tx, counts={}, held=1)

    assert [one.does for one in found] == ["", "", "", ""]


def test_many_feeds_that_fail_are_a_number(visit):
    tx = a_day(failing=[(f"feed{at}", "gives a 500") for at in range(4)])

    [found] = what_waits(visit(), tx, counts={}, held=0)

    assert (found.href, found.does) == ("/feeds", "Look")
    assert "4 feeds" in found.title


@pytest.mark.parametrize(
    ("later", "greeting"),
    [(0, "Good morning, Ada"), (6, "Good afternoon, Ada"), (12, "Good evening, Ada")],
)
def test_home_greets_by_the_clock_of_the_workspace(visit, later, greeting):
    assert home._greeting(visit(later=timedelta(hours=later))) == greeting


def test_a_week_without_anything_is_said(visit):
    assert home._lede(visit(), []).endswith("Nothing is planned for the next seven days.")


class TestDays:
    def past(self, **values) -> PastSlot:
        usual = {
            "campaign": "weekly",
            "slot": "2026-11-17T09:00[Europe/Paris]",
            "moment": datetime(2026, 11, 17, 8, tzinfo=UTC),
        }
        return PastSlot(**(usual | values))

    def found(self, visit, *ran: PastSlot, choice=None) -> list[tuple[str, str, str]]:
        agenda = SimpleNamespace(between=lambda *_, **__: ran, posts_in=lambda _: {"e1": 5})
        first = visit.now - timedelta(days=30)
        some = events(
            visit,
            SimpleNamespace(agenda=agenda),
            first=first,
            until=visit.now,
            choice=choice or Choice(),
        )
        return [(one.title, one.channel, one.href) for one in some]

    def test_each_kind_of_slot_that_was_is_shown_as_what_it_came_to(self, visit):
        made = {"edition": "e1", "state": EditionState.FINISHED}
        page = "/campaigns/{}/slots/2026-11-17T09:00"

        assert self.found(visit(), self.past(skipped="too few posts")) == [
            ("The Atelier Letter", "", page.format("weekly"))
        ]
        assert self.found(visit(), self.past(campaign="gone", **made)) == [
            ("gone", "", "/editions/e1")
        ]
        assert self.found(visit(), self.past(campaign="notes", **made)) == [
            ("Notes", "outbox", "/editions/e1?tab=outbox")
        ]
        assert self.found(visit(), self.past(campaign="notes")) == [
            ("Notes", "", page.format("notes"))
        ]

    def test_a_choice_leaves_out_the_others(self, visit):
        gone = self.past(campaign="gone")
        notes = self.past(campaign="notes", edition="e1", state=EditionState.FINISHED)

        assert self.found(visit(), gone, choice=Choice(channel="outbox")) == []
        assert self.found(visit(), notes, choice=Choice(channel="toots")) == []
        assert len(self.found(visit(), gone, choice=Choice(campaign="gone"))) == 1


def test_the_file_for_calendars_says_why_and_how_sure_each_is(visit):
    moment = datetime(2026, 12, 1, 8, tzinfo=UTC)
    usual = Event(
        moment=moment,
        local=moment,
        title="Été; à l’atelier, " * 6,
        href="/x",
        state="planned",
        campaign="weekly",
    )
    some = [
        usual,
        replace(usual, state="approved", title="Toots", number=3),
        replace(usual, state="skipped", why=Markup("no <b>post</b>; none")),
    ]

    text = calendar_file(visit(), some)

    lines = text.split("\r\n")
    assert all(len(line.encode()) <= MOST_OCTETS for line in lines)
    assert [line for line in lines if line.startswith("STATUS")] == [
        "STATUS:TENTATIVE",
        "STATUS:CONFIRMED",
        "STATUS:CANCELLED",
    ]
    assert "SUMMARY:Toots ×3 (Approved)" in lines
    assert [line for line in lines if line.startswith("DESC")] == [r"DESCRIPTION:no post\; none"]
    assert r"Été\; à l’atelier\, Été" in text.replace("\r\n ", "")


def test_a_list_ends_with_the_day_that_fills_its_page(app, monkeypatch):
    monkeypatch.setattr(calendar, "MOST_LISTED", 1)
    with signed_in(app, "ada") as ada:
        page = ada.get("/team/calendar?list=2026-11-25").text

    assert "Friday 27 November" in page
    assert "Monday 30 November" not in page
    assert "list=2026-11-28" in page


class TestSlots:
    def read(self, app, address: str) -> tuple[int, str]:
        with signed_in(app, "ada") as ada:
            answer = ada.get(f"{SLOTS}/{address}")
        return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    def test_a_slot_by_other_clocks_tells_both(self, app):
        status, text = self.read(app, "notes/slots/2026-11-30T08:00")

        assert status == 200
        assert "08:00 Asia/Tokyo" in text
        assert "00:00" in text

    def test_a_slot_to_come_says_who_would_approve_it_and_by_whom_a_post_was_released(self, app):
        post = app.calendar.look_ahead(app.campaign("weekly")).posts[0]
        with app.store.begin() as tx:
            tx.posts.hold([post.id], reason="looks like another", now=app.clock())
        _, held = self.read(app, "weekly/slots/2026-12-01T09:00")
        with app.store.begin() as tx:
            tx.posts.decide([post.id], Decision.RELEASED, by="ada", now=app.clock())
        _, text = self.read(app, "weekly/slots/2026-12-01T09:00")

        assert "approval by Ada Lindqvist" in held
        assert "eleased by Ada Lindqvist" not in held
        assert "eleased by Ada Lindqvist" in text

    def test_a_slot_whose_run_made_nothing_says_why(self, app):
        ours = app.campaign("bulletin")
        days = [datetime.fromisoformat(f"2026-11-{day}T17:30") for day in (13, 20)]
        first, second = (app.editions.compose(ours, find_slot(ours, day).slot) for day in days)
        status, text = self.read(app, "bulletin/slots/2026-11-20T17:30")

        assert (first.edition is None, second.edition is None) == (False, True)
        assert status == 200
        assert "Friday 20 November" in text
        assert "No edition. No new post." in text

    def test_a_slot_that_is_over_without_a_run_says_so_and_none_is_left_out_any_more(self, app):
        status, text = self.read(app, "weekly/slots/2026-11-17T09:00")
        with signed_in(app, "ada") as ada:
            skipped = ada.post(f"{SLOTS}/weekly/slots/2026-11-17T09:00/skip")
            nowhere = ada.post(f"{SLOTS}/weekly/slots/2026-11-18T09:00/skip")

        assert status == 200
        assert "Tuesday 17 November" in text
        assert skipped.status_code == 409
        assert "is over - choose one that is to come" in skipped.text
        assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("except: [2026-12-01]", Remove((*PLACE, "except", 0))),
        ("except: [2026-11-30, 2026-12-01]", Remove((*PLACE, "except", 1))),
        ("except: 2026-12-01", Remove((*PLACE, "except"))),
        ("except: [file:holidays.ics]", "is left out by holidays or a calendar"),
        ("every: tuesday", "is left out by holidays or a calendar"),
        ("except: [", "schedules.yaml: "),
    ],
)
def test_a_day_is_taken_in_again_where_it_is_a_day_of_its_own(written, expected):
    text = f"campaigns:\n  weekly:\n    schedule:\n      {written}\n"

    if isinstance(expected, Remove):
        assert unskip_day(text, PLACE, DAY) == [expected]
    else:
        with pytest.raises(Conflict, match=re.escape(expected)):
            unskip_day(text, PLACE, DAY)


def test_a_slot_is_open_until_its_moment(app):
    planned = find_slot(app.campaign("weekly"), datetime.fromisoformat("2026-12-01T09:00"))
    moment = planned.slot.moment
    with app.store.read() as tx:
        check_still_open(planned, tx=tx, now=moment - timedelta(seconds=1))
        with pytest.raises(Conflict, match="is over"):
            check_still_open(planned, tx=tx, now=moment)
