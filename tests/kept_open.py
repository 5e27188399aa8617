"""What starts processes, for many apps, one after the other: one for each would take its time."""

import pickle
from collections.abc import Callable
from hashlib import sha256
from typing import Any

CHECKS = frozenset({"check_template", "check_mail_template", "check_page", "check_segment"})
"""What they say of files says nothing of when they are asked, nor of who asks."""


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


class AskedOnce(KeptOpen):
    """One that remembers what was read of bytes, and said of templates: most tests have the same.

    What was refused is asked again.
    """

    def __init__(self, one: Any, answers: dict[bytes, bytes]) -> None:
        super().__init__(one)
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        asked = super().__getattr__(name)
        return self._remembered(name, asked) if name in CHECKS else asked

    def __call__(self, *args: Any, **options: Any) -> Any:
        """What a reader does."""
        return self._remembered("", self._one)(*args, **options)

    def _remembered(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any, **options: Any) -> Any:
            asked = sha256(pickle.dumps((name, args, options))).digest()
            if asked not in self._answers:
                self._answers[asked] = pickle.dumps(ask(*args, **options))
            return pickle.loads(self._answers[asked])

        return answer
