"""Editions by the API: seen, edited, decided on, and followed while they go out."""

import pytest

from api_stage import API, calling
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.reviews.ask import ask_for_approval
from dispatch.web.api.editions import decisions


def read(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


def test_editions_are_listed_page_by_page_and_by_where_they_stand(owner, ids):
    found, cursor = [], ""
    while cursor is not None:
        page = read(owner.get("/editions", params={"limit": 1, "cursor": cursor}))
        found += page["items"]
        cursor = page["next"]
    paused = read(owner.get("/editions", params={"state": "paused", "campaign": "weekly"}))

    assert {one["id"] for one in found} == set(ids.values())
    assert len(found) == len(ids)
    assert [one["id"] for one in paused["items"]] == [ids["paused"]]
    assert read(owner.get("/editions", params={"cursor": "odd"}), 422)["errors"]
    assert read(owner.get("/editions", params={"limit": 201}), 422)["errors"]
    assert read(owner.get("/editions", params={"state": "odd"}), 422)["errors"]


def test_an_edition_can_be_looked_at_from_all_sides(owner, ids):
    at = f"/editions/{ids['finished']}"
    shown = owner.get(at)
    digest = read(owner.get(f"{at}/digest", params={"language": "fr"}))
    checks = read(owner.get(f"{at}/checks"))
    snippets = read(owner.get(f"{at}/snippets"))
    progress = read(owner.get(f"{at}/progress"))
    run = read(owner.get(f"{at}/run"))

    assert read(shown)["state"] == "finished"
    assert owner.get(at, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert digest["subject"]
    assert "<html" in digest["html"]
    assert {one["kind"] for one in checks["items"]} <= {"stop", "look", "fine"}
    assert all(one["text"] for one in snippets["items"])
    assert progress["total"] == sum(progress["counts"].values())
    assert run["edition"] == ids["finished"]
    assert read(owner.get(f"/runs/{run['id']}")) == run
    assert run["id"] in {one["id"] for one in read(owner.get("/runs"))["items"]}
    assert read(owner.get(f"{at}/digest", params={"language": "tlh"}), 404)
    assert read(owner.get(f"{at}/snippets", params={"channel": "none"}), 404)
    assert read(owner.get("/editions/none"), 404)
    assert read(owner.get("/runs/none"), 404)


def test_deliveries_go_on_behind_the_last_one(owner, ids):
    at, found, cursor = f"/editions/{ids['finished']}/deliveries", [], ""
    while cursor is not None:
        page = read(owner.get(at, params={"limit": 3, "cursor": cursor}))
        found += page["items"]
        cursor = page["next"]
    unknown = read(owner.get(at, params={"state": "unknown"}))["items"]

    assert len(found) == len({one["id"] for one in found}) > 3
    assert any(one["subscriber"] for one in found)
    assert [one["state"] for one in unknown] == ["unknown"]


def test_two_who_edit_lose_nothing_and_approval_pins_what_was_looked_at(house, owner, ids):
    at = f"/editions/{ids['in review']}"
    seen = owner.get(at)
    tag = {"If-Match": seen.headers["ETag"]}
    edited = owner.patch(at, json={"subject": "Spring, at last"}, headers=tag)
    late = owner.patch(at, json={"subject": "Winter"}, headers=tag)
    same = {"If-Match": edited.headers["ETag"]}
    nothing = owner.patch(at, json={"subject": "Spring, at last"}, headers=same)
    bad = owner.patch(at, json={"order": ["999999"]}, headers=same)
    old = owner.post(f"{at}/approve", json={"fingerprint": read(seen)["fingerprint"]})
    now = read(owner.get(at))

    assert edited.headers["ETag"] == nothing.headers["ETag"] == late.headers["ETag"]
    assert read(edited)["author"] == "jean"
    assert late.status_code == 412
    assert read(nothing)["subject"] == now["subject"] == "Spring, at last"
    assert 400 <= bad.status_code < 500
    assert read(old, 409)["type"].endswith(":changed")


def test_a_piece_tells_of_the_edition_that_it_has_changed_and_of_nobody_elses_change(owner, ids):
    at = f"/editions/{ids['letter']}"

    def tags():
        return [owner.get(one).headers["ETag"] for one in (at, f"/letters/{ids['letter']}")]

    seen = tags()
    made = owner.post(f"{at}/pieces", json={"kind": "heading", "text": "Soon"})
    with_it = tags()
    mine = {"If-Match": made.headers["ETag"]}
    gone = owner.delete(made.headers["Location"].removeprefix(API), headers=mine)
    without = tags()

    for answer, was, now in ((made, seen, with_it), (gone, with_it, without)):
        said = [f"{a};now={b}" for a, b in zip(was, now, strict=True)]
        assert answer.headers["Changed-ETag"] == ", ".join(said)


def test_a_decision_says_nothing_of_what_somebody_else_has_changed_meanwhile(
    house, owner, ids, monkeypatch
):
    app, _, _ = house
    at = f"/editions/{ids['in review']}"

    def ask(*args, **how):
        app.editions.edit(ids["in review"], Changes(subject="Winter"), by="jean", seen="")
        return ask_for_approval(*args, **how)

    monkeypatch.setattr(decisions, "ask_for_approval", ask)
    answer = owner.post(f"{at}/ready", json={})

    assert read(answer)["state"] == "in review"
    assert "Changed-ETag" not in answer.headers


def decided(owner, at, act, body=None):
    """What is answered to a decision, which tells also which tag it has made old."""
    seen = owner.get(at)
    answer = owner.post(f"{at}/{act}", json=body)
    said = read(answer)
    changed = f"{seen.headers['ETag']};now={owner.get(at).headers['ETag']}"
    assert changed in answer.headers["Changed-ETag"].split(", ")
    return said


def test_what_is_decided_goes_its_way(house, owner, ids):
    at = f"/editions/{ids['in review']}"
    wanted = decided(owner, at, "request-changes", {"note": "Shorter"})
    asked = decided(owner, at, "ready", {"note": "It is"})
    approved = decided(owner, at, "approve", {"fingerprint": asked["fingerprint"]})
    rejected = owner.post(f"{at}/reject", json={"reason": "none"})

    assert [one["state"] for one in (wanted, asked)] == ["changes requested", "in review"]
    assert approved["state"] in {"approved", "sending", "finished"}
    assert rejected.status_code in {200, 409}


def test_what_goes_out_can_be_halted_and_mended(owner, ids):
    at = f"/editions/{ids['sending']}"
    assert decided(owner, at, "pause", {})["state"] == "paused"
    assert decided(owner, at, "resume")["state"] == "sending"
    assert read(owner.post(f"{at}/cancel", json={}), 422)
    assert decided(owner, at, "cancel", {"reason": "wrong"})["state"] == "cancelled"
    done = f"/editions/{ids['finished']}"
    assert read(owner.post(f"{done}/resolve", json={"as": "accept"}))["deliveries"] == 1
    assert read(owner.post(f"{done}/retry-failed", json={"deliveries": ["7"]}))["deliveries"] == 0
    assert read(owner.post(f"{done}/tell-again", json={"deliveries": ["7"]}))["deliveries"] == 0
    correction = {"delivery": "7", "text": "new"}
    assert read(owner.post(f"{done}/correct", json=correction), 404)


def test_a_test_goes_to_who_made_the_token_or_to_others_for_who_may(house, ids):
    app, web, _ = house
    at = f"/editions/{ids['finished']}"
    with calling(app, Role.AUTHOR, handle="author", web=web) as author:
        mine = read(author.post(f"{at}/test", json={}))
        elsewhere = read(author.post(f"{at}/test", json={"to": "who@else.example"}), 403)
        real = read(author.get(f"{at}/digest", params={"subscriber": "x"}), 403)

    assert mine["accepted"]
    assert (elsewhere["right"], real["right"]) == ("mend", "readers")


def test_people_are_asked_in_changed_and_let_out(house, owner):
    asked = read(
        owner.post("/invitations", json={"email": "new@a.example", "roles": ["editor"]}), 201
    )
    waiting = read(owner.get("/invitations"))["items"]
    gone = owner.delete(f"/invitations/{asked['id']}")
    changed = read(owner.patch("/people/viewer", json={"roles": ["author"]}))
    removed = owner.delete("/people/approver")
    handles = [one["handle"] for one in read(owner.get("/people", params={"limit": 200}))["items"]]

    assert asked["id"] in {one["id"] for one in waiting}
    assert (gone.status_code, removed.status_code, gone.content) == (204, 204, b"")
    assert changed["roles"] == ["author"]
    assert "approver" not in handles
    assert handles == sorted(handles)
    assert read(owner.get("/people/approver"), 404)
    assert read(owner.post("/invitations", json={"email": "odd", "roles": ["editor"]}), 422)
    assert read(owner.patch("/people/viewer", json={"roles": []}), 422)


def test_nobody_gives_by_a_token_what_it_lacks(house):
    app, web, _ = house
    with calling(app, Role.ADMIN, handle="admin", web=web) as admin:
        told = read(admin.patch("/people/editor", json={"roles": ["owner"]}), 409)

    assert "more than they may" in told["detail"]


def test_the_audit_log_goes_on_behind_the_last_line(owner):
    first = read(owner.get("/audit", params={"limit": 2}))
    second = read(owner.get("/audit", params={"limit": 2, "cursor": first["next"]}))
    numbers = [int(one["id"]) for one in first["items"] + second["items"]]

    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 4
    since = {"since": "2026-01-01T00:00:00Z", "by": "jean", "act": "person."}
    assert all(one["by"] == "jean" for one in read(owner.get("/audit", params=since))["items"])
    assert read(owner.get("/audit", params={"since": "2026-01-01T00:00:00"}), 422)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
def test_tokens_of_others_are_seen_and_ended_by_who_looks_after_people(house, role):
    app, web, _ = house
    with calling(app, role, handle="jean" if role is Role.OWNER else "editor", web=web) as api:
        said = {"roles": [Role.VIEWER], "of": "author", "by": "author"}
        theirs, _ = app.team.make_api_token("theirs", days=30, **said)
        listed = read(api.get("/tokens", params={"limit": 200}))["items"]
        ended = api.post(f"/tokens/{theirs.id}/revoke")

    makers = {one["made_by"] for one in listed}
    assert (makers == {"editor"}) == (role is Role.EDITOR)
    assert ended.status_code == (404 if role is Role.EDITOR else 200)
