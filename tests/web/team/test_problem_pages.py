"""What the team's pages say where something cannot be had: too much, too busy, not theirs, away."""

import re
from threading import BoundedSemaphore
from types import SimpleNamespace

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app_stage import QUICK, change, opened, workspace_in
from dispatch.app.texts import Texts
from dispatch.errors import NotFound, StoreUnavailable
from dispatch.model.team.act import Done
from dispatch.model.team.role import Role
from dispatch.store.team.rail import RailCounts
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team import acts, factor, frame, strays
from dispatch.web.team.gate import passing
from dispatch.web.team.place import FORM_BYTES
from dispatch.web.team.warm import warm_up
from signing_in_stage import PASSWORD, invitation, with_password
from team_stage import SAME, join, signed_in

BOUNDARY = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    """One workspace for all: Jean owns it, Ada administers it, both have passwords."""
    folder = workspace_in(tmp_path_factory.mktemp("problems") / "letters", migrated_sqlite)
    with opened(folder, FakeClock()) as app:
        join(app, "jean", Role.OWNER, name="Jean Kervella")
        join(app, "ada", Role.ADMIN, name="Ada Lindqvist")
        with_password(app, "jean", "ada")
        web = new_web(app)
        with signed_in(app, "jean", web) as jean:
            yield SimpleNamespace(app=app, folder=folder, web=web, jean=jean)


@pytest.fixture
def nobody(house):
    with TestClient(house.web, headers=SAME, follow_redirects=False) as browser:
        yield browser


def visit_of(house, path="/team"):
    """A visit of whom nothing is known."""
    head = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    return passing(Request({**head, "server": ("testserver", 80), "app": house.web}))


@pytest.mark.parametrize(
    ("path", "most", "shown"),
    [
        ("/team/account", FORM_BYTES, "256 KB"),
        ("/team/sign-in", FORM_BYTES, "256 KB"),
        ("/team/feeds/import", None, " MB"),
    ],
)
def test_a_form_that_is_too_large_is_told_how_large_it_may_be(house, path, most, shown):
    size = (most or 64 * 1024 * 1024) + 1
    headers = {"Content-Length": str(size), "Content-Type": "application/x-www-form-urlencoded"}

    answer = house.jean.post(path, content=b"name=x", headers=headers)

    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert shown in answer.text


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"--x\r\nno form at all", BOUNDARY),
        (b"name=a%00b", {"Content-Type": "application/x-www-form-urlencoded"}),
    ],
)
def test_what_is_no_form_is_refused_and_changes_nothing(house, content, headers):
    answer = house.jean.post("/team/account", content=content, headers=headers)

    assert answer.status_code == 422
    assert "This cannot be done so" in answer.text
    with house.app.store.read() as tx:
        assert tx.persons.get("jean").name == "Jean Kervella"


def test_where_too_many_sign_in_at_once_the_next_is_told_when_to_come_again(
    house, nobody, monkeypatch
):
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(QUICK, "_line", full)

    answer = nobody.post(
        "/team/sign-in", data={"email": "jean@atelier.example", "password": PASSWORD}
    )

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_what_is_left_empty_is_asked_for_at_its_field(house, nobody):
    for data, missing in (
        ({"email": "jean@atelier.example"}, {"password"}),
        ({"password": PASSWORD}, {"email"}),
        ({}, {"email", "password"}),
    ):
        answer = nobody.post("/team/sign-in", data=data)

        assert answer.status_code == 422
        shown = {one for one in ("email", "password") if f'id="{one}-error"' in answer.text}
        assert shown == missing
    answer = house.jean.post("/team/account/password", data={"new": "a kite of red paper"})
    assert answer.status_code == 422
    assert 'id="old-error"' in answer.text


def test_who_has_not_begun_to_sign_in_is_led_to_where_it_begins(nobody):
    led = [
        nobody.get("/team/sign-in/code"),
        nobody.post("/team/sign-in/code", data={"code": "123456"}),
        nobody.post("/team/sign-in/code?next=/team/posts", data={"code": "123456"}),
        nobody.post("/team/sign-out"),
    ]

    assert [(one.status_code, one.headers["location"]) for one in led] == [
        (303, "/team/sign-in"),
        (303, "/team/sign-in?said=code_over"),
        (303, "/team/sign-in?next=/team/posts&said=code_over"),
        (303, "/team/sign-in?said=signed_out"),
    ]


def test_the_page_for_a_code_is_there_for_who_has_said_the_password(house, nobody):
    join(house.app, "paul", Role.VIEWER)
    with_password(house.app, "paul", factor=True)
    said = {"email": "paul@atelier.example", "password": PASSWORD}

    led = nobody.post("https://testserver/team/sign-in", data=said)
    page = nobody.get(f"https://testserver{led.headers['location']}")

    assert led.headers["location"] == "/team/sign-in/code"
    assert page.status_code == 200
    assert 'name="code"' in page.text


def test_who_joins_with_a_password_that_is_too_short_keeps_what_else_was_typed(house, nobody):
    link = invitation(house.app)

    answer = nobody.post(link, data={"name": "Zoë", "handle": "zoe", "password": "short"})

    assert answer.status_code == 422
    assert 'value="Zoë"' in answer.text
    with house.app.store.read() as tx:
        assert tx.persons.find("zoe") is None


def test_a_method_that_a_page_for_readers_lacks_is_refused_without_the_teams_look(nobody):
    readers, team = nobody.put("/health"), nobody.put("/team/sign-in")

    assert (readers.status_code, team.status_code) == (405, 405)
    assert "GET" in team.headers["allow"]
    assert "/team" in team.text
    assert "/team" not in readers.text


def test_an_app_can_only_be_begun_where_what_it_takes_is_installed(house, monkeypatch):
    monkeypatch.setattr(factor, "is_there", lambda: False)

    page = house.jean.get("/team/account/factor")
    answer = house.jean.post("/team/account/factor", data={"begin": ""})

    assert page.status_code == 200
    assert answer.status_code == 409
    assert "the extra is missing" in answer.text


def test_new_spare_codes_and_no_app_take_the_right_password(house):
    with_password(house.app, "jean", factor=True)
    asked = {"factor_password": "not the right one"}

    answers = [
        house.jean.post("/team/account/factor", data=asked | button)
        for button in ({"renew": ""}, {"remove": ""})
    ]
    right = house.jean.post("/team/account/factor", data={"renew": "", "factor_password": PASSWORD})

    assert [one.status_code for one in answers] == [422, 422]
    assert all('id="factor_password-error"' in one.text for one in answers)
    assert right.status_code == 200
    with house.app.store.read() as tx:
        assert tx.spare_codes.left(tx.persons.get("jean"))


def test_nobody_vouches_for_who_may_do_more_nor_gives_an_address_that_is_taken(house):
    with signed_in(house.app, "ada", house.web) as ada:
        refused = ada.post("/team/people/jean/no-factor")
        taken = house.jean.post(
            "/team/people/ada",
            data={"role": "admin", "full_name": "Ada", "email": "JEAN@atelier.example"},
        )

    assert refused.status_code == 403
    assert taken.status_code == 422
    assert 'id="email-error"' in taken.text


def test_who_ends_the_session_of_this_browser_is_signed_out(house):
    join(house.app, "vera", Role.VIEWER)
    with house.app.store.read() as tx:
        [session] = tx.sessions.of(tx.persons.get("vera"), now=house.app.clock())

    with signed_in(house.app, "vera", house.web) as vera:
        answer = vera.post("/team/account/sessions", data={"end": str(session.id)})
        after = vera.get("/team/account")

    assert answer.headers["location"] == "/team/sign-in?said=signed_out"
    assert after.headers["location"].startswith("/team/sign-in")


def form(house):
    """What the settings would post as they stand there."""
    page = house.jean.get("/team/settings").text
    found = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    return {name: text for name, text in found.items() if text != "yes"}  # of ticks


def test_settings_that_are_not_written_here_are_shown_to_be_copied(house):
    file, typed = house.folder / "schedules.yaml", form(house) | {"locale": "fr"}
    before = file.read_bytes()
    file.chmod(0o444)
    try:
        answer = house.jean.post("/team/settings", data=typed)
    finally:
        file.chmod(0o644)

    assert answer.status_code == 200
    assert "+locale: fr" in answer.text
    assert file.read_bytes() == before


def test_settings_that_somebody_changes_while_they_are_written_are_shown_beside(house, monkeypatch):
    typed, write = form(house) | {"locale": "fr"}, Texts.change_plan

    def late(texts, changes, **others):
        change(house.folder, "locale: en", "locale: de")
        return write(texts, changes, **others)

    monkeypatch.setattr(Texts, "change_plan", late)
    answer = house.jean.post("/team/settings", data=typed)
    text = (house.folder / "schedules.yaml").read_text(encoding="utf-8")
    change(house.folder, "locale: de", "locale: en")

    assert answer.status_code == 409
    assert "The file says now: de" in answer.text
    assert "locale: de" in text


def test_an_error_that_is_about_no_field_of_the_settings_is_told_nevertheless(house):
    typed = form(house) | {"locale": "fr"}
    change(house.folder, "timezone:", "no_such_key: 1\ntimezone:")

    answer = house.jean.post("/team/settings", data=typed | {"seen": ""})
    change(house.folder, "no_such_key: 1\n", "")

    assert answer.status_code == 422
    assert "no_such_key" in answer.text


@pytest.mark.parametrize(
    ("done", "on", "href", "detail"),
    [
        ({"act": "plugin.dance", "kind": "tango", "subject": "two"}, "two", "", ""),
        (
            {
                "act": "invitation.send",
                "kind": "invitation",
                "subject": "7",
                "detail": {"email": "new@atelier.example", "roles": ["author", "approver"]},
            },
            "new@atelier.example",
            "",
            "roles: author, approver",
        ),
        (
            {
                "act": "feed.add",
                "kind": "feed",
                "subject": "a b",
                "detail": {"fine": True, "odd_thing": 1_200, "empty": "", "none": None},
            },
            "a b",
            "/feeds/a%20b",
            "in order: yes · odd thing: 1,200",
        ),
        (
            {"act": "slot.skip", "kind": "slot", "subject": "weekly 2026-07-06T09:00"},
            "weekly 2026-07-06T09:00",
            "/campaigns/weekly/slots/2026-07-06T09%3A00",
            "",
        ),
        ({"act": "session.begin", "kind": "person", "subject": "jean"}, "", "", ""),
        (
            {"act": "person.end", "kind": "person", "subject": "ada"},
            "Ada Lindqvist",
            "/people/ada",
            "",
        ),
        (
            {"act": "post.drop", "kind": "post", "subject": "9", "detail": {"title": "Press"}},
            "Press",
            "/posts/9",
            "",
        ),
    ],
)
def test_a_line_of_the_log_is_told_in_words_with_a_way_to_what_it_is_about(
    house, done, on, href, detail
):
    line = Done(id=1, at=house.app.clock(), by="jean", **done)

    with house.app.store.read() as tx:
        [told] = acts.told([line], tx, visit_of(house))

    assert (told.who, told.on, told.href, told.detail) == ("Jean Kervella", on, href, detail)
    is_known = done["act"] != "plugin.dance"
    assert ('<span lang="en">' in told.what) is not is_known


@pytest.mark.parametrize(
    ("path", "error", "status"),
    [
        ("/team/nowhere", HTTPException(404), 404),
        ("/team", NotFound("nothing"), 404),
        ("/team", HTTPException(400), 400),
        ("/teams", HTTPException(400), 0),
    ],
)
def test_what_no_page_answers_is_told_in_the_look_of_whose_address_it_is(
    house, path, error, status
):
    shown = Response(status_code=200)

    answer = strays.or_else(lambda *_: shown)(visit_of(house, path).request, error)

    assert answer is shown if not status else answer.status_code == status


def test_an_edition_of_no_slot_is_called_as_its_campaign(house):
    visit = visit_of(house)

    assert (
        acts._edition(visit, "weekly", "by hand") == house.app.workspace.campaigns["weekly"].title
    )
    assert acts._edition(visit, "gone", "by hand") == "gone"


def test_what_is_made_beside_a_page_does_without_a_database_that_is_away(house, monkeypatch):
    def away():
        raise StoreUnavailable("database: away - start it")

    visit = visit_of(house)
    monkeypatch.setattr(house.app.store, "read", away)

    assert frame._rail(visit) == {"rail": RailCounts(), "banner": ""}
    assert warm_up(house.app) is None
