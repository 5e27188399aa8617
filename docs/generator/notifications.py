"""The page that says what programs elsewhere are told, type by type."""

import json
from collections.abc import Iterator

from generator.markdown import table

from dispatch.model.notify.types import SHAPES


def notifications() -> Iterator[str]:
    """The types, from where they are declared."""
    yield "# Notifications"
    yield (
        "What receivers of `notify:` are told, and of what shape it is "
        "([how](../how-to/notify-other-programs.md)). The body of a call is an object with `type`, "
        "`timestamp` (when it happened: RFC 3339, in UTC) and `data`, whose fields are these. A "
        "type may get more fields; what it has keeps its name and meaning, and what would not is "
        "a type of another name. So pass over fields and types that you do not know."
    )
    for type_, shape in SHAPES.items():
        yield f"## `{type_.value}`"
        yield shape.when
        rows = ((f"`{name}`", about) for name, (about, _) in shape.fields.items())
        yield table(("field", "meaning"), rows)
        yield f"```json\n{json.dumps(shape.example(), ensure_ascii=False, indent=2)}\n```"
