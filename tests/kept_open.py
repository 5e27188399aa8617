"""A renderer that many apps use, one after the other: a process for each would take its time."""

from typing import Any

from dispatch.render.subprocesses.renderer import SubprocessRenderer


class KeptOpen:
    """Does all that the renderer does, but for closing it."""

    def __init__(self, renderer: SubprocessRenderer) -> None:
        self._renderer = renderer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._renderer, name)

    def cut_off(self) -> None:
        """It is another one's, too."""

    def close(self) -> None:
        """It is another one's, too."""
