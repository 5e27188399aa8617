"""A form made from a provider's `Options`: one field for each, whichever provider it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from dispatch.web.team.form import Form

PREFIX = "option-"
REFERENCE = "env:"
FILE = "file:"
LEFT_OUT = frozenset({"extra"})
"""Options that a form has no field for: they stay as the file has them."""


@dataclass(frozen=True, slots=True)
class OptionField:
    """One field. `kind` is text, number, choice, tick or secret; `choices` are a choice's.

    Of a secret, `value` is the name of its environment variable. `suggested` are some of the
    values that a text may have, where its examples name several.
    """

    name: str
    kind: str
    hint: str
    value: str
    needed: bool
    choices: tuple[str, ...] = ()
    placeholder: str = ""
    suggested: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its name in the form."""
        return PREFIX + self.name

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its choices as a form wants them: what is said, and what is seen."""
        return [(one, one) for one in self.choices]


def fields_of(options: type[BaseModel], written: Mapping[str, Any]) -> list[OptionField]:
    """The fields in the order of the options, with what the file or the form says now."""
    return [
        _field(name, info, written.get(name))
        for name, info in options.model_fields.items()
        if name not in LEFT_OUT and _kind(info) is not None
    ]


def first_ones(fields: Sequence[OptionField]) -> int:
    """How many stand above the fold: up to the last one that is needed or secret.

    Choices that come right behind it, such as a region, go with it.
    """
    last = (at for at, one in enumerate(fields, start=1) if one.needed or one.kind == "secret")
    first = max(last, default=len(fields))
    while first < len(fields) and fields[first].kind == "choice":
        first += 1
    return first


def written_by(form: Form, options: type[BaseModel], before: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says as the file would say it; what it has no field for stays as before.

    An empty field is left out, so that the provider's own value holds.
    """
    found = dict(before)
    for name, info in options.model_fields.items():
        kind = _kind(info)
        if name in LEFT_OUT or kind is None:
            continue
        found.pop(name, None)
        value = _value(kind, form(PREFIX + name), default=info.default)
        if value is not None:
            found[name] = value
    return found


def _value(kind: str, text: str, *, default: object) -> Any:
    if kind == "tick":
        on = text == "yes"
        return None if on == bool(default) else on
    if not text:
        return None
    if kind == "secret":
        # A name, never a value; file:PATH is for who keeps it in a file.
        return text if text.startswith((REFERENCE, FILE)) else REFERENCE + text
    if kind == "choice" and text == str(default):
        return None
    if kind == "number":
        return number_of(text)
    return text


def number_of(text: str) -> int | float | str:
    """As a number, or as it was written where it is none: the provider says what is wrong."""
    for make in (int, float):
        try:
            return make(text)
        except ValueError:
            continue
    return text


def _field(name: str, info: FieldInfo, value: object) -> OptionField:
    kind = _kind(info) or "text"
    needed = info.is_required()
    default = "" if needed or info.default is None else info.default
    shown = "" if value is None else str(value)
    if kind == "secret":
        shown = shown.removeprefix(REFERENCE)
        default = ""
    if kind == "tick":
        on = value if value is not None else default
        shown = "yes" if on is True else ""
    if kind == "choice":
        shown = shown or str(default)
        default = ""  # is chosen, so that it need not be told
    if kind == "tick":
        default = ""
    examples = info.examples or []
    placeholder = str(default) if default != "" else str(examples[0]) if examples else ""
    return OptionField(
        name=name,
        kind=kind,
        hint=info.description or "",
        value=shown,
        needed=needed,
        choices=tuple(_choices(info.annotation)),
        placeholder=placeholder,
        suggested=tuple(dict.fromkeys(map(str, examples)))
        if kind == "text" and len(examples) > 1
        else (),
    )


def _kind(info: FieldInfo) -> str | None:
    """None for what a line of text cannot say, such as a mapping."""
    bare = _bare(info.annotation)
    if get_origin(bare) is Literal:
        return "choice"
    if not isinstance(bare, type):
        return None if get_origin(bare) in {dict, list, tuple} else "text"
    kinds = ((SecretStr, "secret"), (bool, "tick"), (int, "number"), (float, "number"))
    for kind, name in kinds:
        if issubclass(bare, kind):
            return name
    return None if issubclass(bare, dict | list | tuple | BaseModel) else "text"


def _bare(annotation: Any) -> Any:
    """Without what says that it may be missing, and without what checks it."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, UnionType}:
            kept = [one for one in get_args(annotation) if one is not NoneType]
            annotation = kept[0]
        elif hasattr(annotation, "__value__"):  # a type alias
            annotation = annotation.__value__
        else:
            return annotation


def _choices(annotation: Any) -> Iterator[str]:
    bare = _bare(annotation)
    if get_origin(bare) is Literal:
        yield from map(str, get_args(bare))
