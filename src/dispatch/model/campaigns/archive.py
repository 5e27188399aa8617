"""Whether the editions of a campaign stand on the web, and under which names."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from dispatch.model.campaigns.schedule import read_key


class Archive(StrEnum):
    """Who finds the page of an edition that has gone out."""

    PUBLIC = "public"  # anybody, search engines too
    UNLISTED = "unlisted"  # whoever has the link
    OFF = "off"  # nobody: there is no page


def page_names(slots: Iterable[str]) -> list[str]:
    """The name of each edition's page, of the keys of a campaign's slots as they were made.

    A name once given stays: later editions of a day have their time in it, as much of it as tells
    them apart.

    >>> page_names(["2026-11-17T09:00[UTC]", "2026-11-17T17:30[UTC]", "2026-11-24T09:00[UTC]"])
    ['2026-11-17', '2026-11-17-1730', '2026-11-24']
    """
    names: dict[str, None] = {}
    for slot in slots:
        local, _ = read_key(slot)
        names[next(name for name in _names(local) if name not in names)] = None
    return list(names)


def _names(local: datetime) -> Iterator[str]:
    yield f"{local:%Y-%m-%d}"
    yield f"{local:%Y-%m-%d-%H%M}"
    yield f"{local:%Y-%m-%d-%H%M%S}"
    yield f"{local:%Y-%m-%d-%H%M%S-%f}"
    number = 2  # the same wall clock in two time zones
    while True:
        yield f"{local:%Y-%m-%d-%H%M%S-%f}-{number}"
        number += 1
