"""Each operation with each role and without a token: as the table of operations says."""

import re

import pytest

from api_stage import API, calling, token_of
from dispatch.model.team.role import RIGHTS, Role
from dispatch.web.api.allowances import Allowances
from dispatch.web.api.operations import OPERATIONS
from dispatch.web.routes import new_web

PROBLEM = "application/problem+json"
NAMES = [operation.name for operation in OPERATIONS]


@pytest.fixture(scope="module")
def house(tmp_path_factory, read_in):
    """One workspace for all, where each role has a token."""
    from app_stage import copied_workspace, opened
    from dispatch.testing.clock import FakeClock
    from team_stage import join

    folder = copied_workspace(read_in, tmp_path_factory.mktemp("rights") / "letters")
    with opened(folder, FakeClock()) as app:
        join(app, "zoe", *Role)
        tokens = {role: token_of(app, "zoe", role, name=role.value) for role in Role}
        web = new_web(app)
        web.state.allowances = Allowances(failed=10_000)
        with calling(app, Role.OWNER, handle="ada", web=web) as api:
            del api.headers["Authorization"]
            yield api, tokens


def asked(api, operation, token=""):
    """A call of nothing that there is: whoever may make it is told so."""
    path = re.sub(r"\{\w+(:\w+)?\}", "999999999", operation.path)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if operation.raw:
        headers["Content-Type"] = operation.raw[0]
    elif operation.takes:
        headers["Content-Type"] = "application/json"
    body = b"{" if operation.takes or operation.raw else b""
    return api.request(operation.method, path, headers=headers, content=body)


def is_problem(answer, status):
    said = answer.json()
    assert answer.headers["content-type"] == PROBLEM
    assert said["status"] == answer.status_code == status
    assert {"type", "title", "status", "detail"} <= set(said)
    assert said["detail"]
    return True


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_an_operation_is_there_for_those_with_its_right_alone(house, operation):
    api, tokens = house

    without = asked(api, operation)
    wrong = asked(api, operation, "dsp_nobody")
    by_role = {role: asked(api, operation, token) for role, token in tokens.items()}

    for answer in (without, wrong):
        assert is_problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for role, answer in by_role.items():
        if operation.right in RIGHTS[role]:
            assert answer.status_code not in {401, 403, 500}, (role, answer.text)
        else:
            assert is_problem(answer, 403), role
            assert answer.json()["right"] == operation.right.value
            assert role.value not in answer.json()["roles"]


def test_names_of_operations_are_their_own():
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("DELETE", "/me", 405),
        ("POST", "/openapi.json", 405),
    ],
)
def test_what_is_no_operation_is_told_as_a_problem(house, method, path, status):
    api, tokens = house

    answer = api.request(method, path, headers={"Authorization": f"Bearer {tokens[Role.OWNER]}"})

    assert is_problem(answer, status)
    assert API not in answer.json()["detail"]
