"""The JSON Schema of schedules.yaml, so that editors complete and check it."""

from typing import Any

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


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), made from the same models that check the file."""
    schema = FileKeys.model_json_schema(schema_generator=_Schema)
    return {"$schema": _Schema.schema_dialect, **schema, "title": "schedules.yaml"}
