"""The description of the API: valid OpenAPI 3.1, whole, and the same rights as the pages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from dispatch.web.api.operations import OPERATIONS
from dispatch.web.api.parts import PARTS

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def description(onlooker):
    answer = onlooker.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def described(description):
    return {
        one["operationId"]: one
        for methods in description["paths"].values()
        for one in methods.values()
        if one["operationId"] != "join"
    }


def test_anybody_may_read_a_valid_description(description):
    validate(description)

    assert description["openapi"].startswith("3.1")
    assert description["servers"] == [{"url": "https://letter.atelier.example/api/v1"}]
    assert description["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def with_examples(said):
    """All schemas that give examples, wherever they stand."""
    if isinstance(said, dict):
        if isinstance(said.get("examples"), list):
            yield said
        said = list(said.values())
    if isinstance(said, list):
        for one in said:
            yield from with_examples(one)


def test_each_example_is_of_its_schema(description):
    schemas = list(with_examples(description))
    shared = {"components": description["components"]}

    wrong = [
        f"{example!r}: {error.message}"
        for schema in schemas
        for example in schema["examples"]
        for error in Draft202012Validator(shared | schema).iter_errors(example)
    ]

    assert len(schemas) > 400
    assert wrong == []


def test_each_operation_says_what_it_does_who_may_and_what_can_go_wrong(description):
    told = described(description)

    assert set(told) == {one.name for one in OPERATIONS}
    assert len(OPERATIONS) == len({one.name for one in OPERATIONS})
    for operation in OPERATIONS:
        one = told[operation.name]
        assert one["security"] == [{"token": []}]
        assert one["x-right"] == operation.right.value
        assert one["summary"]
        assert {"401", "403", "422", "429", "503"} <= set(one["responses"])
        problems = [
            answer["content"]
            for status, answer in one["responses"].items()
            if status.startswith(("4", "5"))
        ]
        assert all(set(content) == {"application/problem+json"} for content in problems)
        assert str(int(operation.status if operation.gives else 204)) in one["responses"] or (
            operation.media != "application/json"
        )


def test_all_parts_of_addresses_are_explained():
    used = {name for one in OPERATIONS for name in re.findall(r"\{(\w+)", one.path)}

    assert used <= set(PARTS)


def test_who_looks_at_pages_need_not_wait_for_the_api():
    """FastAPI and all operations are loaded when the API is first called."""
    code = "import sys, dispatch.web.routes; print('fastapi' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


def test_the_guide_calls_what_there_is_and_names_all_kinds_of_problems():
    guide = (ROOT / "docs/how-to/use-the-api.md").read_text(encoding="utf-8")
    called = re.findall(r"example/api/v1(/[\w/$]+)(?!\.|\w)", guide)
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src/dispatch/web/api").rglob("*.py")
        if path.name != "problems.py"
    )
    kinds = set(re.findall(r'(?:problem\([^)]*kind=|HTTPStatus\.CONFLICT, )"([a-z-]+)"', sources))

    assert called
    known = {one.path for one in OPERATIONS}
    assert {path.replace("$ID", "{id}") for path in called} <= known
    assert {kind for kind in kinds if f"`{kind}`" not in guide} == set()
