"""What goes wrong below /team is told in the team's own look, and tells nothing else."""

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from dispatch.errors import StoreUnavailable
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
