"""An edition's content as canonical JSON: the bytes that are stored and fingerprinted."""

import json
from functools import cache

from pydantic import TypeAdapter

from dispatch.model.edition import EditionContent


def to_json(content: EditionContent) -> str:
    """Equal contents give equal text."""
    plain = _adapter().dump_python(content, mode="json")
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> EditionContent:
    """The content that `to_json` wrote."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[EditionContent]:
    return TypeAdapter(EditionContent)
