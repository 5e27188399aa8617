"""What commands say about when something goes out."""

from datetime import timedelta

import pytest

from app_stage import change
from dispatch.clock import system_clock

HOUR = timedelta(hours=1)


@pytest.fixture
def night(workspace):
    """It is night: the weekly's quiet hours began two hours ago, and last for three more."""
    now = system_clock()
    quiet = f"{now - 2 * HOUR:%H:%M}-{now + 3 * HOUR:%H:%M}"
    at = 'at: "09:00", timezone: UTC'
    change(workspace, 'every: tuesday, at: "09:00"', f'every: tuesday, {at}, quiet: "{quiet}"')
    return f"{now + 3 * HOUR:%Y-%m-%d %H:%M} (UTC)"


def test_a_run_by_hand_in_the_night_says_until_when_it_waits(dispatch, night):
    rehearsed = dispatch("run", "weekly", "--dry-run")
    ended = dispatch("run", "weekly")
    again = dispatch("run", "weekly", "--json").json
    [edition] = dispatch("editions", "list", "--json").json

    assert f"it would wait for its hours, until {night}" in rehearsed.out
    assert (ended.code, ended.err) == (0, "")
    assert f"The Atelier Letter: edition {edition['edition']} goes out on {night}" in ended.out
    assert [one["edition"] for one in again["scheduled"]] == [edition["id"]]
    assert again["deliveries"] == []
    assert edition["stage"] == "scheduled"
    assert f"goes out: {night}" in dispatch("editions", "show", edition["edition"]).out
    assert dispatch.copies() == {}


def test_people_read_the_slot_by_the_clock_on_the_wall_and_programs_its_key(dispatch):
    dispatch("run", "weekly")
    [edition] = dispatch("editions", "list", "--json").json
    wall = edition["slot"][:16].replace("T", " ")

    assert edition["slot"].endswith("[Europe/Paris]")
    assert f"│ {wall} │" in dispatch("editions", "list").out
    shown = dispatch("editions", "show", edition["edition"]).out
    assert shown.startswith(f"The Atelier Letter, {wall} (Europe/Paris): finished")


def test_an_approval_says_when_it_goes_out(dispatch, workspace, night):
    change(
        workspace, "    social: [{template: weekly, each: post}]", "    approval: {needed: true}"
    )
    [edition_id] = dispatch("run", "weekly", "--json").json["waiting_for_approval"]

    ended = dispatch("editions", "approve", edition_id, "--by", "marie")

    assert f"is approved and goes out on {night} - 'dispatch up' sends it then" in ended.out


def test_a_campaign_says_by_which_hours_it_goes_out(dispatch, workspace):
    words = 'at: "09:00", ahead: 18h, quiet: "22:00-07:00", business_days: true'
    change(workspace, 'every: tuesday, at: "09:00"', f"every: tuesday, {words}")
    change(
        workspace, "template: weekly}\n", "template: weekly, local_time: true, passed: tomorrow}\n"
    )

    shown = dispatch("campaigns", "show", "weekly", "--json").json

    assert shown["made_ahead"] == "18h"
    assert shown["quiet"] == "22:00-07:00"
    assert shown["business_days"] is True
    assert shown["goes_out"] == "at the hour of each reader's zone; tomorrow where it has passed"


def test_an_edition_shows_the_hour_of_each_zone(dispatch, workspace):
    change(workspace, "template: weekly}\n", "template: weekly, local_time: true}\n")
    change(workspace, "social: [{template: weekly, each: post}]", "approval: {needed: true}")

    [edition_id] = dispatch("run", "weekly", "--json").json["waiting_for_approval"]
    before = dispatch("editions", "show", edition_id, "--json").json["zones"]
    dispatch("editions", "approve", edition_id)
    dispatch("run", "weekly")
    after = dispatch("editions", "show", edition_id, "--json").json["zones"]

    assert sum(row["readers"] for row in before) == sum(row["readers"] for row in after) == 8
    assert {row["zone"] for row in before} == {row["zone"] for row in after}
    assert all(row["done"] for row in after)
    assert "By time zone" in dispatch("editions", "show", edition_id).out


def test_a_run_that_only_waits_for_the_next_zone_has_not_failed(dispatch, workspace):
    now = system_clock()
    quiet = f"{now - HOUR:%H:%M}-{now + HOUR:%H:%M}"  # in UTC, and not in Tokyo
    at = 'at: "09:00", timezone: UTC'
    change(workspace, 'every: tuesday, at: "09:00"', f'every: tuesday, {at}, quiet: "{quiet}"')
    change(workspace, "template: weekly}\n", "template: weekly, local_time: true}\n")
    change(workspace, "    social: [{template: weekly, each: post}]\n", "")
    people = workspace / "subscribers" / "readers.csv"
    people.write_text(
        "email,timezone,consented_at,consent_source\n"
        "here@example.org,UTC,2026-01-01,form\nthere@example.org,Asia/Tokyo,2026-01-01,form\n",
        encoding="utf-8",
    )

    ended = dispatch("run", "weekly")

    assert (ended.code, ended.err) == (0, "")
    assert "the next part goes out on" in ended.out
    assert dispatch.copies() == {"there@example.org": 1}


def test_the_next_runs_say_when_they_are_made_and_go_out_where_that_is_another_time(
    dispatch, workspace
):
    usual = dispatch("check").out
    words = 'every: tuesday, at: "06:00", timezone: UTC, ahead: 2h, quiet: "22:00-07:00"'
    change(workspace, 'every: tuesday, at: "09:00"', words)
    run = dispatch("campaigns", "show", "weekly", "--json").json["next_runs"][0]

    assert "goes out utc" not in usual
    assert "goes out utc" in dispatch("check").out
    assert [run[name][11:16] for name in ("made_utc", "utc", "goes_out_utc")] == [
        *("04:00", "06:00", "07:00"),
    ]
