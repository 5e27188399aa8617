"""What the fields of a form are called, wherever it stands."""

from collections.abc import Mapping

from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.form import FormField
from dispatch.words.catalogues import Words


def label_of(field: FormField, words: Words) -> str:
    """What stands above a field: the team's own words, or ours."""
    known = {
        "name": words("join.name"),
        "topics": words("join.topics"),
        "cadence": words("cadence.legend"),
        "locale": words("join.locale"),
        "timezone": words("join.timezone"),
    }
    made = field.name.replace("_", " ").capitalize()
    return field.label or known.get(field.name) or made


def cadence_labels(words: Words) -> Mapping[Cadence, tuple[str, str]]:
    """What each cadence is called, and a hint."""
    return {
        Cadence.EACH_POST: (words("cadence.each_post"), words("cadence.each_post_hint")),
        Cadence.DAILY: (words("cadence.daily"), words("cadence.daily_hint")),
        Cadence.WEEKLY: (words("cadence.weekly"), words("cadence.weekly_hint")),
        Cadence.MONTHLY: (words("cadence.monthly"), words("cadence.monthly_hint")),
    }
