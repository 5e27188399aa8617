"""What starts processes, for many apps, one after the other: one for each would take its time."""

from typing import Any


class KeptOpen:
    """Does all that a renderer or a reader does, but for closing it."""

    def __init__(self, one: Any) -> None:
        self._one = one

    def __getattr__(self, name: str) -> Any:
        return getattr(self._one, name)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """What a reader does."""
        return self._one(*args, **options)

    def cut_off(self) -> None:
        """It is another one's, too."""

    def close(self) -> None:
        """It is another one's, too."""
