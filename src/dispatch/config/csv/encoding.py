"""How the bytes of a CSV file become text: spreadsheets do not say, and a file may be damaged."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO

from dispatch.config.files.problems import InvalidValueError
from dispatch.regular_files import check_regular, open_regular

MAX_BYTES = 512_000_000
MAX_LINE = 100_000  # characters; a row is far shorter, and a line without end is no row

BLOCK = 1 << 16
"""Characters that are taken at a time: some hundreds of lines, which a processor's caches hold."""

UNREADABLE = "\udcff"
"""Stands where bytes are that no character is written with; no file can have it."""

_DAMAGED, _OLD = "dispatch-unreadable", "dispatch-old-spreadsheet"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"{\\rtf")
"""How a spreadsheet's own files begin, and others that are taken for CSV."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is to be read.

    `guessed` is what else it is written in and `guessed_at` the first line that is, if it is.
    """

    name: str
    guessed: str = ""
    guessed_at: int | None = None

    def open(self, path: Path) -> IO[str]:
        """The file as text with its own line ends; UNREADABLE is where it is damaged."""
        errors = _OLD if self.guessed else _DAMAGED
        file = open_regular(path)
        return TextIOWrapper(file, encoding=self.name, errors=errors, newline="")


def encoding_of(path: Path) -> Encoding:
    """The encoding of a file.

    A file of which most lines with accents are UTF-8 is UTF-8, and has bad rows. Another one was
    written by an old spreadsheet: what in it is not UTF-8 is Windows-1252, else Latin-1, which
    all bytes are.
    Raises InvalidValueError for what is no text, and OSError.
    """
    state = path.stat()
    check_regular(state, path)  # it is read several times, and might never end
    if state.st_size > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES // 1_000_000} MB"
        raise InvalidValueError(problem, "split it into several files")
    with open_regular(path) as file:
        start = file.read(65_536)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return Encoding(name)
    if name := _utf_16_without_mark(start):
        return Encoding(name)
    if start.startswith(_BINARY) or b"\0" in _first_line(start):
        raise InvalidValueError("is not a text file", "save the sheet as CSV (UTF-8)")
    if _is_utf_8(path):
        return Encoding("utf-8")
    right, wrong, first = _count_lines(path)
    if right >= wrong:
        return Encoding("utf-8")
    guessed = "Windows-1252 (Latin-1)" if _is_windows(path) else "Latin-1"
    return Encoding("utf-8", guessed, first)


def line_blocks(file: IO[str], size: int = BLOCK) -> Iterator[list[str | None]]:
    """The lines with their ends, of any kind, many at a time.

    None stands for a line of MAX_LINE characters and more, of which nothing is kept.
    """
    while text := file.read(size):
        text += file.readline(MAX_LINE)  # the rest of the last line, or of its end
        lines: list[str | None] = list(StringIO(text, newline=""))
        if max(map(len, lines)) >= MAX_LINE:  # type: ignore[arg-type]
            end = text[-1]
            while end and end not in "\r\n":
                end = file.readline(MAX_LINE)[-1:]
            lines = [line if len(line) < MAX_LINE else None for line in lines if line is not None]
        yield lines


def _is_utf_8(path: Path) -> bool:
    """Whether all of it is, as of nearly all files: told without a look at each line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_regular(path) as file:
        try:
            while part := file.read(BLOCK):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _count_lines(path: Path) -> tuple[int, int, int | None]:
    """How many lines beyond ASCII are UTF-8 and how many are not, and the first that is not."""
    right = wrong = number = 0
    first = None
    with Encoding("utf-8").open(path) as file:
        for block in line_blocks(file):
            for place, line in enumerate(block, start=number + 1):
                if line is None or line.isascii():
                    continue
                if UNREADABLE in line:
                    wrong += 1
                    first = first or place
                else:
                    right += 1
            number += len(block)
    return right, wrong, first


def _is_windows(path: Path) -> bool:
    with open_regular(path) as file:
        while part := file.read(1 << 20):
            if any(byte in part for byte in b"\x81\x8d\x8f\x90\x9d"):  # what Windows leaves out
                return False
    return True


def _utf_16_without_mark(start: bytes) -> str:
    """Told by the first two letters: a heading is written in ASCII."""
    zeros = tuple(byte == 0 for byte in start[:4])
    if zeros == (False, True, False, True):
        return "utf-16-le"
    return "utf-16-be" if zeros == (True, False, True, False) else ""


def _first_line(start: bytes) -> bytes:
    return (start.strip(b"\r\n").splitlines() or [b""])[0]


def _unreadable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNREADABLE, error.end


def _as_of_old(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    try:
        return found.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return found.decode("latin-1"), error.end


codecs.register_error(_DAMAGED, _unreadable)
codecs.register_error(_OLD, _as_of_old)
