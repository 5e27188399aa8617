"""The team looks after readers: finds them, notes what they said, and lets them go."""

import re

import pytest

from dispatch.model.team.role import Role
from team_stage import join, signed_in

CAMILLE, AMINA = "camille.moreau@readers.example", "amina.diallo@readers.example"


@pytest.fixture
def team(app):
    join(app, "ada", Role.EDITOR)
    join(app, "jean", Role.OWNER)
    return app


@pytest.fixture
def ada(team):
    with signed_in(team, "ada") as ada:
        yield ada


def page_of(app, email: str) -> str:
    return f"/team/subscribers/{app.people.find(email).public_id}"


def acts(app) -> list[str]:
    with app.store.read() as tx:
        return [one.act for one in tx.audit.page()]


def seen_on(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["camille", "amina", "lucie"]),
        ("?q=MOREAU", ["camille"]),
        ("?q=amina.d&state=active", ["amina"]),
        ("?state=ended", []),
        ("?segment=locale+%3D%3D+'fr'", ["camille", "amina"]),
        ("?q=nobody+at+all", []),
    ],
)
def test_people_are_found_by_what_is_known_of_them(ada, query, found):
    text = ada.get(f"/team/subscribers{query}").text

    shown = {name for name in ("camille", "amina", "lucie") if f"{name}." in text.lower()}
    assert shown == set(found)


def test_a_segment_that_makes_no_sense_says_so_at_its_field(ada):
    answer = ada.get("/team/subscribers?segment=locale+%3D%3D")

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert "write it like" in answer.text


def test_what_somebody_said_of_themselves_is_noted_with_on_whose_word(team, ada):
    page = page_of(team, CAMILLE)
    form = {"name": "Camille M.", "locale": "fr", "topics": "ai | AI | music", "source": "phone"}

    wrong = ada.post(f"{page}/edit", data={"locale": "zz zz"})
    stale = ada.post(f"{page}/edit", data=form | {"seen": "older"})
    right = ada.post(f"{page}/edit", data=form | {"seen": seen_on(stale.text)})

    assert (wrong.status_code, stale.status_code, right.status_code) == (422, 409, 303)
    assert "Camille M." in stale.text
    person = team.people.find(CAMILLE)
    assert (person.name, person.topics) == ("Camille M.", ("ai", "music"))
    text = ada.get(page).text
    assert "phone; name: Camille M." in text
    assert "(noted by ada)" in text
    assert acts(team) == ["subscriber.edit"]


def test_a_person_comes_in_leaves_and_comes_back_on_the_word_that_is_noted(team, ada):
    form = {"email": "new@x.org", "audience": "readers", "source": "the fair"}

    empty = ada.post("/team/subscribers/new", data={"email": "new@x.org", "audience": "readers"})
    added = ada.post("/team/subscribers/new", data=form)
    page = page_of(team, "new@x.org")
    without = ada.post(f"{page}/end", data={"audience": "readers"})
    ended = ada.post(f"{page}/end", data={"audience": "readers", "why": "by phone"})
    refused = ada.post("/team/subscribers/new", data=form)
    back = ada.post("/team/subscribers/new", data=form | {"again": "yes"})

    answers = [empty, added, without, ended, refused, back]
    assert [one.status_code for one in answers] == [422, 303, 422, 303, 422, 303]
    assert 'name="again"' in refused.text
    assert acts(team) == ["subscriber.rejoin", "subscriber.end", "subscriber.add"]
    with team.store.read() as tx:
        log = str([(one.subject, one.detail) for one in tx.audit.page()])
    assert "@" not in log


def test_several_are_chosen_and_asked_about_once_more(team, ada):
    ids = [team.people.find(one).public_id for one in (CAMILLE, AMINA)]
    chosen = {"ids": ids, "do": "end"}

    nobody = ada.post("/team/subscribers/chosen", data={"do": "end"})
    asked = ada.post("/team/subscribers/chosen", data=chosen)
    data = chosen | {"sure": "yes", "audience": "readers", "source": "their school"}
    ended = ada.post("/team/subscribers/chosen", data=data)
    data = {"ids": ids, "do": "topic", "sure": "yes", "topic": "Opera", "source": "their school"}
    told = ada.post("/team/subscribers/chosen", data=data)
    file = ada.post("/team/subscribers/chosen", data=chosen | {"do": "export"})

    assert [one.status_code for one in (nobody, asked, ended, told)] == [422, 200, 303, 303]
    assert "End a subscription of 2 people" in asked.text
    assert ended.headers["location"].endswith("n=2")
    assert file.text.count(",ended,") == 2
    assert "opera" in team.people.find(AMINA).topics


def test_an_audience_is_taken_as_a_file_and_that_stands_in_the_log(team, ada):
    answer = ada.post("/team/subscribers/export", data={"audience": "readers", "state": "active"})
    wrong = ada.post("/team/subscribers/export", data={"audience": "nothing"})

    lines = answer.text.splitlines()
    assert lines[0].startswith("\ufeffemail,name,locale")
    assert any(line.startswith(f"{CAMILLE},Camille Moreau,fr,") for line in lines)
    assert answer.headers["cache-control"] == "no-store"
    assert wrong.status_code == 422
    assert acts(team) == ["subscriber.export"]


def test_erasing_takes_the_address_to_be_typed_and_the_right_to_it(team, ada):
    page = page_of(team, CAMILLE)
    with signed_in(team, "jean") as jean:
        refused = ada.post(f"{page}/erase", data={"typed": CAMILLE})
        mistyped = jean.post(f"{page}/erase", data={"typed": AMINA})
        erased = jean.post(f"{page}/erase", data={"typed": CAMILLE.upper()})
        gone = jean.get(page)

    answers = [refused, mistyped, erased, gone]
    assert [one.status_code for one in answers] == [403, 422, 303, 404]
    with team.store.read() as tx:
        [line] = tx.audit.page()
    assert (line.act, line.subject, line.by) == ("subscriber.erase", "E-2026-0001", "jean")


def test_a_suppression_is_lifted_with_a_note_and_a_complaint_is_asked_about_twice(team, ada):
    page = page_of(team, CAMILLE)
    ada.post(f"{page}/suppress", data={"reason": "complained by mail"})
    [part] = re.findall(r"lift=([\w-]+)", _as_owner(team, "/team/suppressions"))
    lift = f"/team/suppressions/{part}/lift"

    with signed_in(team, "jean") as jean:
        answers = [
            ada.post(lift, data={"note": "wrote to us", "sure": "yes"}),
            jean.post(lift, data={"sure": "yes"}),
            jean.post(lift, data={"note": "wrote to us"}),
            jean.post(lift, data={"note": "wrote to us", "sure": "yes"}),
            jean.post("/team/suppressions/nonsense/lift", data={"note": "x"}),
        ]

    assert [one.status_code for one in answers] == [403, 422, 422, 303, 404]
    assert acts(team) == ["suppression.lift", "suppression.add"]


def _as_owner(team, path: str) -> str:
    with signed_in(team, "jean") as jean:
        return jean.get(path).text


def test_addresses_and_domains_are_suppressed_by_hand_and_by_file(team, ada):
    wrong = ada.post("/team/suppressions", data={"address": "no domain", "reason": ""})
    domain = ada.post("/team/suppressions", data={"address": "@spam.example", "reason": "abuse"})
    file = b"address,reason\ngone@x.org,bounced\nno address,why\n"
    some = ada.post("/team/suppressions/import", files={"file": ("out.csv", file)})
    taken = ada.post("/team/suppressions/export")

    assert (wrong.status_code, domain.status_code, some.status_code) == (422, 303, 422)
    assert "out.csv:3" in some.text
    assert {"gone@x.org", "'@spam.example"} <= {row.split(",")[0] for row in taken.text.split()}
    shown = ada.get("/team/suppressions?q=someone@spam.example").text
    assert "Suppressed by its domain: @spam.example." in shown
    assert "gone@x.org is not suppressed" not in ada.get("/team/suppressions?q=gone@x.org").text
