"""Weekdays as people write them who do not think in English."""

from dispatch.model.campaigns.days import WEEKDAYS
from dispatch.model.text.accents import without_accents

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs")


def weekday_of(word: str) -> str:
    """The English weekday that a word of another language means; empty where it means none.

    >>> weekday_of("Mardi"), weekday_of("dienstags"), weekday_of("miercoles"), weekday_of("often")
    ('tuesday', 'tuesday', 'wednesday', '')
    """
    from babel.dates import get_day_names  # noqa: PLC0415 - 60 ms, for a mistake that few make

    wanted = without_accents(word.strip().casefold())
    for language in LANGUAGES:
        for number, name in get_day_names("wide", locale=language).items():
            plain = without_accents(name.casefold())
            if wanted in {plain, f"{plain}s", plain.removesuffix("-feira")}:
                return WEEKDAYS[number]
    return ""
