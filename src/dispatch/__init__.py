"""Newsletter and social publishing automation: feeds in, digests and snippets out."""

from typing import TYPE_CHECKING, Any

from dispatch.version import __version__

if TYPE_CHECKING:
    from dispatch.app.open import open_workspace

__all__ = ["__version__", "open_workspace"]


def __getattr__(name: str) -> Any:
    # Only when it is asked for: commands and plugins load no more than they use.
    if name == "open_workspace":
        from dispatch.app.open import open_workspace  # noqa: PLC0415

        return open_workspace
    raise AttributeError(f"module 'dispatch' has no attribute '{name}'")
