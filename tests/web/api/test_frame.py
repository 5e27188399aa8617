"""What each call of the API has, whatever it is about."""

from api_stage import calling
from dispatch.model.team.role import Role


def test_a_token_tells_whom_it_speaks_for(app):
    with calling(app, Role.VIEWER) as api:
        answer = api.get("/me")

    assert answer.status_code == 200, answer.text
    assert answer.json()["rights"] == ["look"]
    assert answer.json()["handle"] == "ada"


def test_openapi(app):
    with calling(app, Role.VIEWER) as api:
        answer = api.get("/openapi.json")
        head = api.head("/me")
        revoked = api.post("/tokens/1/revoke")
        gone = api.get("/me")
    assert answer.status_code == 200
    assert (head.status_code, head.content) == (200, b"")
    assert revoked.json()["holds"] is False
    assert gone.status_code == 401
