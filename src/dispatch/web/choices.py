"""What readers choose from on pages: languages and time zones, by their names."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from zoneinfo import available_timezones

from dispatch.render.templates.words import normal_tag
from dispatch.words.catalogues import ours

AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


def languages(tags: Iterable[str], theirs: str) -> Iterator[tuple[str, str]]:
    """Tag and name of each language that there is, as those who speak it say, by name.

    `tags` are those beside our own; `theirs` is among them whatever it is.
    """
    found = {normal_tag(tag): tag.replace("_", "-") for tag in (*ours().locales, *tags)}
    if theirs:
        found[normal_tag(theirs)] = theirs
    named = ((tag, _name(tag)) for tag in found.values())
    return iter(sorted(named, key=lambda one: (one[1].casefold(), one[0])))


@cache
def zones() -> Mapping[str, tuple[str, ...]]:
    """Area to the zones of places in it, which people know theirs by."""
    found: dict[str, list[str]] = {area: [] for area in AREAS}
    for zone in sorted(available_timezones()):
        area, _, place = zone.partition("/")
        if place and area in found:
            found[area].append(zone)
    return {area: tuple(places) for area, places in found.items()}


@lru_cache(maxsize=128)
def _name(tag: str) -> str:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return name[0].upper() + name[1:]
