"""What pydantic finds wrong, in the words of people who write files."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Schema = Mapping[str, Any]


def in_plain_words(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    """The problem and the advice; `schema` is the JSON Schema of the model that found it.

    Never shows a value except where a word was to be chosen: a value may be a secret.
    """
    found = error.get("ctx", {}).get("error")
    if isinstance(found, InvalidValueError):
        return found.problem, found.advice
    say = _WORDS.get(error["type"])
    if say is None:
        return "is not valid", _example(_at(schema, error["loc"]))
    return say(error, schema)


def _missing(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    key, examples = error["loc"][-1], _at(schema, error["loc"]).get("examples")
    return "missing key", f"add '{key}: {_inline(examples[0])}'" if examples else f"add '{key}:'"


def _unknown(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    *around, key = error["loc"]
    known = _at(schema, around).get("properties", {})
    place = _place_of(str(key), around, schema)
    if place:
        return "unknown key", f"move it to {place}"
    advice = did_you_mean(str(key), known)
    free = [name for name in known if _takes_any_key(_at(schema, (*around, name)))]
    if len(free) == 1 and advice.startswith("known are"):
        advice += f"; a key of the service's stands under {free[0]}"
    return "unknown key", advice


def _takes_any_key(group: Schema) -> bool:
    return group.get("type") == "object" and group.get("additionalProperties") is True


def _place_of(key: str, around: "Sequence[str | int]", schema: Schema) -> str:
    """The group where somebody must have meant to write a key: inside this one, or beside it.

    Empty where there is none, or more than one.
    """
    for group in (around, around[:-1]):
        names = _at(schema, group).get("properties", {})
        found = [name for name in names if key in _at(schema, (*group, name)).get("properties", {})]
        if found:
            return ".".join(map(str, (*group, *found))) if len(found) == 1 else ""
    return ""


def _not_text(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    if isinstance(error["input"], int | float):
        return "must be text", "put it in quotes"
    return "must be text", _example(_at(schema, error["loc"]))


def _choice(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    word = error["input"]
    choices = _at(schema, error["loc"]).get("enum", [])
    advice = did_you_mean(word if isinstance(word, str) else "", choices)
    return f"unknown value {quoted(word)}", advice


def _must_be(what: str, advice: str) -> "Callable[[ErrorDetails, Schema], tuple[str, str]]":
    return lambda _error, _schema: (f"must be {what}", advice)


def _group(error: "ErrorDetails", schema: Schema) -> tuple[str, str]:
    keys = ", ".join(_at(schema, error["loc"]).get("properties", {}))
    return (
        "must be a group of keys",
        f"its keys are: {keys}" if keys else "write 'key: value' lines",
    )


def _at_least(error: "ErrorDetails", _schema: Schema) -> tuple[str, str]:
    return f"must be {error['ctx']['ge']} or more", "write a larger number"


def _at_most(error: "ErrorDetails", _schema: Schema) -> tuple[str, str]:
    return f"must be {error['ctx']['le']} or less", "write a smaller number"


_WHOLE = _must_be("a whole number", "write it in digits")
_YES_NO = _must_be("true or false", "write one of the two")

_WORDS: "Mapping[str, Callable[[ErrorDetails, Schema], tuple[str, str]]]" = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "string_type": _not_text,
    "enum": _choice,
    "literal_error": _choice,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "list_type": _must_be("a list", "write it in brackets, such as [one, two]"),
    "too_short": _must_be("a list with at least one name", "write it in brackets, such as [one]"),
    "model_type": _group,
    "dict_type": _group,
    "greater_than_equal": _at_least,
    "less_than_equal": _at_most,
}


def _example(schema: Schema) -> str:
    examples = schema.get("examples")
    if not examples:
        return "see its description in the reference"
    return f"for example {_inline(examples[0])}"


def _inline(value: Any) -> str:
    """An example as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _at(schema: Schema, path: Any) -> Schema:
    """The part of the schema that describes the value at a path; empty where there is none."""
    part = schema
    for step in path:
        part = _inside(_resolved(part, schema), step)
    return _resolved(part, schema)


def _inside(part: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        found = part.get("items", {})
    elif step in part.get("properties", {}):
        found = part["properties"][step]
    else:
        found = next(iter(part.get("patternProperties", {}).values()), {})
    return found if isinstance(found, dict) else {}


def _resolved(part: Schema, schema: Schema) -> Schema:
    if "$ref" not in part:
        return part
    target = schema["$defs"][part["$ref"].rpartition("/")[2]]
    return {**target, **part}
