"""Where in a file a key is written, so that a problem found later can still name the line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.yaml_text import Path, dotted

__all__ = ["LineNumbers", "Path", "dotted"]


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """The line numbers of one file, counted from 1."""

    known: Mapping[Path, int] = field(default_factory=dict)

    def of(self, *path: str | int) -> int | None:
        """The line of a key, or of the nearest key around it that is written; None if none is.

        >>> lines = LineNumbers({("channels",): 4, ("channels", "mail"): 5})
        >>> lines.of("channels", "mail", "options")
        5
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self.known:
                return self.known[path[:length]]
        return None
