"""Finding providers: each is announced by an entry point, ours and those of plugins alike."""

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, cast

from dispatch.channels.provider import Provider
from dispatch.errors import NotFound
from dispatch.model.text.suggestions import did_you_mean

GROUP = "dispatch.providers"
PARTS = ("Options", "capabilities", "send", "check")


def provider_names() -> tuple[str, ...]:
    """The names of all installed providers, sorted; none of them is imported for that."""
    return tuple(sorted(_announced(tuple(sys.path)).names))


def find_provider(name: str) -> type[Provider[Any]]:
    """The class of the provider with this name.

    Raises NotFound where none has it, where two packages claim it, and where the package
    that has it is broken.
    """
    found = tuple(_announced(tuple(sys.path)).select(name=name))
    if not found:
        raise NotFound(f"provider '{name}': unknown - {did_you_mean(name, provider_names())}")
    if len(found) > 1:
        packages = ", ".join(sorted(map(_package, found)))
        raise NotFound(f"provider '{name}': offered by {packages} - remove all but one of them")
    return _load(found[0])


def is_there(name: str) -> bool:
    """Whether there is a provider of this name that can be used."""
    try:
        find_provider(name)
    except NotFound:
        return False
    return True


@lru_cache(maxsize=1)
def _announced(_path: tuple[str, ...]) -> EntryPoints:
    # Looking through all installed packages takes longer than all else that opens a workspace.
    return entry_points(group=GROUP)


def _load(entry: EntryPoint) -> type[Provider[Any]]:
    try:
        loaded = entry.load()
    except Exception as error:  # a plugin's module may raise anything
        problem = f"cannot be loaded ({type(error).__name__}: {error})"
        raise NotFound(_broken(entry, problem)) from error
    missing = [part for part in PARTS if not hasattr(loaded, part)]
    if missing or not isinstance(loaded, type):
        raise NotFound(
            _broken(entry, f"is no provider, it lacks {', '.join(missing) or 'a class'}")
        )
    return cast("type[Provider[Any]]", loaded)


def _broken(entry: EntryPoint, problem: str) -> str:
    package = _package(entry)
    return f"provider '{entry.name}': {entry.value} {problem} - update or remove {package}"


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "its package"
