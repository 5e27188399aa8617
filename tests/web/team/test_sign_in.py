"""Signing in, as a browser does it: the first owner, passwords, limits, cookies."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN, SECURE
from team_stage import SAME

HERE = "http://127.0.0.1:8025"
PASSWORD = "a boat of blue paper"
ADA = {
    "name": "Ada Lindqvist",
    "email": "Ada@atelier.example",
    "handle": "ada",
    "password": PASSWORD,
}


@pytest.fixture
def browser(app):
    with TestClient(
        new_web(app),
        headers=SAME,
        follow_redirects=False,
        base_url=HERE,
        client=("198.51.100.7", 5),
    ) as browser:
        yield browser


@pytest.fixture
def ada(app, browser):
    """The first owner, and a browser in which nobody has signed in."""
    code = app.signing_in.code_for_first_owner()
    assert browser.post("/team/first", data=ADA | {"code": code}).status_code == 303
    browser.post("/team/sign-out")
    browser.cookies.clear()
    return browser


def sign_in(browser, email="ada@atelier.example", password=PASSWORD, query=""):
    return browser.post(f"/team/sign-in{query}", data={"email": email, "password": password})


def test_the_first_owner_joins_by_the_code_that_the_service_says(app, browser):
    code = app.signing_in.code_for_first_owner()

    asked = browser.get("/team/sign-in")
    shown = browser.get("/team/first")
    joined = browser.post("/team/first", data=ADA | {"code": code.lower().replace("-", " ")})

    assert asked.headers["location"] == "/team/first"
    assert "Nobody is in the team yet" in shown.text
    assert joined.headers["location"] == "/team?said=first_owner"
    assert "The workspace is yours" in browser.get(joined.headers["location"]).text
    with app.store.read() as tx:
        [person] = tx.persons.all()
        assert (person.handle, person.roles) == ("ada", (Role.OWNER,))
        acts = [done.act for done in tx.audit.all()]
    assert acts == ["person.join", "session.begin"]
    assert app.signing_in.code_for_first_owner() == ""
    browser.cookies.clear()
    again = browser.post("/team/first", data=ADA | {"code": code})
    assert again.headers["location"] == "/team/sign-in?said=has_owner"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "AAAA-BBBB-CCCC"}, "This is not the code"),
        ({"code": ""}, "fill this in"),
        ({"name": ""}, "fill this in"),
        ({"email": "ada"}, "This is no address"),
        ({"handle": "Ada Lindqvist"}, "This is no handle"),
        ({"password": "short"}, "Too short"),
        ({"password": "x" * 129}, "Too long"),
        ({"password": "aaaaaaaaaaaaaa"}, "Too plain"),
        ({"password": "Ada Lindqvist1"}, "Too easy to guess"),
        ({"password": "password12345678"}, "Too easy to guess"),
    ],
)
def test_what_the_first_owner_gets_wrong_stands_at_its_field(app, browser, wrong, said):
    code = app.signing_in.code_for_first_owner()

    answer = browser.post("/team/first", data=ADA | {"code": code} | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    with app.store.read() as tx:
        assert tx.persons.is_empty()


def test_who_signs_in_gets_a_new_token_and_goes_where_they_wanted(app, ada):
    ada.cookies.set(PLAIN, "planted", path="/team")

    answer = sign_in(ada, email=" ADA@atelier.example ", query="?next=/team/nowhere%3Fa%3D1")

    assert answer.headers["location"] == "/team/nowhere?a=1"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{PLAIN}=")
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "Path=/team" in cookie
    assert "SameSite=lax" in cookie
    assert ada.get("/team").status_code == 200


def test_over_https_the_cookie_is_secure_and_no_other_is_believed(app, ada):
    there = {"Origin": "https://letter.atelier.example", "Host": "letter.atelier.example"}
    data = {"email": "ada@atelier.example", "password": PASSWORD}

    answer = ada.post("/team/sign-in", data=data, headers=there)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SECURE}=")
    assert "Secure" in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    for name, status in ((SECURE, 200), (PLAIN, 303)):
        ada.cookies.clear()
        headers = there | {"Cookie": f"{name}={token}"}
        assert ada.get("/team", headers=headers).status_code == status


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/team/x",
        "//evil.example",
        "/team//evil.example",
        "/team/\\evil.example",
        "/team/%2F%2Fevil.example",
        "/team/../preferences",
        "/teamwork",
        "/team/sign-out",
        "/team/a\nb",
    ],
)
def test_nobody_is_sent_on_to_what_is_no_page_of_the_team(ada, next_):
    data = {"email": "ada@atelier.example", "password": PASSWORD}

    answer = ada.post("/team/sign-in", params={"next": next_}, data=data)

    assert answer.headers["location"] == "/team"


def test_five_wrong_tries_begin_a_pause_whoever_the_address_is(app, clock, ada):
    for email in ("ada@atelier.example", "nobody@atelier.example"):
        tries = [sign_in(ada, email, "wrong password") for _ in range(6)]

        assert [one.status_code for one in tries] == [422] * 4 + [429] * 2
        assert "4 tries are left" in tries[0].text
        assert "1 try is left" in tries[3].text
        assert "Try again in 15 minutes" in tries[4].text
        assert tries[4].headers["retry-after"] == "900"
    assert sign_in(ada).status_code == 429  # right or not
    clock.advance(timedelta(minutes=15))
    assert sign_in(ada).status_code == 303
    with app.store.read() as tx:
        assert [done.subject for done in tx.audit.page(act="session.pause")] == ["ada"]


def test_a_network_has_twenty_tries(ada):
    tries = [sign_in(ada, f"somebody{n}@atelier.example", "x") for n in range(21)]

    assert {one.status_code for one in tries[:19]} == {422}
    assert {one.status_code for one in tries[19:]} == {429}


def test_a_right_try_is_no_wrong_one(ada):
    for _ in range(8):
        assert sign_in(ada).status_code == 303
        ada.cookies.clear()


def test_who_signs_out_is_out_whatever_their_browser_says(app, ada):
    sign_in(ada)
    token = ada.cookies.get(PLAIN)

    out = ada.post("/team/sign-out")

    assert out.headers["location"] == "/team/sign-in?said=signed_out"
    assert PLAIN not in ada.cookies
    assert ada.get("/team", headers={"Cookie": f"{PLAIN}={token}"}).status_code == 303
    assert "You are signed out" in ada.get(out.headers["location"]).text


def test_the_page_of_signing_in_speaks_the_language_that_is_asked_for(ada):
    assert "Mot de passe" in ada.get("/team/sign-in?lang=fr").text
    assert 'hreflang="fr"' in ada.get("/team/sign-in").text
