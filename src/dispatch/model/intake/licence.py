"""Licences by their addresses, and the line that gives credit."""

import re
from collections.abc import Iterable

_LICENCE = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/licenses/"
    r"(?P<terms>[a-z]{2}(?:-[a-z]{2})*)/(?P<version>\d\.\d)(?:/(?P<land>[a-z]{2})\b)?",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/publicdomain/(?P<kind>zero|mark)/(?P<version>\d\.\d)",
    re.IGNORECASE,
)
_ANY = re.compile(r"https?://(?:www\.)?creativecommons\.org/[\w./-]+", re.IGNORECASE)


def licence_name(link: str) -> str:
    """What people call a Creative Commons licence; empty for any other.

    >>> licence_name("http://creativecommons.org/licenses/by-sa/3.0/fr/")
    'CC BY-SA 3.0 FR'
    >>> licence_name("https://creativecommons.org/publicdomain/zero/1.0/")
    'CC0 1.0'
    """
    if found := _LICENCE.match(link):
        terms, version, land = found.group("terms", "version", "land")
        return " ".join(filter(None, ("CC", terms.upper(), version, (land or "").upper())))
    if found := _PUBLIC.match(link):
        name = "CC0" if found["kind"].lower() == "zero" else "Public Domain Mark"
        return f"{name} {found['version']}"
    return ""


def licence_link_in(rights: str) -> str:
    """The address of a Creative Commons licence that a text names; empty without one.

    >>> licence_link_in("See https://creativecommons.org/licenses/by/4.0/.")
    'https://creativecommons.org/licenses/by/4.0/'
    """
    found = _ANY.search(rights)
    return found.group().rstrip(".") if found else ""


def credit_line(authors: Iterable[str], source: str, licence: str) -> str:
    """Who made it, where it is from, how it may be used: what is known of these, once each.

    >>> credit_line(["Ada Lovelace"], "The Blog", "CC BY 4.0")
    'Ada Lovelace, The Blog, CC BY 4.0'
    """
    return ", ".join(dict.fromkeys(filter(None, (*authors, source, licence))))
