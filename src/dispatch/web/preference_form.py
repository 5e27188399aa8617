"""What a reader posts on the page of their choices, read: what is no choice counts as unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values.simple import locale
from dispatch.model.campaigns.cadence import Cadence, read_cadence
from dispatch.model.campaigns.sending import known_zone
from dispatch.model.people.topics import topics_of
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.people.pause import WEEKS, day_of_weeks
from dispatch.pipeline.people.save_preferences import Wishes
from dispatch.pipeline.people.show_preferences import Preferences

Fields = Mapping[str, Sequence[str]]

LONGEST_NAME = 200
END = "end"
LETTER, JOIN = "letter.", "join."
"""How fields about one audience begin; its name follows."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form said; `missing` that it says nothing that can be chosen."""

    wishes: Wishes
    missing: bool = False


def read_wishes(fields: Fields, shown: Preferences) -> Filled:
    """What somebody wants, of what was there to choose.

    A cadence that is not offered is told, as it was once a page of its own; all else that makes no
    sense is passed over.
    """
    letters = {one.audience: first(fields, LETTER + one.audience) for one in shown.theirs}
    word = first(fields, "cadence") or next((one for one in letters.values() if is_often(one)), "")
    cadence = read_cadence(word) if word else None
    unknown = bool(word) and (cadence is None or cadence not in shown.offered)
    nothing = not fields.keys() - {"do", "lang"} or ("cadence" in fields and not word)
    return Filled(
        Wishes(
            cadence=None if unknown else cadence,
            name=_name(fields),
            locale=_locale(fields),
            timezone=_timezone(fields),
            topics=_topics(fields, shown),
            leaves=frozenset(name for name, value in letters.items() if value == END),
            joins=frozenset(
                one.audience for one in shown.others if first(fields, JOIN + one.audience)
            ),
        ),
        missing=unknown or nothing,
    )


def is_often(value: str) -> bool:
    """Whether a choice about an audience is one of how often it comes."""
    return read_cadence(value) in set(Cadence)


def read_day(fields: Fields, *, today: date) -> date | None:
    """The day until which somebody wants a pause; None for no day."""
    weeks, day = first(fields, "weeks"), first(fields, "day")
    if weeks in {str(one) for one in WEEKS}:
        return day_of_weeks(int(weeks), today)
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def first(fields: Fields, name: str) -> str:
    """The first text of a field, without what is around it; empty where there is none."""
    found = fields.get(name, ())
    return found[0].strip() if found else ""


def _name(fields: Fields) -> str | None:
    return one_line(first(fields, "name"))[:LONGEST_NAME] if "name" in fields else None


def _locale(fields: Fields) -> str | None:
    try:
        return locale(first(fields, "locale")) if first(fields, "locale") else None
    except InvalidValueError:
        return None


def _timezone(fields: Fields) -> str | None:
    zone = first(fields, "timezone")
    return zone if zone and known_zone(zone) else None


def _topics(fields: Fields, shown: Preferences) -> tuple[str, ...] | None:
    if "topics" not in fields:
        return None
    chosen = topics_of(fields.get("topic", ()))
    return tuple(one for one in shown.topics if set(topics_of([one])) & set(chosen))
