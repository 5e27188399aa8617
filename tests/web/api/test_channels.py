import pytest

from nouns_stage import errors_of, plan, program, tag_of

SECRET = "s3cret-never-shown"


@pytest.fixture(scope="module")
def team(tmp_path_factory, read_in):
    with program(tmp_path_factory.mktemp("channels") / "letters", read_in) as team:
        yield team


def test_a_channel_is_connected_shown_changed_and_checked(team):
    app, api = team
    made = api.post("/channels", json={"name": "trial", "provider": "outbox"})
    faster = {"pace": {"per_second": 5}, "options": {"folder": "try"}}
    changed = api.patch("/channels/trial", json=faster, headers=tag_of(api, "/channels/trial"))
    checked = api.post("/channels/trial/check").json()
    shown = api.get("/channels/trial").json()
    listed = api.get("/channels", params={"limit": 1}).json()

    assert made.status_code == 200, made.text
    assert changed.status_code == 200, changed.text
    assert app.workspace.channels["trial"].pace.per_second == 5
    assert checked["problem"] == ""
    assert (shown["state"], shown["options"]) == ("ready", {"folder": "try"})
    assert shown["pace"] == {"per_second": 5}
    assert len(listed["items"]) == 1


def test_a_channel_is_paused_with_a_reason_and_goes_on(team):
    _, api = team
    unsaid = api.post("/channels/outbox/pause", json={})
    paused = api.post("/channels/outbox/pause", json={"reason": "a wrong link"}).json()
    twice = api.post("/channels/outbox/pause", json={"reason": "again"})
    resumed = api.post("/channels/outbox/resume").json()

    assert unsaid.status_code == 422
    assert paused["stop"]["reason"] == "paused by ada: a wrong link"
    assert twice.status_code == 409
    assert resumed["state"] != "stopped"


def test_a_secret_is_only_taken_by_its_name_and_never_shown(team):
    app, api = team
    before = plan(app)
    options = {"server": "https://social.example", "token": SECRET}
    openly = api.post("/channels", json={"name": "m", "provider": "mastodon", "options": options})
    by_file = api.post(
        "/channels",
        json={
            "name": "m",
            "provider": "mastodon",
            "options": options | {"token": "file:/etc/passwd"},
        },
    )
    unset = api.post(
        "/channels",
        json={"name": "m", "provider": "mastodon", "options": options | {"token": "env:NOT_SET"}},
    )

    for answer in (openly, by_file, unset):
        assert answer.status_code == 422
        assert "options.token" in errors_of(answer)
        assert SECRET not in answer.text
    assert "NOT_SET" in unset.text
    assert plan(app) == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/channels/nothing", None, 404),
        ("POST", "/channels", {"name": "x", "provider": "nothing"}, 422),
        ("POST", "/channels", {"name": "x", "provider": "outbox", "options": {"x": 1}}, 422),
        ("POST", "/channels/nothing/check", None, 404),
        ("POST", "/channels/nothing/disconnect", None, 404),
        ("PATCH", "/channels/outbox", {"pace": {"per_second": -1}}, 422),
    ],
)
def test_what_cannot_be_done_is_said(team, method, path, body, status):
    _, api = team
    answer = api.request(method, path, json=body, headers={"If-Match": "*"})

    assert answer.status_code == status, answer.text
