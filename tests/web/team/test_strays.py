"""What goes wrong below /team is told in the team's own look, and tells nothing else."""

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from dispatch.errors import BadInput, StoreUnavailable
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from dispatch.web.team import home
from team_stage import SAME, join, signed_in


def test_a_bug_gives_a_reference_and_nothing_else(app, monkeypatch):
    join(app, "ada")

    def broken(_visit):
        raise RuntimeError("postgresql://user:secret@host")

    monkeypatch.setattr(home.show, "__code__", broken.__code__)
    with signed_in(app, "ada") as ada, capture_logs() as logs:
        answer = ada.get("/team")

    assert answer.status_code == 500
    assert answer.headers["x-reference"] in answer.text
    assert "secret" not in answer.text
    assert "Something went wrong on our side" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert [one["reference"] for one in logs if one["event"] == "web.page_crashed"] == [
        answer.headers["x-reference"]
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", "/team", 405), ("POST", "/team/nowhere", 405), ("DELETE", "/team/sign-in", 405)],
)
def test_a_method_that_no_page_has_is_refused(app, method, path, status):
    with TestClient(new_web(app), headers=SAME) as browser:
        answer = browser.request(method, path)

    assert answer.status_code == status
    assert "This cannot be done so" in answer.text


def test_who_is_signed_in_is_not_asked_to_sign_in_while_the_database_is_away(app, monkeypatch):
    join(app, "ada")

    def away():
        raise StoreUnavailable("database: away - start it")

    with signed_in(app, "ada") as ada:
        monkeypatch.setattr(app.store, "read", away)
        answer = ada.get("/team")

    assert answer.status_code == 503
    assert "The database does not answer" in answer.text


WROTE = "A word about the press, which took an hour to write"


def test_what_cannot_be_saved_any_more_is_shown_to_be_copied_with_a_way_back(app):
    join(app, "ada")
    page, headers = "/team/channels/outbox", {"Referer": "http://testserver/team/channels/outbox?a"}

    with signed_in(app, "ada") as ada:
        ada.post(f"{page}/pause", data={"reason": "a link"})
        answer = ada.post(f"{page}/pause", data={"reason": WROTE}, headers=headers)

    assert answer.status_code == 409
    assert f"{WROTE}</textarea>" in answer.text
    assert f'href="{page}?a"' in answer.text


@pytest.mark.parametrize(
    ("referer", "shown"),
    [
        ("http://testserver/team/posts", True),
        ("http://testserver/team/channels/outbox/pause", False),
        ("http://testserver/team/nowhere", False),
        ("http://testserver/archive", False),
        ("javascript:alert(1)", False),
        ("//elsewhere.example/team/posts", True),
        ("", False),
    ],
)
def test_a_way_back_leads_to_a_page_of_ours(app, referer, shown):
    join(app, "ada")
    with signed_in(app, "ada") as ada:
        answer = ada.post("/team/posts/drop", data={"ids": "999"}, headers={"Referer": referer})

    assert answer.status_code == 404
    assert ("See how it is now" in answer.text) is shown
    assert "elsewhere" not in answer.text


def test_who_writes_longer_than_a_session_lasts_does_not_lose_it(app):
    with TestClient(new_web(app), headers=SAME, follow_redirects=False) as nobody:
        wrote = nobody.post("/team/suppressions", data={"address": "a@b.example", "note": WROTE})
        pressed = nobody.post("/team/suppressions/1/lift", data={"note": ""})
        secret = nobody.post("/team/account/password", data={"old": "a b c", "new": "d e f"})

    assert wrote.status_code == 403
    assert f"{WROTE}</textarea>" in wrote.text
    assert pressed.headers["location"].startswith("/team/sign-in")
    assert secret.headers["location"].startswith("/team/sign-in")


def test_a_plan_that_cannot_be_used_is_said_on_all_pages_until_it_is_mended(app, folder):
    join(app, "ada")
    with app.store.begin() as tx:
        tx.ticks.note("one", "1.0", now=app.clock())
    file = folder / "schedules.yaml"
    good = file.read_text()

    with signed_in(app, "ada") as ada:
        file.write_text(good + "campaings: {\n")
        with pytest.raises(BadInput):
            app.reload_if_changed()
        broken = ada.get("/team/editions").text
        file.write_text(good)
        app.reload_if_changed()
        mended = ada.get("/team/editions").text

    assert "schedules.yaml cannot be used as it is" in broken
    assert "is never closed" in broken
    assert "cannot be used" not in mended


def test_each_section_says_with_its_own_sign_that_nothing_is_there(app):
    join(app, "olga", Role.OWNER)
    sections = {
        *("editions", "posts", "campaigns", "feeds", "channels", "templates", "subscribers"),
        *("suppressions", "forms", "people", "audit", "settings", "account", "calendar"),
    }
    with signed_in(app, "olga") as olga:
        answers = {one: olga.get(f"/team/{one}/nothing").status_code for one in sections}

    assert set(answers.values()) == {404}, answers
