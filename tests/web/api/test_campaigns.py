import pytest

from api_stage import calling
from dispatch.model.team.role import Role
from nouns_stage import errors_of, plan, program, tag_of

MONTHLY = {
    "title": "The month",
    "feeds": ["atelier"],
    "schedule": {"every": "month", "on": "1st", "at": "09:00"},
    "email": {"audience": "readers", "template": "weekly"},
}


@pytest.fixture(scope="module")
def team(tmp_path_factory, read_in):
    with program(tmp_path_factory.mktemp("campaigns") / "letters", read_in) as team:
        yield team


def test_campaigns_are_listed_with_what_comes_next(team):
    _, api = team
    [weekly] = api.get("/campaigns", params={"text": "weekly"}).json()["items"]
    shown = api.get("/campaigns/weekly").json()

    assert weekly["next_run"] == "2026-12-01T08:00:00Z"
    assert weekly["channels"] == ["outbox"]
    assert [one["slot"][:10] for one in shown["next_runs"]][:2] == ["2026-12-01", "2026-12-08"]
    assert shown["plan"]["schedule"] == {"every": "tuesday", "at": "09:00"}


def test_who_may_only_look_is_not_shown_the_keys_of_the_file(team):
    app, _ = team
    with calling(app, Role.VIEWER, handle="vera") as vera:
        shown = vera.get("/campaigns/weekly").json()

    assert shown["plan"] is None
    assert shown["audience"] == "readers"


def test_a_campaign_is_made_changed_and_only_what_differs_is_written(team):
    app, api = team
    before = plan(app)
    made = api.post("/campaigns", json={"name": "monthly", "plan": MONTHLY})
    patch = {"posts": {"at_least": 3}, "schedule": {"at": "10:30"}}
    changed = api.patch("/campaigns/monthly", json=patch, headers=tag_of(api, "/campaigns/monthly"))
    out = {"posts": None}
    back = {"If-Match": changed.headers["etag"]}
    again = api.patch("/campaigns/monthly", json=out, headers=back)

    assert made.status_code == 200, made.text
    assert changed.status_code == again.status_code == 200, changed.text
    assert [line[0] for line in changed.json()["diff"] if "at: " in line] == ["-", "+"]
    monthly = app.workspace.campaigns["monthly"]
    assert monthly.posts.at_least == 1
    assert str(monthly.schedule.at[0]) == "10:30:00"
    assert [line for line in before.splitlines() if line not in plan(app)] == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "new", "plan": MONTHLY}, 422, "name"),
        ({"name": "No Name", "plan": MONTHLY}, 422, "name"),
        ({"name": "weekly", "plan": MONTHLY}, 409, ""),
        ({"name": "x", "plan": MONTHLY | {"feeds": ["nothing"]}}, 422, "feeds[0]"),
        ({"name": "x", "plan": MONTHLY | {"schedule": {"evry": "day"}}}, 422, "schedule.evry"),
        ({"name": "x", "plan": {}}, 422, "feeds"),
        ({"name": "x", "plan": MONTHLY | {"archive": ["public"]}}, 422, "archive"),
        ({"name": "x", "plan": []}, 422, "plan"),
    ],
)
def test_what_cannot_be_made_is_said_at_its_field(team, body, status, field):
    app, api = team
    before = plan(app)
    answer = api.post("/campaigns", json=body)

    assert answer.status_code == status, answer.text
    assert not field or field in errors_of(answer), answer.text
    assert plan(app) == before


def test_a_change_needs_the_file_that_was_seen_and_its_keys_are_checked(team):
    _, api = team
    unseen = api.patch("/campaigns/weekly", json={"title": "x"})
    old = api.patch("/campaigns/weekly", json={"title": "x"}, headers={"If-Match": '"a"'})
    wrong = {"email": {"template": "nothing"}}
    refused = api.patch("/campaigns/weekly", json=wrong, headers=tag_of(api, "/campaigns/weekly"))

    assert (unseen.status_code, old.status_code, refused.status_code) == (428, 412, 422)
    assert "email.template" in errors_of(refused)


def test_a_run_is_simulated_rehearsed_made_and_told_of(team):
    _, api = team
    simulated = api.get("/campaigns/weekly/simulation", params={"weeks": 4}).json()
    rehearsed = api.get("/campaigns/weekly/rehearsal").json()
    made = api.post("/campaigns/weekly/run").json()
    again = api.post("/campaigns/weekly/run").json()
    runs = api.get("/runs", params={"campaign": "weekly"}).json()

    assert simulated["editions"] > 1
    assert simulated["runs"][-1]["posts"]
    assert rehearsed["made"], rehearsed
    assert rehearsed["recipients"]["outbox"] > 0
    assert made["edition"]
    assert again["edition"] is None
    assert made["edition"] in [one["edition"] for one in runs["items"]]
    assert runs["items"][0]["manual"]


@pytest.mark.parametrize(
    "path", ["/campaigns/wekly", "/campaigns/wekly/rehearsal", "/campaigns/x/simulation"]
)
def test_a_campaign_that_is_not_there_is_told_so(team, path):
    _, api = team
    answer = api.get(path)

    assert answer.status_code == 404
    assert "not in schedules.yaml" in answer.json()["detail"]
