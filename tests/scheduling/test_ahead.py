"""An edition is made ahead of its slot, and goes out at it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from app_stage import change, opened, place
from dispatch.config.files.problems import Severity
from dispatch.model.campaigns.days import Weekdays
from dispatch.model.campaigns.schedule import Schedule
from dispatch.pipeline.reviews.decide import approve_edition
from dispatch.scheduling.due import due_slots
from dispatch.scheduling.tick import tick
from dispatch.store.editions.table import Editions

DAILY = Schedule(
    Weekdays(frozenset(range(7))), (time(9),), "UTC", timedelta(hours=6), ahead=timedelta(hours=18)
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "now", "run", "skipped", "next_at"),
    [
        ("24T09:00", "24T14:59", None, [], "24T15:00"),
        ("24T09:00", "24T15:00", "25T09:00", [], "25T15:00"),
        ("25T09:00", "24T15:01", None, [], "25T15:00"),
        # Down from noon on the 24th: late by less than six hours, then by more.
        ("24T09:00", "25T14:59", "25T09:00", [], "25T15:00"),
        ("24T09:00", "25T15:00", "25T09:00", [], "26T15:00"),
        ("24T09:00", "25T15:01", "26T09:00", ["25T09:00"], "26T15:00"),
        ("22T09:00", "25T10:00", "25T09:00", ["23T09:00", "24T09:00"], "25T15:00"),
    ],
)
def test_a_slot_is_due_so_long_before_and_late_only_after_its_moment(
    after, now, run, skipped, next_at
):
    due = due_slots(DAILY, after=utc(f"2026-11-{after}"), now=utc(f"2026-11-{now}"))

    def keys(slots):
        return [slot.key.removeprefix("2026-11-").removesuffix("[UTC]") for slot in slots]

    assert keys([due.run] if due.run else []) == ([run] if run else [])
    assert keys(slot for slot, _ in due.skipped) == skipped
    assert due.next_at == utc(f"2026-11-{next_at}")


def test_slots_that_are_to_come_are_not_missed_and_are_made_in_order():
    schedule = replace(DAILY, ahead=timedelta(days=3))

    first = due_slots(schedule, after=utc("2026-11-24T12:00"), now=utc("2026-11-24T12:00"))
    second = due_slots(schedule, after=first.run.moment, now=utc("2026-11-24T12:00"))

    assert (first.run.key, first.skipped) == ("2026-11-25T09:00[UTC]", ())
    assert (second.run.key, second.skipped) == ("2026-11-26T09:00[UTC]", ())


def states(app, campaign="weekly"):
    with app.store.read() as tx:
        return [
            (one.state.value, one.waits_until(app.clock())) for one in tx.editions.latest(campaign)
        ]


def mails(folder):
    return len(list(folder.glob("outbox/mail/new/*.eml")))


@pytest.fixture
def early(folder, clock):
    """The weekly, made 18 hours before nine o'clock in Paris; it is a Monday, just before."""
    text = (folder / "schedules.yaml").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if "every: tuesday" in line]
    change(folder, line, line.replace("every: tuesday", "ahead: 18h, every: tuesday"))
    clock.now = utc("2026-11-23T13:59")
    return folder


def test_an_edition_made_ahead_goes_out_at_its_slot(early, clock):
    with opened(early, clock) as app:
        tick(app)
        nothing = states(app)
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-24T07:59")
        tick(app)
        waits, none = states(app), mails(early)
        clock.advance(MINUTE)
        tick(app)
        tick(app)

        assert nothing == []
        assert waits == [("approved", utc("2026-11-24T08:00"))]
        assert none == 0
        assert [state for state, _ in states(app)] == ["finished"]
    assert mails(early) == 8


def test_a_service_that_was_down_at_the_slot_sends_it_when_it_is_back(early, clock):
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
    clock.now = utc("2026-11-24T11:00")

    with opened(early, clock) as app:
        tick(app)

        assert [state for state, _ in states(app)] == ["finished"]


def test_an_edition_that_nobody_sent_in_time_is_skipped_and_frees_its_posts(early, clock, said):
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
    clock.now = utc("2026-11-24T14:00:01")

    with opened(early, clock) as app:
        tick(app)
        skipped = states(app)
        with app.store.read() as tx:
            [run] = tx.runs.latest("weekly")
            [edition] = tx.editions.latest("weekly")
            free = tx.posts.unused("weekly", app.campaign("weekly").feeds)

    assert skipped == [("rejected", None)]
    because = "could not go out within 6 h of 2026-11-24 09:00 (Europe/Paris) (late:)"
    assert edition.reason == because
    assert run.sentence(clock()).startswith(f"skipped: {because}")
    assert {post.id for post in edition.content.posts} <= {post.id for post in free}
    assert "edition.skipped" in {line["event"] for line in said}


def test_a_person_sends_what_was_missed_all_the_same(early, clock):
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-26T10:00")
        [edition] = app.editions.unfinished("weekly")
        app.delivery.address(edition.id)

        assert [state for state, _ in states(app)] == ["finished"]


def test_a_late_approval_is_no_missed_slot(early, clock):
    change(early, "    social: [{template: weekly, each: post}]", "    approval: {needed: true}")
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-27T10:00")
        with app.store.read() as tx:
            [edition] = tx.editions.latest("weekly")
        approve_edition(edition.id, by="marie", store=app.store, clock=clock)
        tick(app)

        assert [state for state, _ in states(app)] == ["finished"]


def test_an_approval_just_before_the_quiet_hours_is_for_their_end(early, clock):
    change(early, "    social: [{template: weekly, each: post}]", "    approval: {needed: true}")
    change(early, "ahead: 18h, every: tuesday", 'quiet: "22:00-07:00", ahead: 18h, every: tuesday')
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-24T20:59:55")
        with app.store.read() as tx:
            [edition] = tx.editions.latest("weekly")
        approve_edition(edition.id, by="marie", store=app.store, clock=clock)
        clock.now = utc("2026-11-24T21:00:05")
        tick(app)
        clock.now = utc("2026-11-25T05:59")  # later than `late` after the approval
        tick(app)
        waits = states(app)
        clock.now = utc("2026-11-25T06:00")
        tick(app)
        tick(app)

        assert waits == [("approved", utc("2026-11-25T06:00"))]
        assert [state for state, _ in states(app)] == ["finished"]


def test_a_change_of_the_file_moves_nothing_that_was_approved(early, clock):
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        change(early, "ahead: 18h, every: tuesday", 'quiet: "08:00-20:00", every: tuesday')
        clock.now = utc("2026-11-24T08:00")
        tick(app)

        assert [state for state, _ in states(app)] == ["finished"]


def test_readers_clocks_decide_where_the_campaign_says_so(early, clock):
    change(
        early,
        "audience: readers, template: weekly",
        "audience: readers, local_time: true, template: weekly",
    )
    people = early / "subscribers" / "readers.csv"
    header, *rows = people.read_text(encoding="utf-8").splitlines()
    zone = header.split(",").index("timezone")
    zones = ["Asia/Tokyo", "America/New_York", *[""] * len(rows)]
    changed = [
        ",".join([*cells[:zone], zones[n], *cells[zone + 1 :]])
        for n, cells in enumerate(row.split(",") for row in rows)
    ]
    people.write_text("\n".join([header, *changed, ""]), encoding="utf-8")
    seen = {}

    with opened(early, clock) as app:
        clock.advance(MINUTE)
        for _ in range(26):
            tick(app)
            seen.setdefault(mails(early), clock())
            clock.advance(HOUR)

        assert [state for state, _ in states(app)] == ["finished"]
    assert seen == {
        0: utc("2026-11-23T14:00"),
        1: utc("2026-11-24T00:00"),
        7: utc("2026-11-24T08:00"),
        8: utc("2026-11-24T14:00"),
    }


def test_an_approval_after_the_slot_sends_it_at_once(early, clock):
    change(early, "    social: [{template: weekly, each: post}]", "    approval: {needed: true}")
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-24T10:00")
        tick(app)
        waiting = states(app)
        with app.store.read() as tx:
            [edition] = tx.editions.latest("weekly")
        approve_edition(edition.id, by="marie", store=app.store, clock=clock)
        tick(app)

        assert waiting == [("in review", None)]
        assert [state for state, _ in states(app)] == ["finished"]


def test_check_hints_at_readers_who_would_get_it_too_late(folder, clock):
    change(
        folder,
        "audience: readers, template: weekly",
        "audience: readers, local_time: true, template: weekly",
    )
    people = folder / "subscribers" / "readers.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace("Europe/Berlin", "Asia/Tokyo"), encoding="utf-8")

    with opened(folder, clock) as app:
        list(app.people.import_files())
        [hint] = app.check()
        change(folder, "every: tuesday", "ahead: 2h, every: tuesday")
        app.reload_if_changed()
        [too_short] = app.check()
        change(folder, "ahead: 2h, every: tuesday", "ahead: 8h, every: tuesday")
        app.reload_if_changed()

        assert app.check() == []
    assert hint.severity is Severity.NOTICE
    assert "campaigns.weekly.email.local_time: 3 readers live where the hour comes up to 8h" in str(
        hint
    )
    assert str(hint).endswith(
        "earlier (Asia/Tokyo) - write 'ahead: 8h' in its schedule, or they get it at once"
    )
    assert ", and editions are made 2h ahead" in str(too_short)


def test_a_hint_about_a_family_names_the_line_that_somebody_wrote(folder, clock):
    change(folder, "    social: [{template: weekly, each: post}]\n", "")
    change(
        folder,
        '    schedule: {every: tuesday, at: "09:00"}\n    email: {audience: readers, ',
        '    cadences: {default: weekly, weekly: {schedule: {every: tuesday, at: "09:00"}}}\n'
        "    email: {audience: readers, local_time: true, ",
    )

    with opened(folder, clock) as app:
        list(app.people.import_files())
        [hint] = app.check()

    written = place(folder, "local_time: true")
    assert str(hint).startswith(f"{written}: campaigns.weekly.email.local_time: ")


def test_the_run_log_says_until_when_an_edition_waits(early, clock):
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        with app.store.read() as tx:
            [run] = tx.runs.latest("weekly")

        assert run.sentence(clock()).startswith("scheduled for 09:00; edition ")
        assert run.late == timedelta(0)


def test_a_tick_does_not_read_editions_that_only_wait_for_the_next_zone(early, clock, monkeypatch):
    change(early, "template: weekly}\n", "template: weekly, local_time: true}\n")
    people = early / "subscribers" / "readers.csv"
    people.write_text(
        "email,timezone,consented_at,consent_source\n"
        "a@example.org,Asia/Tokyo,2026-01-01,form\nb@example.org,America/New_York,2026-01-01,form\n",
        encoding="utf-8",
    )
    with opened(early, clock) as app:
        clock.advance(MINUTE)
        tick(app)
        clock.now = utc("2026-11-24T00:00")
        tick(app)
        tick(app)
        read = []
        get = Editions.get
        monkeypatch.setattr(
            Editions, "get", lambda self, *a, **b: read.append(a) or get(self, *a, **b)
        )
        clock.now = utc("2026-11-24T07:00")
        tick(app)
        waiting = list(read)
        clock.now = utc("2026-11-24T14:00")
        tick(app)
        tick(app)

        assert waiting == []
        assert read != []
        assert [state for state, _ in states(app)] == ["finished"]
