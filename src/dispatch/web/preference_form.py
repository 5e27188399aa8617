"""What a reader posts on the page of their choices, read: what is no choice counts as unsaid."""

from collections.abc import Mapping, Sequence
from datetime import date

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values.simple import locale
from dispatch.errors import BadInput
from dispatch.model.campaigns.cadence import Cadence, read_cadence
from dispatch.model.campaigns.sending import known_zone
from dispatch.model.people.topics import topics_of
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.people.pause import WEEKS, day_of_weeks
from dispatch.pipeline.people.save_preferences import Wishes
from dispatch.pipeline.people.show_preferences import Choices

Fields = Mapping[str, Sequence[str]]

LONGEST_NAME = 200
END = "end"
LETTER, JOIN = "letter.", "join."
"""How fields about one audience begin; its name follows."""


def read_wishes(fields: Fields, shown: Choices) -> Wishes:
    """What somebody wants, of what there is to choose; all else that makes no sense is passed over.

    Raises BadInput for a cadence that is not offered, and where nothing is said at all.
    """
    letters = {one.audience: first(fields, LETTER + one.audience) for one in shown.theirs}
    word = first(fields, "cadence") or next((one for one in letters.values() if is_often(one)), "")
    cadence = read_cadence(word) if word else None
    if word and (cadence is None or cadence not in shown.offered):
        raise BadInput(["that is not offered - choose one of those shown"])
    if not fields.keys() - {"do", "lang"} or ("cadence" in fields and not word):
        raise BadInput(["nothing was chosen - choose one of those shown"])
    return Wishes(
        cadence=cadence,
        name=_name(fields),
        locale=_locale(fields),
        timezone=_timezone(fields),
        topics=_topics(fields, shown),
        leaves=frozenset(name for name, value in letters.items() if value == END),
        joins=frozenset(one.audience for one in shown.others if first(fields, JOIN + one.audience)),
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


def _topics(fields: Fields, shown: Choices) -> tuple[str, ...] | None:
    if "topics" not in fields:
        return None
    chosen = topics_of(fields.get("topic", ()))
    return tuple(one for one in shown.topics if set(topics_of([one])) & set(chosen))
