"""Programs that are told things, over the API."""

import pytest

from api_stage import calling
from app_stage import change
from dispatch.model.notify.notification import NotificationState
from dispatch.model.notify.types import Type
from dispatch.model.team.role import Role
from dispatch.store.notify.lanes import Attempt
from team_house import WEEK, tell_programs


def test_what_a_receiver_has_not_taken_is_listed_to_its_end(app):
    tell_programs(app)
    with app.store.begin() as tx:
        now = app.clock()
        for number in range(3):
            tx.notifications.add(Type.POST_ARRIVED, {"id": str(number)}, now=now)
        mine = tx.notification_lanes.claim("crm", limit=9, now=now, lease=WEEK)
        lost = [Attempt(one.id, NotificationState.FAILED) for one in mine]
        tx.notification_lanes.note(lost, now=now)

    query, found = {"state": "failed", "limit": 2}, []
    with calling(app, Role.ADMIN) as api:
        while query:
            page = api.get("/receivers/crm/notifications", params=query).json()
            found += [int(one["id"]) for one in page["items"]]
            query = query | {"cursor": page["next"]} if page["next"] else {}

    assert found == sorted((one.id for one in mine), reverse=True)
    assert len(found) == 4


@pytest.fixture
def admin(app):
    tell_programs(app)
    with calling(app, Role.ADMIN) as api:
        yield api


def read(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


def test_receivers_come_and_go_with_the_file_and_their_secrets_are_never_told(app, admin):
    before = read(admin.get("/receivers"))["items"]
    change(app.folder, "  old: {url: 'https://old.example/hook', secret: env:SECRET}\n", "")
    change(app.folder, "https://wall.example/hook", "https://new.example/s3cret/hook?key=k1")
    app.reload_if_changed()
    after = admin.get("/receivers")
    gone = [admin.get(f"/receivers/old{what}") for what in ("", "/notifications")]
    gone += [admin.post(f"/receivers/old/{what}") for what in ("resume", "replay-failed", "test")]

    stand = {one["name"]: (one["state"], bool(one["failing_since"])) for one in before}
    assert stand == {"crm": ("on", False), "old": ("off", False), "wall": ("on", True)}
    assert {one["name"]: one["host"] for one in read(after)["items"]} == {
        "crm": "https://crm.example",
        "wall": "https://new.example",
    }
    assert not any(word in after.text for word in ("SECRET", "s3cret", "k1", "hook"))
    assert [one.status_code for one in gone] == [404] * 5


def test_some_are_told_again_all_of_them_or_none_and_a_repeated_call_tells_none_twice(app, admin):
    [failed, waiting] = app.notify.page("wall")
    key, ids = {"Idempotency-Key": "k1"}, [str(failed.id)]

    nobody = admin.post("/notifications/replay", json={"ids": [*ids, "999999"]})
    untouched = read(admin.get(f"/notifications/{failed.id}"))["state"]
    first = read(admin.post("/notifications/replay", json={"ids": ids}, headers=key))
    again = admin.post("/notifications/replay", json={"ids": ids}, headers=key)
    due = read(admin.get(f"/notifications/{failed.id}"))
    rest = read(admin.post("/receivers/wall/replay-failed"))

    assert (nobody.status_code, untouched) == (404, failed.state.value)
    assert first == read(again) == {"notifications": 1}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (due["state"], due["attempt"], due["event"]) == ("waiting", 0, failed.event)
    assert rest == {"notifications": 0}
    assert waiting.id != failed.id


def test_one_that_was_off_is_told_things_again_once(admin):
    assert read(admin.post("/receivers/old/resume"))["state"] == "on"
    assert admin.post("/receivers/old/resume").status_code == 409


def test_without_its_secret_a_receiver_is_not_called_and_nothing_is_noted(app, admin):
    before = len(app.notify.page("crm"))

    answer = admin.post("/receivers/crm/test")

    assert answer.status_code == 422
    assert "SECRET is not set" in answer.text
    assert len(app.notify.page("crm")) == before


def test_who_may_not_see_readers_sees_what_was_told_without_its_body(app, admin):
    number = app.notify.page("crm")[0].id
    with calling(app, Role.AUTHOR, handle="author") as author:
        theirs = author.get(f"/notifications/{number}")
        replayed = author.post("/notifications/replay", json={"ids": [str(number)]})

    assert read(admin.get(f"/notifications/{number}"))["body"]["type"] == "post.arrived"
    assert theirs.status_code == 403 or theirs.json()["body"] is None
    assert (replayed.status_code, replayed.json()["right"]) == (403, "channels")
