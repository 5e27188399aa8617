"""The JSON Schema that editors use."""

from collections.abc import Iterator
from typing import Any

from dispatch.config.keys.file import FileKeys
from dispatch.config.schedules.json_schema import json_schema


def groups(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "", schema
    yield from schema["$defs"].items()


def test_is_of_the_2020_draft_and_named_after_the_file():
    schema = json_schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "schedules.yaml"
    assert schema["required"] == ["feeds", "campaigns"]


def test_every_key_is_described():
    schema = json_schema()

    bare = [
        f"{group}.{key}"
        for group, part in groups(schema)
        for key, value in part.get("properties", {}).items()
        if not (schema["$defs"].get(value.get("$ref", "").rpartition("/")[2], {}) | value).get(
            "description"
        )
    ]

    assert bare == []


def test_unknown_keys_and_impossible_names_are_errors():
    schema = json_schema()

    closed = {
        group: part.get("additionalProperties")
        for group, part in groups(schema)
        if "properties" in part
    }
    assert set(closed.values()) == {False}
    assert schema["properties"]["feeds"]["additionalProperties"] is False
    assert schema["properties"]["feeds"]["patternProperties"] == {
        "^[a-z0-9][a-z0-9_-]{0,63}$": {"$ref": "#/$defs/FeedKeys"}
    }


def test_null_is_never_offered():
    assert "null" not in str(json_schema())
    assert "None" not in str(json_schema())


def test_a_digest_goes_out_by_a_channel_or_several():
    via = json_schema()["$defs"]["EmailKeys"]["properties"]["via"]

    assert [one["type"] for one in via["anyOf"]] == ["string", "array"]
    assert via["default"] == "outbox"


def test_a_pace_is_made_of_numbers_and_domains():
    pace = json_schema()["$defs"]["PaceKeys"]["properties"]

    assert pace["per_second"]["type"] == "number"
    assert pace["per_second"]["minimum"] > 0
    assert pace["per_domain"]["additionalProperties"]["type"] == "number"
    assert pace["warm_up"]["$ref"] == "#/$defs/WarmUpKeys"


def test_the_examples_are_right():
    properties = json_schema()["properties"]
    examples = {
        key: value["examples"][0] for key, value in properties.items() if "examples" in value
    }

    keys = FileKeys.model_validate(examples)

    assert keys.timezone == "Europe/Paris"
    assert list(keys.campaigns) == ["weekly"]
