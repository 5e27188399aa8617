"""The fields of a campaign's form, and what each is in schedules.yaml.

A field says what the file says, as text, so that the same code reads both and finds the same wrong.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.config.splice.change import Change, Put, Remove, as_list, value_at
from dispatch.config.values.schedule import NEW_POST
from dispatch.model.campaigns.days import WEEKDAYS
from dispatch.web.team.numbers import number_in
from dispatch.yaml_text import Path

YES = "yes"
BY_HAND, DAYS, MONTH, WEEKS, CRON = "hand", "days", "month", "weeks", "cron"
KINDS = (DAYS, WEEKS, MONTH, NEW_POST, CRON, BY_HAND)
"""The ways to say when a campaign runs."""

Values = Mapping[str, str]
"""A field to what stands in it; several words have commas between them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the file: `default` is what counts where it is not written."""

    name: str
    path: Path
    kind: str = "text"  # or number, words, tick
    default: str = ""

    def shown(self, tree: Any) -> str:
        """What the file says, in the field."""
        value = value_at(tree, self.path)
        if value is None:
            return self.default
        if isinstance(value, bool):
            return YES if value else ""
        return ", ".join(map(_text, as_list(value)))

    def meant(self, text: str) -> Any:
        """What the file is to say; None where the key is not needed."""
        if self.kind == "tick":
            return text == YES
        if self.kind == "number" and (number := number_in(text)) is not None:
            return number
        if self.kind == "words":
            words = split(text)
            return words[0] if len(words) == 1 and self.name != "feeds" else words or None
        return text or None


FIELDS = (
    Field("title", ("title",)),
    Field("feeds", ("feeds",), "words"),
    Field("at_least", ("posts", "at_least"), "number", "1"),
    Field("at_most", ("posts", "at_most"), "number"),
    Field("hold", ("posts", "hold")),
    Field("topics", ("posts", "topics"), "words"),
    Field("when_empty", ("posts", "when_empty"), default="skip"),
    Field("archive", ("archive",), default="off"),
    Field("needed", ("approval", "needed"), "tick"),
    Field("by", ("approval", "by"), "words"),
    Field("deadline", ("approval", "deadline")),
    Field("other_than_author", ("approval", "other_than_author"), "tick"),
    Field("otherwise", ("approval", "otherwise"), default="skip"),
    Field("tell", ("approval", "tell"), "words"),
    Field("tell_via", ("approval", "tell_via")),
    Field("audience", ("email", "audience")),
    Field("segment", ("email", "segment")),
    Field("template", ("email", "template")),
    Field("via", ("email", "via"), "words"),
    Field("pause_at", ("email", "pause_at")),
    Field("local_time", ("email", "local_time"), "tick"),
    Field("passed", ("email", "passed"), default="at once"),
)
"""Those of a campaign, whether it is a family or not."""

OF_SCHEDULE = (
    Field("from", ("schedule", "from")),
    Field("until", ("schedule", "until")),
    Field("except", ("schedule", "except"), "words"),
    Field("timezone", ("schedule", "timezone")),
    Field("ahead", ("schedule", "ahead")),
    Field("late", ("schedule", "late")),
    Field("quiet", ("schedule", "quiet")),
    Field("business_days", ("schedule", "business_days"), "tick"),
)
"""Those of a schedule, beside what says when it runs."""

WHEN = ("kind", "days", "weeks", "on", "at", "cron", "debounce", "spacing", "per_day")
"""The fields that say when it runs, which are not those of the file."""

_WHEN_KEYS = ("every", "on", "at", "cron", "debounce", "spacing", "per_day")
_USED = {
    DAYS: {"days", "at"},
    WEEKS: {"days", "weeks", "at"},
    MONTH: {"on", "at"},
    NEW_POST: {"debounce", "spacing", "per_day"},
    CRON: {"cron"},
    BY_HAND: set[str](),
}
_KEYS_OF_FIELDS = {"every": "days", "at": "at", "on": "on"} | {
    name: name for name in ("cron", "debounce", "spacing", "per_day")
}


def cadences_of(tree: Any) -> tuple[str, ...]:
    """The cadences that a family offers, as its keys; empty for a campaign that is none."""
    found = value_at(tree, ("cadences",))
    return tuple(key for key in found if key != "default") if isinstance(found, dict) else ()


def values_of(tree: Any) -> dict[str, str]:
    """What a campaign's form shows, from what the file says of it."""
    values = {field.name: field.shown(tree) for field in FIELDS}
    values["has_email"] = YES if isinstance(value_at(tree, ("email",)), dict) else ""
    cadences = cadences_of(tree)
    if cadences:
        values["default"] = Field("default", ("cadences", "default")).shown(tree)
    for prefix, around in places(cadences):
        inner = value_at(tree, around) if around else tree
        for field in OF_SCHEDULE:
            values[prefix + field.name] = field.shown(inner)
        for name, text in _when(value_at(inner, ("schedule",))).items():
            values[prefix + name] = text
    for number, plan in enumerate(social_of(tree)):
        values |= {f"social{number}.{key}": _text(plan.get(key, "")) for key in ("via", "template")}
        values[f"social{number}.each"] = _text(plan.get("each", "post"))
    return values


def typed(
    form: Callable[[str], str], several: Callable[[str], list[str]], was: Values
) -> dict[str, str]:
    """What stands in the fields of a form that was made from `was`; what is not asked is empty."""
    values = {name: form(name) for name in was}
    values["feeds"] = ", ".join(several("feeds"))
    for name in was:
        if name.rpartition(".")[2] == "days":
            values[name] = ", ".join(several(name))
    for name in was:
        prefix, dot, last = name.rpartition(".")
        kind = values.get(f"{prefix}{dot}kind", DAYS)
        if last in WHEN[1:] and last not in _USED.get(kind, set()):
            values[name] = ""
    return values


def places(cadences: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Where schedules stand: how their fields begin, and the keys around them."""
    if not cadences:
        return [("", ())]
    return [(f"{cadence}.", ("cadences", cadence)) for cadence in cadences]


def social_of(tree: Any) -> list[dict[str, Any]]:
    """The snippets of a campaign, as written."""
    found = value_at(tree, ("social",))
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def changes(
    name: str, tree: Any, was: Values, values: Values, social: list[dict[str, Any]] | None
) -> list[Change]:
    """What is to be changed in the file so that a campaign says what stands in its form.

    `tree` is what the file says of it now; only fields that are another than before are written.
    `social` are the snippets where they are another, or None.
    """
    top: Path = ("campaigns", name)
    found: list[Change] = []
    different = {key for key, text in values.items() if text != was.get(key)}
    no_email = not values.get("has_email") and value_at(tree, ("email",)) is not None
    for field in FIELDS:
        if field.path[0] == "email" and not values.get("has_email"):
            continue
        if field.name in different:
            found.append(_change(top, field, values[field.name]))
    if "default" in different:
        found.append(Put((*top, "cadences", "default"), values["default"]))
    for prefix, around in places(cadences_of(tree)):
        found += _in_schedule((*top, *around), value_at(tree, around), prefix, different, values)
    if no_email and "has_email" in different:
        found.append(Remove((*top, "email")))
    if social is not None:
        found.append(Put((*top, "social"), social) if social else Remove((*top, "social")))
    return found


def others(tree: Any) -> list[str]:
    """The keys of a campaign that its form has no field for, as paths."""
    known = {field.path for field in FIELDS} | {("social",), ("cadences", "default")}
    for _, around in places(cadences_of(tree)):
        known |= {(*around, *field.path) for field in OF_SCHEDULE}
        known |= {(*around, "schedule", key) for key in _WHEN_KEYS}
    return [".".join(map(str, path)) for path in _leaves(tree, ()) if not _is_known(path, known)]


def field_of(key: str, name: str) -> str:
    """The field that a problem is about, by its key in the file; empty where there is none."""
    words = key.replace("[", ".").replace("]", "").split(".")
    if words[:2] != ["campaigns", name]:
        return ""
    path = words[2:]
    prefix = ""
    if path[:1] == ["cadences"] and len(path) > 2:
        prefix, path = f"{path[1]}.", path[2:]
    if path[:1] == ["social"]:
        return f"social{path[1]}.{path[2] if path[2:] else 'via'}" if path[1:] else "social"
    if path[:1] == ["schedule"]:
        last = path[1] if path[1:] else "every"
        return prefix + _KEYS_OF_FIELDS.get(last, last)
    for field in FIELDS:
        if tuple(path[: len(field.path)]) == field.path:
            return field.name
    return {"email": "audience", "approval": "needed", "posts": "at_least"}.get(
        path[0] if path else "", "default" if path[:1] == ["cadences"] else ""
    )


def split(text: str) -> list[str]:
    """Words with commas between them."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _change(top: Path, field: Field, text: str) -> Change:
    value = field.meant(text)
    path = (*top, *field.path)
    if value is None or (value is False and field.name != "needed"):
        return Remove(path)
    return Put(path, value)


def _in_schedule(
    top: Path, tree: Any, prefix: str, different: set[str], values: Values
) -> Iterator[Change]:
    kind = values.get(f"{prefix}kind", BY_HAND)
    if kind == BY_HAND:
        if f"{prefix}kind" in different:
            yield Remove((*top, "schedule"))
        return
    if different & {prefix + name for name in WHEN}:
        now = value_at(tree, ("schedule",)) or {}
        wanted = _keys_of(kind, {name: values.get(prefix + name, "") for name in WHEN})
        for key in _WHEN_KEYS:
            if wanted.get(key) is not None and wanted[key] != now.get(key):
                yield Put((*top, "schedule", key), wanted[key])
        for key in _WHEN_KEYS:
            if wanted.get(key) is None and key in now:
                yield Remove((*top, "schedule", key))
    for field in OF_SCHEDULE:
        if prefix + field.name in different:
            yield _change(top, field, values[prefix + field.name])


def _when(schedule: Any) -> dict[str, str]:
    """The fields that say when a schedule runs, from its keys."""
    values = dict.fromkeys(WHEN, "")
    if not isinstance(schedule, dict):
        return values | {"kind": BY_HAND}
    every, on = schedule.get("every"), schedule.get("on")
    values["at"] = ", ".join(map(_text, as_list(schedule.get("at"))))
    for key in ("cron", "debounce", "spacing", "per_day"):
        values[key] = _text(schedule.get(key, ""))
    if every is None and on is not None:
        values["kind"] = NEW_POST
    elif "cron" in schedule:
        values["kind"] = CRON
    elif every == MONTH:
        values |= {"kind": MONTH, "on": ", ".join(map(_text, as_list(on)))}
    elif isinstance(every, str) and every.endswith(" weeks"):
        number = every.removesuffix(" weeks")
        values |= {"kind": WEEKS, "weeks": number, "days": ", ".join(map(_text, as_list(on)))}
    else:
        values |= {"kind": DAYS, "days": ", ".join(_weekdays(every))}
    return values


def _weekdays(every: Any) -> list[str]:
    named = {"day": WEEKDAYS, "weekday": WEEKDAYS[:5]}
    found: list[str] = []
    for word in as_list(every):
        found += named.get(word, (_text(word),)) if isinstance(word, str) else (_text(word),)
    return sorted(set(found), key=lambda day: WEEKDAYS.index(day) if day in WEEKDAYS else 9)


def _keys_of(kind: str, values: Values) -> dict[str, Any]:
    """What the file says of when a schedule runs; keys without a value are not needed."""
    days = split(values["days"])
    every: Any = {7: "day", 1: days[0] if days else None}.get(len(days), days or None)
    if days == list(WEEKDAYS[:5]):
        every = "weekday"
    at = split(values["at"])
    times: Any = at[0] if len(at) == 1 else at or None
    one_day: Any = days[0] if len(days) == 1 else days or None
    on = split(values["on"])
    if kind == NEW_POST:
        number = number_in(values["per_day"])
        a_day = values["per_day"] or None if number is None else number
        more = {key: values[key] or None for key in ("debounce", "spacing")}
        return {"on": NEW_POST, **more, "per_day": a_day}
    if kind == CRON:
        return {"cron": values["cron"] or None}
    if kind == MONTH:
        return {"every": MONTH, "on": (on[0] if len(on) == 1 else on or None), "at": times}
    if kind == WEEKS:
        return {"every": f"{values['weeks'] or 2} weeks", "on": one_day, "at": times}
    return {"every": every, "at": times}


def _leaves(tree: Any, path: Path) -> Iterator[Path]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, (*path, key))
    elif path:
        yield path


def _is_known(path: Path, known: set[Path]) -> bool:
    return any(path[: len(one)] == one for one in known)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
