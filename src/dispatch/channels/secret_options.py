"""Which options of a provider are secrets: they are named, and never shown."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

REFERENCES = ("env:", "file:")
HIDDEN = "***"


def secret_options(options: type[BaseModel]) -> frozenset[str]:
    """The names of those that hold a secret, also as one of several kinds, or in a list."""
    return frozenset(
        name
        for name, info in options.model_fields.items()
        if any(one is SecretStr for one in _kinds(info.annotation))
    )


def without_secrets(written: Mapping[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    """Options as the file has them; what stands there itself of a secret is hidden.

    >>> without_secrets({"host": "a", "token": "abc"}, frozenset({"token"}))
    {'host': 'a', 'token': '***'}
    """
    return {name: _shown(value) if name in secrets else value for name, value in written.items()}


def is_reference(value: object) -> bool:
    """Whether an option names what stands elsewhere."""
    return isinstance(value, str) and value.startswith(REFERENCES)


def _shown(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    return value if is_reference(value) else HIDDEN


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(getattr(annotation, "__value__", annotation)):
        yield from _kinds(inner)
