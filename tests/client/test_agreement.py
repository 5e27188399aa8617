"""Client and API agree: each operation has a method, and each field its type."""

import inspect
import re
import subprocess
import sys
import typing

import pytest

from dispatch.client.groups import Groups
from docs.docs_pages import DOCS

CLIENT = DOCS.parent / "src" / "dispatch" / "client"


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        from generator import client, openapi

        return client, openapi.document()


def test_the_client_is_what_the_description_says(made):
    generator, _ = made
    files = generator.client_files()

    there = {
        path.relative_to(CLIENT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("groups", "shapes")
        for path in (CLIENT / folder).glob("*.py")
    }

    assert there == files, "the client lags behind - run 'make docs'"


def test_each_operation_has_a_method_that_takes_all_that_it_takes(made):
    generator, document = made
    client = Groups(calls=None)
    seen = set()

    for path, methods in document["paths"].items():
        for operation in methods.values():
            tag = operation.get("tags", [path.split("/")[1]])[0].replace("-", "_")
            name = generator.method_of(tag, operation["operationId"])
            taken = inspect.signature(getattr(getattr(client, tag), name)).parameters
            given = {
                generator._safe(one["name"])
                for one in operation.get("parameters", ())
                if one["in"] == "query" and one["name"] != "cursor"
            }
            assert given <= set(taken), operation["operationId"]
            seen.add((tag, name))

    assert len(seen) == sum(map(len, document["paths"].values()))


class Noted:
    """In place of the calls: notes which operation would be asked, and gives nothing."""

    def __init__(self) -> None:
        self.asked = []

    def __getattr__(self, name):
        def ask(*words, **_):
            self.asked.append(words)
            return iter(())

        return ask


def test_each_method_asks_its_operation_with_the_parts_it_is_given(made):
    generator, document = made
    calls = Noted()
    client = Groups(calls=calls)

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [path.split("/")[1]])[0].replace("-", "_")
            ask = getattr(getattr(client, tag), generator.method_of(tag, operation["operationId"]))
            needed = [
                one
                for one in inspect.signature(ask).parameters.values()
                if one.default is inspect.Parameter.empty
            ]
            wanted = re.sub(r"\{\w+\}", "7", path)

            list(
                ask(
                    *("7" for one in needed if one.kind is not one.KEYWORD_ONLY),
                    **{one.name: "7" for one in needed if one.kind is one.KEYWORD_ONLY},
                )
                or ()
            )

            said = [word for word in calls.asked[-1] if isinstance(word, str)]
            assert wanted in said, operation["operationId"]
            assert method.upper() in said or method == "get", operation["operationId"]


def test_each_field_of_a_shape_is_there_and_needed_where_it_is_said(made):
    generator, document = made
    shapes = {}
    for path in (CLIENT / "shapes").glob("*.py"):
        module = __import__(f"dispatch.client.shapes.{path.stem}", fromlist=["x"])
        shapes |= {
            name: one
            for name, one in vars(module).items()
            if typing.is_typeddict(one) and one.__module__ == module.__name__
        }

    for name, schema in document["components"]["schemas"].items():
        if (shape := shapes.get(generator.name_of(name))) and "properties" in schema:
            hints = typing.get_type_hints(shape)
            assert set(hints) == set(schema["properties"]), name
            assert shape.__required_keys__ == set(schema.get("required", ())), name


def test_whoever_imports_the_client_loads_nothing_of_the_service():
    code = (
        "import sys, dispatch.client; print(sorted(name for name in sys.modules "
        "if name.split('.')[0] in {'httpx', 'pydantic', 'sqlalchemy', 'starlette', 'fastapi'} "
        "or name.startswith('dispatch.') and not name.startswith(('dispatch.client', "
        "'dispatch.version'))))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
