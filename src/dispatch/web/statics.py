"""The files that pages share: style sheet, script, icon. They are read once, at the start."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
MARK_LETTERS = 16

FOR_A_YEAR = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""What is at an address with a fingerprint stays what it is."""


@dataclass(frozen=True, slots=True)
class Static:
    """A file as it goes out: `packed` is the same by gzip."""

    kind: str
    content: bytes
    packed: bytes


class Statics:
    """What `web/static/` held when the process began, at one address that changes with any of it.

    So a page and its style always fit together, also while a new version is being brought in.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = sorted(path for path in folder.iterdir() if path.suffix in KINDS)
        self._files = {path.name: _read(path) for path in paths}
        self.fingerprint = fingerprint(
            *(part for name, file in self._files.items() for part in (name.encode(), file.content))
        )

    def find(self, mark: str, name: str) -> Static | None:
        """The file, if it is one of ours and `mark` is the fingerprint of them all."""
        return self._files.get(name) if mark == self.fingerprint else None


def fingerprint(*parts: bytes) -> str:
    """A name for just this content, as part of an address.

    >>> fingerprint(b"a", b"b") == fingerprint(b"ab")
    False
    """
    told = hashlib.sha256()
    for part in parts:
        told.update(len(part).to_bytes(8, "big") + part)
    return told.hexdigest()[:MARK_LETTERS]


def style(text: str) -> Static:
    """A style sheet that is made, not read."""
    return _packed("text/css", text.encode())


def _read(path: Path) -> Static:
    return _packed(KINDS[path.suffix], path.read_bytes())


def _packed(kind: str, content: bytes) -> Static:
    return Static(f"{kind}; charset=utf-8", content, gzip.compress(content, mtime=0))
