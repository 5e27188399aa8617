"""Lists of tags, as records of DKIM and DMARC are written (RFC 6376, 3.2)."""

from collections.abc import Mapping


def read_tags(record: str) -> Mapping[str, str]:
    """Tag to value, in their order; raises ValueError, which says what cannot be read.

    >>> read_tags("v=DKIM1; k=rsa ; p=MII BIj")
    {'v': 'DKIM1', 'k': 'rsa', 'p': 'MII BIj'}
    """
    found: dict[str, str] = {}
    for part in record.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ValueError(f"'{part.strip()}' is no tag with a value")
        if name in found:
            raise ValueError(f"{name}= stands there twice")
        found[name] = value.strip()
    return found
