"""Words that the pages about readers share: languages, days, how often somebody reads."""

import re
from datetime import datetime
from functools import partial
from typing import Any

from dispatch.model.campaigns.cadence import read_cadence
from dispatch.pipeline.people.suppress import BY_TEAM
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import Words

_CHANNEL = re.compile(r"channel (?P<name>\S+)")
_TOLD = re.compile(
    r"(?:(?P<what>bounced|complained|dropped|refused)"
    r"|bounced softly (?P<times>\d+) of (?P<mails>\d+) times)(?:: (?P<said>.*))?"
)
"""As `pipeline/events/suppress_told.py` and `pipeline/events/suppress_refused.py` write them."""


def helpers(visit: Visit) -> dict[str, Any]:
    """What templates of these pages can say beside what all can."""
    return {
        "language_of": partial(language_of, visit.words),
        "cadence_of": partial(cadence_of, visit.words),
        "date_of": partial(date_of, visit),
        "ground_of": partial(ground_of, visit.words),
        "channel_of": partial(channel_of, visit),
        "why_of": partial(why_of, visit.words),
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
    if source == BY_TEAM:
        return words("subscribers.the_team")
    channel = _CHANNEL.fullmatch(source)
    return words("suppressions.by_channel", channel=channel["name"]) if channel else source


def channel_of(visit: Visit, source: str) -> str:
    """The channel that said so, where there still is such a one; empty: somebody else did."""
    found = _CHANNEL.fullmatch(source)
    return found["name"] if found and found["name"] in visit.app.channels.feedback() else ""


def why_of(words: Words, reason: str) -> tuple[str, str]:
    """Why an address is suppressed: what happened, and what the provider said of it.

    Other reasons than those that follow from what providers tell are as somebody wrote them, and
    nothing is said beside them.
    """
    found = _TOLD.fullmatch(reason)
    if found is None:
        return reason, ""
    if found["times"]:
        what = words("suppressions.why_softly", bounced=found["times"], mails=found["mails"])
    else:
        what = words(f"suppressions.why_{found['what']}")
    return what, found["said"] or ""


def date_of(visit: Visit, moment: datetime) -> str:
    """The day of a moment, by the clocks of the workspace."""
    return visit.times.day(visit.times.local(moment).date())
