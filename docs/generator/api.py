"""The reference of the API, from its OpenAPI document."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.client import is_list, method_of
from generator.markdown import one_paragraph, table
from generator.openapi import document

_REF = "#/components/schemas/"
_PROBLEM = "Problem"
_USUAL = {"401", "403", "406", "422", "429", "503"}
"""Problems that each operation may answer with."""


def api() -> Iterator[str]:
    """Each operation with what goes in, what comes out and who may; then all shapes."""
    said = document()
    yield "# The API"
    yield said["info"]["description"].strip()
    yield (
        "All addresses are below `public_url` and `/api/v1`. This page is made of the document at "
        "`/api/v1/openapi.json` (OpenAPI 3.1). How to call it: "
        "[from Python](../how-to/python-client.md). A list answers `items` and `next`, which is "
        "the `cursor` of its next page; `null`: there is none."
    )
    yield "Every operation may answer with these problems:"
    yield table(("answer", "meaning"), _usual(said))
    groups: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [path.split("/")[1]])[0]
            groups.setdefault(tag, []).append((method.upper(), path, operation))
    for tag in sorted(groups):
        yield f"## {tag.replace('-', ' ').capitalize()}"
        for method, path, operation in groups[tag]:
            yield from _operation(tag, method, path, operation)
    yield "## Shapes"
    shapes = said["components"]["schemas"]
    for name in sorted(one for one in shapes if not is_list(one)):
        yield from _shape(name, shapes[name])


def _usual(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    answers = said["paths"]["/me"]["get"]["responses"]
    return [(status, answers[status]["description"]) for status in sorted(_USUAL & set(answers))]


def _operation(tag: str, method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{method} {path}`"
    yield f"{operation.get('summary', '')}."
    if more := operation.get("description", ""):
        yield re.sub(r"(?<!\n)\n(?!\n)", " ", more)
    name = operation["operationId"]
    group = tag.replace("-", "_")
    yield f"From Python: `client.{group}.{method_of(group, name)}`. Operation: `{name}`."
    if given := operation.get("parameters"):
        rows = ((f"`{one['name']}`", one["in"], *_about(one)) for one in given)
        yield table(("parameter", "in", "type", "meaning"), rows)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Body (`{kind}`): {_linked(content.get('schema', {}))}"
    rows = [
        (status, one_paragraph(answer.get("description", "")), _shown(answer))
        for status, answer in sorted(operation["responses"].items())
        if status not in _USUAL
    ]
    yield table(("answer", "meaning", "shape"), rows)


def _about(parameter: Mapping[str, Any]) -> tuple[str, str]:
    schema = parameter["schema"]
    told = parameter.get("description", "")
    default = schema.get("default")
    usual = f" Without it: `{default}`." if default not in {None, ""} else ""
    needed = " Needed." if parameter.get("required") and parameter["in"] == "query" else ""
    return _linked(schema), f"{told}{usual}{needed}"


def _shown(answer: Mapping[str, Any]) -> str:
    return ", ".join(
        kind
        if kind != "application/json" and _PROBLEM not in str(said)
        else _linked(said["schema"])
        for kind, said in answer.get("content", {}).items()
    )


def _shape(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}"
    if about := schema.get("description"):
        yield one_paragraph(about)
    if "properties" not in schema:
        yield _linked(schema)
        return
    needed = set(schema.get("required", ()))
    yield table(
        ("field", "type", "meaning"),
        (
            (
                f"`{field}`" + ("" if field in needed else " (may be left out)"),
                _linked(said),
                _told(said),
            )
            for field, said in schema["properties"].items()
        ),
    )


def _told(schema: Mapping[str, Any]) -> str:
    told = schema.get("description", "")
    examples = [one for one in schema.get("examples", ()) if one is not None]
    if not examples:
        return told
    return f"{told} Such as `{json.dumps(examples[0], ensure_ascii=False)}`".strip()


def _linked(schema: Mapping[str, Any]) -> str:
    """A type in words, with links to shapes."""
    if ref := schema.get("$ref"):
        name = ref.removeprefix(_REF)
        if is_list(name):
            items = document()["components"]["schemas"][name]["properties"]["items"]
            return f"page of {_linked(items['items'])}"
        return f"[{name}](#{_anchor(name)})"
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(_linked(one) for one in schema[word]))
    known = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if known:
        return ", ".join(f"`{one}`" for one in known)
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        if "prefixItems" in schema:
            return f"list of {', '.join(_linked(one) for one in schema['prefixItems'])}"
        return f"list of {_linked(schema.get('items', {}))}"
    if kind == "string" and "format" in schema:
        return str(schema["format"])
    return kind


def _anchor(name: str) -> str:
    return re.sub(r"[^\w-]", "", name.lower())
