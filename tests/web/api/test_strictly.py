"""What a careless program says is refused, and a token that ends meanwhile does nothing."""

import pytest

from api_stage import calling
from desk_stage import told
from dispatch.errors import Conflict, StoreUnavailable
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web


@pytest.fixture
def api(app, desk):
    with calling(app, Role.EDITOR) as api:
        yield api


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ('{"word": "a", "word": "b"}', 422),
        ('{"word": "a", "times": NaN}', 422),
        ('{"word": "a", "times": 1e999}', 422),
    ],
)
def test_a_body_that_two_readers_read_differently_is_refused(api, desk, content, status):
    answer = api.post("/words", content=content, headers={"Content-Type": "application/json"})

    assert (told(answer), desk.changes) == ((status, "blank"), 0)


def test_a_body_of_another_charset_or_where_none_is_taken_is_refused(api, desk):
    kind = {"Content-Type": "application/json; charset=utf-16"}

    assert told(api.post("/words", content='{"word": "a"}', headers=kind))[0] == 415
    assert told(api.post("/poll", json={"feed": "a"}))[0] == 422
    assert desk.changes == 0
    assert api.post("/poll", json={}).status_code == 204


def test_headers_said_twice_are_one_list_or_refused(api, desk):
    mine, tag = api.headers["Authorization"], api.get("/word").headers["ETag"]
    two_tokens = api.get("/word", headers=[("Authorization", mine), ("Authorization", mine)])
    key = [("Idempotency-Key", "a b"), ("Idempotency-Key", "c")]
    two_keys = api.post("/words", json={"word": "x"}, headers=key)
    tags = [("If-Match", '"old"'), ("If-Match", tag)]

    assert told(two_tokens) == (401, "invalid-token")
    assert told(two_keys)[0] == 400
    assert api.patch("/word", json={"word": "x"}, headers=tags).status_code == 200


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
def test_of_a_short_change_that_fails_in_the_midst_nothing_is_kept(api, app, desk, key):
    desk.error = Conflict("word: not now")

    refused = api.post("/words", json={"word": "half"}, headers=key)

    with app.store.read() as tx:
        kept = [one for one in tx.audit.all() if one.subject == "half"]
    assert (refused.status_code, kept) == (409, [])


@pytest.mark.parametrize("path", ["/words", "/slow"])
def test_a_token_that_is_revoked_while_its_body_comes_changes_nothing(app, desk, path):
    with calling(app, Role.EDITOR) as api:

        def body():
            yield b'{"word": '
            app.team.revoke_api_token(1, by="ada")
            yield b'"new"}'

        answer = api.post(path, content=body(), headers={"Content-Type": "application/json"})

    assert (told(answer), desk.changes) == ((401, "invalid-token"), 0)


def test_a_slow_change_that_lost_its_database_in_the_midst_is_not_done_again(api, desk):
    key = {"Idempotency-Key": "monday-1"}
    desk.error = StoreUnavailable("database: is away")
    away = api.post("/slow", json={"word": "new"}, headers=key)
    desk.error = None
    again = api.post("/slow", json={"word": "new"}, headers=key)

    assert (told(away)[0], told(again), desk.changes) == (503, (409, "under-way"), 1)


def test_a_weak_token_sees_and_ends_itself_alone(app):
    web = new_web(app)
    with calling(app, Role.OWNER, web=web) as strong, calling(app, Role.VIEWER, web=web) as weak:
        not_mine = weak.post("/tokens/1/revoke")
        seen = [one["id"] for one in weak.get("/tokens").json()["items"]]
        own = weak.post("/tokens/2/revoke")
        after = (strong.get("/me").status_code, weak.get("/me").status_code)

    assert (told(not_mine)[0], seen, own.status_code) == (404, ["2"], 200)
    assert after == (200, 401)
