"""A picture that goes with a digest as part of the mail, read from its bytes."""

import base64
import hashlib
from dataclasses import dataclass

MOST_BYTES = 100 * 1024
"""Of one picture: each reader's mail carries it, as a third more in base64."""

MOST_TOGETHER = 200 * 1024
"""Of all that go with one digest."""

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_END_OF_GIF = 64  # bytes in which its end is looked for: an empty block and a semicolon
_DAMAGED = "is cut off or damaged"
_MORE_OF_JPEG = range(0xD0, 0xD8)  # markers without a length


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, JPEG or GIF file.

    `data` is its base64 in one piece, `content_id` the name by which a mail's HTML shows it as
    `cid:` (RFC 2392): the same for the same bytes. Sides are in pixels.
    """

    name: str
    kind: str
    data: str
    content_id: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """Where the HTML of the mail finds it."""
        return f"cid:{self.content_id}"


def read_picture(name: str, data: bytes) -> Picture:
    """The picture in these bytes. Raises ValueError, `problem - advice`."""
    try:
        kind, width, height = kind_and_sides(data)
    except ValueError as error:
        advice = "save it again" if str(error) == _DAMAGED else "save it as one"
        raise ValueError(f"{error} - {advice}") from error
    digest = hashlib.sha256(data).hexdigest()[:32]
    text = base64.b64encode(data).decode()
    return Picture(name, kind, text, f"{digest}@dispatch", width, height)


def kind_and_sides(data: bytes) -> tuple[str, int, int]:
    """Which kind of picture it is, such as image/png, and how wide and high, in pixels.

    Raises ValueError, a few words on what is wrong, where it is none or not whole.
    """
    try:
        kind, width, height = _kind_and_sides(data)
    except (ValueError, IndexError) as error:
        raise ValueError("is no PNG, JPEG or GIF, which all mail programs show") from error
    if not width or not height or not _is_whole(kind, data):
        raise ValueError(_DAMAGED)
    return kind, width, height


def _kind_and_sides(data: bytes) -> tuple[str, int, int]:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return "image/png", _number(data[16:20]), _number(data[20:24])
    if data.startswith((b"GIF87a", b"GIF89a")):
        width, height = data[6:8], data[8:10]
        return "image/gif", _number(width[::-1]), _number(height[::-1])
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", *_sides_of_jpeg(data)
    raise ValueError("unknown beginning")


def _is_whole(kind: str, data: bytes) -> bool:
    """Whether the bytes go on to what ends such a file; programs may write more behind it."""
    if kind == "image/png":
        return _is_whole_png(data)
    if kind == "image/jpeg":
        return b"\xff\xd9" in data[data.rfind(b"\xff\xda") :]
    return b"\0;" in data[-_END_OF_GIF:]


def _is_whole_png(data: bytes) -> bool:
    at = 8
    while data[at + 4 : at + 8] not in {b"IEND", b""}:
        at += 12 + _number(data[at : at + 4])
    return len(data) >= at + 12


def _sides_of_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _START_OF_FRAME:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        if marker == 0xFF:  # filled up
            at += 1
        elif marker in _MORE_OF_JPEG:
            at += 2
        else:
            at += 2 + max(_number(data[at + 2 : at + 4]), 2)
    raise ValueError("no frame")


def _number(data: bytes) -> int:
    if not data:
        raise ValueError("cut off")
    return int.from_bytes(data)
