"""Lists of tags, as records of DKIM and DMARC are written (RFC 6376, 3.2)."""

import re
from collections.abc import Mapping

SPACES = " \t\r\n"
"""What may stand around tags; spaces of other kinds, as pages have them, are part of the text."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def read_tags(record: str) -> Mapping[str, str]:
    """Tag to value, in their order; raises ValueError, which says what cannot be read.

    >>> read_tags("v=DKIM1; k=rsa ; p=MII BIj")
    {'v': 'DKIM1', 'k': 'rsa', 'p': 'MII BIj'}
    """
    found: dict[str, str] = {}
    for part in record.split(";"):
        if not part.strip(SPACES):
            continue
        name, equals, value = part.partition("=")
        name = name.strip(SPACES)
        if not equals or not name:
            raise ValueError(f"'{part.strip(SPACES)}' is no tag with a value")
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a tag")
        if name in found:
            raise ValueError(f"{name}= stands there twice")
        found[name] = value.strip(SPACES)
    return found
