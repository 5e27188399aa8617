"""What readers choose from on pages: how often, languages and time zones, by their names."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from zoneinfo import available_timezones

from dispatch.model.campaigns.cadence import Cadence
from dispatch.render.templates.words import normal_tag
from dispatch.words.catalogues import Words, ours

AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


def cadence_labels(words: Words) -> Mapping[Cadence, tuple[str, str]]:
    """How each is called, and a hint."""
    return {
        Cadence.EACH_POST: (words("cadence.each_post"), words("cadence.each_post_hint")),
        Cadence.DAILY: (words("cadence.daily"), words("cadence.daily_hint")),
        Cadence.WEEKLY: (words("cadence.weekly"), words("cadence.weekly_hint")),
        Cadence.MONTHLY: (words("cadence.monthly"), words("cadence.monthly_hint")),
    }


def languages(tags: Iterable[str], theirs: str) -> Iterator[tuple[str, str]]:
    """Tag and name of each language that there is, as those who speak it say, by name.

    `tags` are those beside our own; `theirs` is among them whatever it is.
    """
    found = {normal_tag(tag): tag.replace("_", "-") for tag in (*ours().locales, *tags)}
    if theirs:
        found[normal_tag(theirs)] = theirs
    named = ((tag, _name(tag)) for tag in found.values())
    return iter(sorted(named, key=lambda one: (one[1].casefold(), one[0])))


def zones() -> Mapping[str, tuple[str, ...]]:
    """Area to the zones of places in it, which people know theirs by."""
    return _zones()


@cache
def _zones() -> Mapping[str, tuple[str, ...]]:
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
