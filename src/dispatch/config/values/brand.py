"""What brand: may say - a colour, a picture, an address of post - and what it means.

Each function takes what the file says and gives the value, or raises InvalidValueError.
"""

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.values.simple import web_address

COLOUR = re.compile(r"#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
MOST_ADDRESS = 300
"""Characters; the longest postal addresses have half of it."""

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif)", re.IGNORECASE)
_OF_ANOTHER_KIND = re.compile(r"\.(?:svgz?|webp|avif|bmp|tiff?|heic|ico|pdf)", re.IGNORECASE)
_FORM = "write it in quotes, such as '#a8321a'"
_DIGITS = "write # and its six digits in quotes, such as '#a8321a'"


def colour(value: Any) -> str:
    """A colour in hexadecimal digits.

    >>> colour("#A31"), colour("a8321a")
    ('#aa3311', '#a8321a')
    """
    text = str(value).strip() if isinstance(value, str | int) else ""
    found = COLOUR.fullmatch(text)
    if not found:
        raise InvalidValueError(f"{quoted(value)} is no colour in hexadecimal digits", _DIGITS)
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def no_colour() -> tuple[str, str]:
    """Problem and advice where nothing is left, because # began a remark."""
    return "has no value", f"{_FORM}: without quotes, # begins a remark"


def logo(text: str) -> str:
    """An https address, or the path of a picture in the workspace."""
    address = text.strip()
    if not address:
        raise InvalidValueError("is empty", "write its path or remove the line")
    if address.lower().startswith(("http:", "https:", "//")):
        return _https(address)
    path = PurePosixPath(address.removeprefix("file:"))
    if path.is_absolute() or ".." in path.parts or "\\" in address or ":" in str(path):
        problem = f"{quoted(address)} is outside of the workspace"
        raise InvalidValueError(problem, "put the file into it, and write its path from there")
    if not _PICTURE.fullmatch(path.suffix):
        raise _of_another_kind(address)
    return str(path)


def website(text: str) -> str:
    """The publisher's site."""
    return web_address(text)


def postal_address(text: str) -> str:
    """An address of post, in one line or several."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    address = "\n".join(filter(None, lines))
    if not address:
        raise InvalidValueError("is empty", "write the address or remove the line")
    if len(address) > MOST_ADDRESS:
        raise InvalidValueError("is too long", f"write {MOST_ADDRESS} characters at most")
    return address


def _https(address: str) -> str:
    checked = web_address(address)
    if not checked.lower().startswith("https://"):
        problem = f"{quoted(checked)} is not encrypted"
        raise InvalidValueError(problem, "write an https address, or a file of the workspace")
    path = PurePosixPath(urlsplit(checked).path)
    if _OF_ANOTHER_KIND.fullmatch(path.suffix):
        raise _of_another_kind(address)
    return "https://" + checked[len("https://") :]


def _of_another_kind(address: str) -> InvalidValueError:
    problem = f"{quoted(address)} is no PNG, JPEG or GIF"
    return InvalidValueError(problem, "save it as PNG, which all mail programs show")
