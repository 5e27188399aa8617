"""What the team writes by the API: letters, pieces, pictures, and pieces that come again."""

import pytest

from api_stage import API, calling
from dispatch.testing.samples import a_png

TEXT = {"kind": "text", "text": "Dear friends, **come in**."}


def read(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


def seen(answer):
    return {"If-Match": answer.headers["ETag"]}


@pytest.fixture
def letter(owner):
    return read(owner.post("/letters", json={}), 201)["id"]


def test_a_letter_is_planned_with_names_that_there_are(owner, letter):
    at = f"/letters/{letter}"
    shown = owner.get(at)
    plan = {"segment": "locale == 'fr'", "leaves": "2027-05-04T09:00", "tells": True}
    changed = owner.patch(at, json=plan, headers=seen(shown))
    late = owner.patch(at, json={"tells": False}, headers=seen(shown))
    now = seen(changed)

    assert read(shown)["leaves"] is None
    assert read(changed)["leaves"] == "2027-05-04T09:00"
    assert read(changed)["moment"] == "2027-05-04T07:00:00Z"
    assert read(late, 412)
    assert read(owner.patch(at, json=plan, headers=now)) == read(changed)  # which changes nothing
    for field, value in {
        "audience": "nobody",
        "template": "nothing",
        "via": ["no-channel"],
        "social": ["nothing"],
        "segment": "locale ==",
        "leaves": "0001-01-01T00:00",
    }.items():
        problem = read(owner.patch(at, json={field: value}, headers=now), 422)
        assert [one["field"] for one in problem["errors"]] == [field]
    assert read(owner.patch(at, json={"leaves": "9999-12-31T23:59"}, headers=now), 422)
    assert read(owner.patch(at, json={"leaves": "2027-02-30T09:00"}, headers=now), 422)
    again = read(owner.patch(at, json={"leaves": None}, headers=now))
    assert (again["leaves"], again["tells"]) == (None, True)


def test_only_who_writes_counts_readers_of_other_segments(house, owner, letter):
    app, web, ids = house
    all_of_them = read(owner.get(f"/letters/{letter}/readers"))
    some = read(owner.get(f"/letters/{letter}/readers", params={"segment": "locale == 'fr'"}))
    with calling(app, handle="viewer", web=web) as viewer:
        own = read(viewer.get(f"/letters/{letter}/readers"))
        other = {"segment": "email == 'kenji.sato@readers.example'"}
        assert read(viewer.get(f"/letters/{letter}/readers", params=other), 403)

    assert own == all_of_them
    assert 0 < some["readers"] < all_of_them["readers"]
    assert read(owner.get(f"/letters/{letter}/readers", params={"segment": "nothing"}), 422)
    assert read(owner.get(f"/letters/{ids['in review']}"), 404)


def test_letters_are_listed_and_copied_and_thrown_away(owner, ids, letter):
    copy = read(owner.post("/letters", json={"copy_of": ids["letter"]}), 201)
    tag = owner.get(f"/letters/{letter}").headers["ETag"]
    thrown = owner.post(f"/letters/{letter}/throw-away")
    gone, old = read(thrown), thrown.headers["Changed-ETag"]
    listed = read(owner.get("/letters", params={"limit": 200}))["items"]
    drafts = read(owner.get("/editions", params={"state": "draft", "limit": 200}))["items"]

    assert copy["copy_of"] == ids["letter"]
    assert read(owner.get(f"/editions/{copy['id']}/pieces"))["items"]
    assert gone["state"] == "rejected"
    assert f"{tag};now={owner.get(f'/letters/{letter}').headers['ETag']}" in old
    assert {copy["id"], letter, ids["letter"]} <= {one["id"] for one in listed}
    assert all(one["letter"] and one["campaign"] is None for one in listed)
    assert copy["id"] in {one["id"] for one in drafts}
    assert read(owner.post("/letters", json={"copy_of": "nothing"}), 404)


def test_two_write_pieces_at_once_and_nobody_over_another(owner, letter):
    at = f"/editions/{letter}/pieces"
    first = owner.post(at, json=TEXT)
    second = read(owner.post(at, json={"kind": "heading", "text": "News"}), 201)
    key = read(first, 201)["id"]
    mine, theirs = owner.get(f"{at}/{key}"), owner.get(f"{at}/{second['id']}")
    changed = owner.patch(f"{at}/{key}", json={"text": "Mine"}, headers=seen(mine))
    other = owner.patch(f"{at}/{second['id']}", json={"text": "Theirs"}, headers=seen(theirs))
    late = owner.patch(f"{at}/{key}", json={"text": "Late"}, headers=seen(mine))

    assert first.headers["Location"] == f"{API}{at}/{key}"
    assert read(changed)["text"] == "Mine"
    assert read(other)["text"] == "Theirs"
    assert read(late, 412)
    assert read(owner.patch(f"{at}/{key}", json={"text": "Mine"}), 428)

    edition = owner.get(f"/editions/{letter}")
    order = {"parts": [second["id"], key]}
    ordered = read(owner.patch(f"/editions/{letter}", json=order, headers=seen(edition)))
    assert [one["id"] for one in ordered["parts"]] == order["parts"]

    assert owner.delete(f"{at}/{key}", headers=seen(changed)).status_code == 204
    assert [one["id"] for one in read(owner.get(at))["items"]] == [second["id"]]
    whats = [
        piece["what"]
        for edit in read(owner.get(f"/editions/{letter}/changes"))["items"]
        for piece in edit["pieces"]
    ]
    assert whats[0] == "taken out"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "link", "text": "Here", "address": "javascript:alert(1)"}, "address"),
        ({"kind": "text", "text": "  "}, "text"),
        ({"kind": "text", "text": "x" * 20_001}, "text"),
        ({"kind": "picture", "picture": "0" * 64, "alt": "None"}, "picture"),
        ({"kind": "picture", "alt": "None"}, "picture"),
        (TEXT | {"again": {"until": "2001-01-01", "campaigns": ["weekly"]}}, "until"),
        (TEXT | {"again": {"until": "2027-01-01", "campaigns": ["nothing"]}}, "campaigns"),
    ],
)
def test_what_cannot_be_in_a_piece_is_told_by_its_field(owner, letter, said, field):
    problem = read(owner.post(f"/editions/{letter}/pieces", json=said), 422)

    assert problem["errors"][0]["field"].rpartition(".")[2] == field
    assert read(owner.get(f"/editions/{letter}/pieces"))["items"] == []


def test_a_picture_is_handed_over_and_shown_by_a_piece(owner, letter):
    kind = {"Content-Type": "image/png"}
    taken = read(
        owner.post("/pictures", params={"name": "p.png"}, content=a_png(600, 400), headers=kind),
        201,
    )
    svg = owner.post("/pictures", params={"name": "x.svg"}, content=b"<svg/>", headers=kind)
    odd = owner.post("/pictures", content=b"<svg/>", headers={"Content-Type": "image/svg+xml"})
    large = owner.post("/pictures", content=bytes(10_000_001), headers=kind)
    said = {"kind": "picture", "picture": taken["mark"], "alt": "A press", "text": "unseen"}
    piece = read(owner.post(f"/editions/{letter}/pieces", json=said), 201)

    assert (taken["width"], taken["height"]) == (600, 400)
    assert taken["address"].endswith(f"/pictures/{taken['mark']}.{taken['kind'][-3:]}")
    assert piece["picture"] == taken
    assert read(svg, 422)["detail"].startswith("x.svg: is no picture")
    assert read(odd, 415)
    assert read(large, 413)
    mail = owner.get(f"/editions/{letter}/edition.eml")
    assert mail.headers["content-type"].startswith("message/rfc822")


def test_a_text_is_looked_at_before_it_is_written(owner):
    text = "**Come in** <b>all</b> [now](javascript:x)"
    shown = read(owner.post("/texts/preview", json={"text": text}))

    assert "<strong>Come in</strong>" in shown["html"]
    assert "<b>" not in shown["html"]
    assert "href" not in shown["html"]


def test_a_piece_comes_again_until_it_is_ended_and_is_taken_up_anew(owner, letter):
    until = {"until": "2026-12-31", "campaigns": ["weekly", "(letter)"]}
    piece = read(owner.post(f"/editions/{letter}/pieces", json=TEXT | {"again": until}), 201)
    at = f"/standing/{piece['standing']}"
    shown = owner.get(at)
    changed = owner.patch(at, json={"text": "Until spring", "after": 1}, headers=seen(shown))
    late = owner.patch(at, json={"after": 2}, headers=seen(shown))
    ended = read(owner.post(f"{at}/end"))
    anew = owner.patch(at, json={"until": "2027-03-01"}, headers=seen(owner.get(at)))

    assert read(shown)["campaigns"] == ["weekly", "(letter)"]
    assert (read(changed)["text"], read(changed)["after"]) == ("Until spring", 1)
    assert read(late, 412)
    assert ended["rests"]
    assert not read(anew)["rests"]
    assert piece["standing"] in {one["id"] for one in read(owner.get("/standing"))["items"]}
    assert read(owner.get("/standing", params={"limit": 1}))["next"]


def test_a_letter_is_asked_for_and_let_out_by_somebody_else(house, owner, letter):
    app, web, _ = house
    owner.post(f"/editions/{letter}/pieces", json=TEXT)
    tag = seen(owner.get(f"/editions/{letter}"))
    subject = owner.patch(f"/editions/{letter}", json={"subject": "Come in"}, headers=tag)
    looked_at = {"fingerprint": read(subject)["fingerprint"]}
    own = owner.post(f"/letters/{letter}/send", json=looked_at)
    asked = read(owner.post(f"/editions/{letter}/ready", json={"note": "Please look"}))
    with calling(app, handle="approver", web=web) as other:
        approved = read(other.post(f"/editions/{letter}/approve", json=looked_at))

    assert read(own, 409)
    assert asked["state"] == "in review"
    assert approved["state"] == "approved"
    assert read(owner.post(f"/letters/{letter}/throw-away"), 409)


def test_sheets_of_deliveries_and_of_the_log_are_handed_out(house, owner, ids):
    at = f"/editions/{ids['finished']}/deliveries.csv"
    everybody, missed = owner.get(at), owner.get(at, params={"state": "missed"})
    log = owner.get("/audit.csv", params={"kind": "edition"})

    assert len(everybody.text.splitlines()) > len(missed.text.splitlines()) > 1
    assert "edition.edit" in log.text
    assert "letter.begin" in log.text
