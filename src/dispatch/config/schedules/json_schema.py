"""The JSON Schema of schedules.yaml, so that editors complete and check it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from dispatch.config.keys.file import FileKeys


class _Schema(GenerateJsonSchema):
    """Leaves out null, which nobody writes: a key that is not needed is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        # Names that do not fit the pattern are errors, which pydantic leaves unsaid.
        return found | {"additionalProperties": False} if "patternProperties" in found else found


_REFERENCE = {"type": "string", "pattern": "^(env|file):."}
"""How an option names what stands elsewhere; a secret can be told in no other way."""


def json_schema(options: Mapping[str, type[BaseModel]] | None = None) -> dict[str, Any]:
    """The schema (draft 2020-12), made from the same models that check the file.

    With `options`, provider to what it may be told, it says that of each channel, too.
    """
    schema = FileKeys.model_json_schema(schema_generator=_Schema)
    if options:
        _add_options(schema["$defs"], options)
    return {"$schema": _Schema.schema_dialect, **schema, "title": "schedules.yaml"}


def _add_options(defs: dict[str, Any], options: Mapping[str, type[BaseModel]]) -> None:
    channel = defs["ChannelKeys"]
    channel["properties"]["provider"]["enum"] = sorted(options)
    channel["allOf"] = []
    for name, model in options.items():
        schema = model.model_json_schema(
            schema_generator=_Schema, ref_template=f"#/$defs/{name}.{{model}}"
        )
        defs |= {f"{name}.{key}": one for key, one in schema.pop("$defs", {}).items()}
        schema["properties"] = {key: _option(one) for key, one in schema["properties"].items()}
        needed = ["options"] if schema.get("required") else []
        channel["allOf"].append(
            {
                "if": {"properties": {"provider": {"const": name}}, "required": ["provider"]},
                "then": {"properties": {"options": schema}, "required": needed},
            }
        )


def _option(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("format") == "password":
        about = {key: schema[key] for key in ("description", "title") if key in schema}
        return about | _REFERENCE
    if schema.get("type") == "string" and not {"enum", "pattern", "format"} & schema.keys():
        return schema
    beside = {"description", "default"} & schema.keys()
    return {key: schema.pop(key) for key in sorted(beside)} | {"anyOf": [schema, _REFERENCE]}
