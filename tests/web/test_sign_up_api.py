"""The form as JSON: by scripts of servers, and by those of sites that the form names."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app_stage import opened
from dispatch.web.routes import new_web
from joining_stage import NEW, mails, with_forms

PATH = "/api/v1/forms/newsletter/sign-ups"
HERE = {"Origin": "https://example.org"}
BODY = {"email": NEW, "agree": True, "fields": {"name": "Ada", "topics": ["AI"]}}


@pytest.fixture
def app(folder, clock):
    with_forms(folder)
    with opened(folder, clock) as app:
        yield app


def test_a_script_fills_in_a_form_and_is_told_what_all_are_told(app, browser):
    answers = [browser.post(PATH, json=BODY | {"language": tag}) for tag in ("en", "fr")]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == {"detail": "Now look in your mailbox."}
    assert [to for _, to, _ in mails(app)] == [NEW, NEW]
    with app.store.read() as tx:
        found = tx.sign_ups.find(mails(app)[-1][2])
    assert (found.profile.name, found.profile.topics, found.page) == ("Ada", ("ai",), "api/v1")


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"email": "x", "agree": False}, 422, {"email", "agree"}),
        ({"email": NEW}, 422, {"agree"}),
        (BODY | {"nmae": "Ada"}, 422, {"nmae"}),
        ('{"email": "\\ud800@example.org", "agree": true}', 422, {"email"}),
        (BODY | {"fields": {"name": 5}}, 422, {"fields.name"}),
        (BODY | {"fields": {"name": "x" * 500}}, 422, {"name"}),
        ([], 422, {"body"}),
        ("{", 400, set()),
        ("x" * 70_000, 413, set()),
    ],
)
def test_what_cannot_be_used_is_told_as_a_problem_by_field(app, browser, body, status, fields):
    sent = {"content": body} if isinstance(body, str) else {"json": body}
    kind = {"Content-Type": "application/json"}
    answer = browser.post(PATH, **sent, headers=kind)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    if fields is not None:
        assert {one["field"] for one in answer.json().get("errors", [])} == fields
    assert mails(app) == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_what_is_not_said_to_be_json_is_told_how_to_say_so(browser, kind):
    answer = browser.post(PATH, content='{"email": "a@b.org"}', headers={"Content-Type": kind})

    assert answer.status_code == 415
    assert answer.json()["detail"].endswith("send Content-Type: application/json")


def test_without_a_confirmation_nobody_is_sent_to_their_mailbox(browser):
    answer = browser.post(PATH.replace("newsletter", "quick"), json=BODY)

    assert "mailbox" not in answer.json()["detail"]


def test_only_the_sites_of_a_form_may_let_browsers_call_it(browser):
    asked = {"Access-Control-Request-Method": "POST"}
    for origin, allowed in ((HERE["Origin"], True), ("https://evil.example", False)):
        preflight = browser.options(PATH, headers={"Origin": origin} | asked)
        answer = browser.post(PATH, json=BODY, headers={"Origin": origin})
        for one in (preflight, answer):
            found = one.headers.get("Access-Control-Allow-Origin")
            assert found == (origin if allowed else None)
            assert "Origin" in one.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_other_ways_and_names_are_problems_too(browser):
    assert browser.post("/api/v1/forms/nothing/sign-ups", json=BODY).status_code == 404
    assert browser.get("/api/v1/nothing").json()["status"] == 404
    answer = browser.get(PATH)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_network_is_told_when_it_may_go_on(app):
    program = TestClient(new_web(app), client=("192.0.2.7", 4711))
    for number in range(20):
        program.post(PATH, json=BODY | {"email": f"junk{number}@example.org"})

    for _ in range(2):
        answer = program.post(PATH, json=BODY)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 180


def test_a_form_that_wants_work_gives_a_challenge_to_who_brings_no_proof(app, browser):
    workspace = app.tools.files.workspace
    form = replace(workspace.form("newsletter"), proof_of_work=True)
    app.tools.files.workspace = replace(workspace, forms={"newsletter": form})

    answers = [browser.post(PATH, json=BODY | {"proof": proof}) for proof in ("", "bm9uc2Vuc2U=")]

    for answer in answers:
        assert answer.status_code == 422
        assert [one["problem"] for one in answer.json()["errors"]] == ["no_proof"]
        assert answer.json()["detail"].endswith("post its payload as proof")
        assert answer.json()["challenge"]
    assert mails(app) == []


def test_a_database_that_is_away_is_a_problem_that_says_when_to_try_again(app, browser):
    (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)
    app.store.close()

    answer = browser.post(PATH, json=BODY)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "60"
    assert "try again in a minute" in answer.json()["detail"]


def test_the_description_holds_for_whatever_is_posted(app, clock):
    import schemathesis  # takes a second, which only one process is to wait for

    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", new_web(app))
    schema.config.update(base_url="http://testserver/api/v1")
    operation = schema["/forms/{form}/sign-ups"]["POST"]
    told = [
        schemathesis.checks.not_a_server_error,
        schemathesis.checks.status_code_conformance,
        schemathesis.checks.content_type_conformance,
        schemathesis.checks.response_schema_conformance,
    ]
    right, wrong = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE

    @given(st.sampled_from([right, wrong]).flatmap(lambda mode: _cases(operation, mode)))
    @settings(
        max_examples=8,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def each(case):
        clock.advance(timedelta(hours=1))
        if case.path_parameters:
            case.path_parameters["form"] = "newsletter"
        case.call_and_validate(checks=told)

    each()


def _cases(operation, mode):
    return operation.as_strategy(generation_mode=mode)
