"""The API is called anyhow, by schemathesis: whatever is said, it answers as its description says.

In one process, with a fixed seed, on a workspace in which a team has worked for a while. Each
operation is called on a copy of that, as some of them take away what others need.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.python.asgi import get_client

from api_stage import API, token_of
from app_stage import copied_workspace, opened, workspace_in
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.api.allowances import Allowances
from dispatch.web.api.application import new_api
from dispatch.web.api.operations import OPERATIONS
from dispatch.web.routes import new_web
from team_house import furnish, people_of_all_roles

SEED = 19
PATIENCE = 120
EXAMPLES = 12
"""Of each kind for each operation: those that fit what is described, and those that do not."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory, migrated_sqlite):
    """Where it is, what its clock says, and the ids of what is there."""
    folder = workspace_in(tmp_path_factory.mktemp("anyhow") / "letters", migrated_sqlite)
    clock = FakeClock()
    with opened(folder, clock) as app:
        people_of_all_roles(app)
        ids = furnish(app, clock)
        with app.store.read() as tx:
            reader = tx.subscribers.find("kenji.sato@readers.example")
            [post] = tx.posts.latest(limit=1)
            pieces = [one.id for one in tx.editions.get(ids["letter"]).content.pieces]
        token = token_of(app, "jean", Role.OWNER)
    known = {
        "/editions/{id}": list(ids.values()),
        "/editions/{id}/pieces/{piece}": pieces,
        "/letters/{id}": [ids["letter"]],
        "/standing/{number}": ["1"],
        "/posts/{id}": [str(post.id)],
        "/posts/{number}": [str(post.id)],
        "/campaigns/{name}": ["weekly", "bulletin"],
        "/campaigns/{campaign}": ["weekly", "bulletin"],
        "/feeds/{name}": ["atelier"],
        "/channels/{name}": ["outbox"],
        "/channels/{channel}": ["outbox"],
        "/templates/{name}": ["weekly"],
        "/subscribers/{id}": [reader.public_id],
        "/forms/{name}": ["readers"],
        "/forms/{form}": ["readers"],
        "/people/{handle}": ["author", "viewer"],
        "/suppressions/{id}": ["a2Vuamkuc2F0b0ByZWFkZXJzLmV4YW1wbGU"],
    }
    usual = {
        "file": ["digest.mjml"],
        "slot": ["2026-12-07T09:00"],
        "channel": ["outbox"],
        "number": ["1", "2"],
        "version": ["1"],
    }
    return folder, clock, token, known, usual


@pytest.fixture(scope="module")
def described(furnished):
    folder, clock, *_ = furnished
    with opened(folder, clock) as app:
        from dispatch.web.api.application import description

        document = description(new_api(new_web(app)))
    document["servers"] = [{"url": f"http://testserver{API}"}]
    return schemathesis.openapi.from_dict(document)


@pytest.fixture
def web(furnished, tmp_path):
    folder, clock, *_ = furnished
    with opened(copied_workspace(folder, tmp_path / "letters"), clock) as app:
        web = new_web(app)
        web.state.allowances = Allowances({"reads": 10**9, "changes": 10**9})
        yield web


def parts_of(path, known, usual):
    """Values for the parts of an address, of things that are there."""
    found = {}
    for name in [one.partition("}")[0] for one in path.split("{")[1:]]:
        before = path[: path.index("{" + name)]
        found[name] = known.get(f"{before}{{{name}}}", usual.get(name, ["nothing"]))
    return found


@pytest.mark.parametrize("operation", OPERATIONS, ids=[one.name for one in OPERATIONS])
def test_an_operation_answers_as_it_is_described(operation, described, web, furnished):
    *_, token, known, usual = furnished
    asked = described.find_operation_by_id(operation.name)
    there = parts_of(operation.path, known, usual)
    headers = {"Authorization": f"Bearer {token}"}

    with get_client(web) as client:

        def call(case, data):
            for name, values in there.items():
                if data.draw(st.integers(0, 3)):
                    case.path_parameters[name] = data.draw(st.sampled_from(values))
            return case.call(session=client, app=web, headers=headers, timeout=PATIENCE)

        @seed(SEED)
        @QUIET
        @given(case=asked.as_strategy(generation_mode=GenerationMode.POSITIVE), data=st.data())
        def fitting(case, data):
            case.validate_response(call(case, data), checks=CHECKS)

        @seed(SEED)
        @QUIET
        @given(case=asked.as_strategy(generation_mode=GenerationMode.NEGATIVE), data=st.data())
        def unfit(case, data):
            answer = case.call(session=client, app=web, headers=headers, timeout=PATIENCE)
            case.validate_response(answer, checks=[*CHECKS, negative_data_rejection])

        fitting()
        unfit()
