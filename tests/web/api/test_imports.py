"""Programs hand over files of people, as files or as rows: nobody comes in before they say so."""

import pytest

from api_stage import calling
from dispatch.model.team.role import Role
from dispatch.web.team.readers import imports as page

CSV = {"Content-Type": "text/csv"}
FILE = "email,name,city\nnew@example.org,New,Oslo\nnobody,No,\nnew@example.org,Twice,\n"


@pytest.fixture
def editor(app):
    with calling(app, Role.EDITOR) as api:
        yield api


@pytest.fixture
def audience(app):
    return app.people.audiences()[0]


def handed_over(api, audience, content=FILE, **asked):
    answer = api.post(
        "/imports", params={"audience": audience} | asked, content=content, headers=CSV
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def found(api, email):
    return api.get("/subscribers", params={"q": email}).json()["items"]


def test_a_file_is_looked_at_decided_on_and_brought_in_once(editor, audience):
    looked = handed_over(editor, audience, name="fair.csv")
    path = f"/imports/{looked['id']}"
    nobody_yet = found(editor, "new@example.org")
    no_ground = editor.post(f"{path}/bring-in", json={"new": 1})
    other = editor.post(f"{path}/bring-in", json={"new": 7, "ground": "the fair"})
    done = editor.post(f"{path}/bring-in", json={"new": 1, "ground": "the fair"}).json()
    twice = editor.post(f"{path}/bring-in", json={"new": 1, "ground": "the fair"})
    wrong = editor.get(f"{path}/wrong-rows")

    assert looked["state"] == "looked"
    assert (looked["rows"], looked["new"]) == (3, 1)
    assert {one["why"]: one["number"] for one in looked["refused"]} == {
        "wrong_address": 1,
        "twice": 1,
    }
    assert nobody_yet == []
    assert no_ground.status_code == 422
    assert other.status_code == 409
    assert other.json()["type"] == "urn:dispatch:problem:changed"
    assert (done["state"], done["new"]) == ("done", 1)
    assert twice.json() == done
    assert wrong.status_code == 404
    [person] = found(editor, "new@example.org")
    shown = editor.get(f"/subscribers/{person['id']}").json()
    assert shown["fields"] == {"city": "Oslo"}
    assert "the fair" in shown["record"][0]["source"]


def test_rows_that_do_not_count_are_given_back(editor, audience):
    looked = handed_over(editor, audience)

    wrong = editor.get(f"/imports/{looked['id']}/wrong-rows")

    assert wrong.headers["content-type"] == "text/csv; charset=utf-8"
    assert "nobody" in wrong.text
    assert editor.get("/imports").json()["items"] == [looked]


def test_a_file_is_looked_at_with_other_columns_and_forgotten(editor, audience):
    looked = handed_over(editor, audience, "Mail;Who\nnew@example.org;New\n")
    path = f"/imports/{looked['id']}"

    odd = editor.post(f"{path}/look", json={"columns": {"Nope": "email"}})
    worse = editor.post(f"{path}/look", json={"columns": {"Who": "shoe size"}})
    again = editor.post(f"{path}/look", json={"columns": {"Who": "name"}, "ground": "the fair"})
    gone = editor.delete(path)

    assert [odd.status_code, worse.status_code] == [422, 422]
    assert [one["taken_for"] for one in again.json()["columns"]] == ["email", "name"]
    assert again.json()["ground"] == "the fair"
    assert gone.status_code == 204
    assert editor.get(path).status_code == 404


def test_people_are_said_as_rows(editor, audience):
    rows = [
        {"email": "new@example.org", "topics": ["ai", "chess"], "fields": {"city": "Oslo"}},
        {"email": "=1+1@example.org", "consent_source": "the fair", "name": "'=x"},
    ]
    body = {"audience": audience, "ground": "members", "rows": rows}

    looked = editor.post("/imports/rows", json=body).json()
    editor.post(f"/imports/{looked['id']}/bring-in", json={"new": looked["new"]})

    assert looked["new"] == 2
    [person] = found(editor, "new@")
    shown = editor.get(f"/subscribers/{person['id']}").json()
    assert (shown["topics"], shown["fields"]) == (["ai", "chess"], {"city": "Oslo"})
    [odd] = found(editor, "1+1")
    assert (odd["email"], odd["name"]) == ("=1+1@example.org", "'=x")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rows": []}, "rows"),
        ({"rows": [{"email": "a@x.example"}] * 10_001}, "rows"),
        ({"rows": [{"email": "a@x.example", "fields": {"email": "x"}}]}, "fields"),
        ({"rows": [{"email": "a@x.example", "fields": {"": "x"}}]}, "fields"),
        ({"audience": "nobody"}, "audience"),
        ({"merge": "mix"}, "merge"),
    ],
)
def test_rows_that_cannot_be_used_bring_nothing(editor, audience, body, field):
    said = {"audience": audience, "rows": [{"email": "a@x.example"}]} | body

    answer = editor.post("/imports/rows", json=said)

    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert editor.get("/imports").json()["items"] == []


def test_ten_thousand_rows_are_a_job_of_the_service(app, editor, audience, monkeypatch):
    monkeypatch.setattr(page, "AT_ONCE", 2_000)
    rows = [{"email": f"r{number}@x.example"} for number in range(10_000)]

    taken = editor.post("/imports/rows", json={"audience": audience, "rows": rows})
    path = f"/imports/{taken.json()['id']}"
    early = editor.post(f"{path}/bring-in", json={"new": 0, "ground": "x"})
    app.uploads.work()

    assert taken.status_code == 201
    assert (taken.json()["state"], taken.json()["total"]) == ("looking", 10_001)
    assert early.status_code == 409
    assert editor.get(path).json()["new"] == 10_000


def test_what_is_no_file_is_told(editor, audience):
    empty = editor.post("/imports", params={"audience": audience}, content="", headers=CSV)
    kind = editor.post("/imports", params={"audience": audience}, json={"email": "x"})
    binary = handed_over(editor, audience, b"\x00\x01\x02" * 50)

    assert (empty.status_code, kind.status_code) == (422, 415)
    assert binary["readable"] is False
    assert binary["problems"]
