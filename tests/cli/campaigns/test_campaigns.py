"""`dispatch campaigns`: what is planned, and when it runs."""

from app_stage import change


def test_the_list_tells_each_schedule_in_words(dispatch):
    rows = dispatch("campaigns", "list", "--json").json

    assert [(row["campaign"], row["schedule"]) for row in rows] == [
        ("weekly", "tuesday at 09:00 Europe/Paris"),
        ("bulletin", "friday at 17:30 Europe/Paris"),
    ]
    assert all(row["next_run_in_utc"] for row in rows)
    assert "The Atelier Letter" in dispatch("campaigns", "list").out


def test_a_campaign_is_shown_with_its_next_five_runs(dispatch):
    shown = dispatch("campaigns", "show", "weekly", "--json").json

    assert shown["audience"] == "readers"
    assert [run["day"] for run in shown["next_runs"]] == ["tuesday"] * 5
    assert {run["local"][10:] for run in shown["next_runs"]} == {"T09:00:00"}
    assert {run["zone"] for run in shown["next_runs"]} == {"Europe/Paris"}
    assert {run["utc"][13:] for run in shown["next_runs"]} == {":00:00+00:00"}
    assert "Next runs" in dispatch("campaigns", "show", "weekly").out


def test_an_unknown_campaign_gets_the_nearest_one(dispatch):
    ended = dispatch("campaigns", "show", "weakly")

    assert ended.code == 2
    assert "did you mean 'weekly'?" in ended.err


def test_a_schedule_that_has_ended_says_so(dispatch, workspace):
    change(
        workspace, 'every: tuesday, at: "09:00"', 'every: tuesday, at: "09:00", until: 2020-01-01'
    )

    ended = dispatch("campaigns", "show", "weekly")

    assert "weekly: its schedule has ended - change 'until' to go on" in ended.out


def test_a_campaign_that_runs_on_new_posts_says_when(dispatch, workspace):
    change(workspace, '{every: tuesday, at: "09:00"}', "{on: new post, per_day: 3}")
    words = "on each new post, 10 min after the last, at most 3 a day, Europe/Paris"

    [weekly, _] = dispatch("campaigns", "list", "--json").json
    shown = dispatch("campaigns", "show", "weekly").out

    assert (weekly["schedule"], weekly["next_run_in_utc"]) == (words, None)
    assert f"weekly: runs {words}" in shown
    assert "none scheduled" not in shown
    assert f"weekly: runs {words}" in dispatch("check").out
    assert dispatch("check", "--json").json["on_new_posts"] == {"weekly": words}


def test_a_campaign_that_runs_on_new_posts_can_be_run_by_hand(dispatch, workspace):
    change(workspace, '{every: tuesday, at: "09:00"}', "{on: new post, timezone: Asia/Tokyo}")

    dispatch("run", "weekly")

    [run] = dispatch("runs", "list", "--json").json
    assert run["slot"].endswith("[Asia/Tokyo]")
