"""What each call of the API has, whatever it is about."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api_stage import API, calling, token_of
from desk_stage import told
from dispatch.errors import (
    BadInput,
    ChangedMeanwhile,
    Conflict,
    LinkOver,
    NotFound,
    NotWritable,
    ProviderUnavailable,
    StoreContended,
    StoreUnavailable,
    TooBusy,
)
from dispatch.model.team.api_token import is_api_token, new_api_token
from dispatch.model.team.role import Role
from dispatch.web.api.allowances import Allowances
from dispatch.web.api.answers import tag_of
from dispatch.web.routes import new_web
from team_stage import join


@pytest.fixture
def api(app, desk):
    with calling(app, Role.EDITOR) as api:
        yield api


def test_without_a_token_that_holds_everybody_gets_the_same_answer(app, clock, desk):
    join(app, "ada", Role.EDITOR)
    ended, revoked, left = (token_of(app, "ada", name=name) for name in ("a", "b", "c"))
    app.team.revoke_api_token(2, by="ada")
    answers = []
    with TestClient(new_web(app), base_url=f"http://testserver{API}") as program:

        def ask(authorization):
            answers.append(program.get("/word", headers={"Authorization": authorization}))

        answers.append(program.get("/word"))
        unknown = new_api_token(lambda letters: letters[5])
        for token in ("dsp_short", f"dsp_{'7' * 38}", unknown, revoked):
            ask(f"Bearer {token}")
        ask(f"Basic {ended}")
        join(app, "jean", Role.OWNER)
        app.team.end("ada", by="jean")
        ask(f"Bearer {left}")
        clock.advance(timedelta(days=91))
        ask(f"Bearer {ended}")

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {
        'Bearer realm="dispatch", error="invalid_token"'
    }
    assert told(answers[0]) == (401, "invalid-token")


def test_a_token_may_do_no_more_than_its_roles_nor_than_who_made_it(app, desk):
    join(app, "jean", Role.OWNER)
    web = new_web(app)
    with calling(app, Role.EDITOR, web=web) as api:
        before = api.post("/words", json={"word": "new"})
        app.team.change("ada", roles=[Role.VIEWER], by="jean")
        after = api.post("/words", json={"word": "new"})
        still = api.get("/word")

    assert (before.status_code, still.status_code) == (200, 200)
    assert told(after) == (403, "missing-right")
    assert after.json()["right"] == "write"
    assert after.json()["roles"] == ["author", "editor", "admin", "owner"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"json": {"word": "x", "wrod": 1}}, (422, "blank")),
        ({"json": {"word": 5}}, (422, "blank")),
        ({"json": {"word": "x", "times": "2"}}, (422, "blank")),
        ({"json": {"word": "x" * 30}}, (422, "blank")),
        ({"json": {"word": "a\0b"}}, (422, "blank")),
        ({"json": {"word": "x"}, "params": {"odd": "1"}}, (422, "blank")),
        ({}, (422, "blank")),
        ({"json": []}, (422, "blank")),
        ({"content": "{", "kind": "application/json"}, (400, "blank")),
        ({"content": b"\xff", "kind": "application/json"}, (400, "blank")),
        ({"content": "[" * 100_000, "kind": "application/json"}, (400, "blank")),
        ({"content": '{"word": "\\ud800"}', "kind": "application/json"}, (400, "blank")),
        ({"content": "{}", "kind": "text/plain"}, (415, "blank")),
        ({"content": "{}", "kind": ""}, (415, "blank")),
        ({"content": "x" * 300_000, "kind": "application/json"}, (413, "blank")),
        ({"json": {"word": "x"}, "headers": {"Accept": "text/html"}}, (406, "blank")),
        ({"json": {"word": "x"}, "headers": {"Content-Encoding": "gzip"}}, (415, "blank")),
        ({"json": {"word": "x"}, "headers": {"Idempotency-Key": "é é"}}, (400, "blank")),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_as_a_problem_and_does_nothing(api, desk, said, expected):
    said = dict(said)
    headers = said.pop("headers", {})
    if "kind" in said:
        headers = {"Content-Type": said.pop("kind")}

    answer = api.post("/words", **said, headers={k: v.encode() for k, v in headers.items()})

    assert told(answer) == expected
    assert desk.changes == 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NotFound("word: is not known - see the list"), (404, "blank")),
        (Conflict("word: is so - 'dispatch editions approve'"), (409, "blank")),
        (ChangedMeanwhile("word: was changed"), (409, "changed")),
        (NotWritable("schedules.yaml: cannot be written"), (409, "not-writable")),
        (LinkOver("word: is over"), (410, "blank")),
        (BadInput(["word: is none - say one", "times: too many"]), (422, "blank")),
        (ProviderUnavailable("smtp: is away"), (502, "blank")),
        (StoreUnavailable("database: is away"), (503, "blank")),
        (StoreContended("database: others wanted the same"), (503, "blank")),
        (TooBusy("imports: three are under way"), (503, "blank")),
    ],
)
def test_what_use_cases_refuse_has_a_status_each(api, desk, error, expected):
    desk.error = error

    answer = api.post("/words", json={"word": "new"})

    assert told(answer) == expected
    assert "'dispatch " not in answer.json()["detail"]
    assert ("Retry-After" in answer.headers) == (answer.status_code == 503)
    if isinstance(error, BadInput):
        assert [one["field"] for one in answer.json()["errors"]] == ["word", "times"]


def test_an_address_says_what_can_be_asked_of_it(api):
    refused = api.delete("/word")

    assert told(refused) == (405, "blank")
    assert refused.headers["Allow"] == "GET, HEAD, PATCH"
    assert told(api.get("/nothing")) == (404, "blank")
    head, full = api.head("/word"), api.get("/word")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


def test_a_change_has_to_name_what_was_seen(api, desk):
    tag = api.get("/word").headers["ETag"]
    unsaid = api.patch("/word", json={"word": "new"})
    changed = api.patch("/word", json={"word": "new"}, headers={"If-Match": tag})
    old = api.patch("/word", json={"word": "newer"}, headers={"If-Match": tag})
    weak = api.patch("/word", json={"word": "w"}, headers={"If-Match": f"W/{tag_of('new')!r}"})
    known = api.get("/word", headers={"If-None-Match": old.headers["ETag"]})

    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert told(unsaid) == (428, "if-match-missing")
    assert changed.status_code == 200
    assert (told(old), told(weak)) == ((412, "changed"), (412, "changed"))
    assert (known.status_code, known.content) == (304, b"")
    assert desk.word == "new"


@pytest.mark.parametrize("path", ["/words", "/slow"])
def test_a_call_that_is_repeated_with_its_key_is_done_once(api, app, desk, clock, path):
    key = {"Idempotency-Key": "monday-1"}
    first, again = (api.post(path, json={"word": "new"}, headers=key) for _ in range(2))
    other = api.post(path, json={"word": "other"}, headers=key)
    clock.advance(timedelta(days=1, seconds=1))
    next_day = api.post(path, json={"word": "new"}, headers=key)

    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert told(other) == (422, "key-reused")
    assert next_day.status_code == 200
    assert desk.changes == 2
    clock.advance(timedelta(days=2))
    assert app.team.forget_api_answers() == 1


@pytest.mark.parametrize("path", ["/words", "/slow"])
def test_what_was_refused_leaves_its_key_free(api, desk, path):
    key = {"Idempotency-Key": "monday-1"}
    desk.error = Conflict("word: not now")
    refused = api.post(path, json={"word": "new"}, headers=key)
    desk.error = None
    done = api.post(path, json={"word": "new"}, headers=key)

    assert (refused.status_code, done.status_code) == (409, 200)
    assert "Idempotency-Replayed" not in done.headers


def test_after_a_crash_a_short_change_is_gone_with_its_key(app, desk):
    key = {"Idempotency-Key": "monday-1"}
    desk.error = RuntimeError("the power went")
    with calling(app, Role.EDITOR) as api:
        broken = api.post("/words", json={"word": "new"}, headers=key)
        desk.error = None
        again = api.post("/words", json={"word": "new"}, headers=key)

    with app.store.read() as tx:
        kept = [one for one in tx.audit.all() if one.subject == "new"]
    assert told(broken) == (500, "failed")
    assert (again.status_code, len(kept)) == (200, 1)
    assert "Idempotency-Replayed" not in again.headers


def test_a_slow_change_that_broke_off_is_not_done_again(app, desk, clock):
    key = {"Idempotency-Key": "monday-1"}
    desk.error = RuntimeError("the power went")
    with calling(app, Role.EDITOR) as api:
        api.post("/slow", json={"word": "new"}, headers=key)
        soon = api.post("/slow", json={"word": "new"}, headers=key)
        clock.advance(timedelta(minutes=20))
        late = api.post("/slow", json={"word": "new"}, headers=key)

    assert (told(soon), soon.headers["Retry-After"]) == ((409, "under-way"), "2")
    assert told(late) == (409, "outcome-unknown")
    assert desk.changes == 1


def test_of_an_answer_that_tells_of_a_reader_nothing_is_kept(api, app):
    key = {"Idempotency-Key": "k"}
    answers = [api.post("/readers", json={"word": "marie"}, headers=key) for _ in range(2)]

    assert [answer.json()["word"] for answer in answers] == ["marie", "marie"]
    with app.store.read() as tx:
        kept = tx.api_answers.begin(tx.api_tokens.get(1), "k", "", now=app.clock())
    assert kept.body == b""


def test_files_are_taken_as_they_are_up_to_their_size(api):
    kind = {"Content-Type": "text/csv"}

    assert api.post("/file", content="a;b", headers=kind).json()["word"] == "a;b"
    assert told(api.post("/file", content="a" * 51, headers=kind))[0] == 413
    assert told(api.post("/file", json={}))[0] == 415


def test_a_token_is_told_what_is_left_to_it_and_when_to_come_again(app, desk, clock):
    web = new_web(app)
    web.state.allowances = Allowances({"reads": 2, "changes": 1})
    with calling(app, Role.EDITOR, web=web) as api:
        answers = [api.get("/word") for _ in range(3)]
        change = api.post("/words", json={"word": "new"})
        clock.advance(timedelta(seconds=61))
        later = api.get("/word")

    assert [answer.headers["RateLimit"] for answer in answers] == [
        '"reads";r=1;t=60', '"reads";r=0;t=60', '"reads";r=0;t=60'
    ]  # fmt: skip
    assert told(answers[2]) == (429, "too-often")
    assert answers[2].headers["Retry-After"] == "60"
    assert answers[0].headers["RateLimit-Policy"] == '"reads";q=2;w=60, "changes";q=1;w=60'
    assert (change.status_code, later.status_code) == (200, 200)


def test_who_tries_many_tokens_has_to_wait_and_others_of_the_network_do_not(app, desk):
    web = new_web(app)
    web.state.allowances = Allowances(failed=3)
    with calling(app, Role.EDITOR, web=web) as api:
        api.get("/word")
        wrong = {"Authorization": f"Bearer {new_api_token(lambda letters: letters[9])}"}
        answers = [api.get("/word", headers=wrong).status_code for _ in range(4)]
        mine = api.get("/word")

    assert answers == [401, 401, 401, 429]
    assert mine.status_code == 200


def test_a_token_that_was_ended_since_its_last_call_changes_nothing(app, desk):
    with calling(app, Role.EDITOR) as api:
        before = api.post("/words", json={"word": "new"}).status_code
        [token] = app.team.api_tokens()
        app.team.revoke_api_token(token.id, by="ada")
        after = [told(api.post("/words", json={"word": "newer"})) for _ in range(2)]

    assert (before, after) == (200, [(401, "invalid-token")] * 2)
    assert desk.word == "new"


def test_a_token_that_opens_nothing_keeps_nobody_waiting_who_writes(app, desk, monkeypatch):
    begun = []
    monkeypatch.setattr(app.store, "as_one", lambda: begun.append("a change"))
    wrong = {"Authorization": f"Bearer {new_api_token(lambda letters: letters[9])}"}
    with calling(app, Role.EDITOR) as api:
        answer = api.post("/words", json={"word": "new"}, headers=wrong)

    assert (answer.status_code, begun) == (401, [])


def test_it_is_noted_now_and_then_that_a_token_is_in_use(app, desk, clock):
    with calling(app, Role.VIEWER) as api:
        used = []
        for minutes in (0, 5, 6):
            clock.advance(timedelta(minutes=minutes))
            api.get("/word")
            used.append(app.team.api_tokens()[0].last_used)

    assert used[0] == used[1] != used[2]


def test_the_audit_log_tells_the_token_by_its_name(api, app):
    api.post("/words", json={"word": "new"})

    with app.store.read() as tx:
        [line] = [one for one in tx.audit.all() if one.subject == "new"]
    assert (line.by, line.origin) == ("ada", 'token "museum screen"')


def test_a_token_can_be_told_from_what_looks_like_one():
    token = new_api_token(lambda _: "q")

    assert is_api_token(token)
    assert not is_api_token(token[:-1] + ("a" if token[-1] != "a" else "b"))
