"""The page that says what programs elsewhere are told, type by type."""

import json
from collections.abc import Iterator

from generator.markdown import table

from dispatch.model.notify.types import SCHEMA, SHAPES, Field

SCHEMAS = "notifications.schema.json"


def notifications() -> Iterator[str]:
    """The types, from where they are declared."""
    yield "# Notifications"
    yield (
        "What receivers of `notify:` are told, and of what shape it is "
        "([how](../how-to/notify-other-programs.md)). The body of a call is an object with `type`, "
        "`timestamp` (when it happened: RFC 3339, in UTC) and `data`, whose fields are these. A "
        "type may get more fields; what it has keeps its name and meaning, and what would not is "
        "a type of another name. So pass over fields and types that you do not know. Programs "
        f"read the same in [{SCHEMAS}]({SCHEMAS}), a JSON schema of all bodies."
    )
    for type_, shape in SHAPES.items():
        yield f"## `{type_.value}`"
        yield shape.when
        rows = ((f"`{name}`", _kind(one), one.about) for name, one in shape.fields.items())
        yield table(("field", "value", "meaning"), rows)
        yield f"```json\n{json.dumps(shape.example(), ensure_ascii=False, indent=2)}\n```"


def notification_schemas() -> str:
    """What a program can check a body by, or make code from: one of these, by its `type`."""
    said = {
        "$schema": SCHEMA,
        "title": "What receivers of notify: are told",
        "oneOf": [{"$ref": f"#/$defs/{type_.value}"} for type_ in SHAPES],
        "$defs": {type_.value: shape.schema(type_) for type_, shape in SHAPES.items()},
    }
    return f"{json.dumps(said, ensure_ascii=False, indent=2)}\n"


def _kind(one: Field) -> str:
    said = one.values.get("type", "string")
    return said if isinstance(said, str) else " or ".join(said)
