"""What is planned and said for all: days, slots, templates, versions, forms, settings."""

import pytest

from api_stage import calling
from dispatch.model.team.role import Role
from nouns_stage import errors_of, plan, program, tag_of

SLOT = "/campaigns/weekly/slots/2026-12-01T09:00"
SUBJECT = "/templates/weekly/subject.txt"


@pytest.fixture(scope="module")
def team(tmp_path_factory, read_in):
    with program(tmp_path_factory.mktemp("plan") / "letters", read_in) as team:
        yield team


def test_days_have_what_is_planned(team):
    _, api = team
    days = {"from": "2026-12-10", "to": "2026-12-24", "campaign": "weekly"}
    found = api.get("/calendar", params=days).json()["items"]
    none = api.get("/calendar", params=days | {"channel": "mastodon"}).json()["items"]

    assert [(one["slot"][:10], one["state"]) for one in found] == [
        ("2026-12-15", "planned"),
        ("2026-12-22", "planned"),
    ]
    assert none == []


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-12-24", "to": "2026-12-01"},
        {"from": "2026-12-01", "to": "2027-12-01"},
        {"from": "0001-01-01"},
        {"from": "Monday"},
    ],
)
def test_days_that_cannot_be_shown_are_refused(team, days):
    _, api = team

    assert api.get("/calendar", params=days).status_code == 422


def test_a_slot_is_skipped_and_taken_back_and_the_file_is_as_it_was(team):
    app, api = team
    before = plan(app)
    shown = api.get(SLOT).json()
    skipped = api.post(f"{SLOT}/skip", json={"reason": "stock-taking"}).json()
    twice = api.post(f"{SLOT}/skip", json={})
    back = api.post(f"{SLOT}/unskip").json()

    assert shown["kind"] == "planned"
    assert shown["posts"]
    assert skipped["kind"] == "left out"
    assert twice.status_code == 409
    assert back["kind"] == "planned"
    assert plan(app) == before
    assert api.get("/campaigns/weekly/slots/2026-12-02T09:00").status_code == 404
    assert api.get("/campaigns/weekly/slots/soon").status_code == 404


def test_a_file_of_a_template_is_tried_saved_and_taken_back(team):
    app, api = team
    app.campaigns.run(app.campaign("weekly"))
    shown = api.get(SUBJECT)
    seen = {"If-Match": shown.headers["etag"]}
    source = {"source": "{{ edition.title }} !\n"}
    tried = api.post(f"{SUBJECT}/try", json=source).json()
    now = api.get(f"{SUBJECT}/preview").json()
    saved = api.put(SUBJECT, json=source, headers=seen)
    late = api.put(SUBJECT, json=source, headers=seen)
    versions = api.get(f"{SUBJECT}/versions").json()["items"]
    first = api.get(f"{SUBJECT}/versions/{versions[-1]['id']}").json()

    assert tried["subject"] == "The Atelier Letter !"
    assert now["subject"] != tried["subject"]
    assert saved.status_code == 200, saved.text
    assert late.status_code == 412
    assert first["source"] == shown.json()["source"]
    [weekly] = [one for one in api.get("/templates").json()["items"] if one["name"] == "weekly"]
    assert weekly == api.get("/templates/weekly").json()


def test_a_template_that_its_campaigns_could_not_use_is_not_saved(team):
    app, api = team
    before = (app.folder / SUBJECT[1:]).read_text()
    wrong = api.put(SUBJECT, json={"source": "{{ edition.tittle }}"}, headers=tag_of(api, SUBJECT))

    assert wrong.status_code == 422
    assert "unknown name 'tittle'" in errors_of(wrong)["source"]
    assert (app.folder / SUBJECT[1:]).read_text() == before
    assert api.get("/templates/weekly/nothing.txt").status_code == 404
    assert api.get("/templates/nothing").status_code == 404


def test_schedules_yaml_goes_back_to_a_version_for_who_may_change_all_that_differs(team):
    app, api = team
    before = plan(app)
    api.patch("/settings", json={"locale": "fr"}, headers=tag_of(api, "/settings"))
    [*_, first] = api.get("/schedules/versions").json()["items"]
    path = f"/schedules/versions/{first['id']}"
    with calling(app, Role.EDITOR, handle="edith") as edith:
        refused = edith.post(f"{path}/restore", headers=tag_of(edith, path))
    shown = api.get(path)
    restored = api.post(f"{path}/restore", headers=tag_of(api, path))

    assert refused.status_code == 403
    assert refused.json()["right"] == "people"
    assert "-locale: fr" in shown.json()["diff"]
    assert restored.json()["changed"], restored.text
    assert plan(app) == before
    assert api.get("/schedules/versions/999").status_code == 404


def test_a_form_is_made_changed_and_taken_away(team):
    app, api = team
    made = api.post("/forms", json={"name": "shop", "plan": {"audiences": ["readers"]}})
    assert made.status_code == 200, made.text
    shown = api.get("/forms/shop")
    seen = {"If-Match": shown.headers["etag"]}
    changed = api.patch("/forms/shop", json={"title": "At the shop"}, headers=seen)
    again = {"If-Match": changed.headers["etag"]}
    wrong = api.patch("/forms/shop", json={"confirm": "never"}, headers=again)
    removed = api.delete("/forms/shop", headers=again)

    assert made.status_code == 200, made.text
    assert shown.json()["plan"] == {"audiences": ["readers"]}
    assert changed.json()["written"], changed.text
    assert "confirm" in errors_of(wrong)
    assert removed.status_code == 200, removed.text
    assert "shop" not in app.workspace.forms
    assert {one["name"] for one in api.get("/forms").json()["items"]} == set(app.workspace.forms)


def test_settings_are_shown_and_changed_and_how_people_sign_in_by_owners_alone(team):
    app, api = team
    seen = tag_of(api, "/settings")
    changed = api.patch("/settings", json={"sender_name": "La Lettre"}, headers=seen)
    wrong = {"timezone": "Europe/Lutetia", "service_client_secret": None}
    refused = api.patch("/settings", json=wrong, headers=tag_of(api, "/settings"))
    openly = {"service_client_secret": "abc"}
    secret = api.patch("/settings", json=openly, headers=tag_of(api, "/settings"))
    with calling(app, Role.ADMIN, handle="adam") as adam:
        mine = adam.get("/settings").json()
        denied = adam.patch(
            "/settings", json={"second_factor": True}, headers=tag_of(adam, "/settings")
        )

    assert changed.status_code == 200, changed.text
    assert mine["sender_name"] == "La Lettre"
    assert mine["second_factor"] is None
    assert "timezone" in errors_of(refused)
    assert "service_client_secret" in errors_of(secret)
    assert denied.status_code == 403


def test_the_state_of_the_service_is_told(team):
    _, api = team
    said = api.get("/status").json()

    assert said["seconds_since_tick"] is None
    assert isinstance(said["problems"], list)
