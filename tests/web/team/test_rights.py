"""Each page of the team opens to those who may see it, and to nobody else.

Who may stands here a second time, by hand: a page that is new, or opens to others, fails until
somebody has said so here, too.
"""

import re
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from dispatch.web.team.gate import guarded
from dispatch.web.team.places import PLACES
from team_stage import SAME, join, signed_in

ANYBODY = None
EVERYBODY = set(Role)
AUTHORS = {Role.AUTHOR, Role.EDITOR, Role.ADMIN, Role.OWNER}
APPROVERS = {Role.APPROVER, Role.ADMIN, Role.OWNER}
STOPPERS = {Role.APPROVER, Role.EDITOR, Role.ADMIN, Role.OWNER}
EDITORS = {Role.EDITOR, Role.ADMIN, Role.OWNER}
ADMINS = {Role.ADMIN, Role.OWNER}

WHO_MAY = [
    # signing in, and oneself
    (r"(GET|POST) /(first|sign-in|reset)(/.+)?", ANYBODY),
    (r"(GET|POST) /invitations/\{token\}", ANYBODY),
    (r"POST /sign-out", ANYBODY),
    (r"(GET|POST) /account(/.+)?", EVERYBODY),
    # home, calendar and slots
    (r"GET ", EVERYBODY),
    (r"GET /calendar.*\{token\}.*", ANYBODY),  # whoever has the link
    (r"GET /calendar(/.+)?", EVERYBODY),
    (r"POST /calendar/link(/end)?", EVERYBODY),
    (r"GET /campaigns/\{name\}/slots/\{slot\}", EVERYBODY),
    (r"POST /campaigns/\{name\}/slots/\{slot\}/(skip|unskip)", EDITORS),
    # editions
    (r"GET /editions/\{id\}/deliveries(\.csv)?", EDITORS),
    (r"GET /editions(/.+)?", EVERYBODY),
    (r"POST /editions/\{id\}/(words|posts|snippets|pieces|ready|take-back|test)(/.+)?", AUTHORS),
    (r"POST /pieces/preview", AUTHORS),
    (r"POST /editions/\{id\}/(request-changes|approve|reject)", APPROVERS),
    (r"POST (/letters/new|/editions/\{id\}/(letter|throw-away))", AUTHORS),
    (r"POST /editions/\{id\}/send", APPROVERS),
    (r"POST /editions/\{id\}/pause", STOPPERS),
    (r"POST /editions/\{id\}/(resume|cancel|retry-failed|resolve|tell-again|correct)", EDITORS),
    # pieces that come again
    (r"GET /standing(/\{id\})?", EVERYBODY),
    (r"POST /standing/\{id\}(/end)?", AUTHORS),
    # posts
    (r"GET /posts(/.+)?", EVERYBODY),
    (r"POST /posts/(release|drop|hold)", AUTHORS),
    (r"GET /pictures/\{mark\}", EVERYBODY),
    # campaigns, feeds, channels, templates
    (r"(GET|POST) /campaigns/(new|\{name\}/(edit|run))", EDITORS),
    (r"GET /campaigns(/\{name\}(/(runs|simulate))?)?", EVERYBODY),
    (r"GET /schedules/versions", EVERYBODY),
    (r"(GET|POST) /schedules/versions/\{id\}", EDITORS),
    (r"GET /feeds/find", EDITORS),
    (r"GET /feeds\.opml", EDITORS),
    (r"GET /feeds(/\{name\})?", EVERYBODY),
    (r"POST /feeds(/.+)?", EDITORS),
    (r"(GET|POST) /channels/(new|\{name\}/(edit|connect|connected|disconnect))", ADMINS),
    (r"GET /channels(/\{name\})?", EVERYBODY),
    (r"POST /channels/\{name\}/(check|examine|pause|resume)", EDITORS),
    (r"GET /templates(/.+)?", EVERYBODY),
    (r"POST /templates(/.+)?", EDITORS),
    # readers
    (r"(GET|POST) /subscribers/\{id\}/erase", ADMINS),
    (r"(GET|POST) /subscribers(/.+|\..+)?", EDITORS),
    (r"(GET|POST) /suppressions/\{id\}/lift", ADMINS),
    (r"(GET|POST) /suppressions(/.+|\..+)?", EDITORS),
    (r"(GET|POST) /forms(/.+)?", EDITORS),
    # people, audit log, settings
    (r"(GET|POST) /people(/.+)?", ADMINS),
    (r"POST /invitations/\{id\}/cancel", ADMINS),
    (r"GET /audit(\.csv)?", ADMINS),
    (r"(GET|POST) /settings(/.+)?", ADMINS),
    # whatever else is asked for
    (r"GET /\{rest:path\}", EVERYBODY),
]

PLACE = {f"{place.method} {place.path}": place for place in PLACES}


def who_may(name: str) -> set[Role] | None:
    return next(who for rule, who in WHO_MAY if re.fullmatch(rule, name))


def test_of_each_page_it_is_said_here_who_may_see_it():
    unsaid = [name for name in PLACE if not any(re.fullmatch(rule, name) for rule, _ in WHO_MAY)]

    assert unsaid == []


@pytest.fixture
def gates(app):
    """All addresses, each with its gate; behind it stands nothing but its own name."""
    web = new_web(app)
    web.router.routes[:] = [
        Route(
            f"/team{place.path}",
            guarded(replace(place, handler=_naming(name))),
            methods=[place.method],
        )
        for name, place in PLACE.items()
    ]
    return web


def _naming(name: str):
    return lambda _visit: PlainTextResponse(name)


def ask(browser: TestClient, name: str, **more):
    method, _, path = name.partition(" ")
    address = "/team" + re.sub(r"\{[^}]+\}", "1", path)
    return browser.request(method, address, follow_redirects=False, **more)


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_to_the_roles_that_may_and_to_no_others(app, gates, role):
    join(app, "ada", role)

    with signed_in(app, "ada", gates) as ada:
        answers = {name: ask(ada, name) for name in PLACE}

    wrong = {
        name: answer.status_code
        for name, answer in answers.items()
        if (answer.text == name) != (who_may(name) is ANYBODY or role in who_may(name))
        or answer.status_code != (200 if answer.text == name else 403)
    }
    assert wrong == {}


def test_without_a_session_all_but_signing_in_leads_to_signing_in(gates):
    with TestClient(gates, headers=SAME) as nobody:
        answers = {name: ask(nobody, name) for name in PLACE}

    wrong = {
        name: answer.status_code
        for name, answer in answers.items()
        if (answer.text == name) != (who_may(name) is ANYBODY)
        or (answer.text != name and not answer.headers["location"].startswith("/team/sign-in"))
    }
    assert wrong == {}


def test_no_form_of_another_site_is_taken(app, gates):
    join(app, "ada", Role.OWNER)
    forms = [name for name in PLACE if name.startswith("POST ")]

    with signed_in(app, "ada", gates) as ada:
        answers = [ask(ada, name, headers={"Sec-Fetch-Site": "cross-site"}) for name in forms]

    assert {answer.status_code for answer in answers} == {403}


def test_who_may_not_learns_which_role_it_needs_and_who_has_it(app):
    join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
    join(app, "jean", Role.ADMIN, name="Jean Kervella")

    with signed_in(app, "ada") as ada:
        answer = ada.get("/team/people")

    assert answer.status_code == 403
    assert answer.headers["x-needs-role"] == "admin, owner"
    assert "Jean Kervella" in answer.text
    assert "jean@atelier.example" in answer.text


def test_a_role_that_is_taken_away_is_gone_with_the_next_page(app):
    join(app, "ada", Role.ADMIN)
    join(app, "jean", Role.OWNER)

    with signed_in(app, "ada") as ada:
        before = ada.get("/team/people").status_code
        app.team.change("ada", roles=[Role.VIEWER], by="jean")
        after = ada.get("/team/people")

    assert before == 200
    assert after.status_code == 303  # their session has ended with the roles it was for
