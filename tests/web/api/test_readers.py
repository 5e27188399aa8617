"""Programs list, show and change those who are written to, by the rights of the pages."""

import csv
from io import StringIO

import pytest

from api_stage import calling
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.people.suppression import target_of
from dispatch.model.team.role import Role
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.store.events.told import Told

NEW = {"email": "New@Example.org", "audience": "weekly", "source": "the fair"}


@pytest.fixture
def editor(app):
    with calling(app, Role.EDITOR) as api:
        yield api


@pytest.fixture
def admin(app):
    with calling(app, Role.ADMIN) as api:
        yield api


@pytest.fixture
def audience(app):
    return app.people.audiences()[0]


def added(api, audience, **more):
    answer = api.post("/subscribers", json=NEW | {"audience": audience} | more)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_all_readers_are_in_the_pages_of_the_list_once(editor, audience):
    mine = added(editor, audience)
    ids, cursor = [], ""
    while cursor is not None:
        page = editor.get("/subscribers", params={"limit": 1, "cursor": cursor}).json()
        ids += [one["id"] for one in page["items"]]
        cursor = page["next"]

    whole = editor.get("/subscribers", params={"limit": 200}).json()

    assert ids == [one["id"] for one in whole["items"]]
    assert len(set(ids)) == len(ids) > 1
    assert ids[0] == mine["id"]
    assert whole["next"] is None


def test_readers_are_found_by_audience_state_text_and_segment(editor, audience):
    mine = added(editor, audience, name="Zoë", locale="fr")
    editor.post(f"/subscribers/{mine['id']}/end", json={"audiences": [audience], "why": "asked"})
    other = added(editor, audience, email="other@example.org", locale="de")

    def found(**asked):
        return [one["id"] for one in editor.get("/subscribers", params=asked).json()["items"]]

    assert found(audience=audience, state="ended") == [mine["id"]]
    assert found(q="zoë") == [mine["id"]]
    assert found(q="other@") == [other["id"]]
    assert found(audience="nobody") == []
    assert found(audience=audience, segment='locale == "de"') == [other["id"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"segment": 'locale == "de"', "q": "x"}, "segment"),
        ({"segment": "nope", "audience": "weekly"}, "segment nope"),
        ({"segment": 'locale == "de"', "audience": "nobody"}, "audience"),
        ({"cursor": "abc"}, "cursor"),
        ({"limit": "201"}, "limit"),
        ({"state": "happy"}, "state"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_field(editor, audience, asked, field):
    if asked.get("audience") == "weekly":
        asked = asked | {"audience": audience}

    answer = editor.get("/subscribers", params=asked)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_somebody_is_shown_with_what_they_said_and_may_be_taken_along(editor, audience):
    mine = added(editor, audience, topics=["ai", "Chess"], consented_at="2024-02-29T12:00:00+02:00")

    shown = editor.get(f"/subscribers/{mine['id']}").json()
    file = editor.get(f"/subscribers/{mine['id']}/export").json()

    assert shown == mine
    assert shown["email"] == "New@Example.org"
    assert shown["topics"] == ["ai", "chess"]
    assert [one["audience"] for one in shown["subscriptions"]] == [audience]
    assert shown["record"][0]["source"] == "the fair (noted by ada)"
    assert shown["record"][0]["at"] == "2024-02-29T10:00:00Z"
    assert file["profile"]["email"] == "New@Example.org"
    assert "sign_ups" in file


def test_who_is_there_already_is_left_as_they_are_and_who_left_has_to_ask_again(editor, audience):
    mine = added(editor, audience)
    again = editor.post("/subscribers", json=NEW | {"audience": audience})
    end = {"audiences": [audience], "why": "by phone"}
    ended = editor.post(f"/subscribers/{mine['id']}/end", json=end).json()
    refused = editor.post("/subscribers", json=NEW | {"audience": audience})
    back = editor.post("/subscribers", json=NEW | {"audience": audience, "again": True})

    assert again.status_code == 200
    assert ended["subscriptions"][0]["state"] == "ended"
    assert refused.status_code == 409
    assert back.status_code == 201
    assert back.json()["subscriptions"][0]["state"] == "active"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": " "}, "email"),
        ({"source": " "}, "source"),
        ({"audience": "nobody"}, "audience"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"cadence": "hourly"}, "cadence"),
        ({"colour": "red"}, "colour"),
        ({"topics": "ai"}, "topics"),
    ],
)
def test_who_cannot_be_brought_in_is_told_by_the_field(editor, audience, more, field):
    answer = editor.post("/subscribers", json=NEW | {"audience": audience} | more)

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_profile_is_changed_by_who_has_seen_it_as_it_is(editor, audience):
    path = f"/subscribers/{added(editor, audience, name='Old')['id']}/profile"
    seen = editor.get(path)
    body = {"name": "New", "topics": ["a", "b"], "source": "by phone"}

    unseen = editor.patch(path, json=body)
    changed = editor.patch(path, json=body, headers={"If-Match": seen.headers["etag"]})
    late = editor.patch(path, json=body, headers={"If-Match": seen.headers["etag"]})
    after = editor.get(path)

    assert [unseen.status_code, changed.status_code, late.status_code] == [428, 200, 412]
    assert changed.json() == after.json() == seen.json() | {"name": "New", "topics": ["a", "b"]}
    assert changed.headers["etag"] == after.headers["etag"]


def test_a_cadence_that_nothing_offers_is_refused(editor, audience):
    path = f"/subscribers/{added(editor, audience)['id']}/cadence"

    assert editor.put(path, json={"cadence": "weekly"}).status_code == 422
    assert editor.put(path, json={"cadence": None}).status_code == 200


def test_who_is_suppressed_is_lifted_by_who_may_erase(app, editor, audience):
    mine = added(editor, audience)
    reason = {"reason": "never write to me"}
    shown = editor.post(f"/subscribers/{mine['id']}/suppress", json=reason).json()
    [line] = editor.get("/suppressions").json()["items"]
    lift = f"/suppressions/{line['id']}/lift"
    forbidden = editor.post(lift, json={"note": "asked"})
    with calling(app, Role.ADMIN, handle="root") as admin:
        unsure = admin.post(lift, json={"note": "asked"})
        lifted = admin.post(lift, json={"note": "asked", "sure": True})

    assert shown["suppression"] == line
    assert (line["target"], line["for_good"]) == ("new@example.org", True)
    assert forbidden.status_code == 403
    assert (unsure.status_code, lifted.status_code) == (422, 204)
    assert editor.get(f"/suppressions/{line['id']}").status_code == 404


def test_who_is_erased_is_named_by_their_address_and_gone(admin, audience):
    mine = added(admin, audience)
    path = f"/subscribers/{mine['id']}"

    other = admin.post(f"{path}/erase", json={"email": "other@example.org"})
    erased = admin.post(f"{path}/erase", json={"email": "new@example.ORG"})

    assert other.status_code == 422
    assert erased.json()["subscriptions"] == 1
    assert admin.get(path).status_code == 404
    assert admin.post("/subscribers", json=NEW | {"audience": audience}).status_code == 409


def test_suppressions_are_added_listed_looked_for_and_taken_in_and_out(editor):
    for target in ("ada@gone.example", "@lost.example", "bob@gone.example"):
        body = {"target": target, "reason": "asked"}
        assert editor.post("/suppressions", json=body).status_code == 201
    again = editor.post("/suppressions", json={"target": "ADA@gone.example", "reason": "again"})
    file = "address,reason\ncyd@gone.example,bounced\nnobody,\n"
    took = editor.post(
        "/suppressions/import", content=file, headers={"Content-Type": "text/csv"}
    ).json()

    def found(**asked):
        return {one["target"] for one in editor.get("/suppressions", params=asked).json()["items"]}

    assert again.status_code == 200
    assert (took["rows"], took["new"], took["faulty"]) == (1, 1, 1)
    everything = {"ada@gone.example", "bob@gone.example", "cyd@gone.example"}
    assert found() == everything
    assert found(what="domains") == {"@lost.example"}
    assert found(q="cyd") == {"cyd@gone.example"}
    assert found(what="asked") == set()
    first = editor.get("/suppressions", params={"limit": 2}).json()
    rest = editor.get("/suppressions", params={"limit": 2, "cursor": first["next"]}).json()
    assert {one["target"] for one in (*first["items"], *rest["items"])} == everything
    out = editor.post("/exports/suppressions")
    assert out.headers["content-type"] == "text/csv; charset=utf-8"
    assert out.text.count("\n") == 5


def test_a_reader_who_asks_to_be_let_back_in_is_listed(app, editor):
    target = target_of("ada@gone.example")
    editor.post("/suppressions", json={"target": target.key, "reason": "asked"})
    with app.store.begin() as tx:
        tx.suppressions.note(target, tx_word(), now=app.clock())

    [line] = editor.get("/suppressions", params={"what": "asked"}).json()["items"]

    assert line["asked"] is not None


def tx_word():
    from dispatch.model.people.suppression import SuppressionWord

    return SuppressionWord.ASKED


def test_readers_leave_as_csv_those_of_an_audience_or_some(editor, audience):
    mine = added(editor, audience)

    some = editor.post("/exports/subscribers", json={"ids": [mine["id"], "nobody"]})
    all_ = editor.post("/exports/subscribers", json={"audience": audience, "state": "active"})
    neither = editor.post("/exports/subscribers", json={})

    def emails(answer):
        return [
            row["email"] for row in csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
        ]

    assert emails(some) == ["New@Example.org"]
    assert "New@Example.org" in emails(all_)
    assert len(emails(all_)) > 1
    assert neither.status_code == 422


def test_events_name_nobody_to_who_may_not_see_readers(app, editor):
    event = Event(kind=EventKind.BOUNCED, id="1", recipient="zoe@x.example", reason="550 zoe gone")
    opened = Event(kind=EventKind.OPENED, id="2", recipient="zoe@x.example")
    now = app.clock()
    with app.store.begin() as tx:
        tx.events.add([Told("mail", one.id, one, now, now, None) for one in (event, opened)])

    seen = editor.get("/events").json()["items"]
    with calling(app, Role.VIEWER, handle="guest") as guest:
        hidden = guest.get("/events").json()["items"]
        some = guest.get("/events", params={"kind": "bounced"}).json()
        none = guest.get("/events", params={"channel": "other"}).json()

    assert [one["kind"] for one in seen] == ["opened", "bounced"]
    assert seen[1]["reason"] == "550 zoe gone"
    personal = {"recipient": None, "reason": None, "url": None, "subscriber": None}
    assert [one | personal for one in seen] == hidden
    assert "zoe" not in str(hidden)
    assert some == {"items": [hidden[1]], "next": None}
    assert none == {"items": [], "next": None}


def test_how_many_readers_there_are_is_told_to_all_by_audience_and_week(app, audience):
    count_readers(None, store=app.store, clock=app.clock, zone=app.zone)
    with calling(app, Role.VIEWER) as guest:
        audiences = guest.get("/audiences").json()["items"]
        weeks = guest.get("/audiences/counts").json()["items"]
        one = guest.get("/audiences/counts", params={"audience": audience, "weeks": 1}).json()
        nobody = guest.get("/audiences/counts", params={"audience": "x"})

    assert [one["name"] for one in audiences] == app.people.audiences()
    assert len(weeks) == 1
    assert weeks[0]["readers"] > 0
    assert one["items"][0]["readers"] == audiences[0]["count"]["readers"]
    assert nobody.status_code == 422


@pytest.mark.parametrize(
    "when", ["2026-03-02T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_without_a_zone_or_that_no_clock_has_is_told(owner, when):
    said = {"email": "zoe@example.org", "audience": "readers", "source": "fair"}
    added = owner.post("/subscribers", json=said | {"consented_at": when})
    lines = owner.get("/audit", params={"since": when})

    for answer, field in ((added, "consented_at"), (lines, "since")):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


def test_where_a_made_thing_is_said_can_be_asked(owner):
    said = {"audience": "readers", "ground": "fair", "rows": [{"email": "zoe@example.org"}]}
    made = owner.post("/imports/rows", json=said)

    assert owner.get(f"http://testserver{made.headers['Location']}").status_code == 200


def test_only_sign_ups_are_bounded_as_such_and_open_to_other_sites(owner):
    origin = {"Origin": "https://atelier.example", "If-Match": "*"}
    long = owner.patch("/forms/readers", json={"title": "x" * 100_000}, headers=origin)

    assert long.status_code == 422
    assert "Access-Control-Allow-Origin" not in long.headers
