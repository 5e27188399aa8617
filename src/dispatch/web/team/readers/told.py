"""Words that the pages about readers share: languages, days, how often somebody reads."""

from datetime import datetime
from functools import partial
from typing import Any

from dispatch.model.campaigns.cadence import read_cadence
from dispatch.pipeline.people.suppress import BY_TEAM
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import Words


def helpers(visit: Visit) -> dict[str, Any]:
    """What templates of these pages can say beside what all can."""
    return {
        "language_of": partial(language_of, visit.words),
        "cadence_of": partial(cadence_of, visit.words),
        "date_of": partial(date_of, visit),
        "ground_of": partial(ground_of, visit.words),
    }


def language_of(words: Words, tag: str) -> str:
    """What a language is called in that of the page; a tag that nobody knows as it is."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    if not tag:
        return ""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(words.locale)
    except (ValueError, UnknownLocaleError):
        return tag
    return name or tag


def cadence_of(words: Words, written: str) -> str:
    """How often; what somebody wrote that we do not know as it is."""
    cadence = read_cadence(written)
    return words(f"subscribers.cadence_{cadence.name.lower()}") if cadence else written


def ground_of(words: Words, source: str) -> str:
    """On whose word: what the product writes itself is said in the language of the page."""
    return words("subscribers.the_team") if source == BY_TEAM else source


def date_of(visit: Visit, moment: datetime) -> str:
    """The day of a moment, by the clocks of the workspace."""
    return visit.times.day(visit.times.local(moment).date())
