"""Every key of schedules.yaml, from its JSON Schema."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.markdown import code, table

from dispatch.config.schedules.json_schema import json_schema
from dispatch.config.values import brand as brand_words
from dispatch.config.values import schedule as schedule_words
from dispatch.config.values import simple as words

KIND_WORDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "`true`, `false`",
    "object": "group of options",
}

PATTERN_WORDS = {
    words.NAME.pattern: "name",
    words.DURATION.pattern: "length of time",
    words.CLOCK_TIME.pattern: "time of day",
    words.SHARE.pattern: "share",
    brand_words.COLOUR.pattern: "colour",
    schedule_words.WEEKS.pattern: "`2 weeks`",
    schedule_words.DATE.pattern: "date",
    r"file:.+\.ics": "`file:` and a calendar",
}


def schedules() -> Iterator[str]:
    """The page, part by part."""
    yield "# schedules.yaml"
    yield (
        "Every key, and where it stands. A key that is not here is an error. `dispatch schema` "
        "prints the same as JSON Schema, for editors that complete and check the file. How keys "
        "play together is shown in [the first digest](../tutorial/first-digest.md)."
    )
    schema = json_schema()
    yield from _group(schema, schema["$defs"], "", {})


def _group(
    schema: Mapping[str, Any], defs: Mapping[str, Any], path: str, shown: dict[int, str]
) -> Iterator[str]:
    """A group of keys, and those below it; `shown` has the place of those that stand already."""
    yield f"## `{path}`" if path else "## The file"
    yield str(schema.get("description", ""))
    needed = schema.get("required", ())
    below: list[tuple[str, Mapping[str, Any]]] = []
    rows = []
    for key, value in schema["properties"].items():
        named = f"{path}.{key}" if path else key
        child, suffix = _child(value, defs)
        known = shown.setdefault(id(child), named + suffix) if child else ""
        if child and known == named + suffix:
            below.append((known, child))
        meaning = value.get("description") or (child or {}).get("description", "")
        rows.append(
            (
                f"`{key}`",
                "yes" if key in needed else "",
                _kind(value, defs)
                if not child
                else "group, see below"
                if known == named + suffix
                else f"group, as `{known}`",
                code(value.get("default")),
                meaning,
                ", ".join(code(one) for one in value.get("examples", ()) if not child),
            )
        )
    yield table(("key", "needed", "value", "default", "meaning", "example"), rows)
    for name, child in below:
        yield from _group(child, defs, name, shown)


def _child(
    value: Mapping[str, Any], defs: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, str]:
    """The group of keys that a value is made of, and how its place is written."""
    named = next(iter(value.get("patternProperties", {}).values()), None)
    more = value.get("additionalProperties")
    places = (
        (value, ""),
        (value.get("items", {}), "[]"),
        (named or (more if isinstance(more, dict) else {}), ".<name>"),
    )
    for place, suffix in places:
        target = defs.get(place.get("$ref", "").rpartition("/")[2])
        if target and target.get("type") == "object":
            return target, suffix
    return None, ""


def _kind(value: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    if "$ref" in value:
        value = defs[value["$ref"].rpartition("/")[2]]
    if "anyOf" in value:
        return " or ".join(_kind(one, defs) for one in value["anyOf"])
    if "enum" in value:
        return ", ".join(code(one) for one in value["enum"])
    if "const" in value:
        return code(value["const"])
    if many := _many(value, defs):
        return many
    if choice := re.fullmatch(r"\^\(([a-z|]+)\|since .*", value.get("pattern", "")):
        return ", ".join(code(one) for one in [*choice[1].split("|"), "since DATE"])
    return PATTERN_WORDS.get(value.get("pattern", "").strip("^$")) or KIND_WORDS[value["type"]]


def _many(value: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """What a list or a mapping to single values holds; empty where it is neither."""
    if value["type"] == "array":
        items = value.get("items", {})
        if "anyOf" in items:
            return "list of these"
        several = {"time of day": "times of day"}
        kind = _kind(items, defs)
        return "list of weekdays" if "enum" in items else f"list of {several.get(kind, f'{kind}s')}"
    each = value.get("additionalProperties")
    of = "word" if "minProperties" in value else "name"
    return f"{_kind(each, defs)} for each {of}" if isinstance(each, dict) else ""
