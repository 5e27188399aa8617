"""To whom a letter goes, and when: what the form shows, and what was typed in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from dispatch.channels.provider import Carries
from dispatch.errors import DispatchError
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.segment import rule_of
from dispatch.pipeline.letters.audience import Counted, count_for_letter
from dispatch.pipeline.letters.plan import Leaves, Plan, plan_of
from dispatch.web.team.campaign_snippets import carrying
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.visit import Visit

NUMBER = "whom-n"
"""The block that says how many get it, which the script asks for while somebody types."""

FIELDS = ("audience", "segment", "day", "hour", "template", "via", "social", "tells")


@dataclass(frozen=True, slots=True)
class Whom:
    """What the form is filled with. `counted` is None where `problem` says why, in English.

    `saved` are the readers of the letter as it is, whatever somebody has typed.
    """

    typed: Mapping[str, str]
    now: Mapping[str, str]
    audiences: list[tuple[str, int | None]]
    templates: list[str]
    channels: list[str]
    accounts: list[str]
    segments: list[str]
    counted: Counted | None
    saved: Counted | None
    problem: str = ""

    @property
    def template_options(self) -> list[tuple[str, str]]:
        """Each as a value and its word."""
        return [(one, one) for one in self.templates]

    @property
    def channel_options(self) -> list[tuple[str, str]]:
        """Each as a value and its word."""
        return [(one, one) for one in self.channels]


def as_typed(content: EditionContent) -> dict[str, str]:
    """What a letter is for, as its form says it."""
    plan = plan_of(content)
    return {
        "audience": plan.audience,
        "segment": plan.segment,
        "day": str(plan.leaves.day or ""),
        "hour": f"{plan.leaves.hour:%H:%M}" if plan.leaves.day else "",
        "template": plan.template,
        "via": plan.via[0] if plan.via else "",
        "social": " ".join(plan.social),
        "tells": "yes" if plan.tells else "",
    }


def whom_of(desk: Desk, typed: Mapping[str, str] | None = None) -> Whom:
    """The form: as it was typed, as the address asks, else as the letter is."""
    visit, content = desk.visit, desk.edition.content
    now = as_typed(content)
    # Only who writes may ask of others: a rule can name a reader, and the number tells of them.
    of_theirs = visit.request.query_params if desk.may_edit else {}
    asked = {name: visit.asked(name) for name in FIELDS if name in of_theirs}
    shown = {**now, **asked, **(typed or {})}
    app, workspace = visit.app, visit.app.workspace
    audiences = app.people.audiences() if desk.may_edit else [now["audience"]]
    if shown["audience"] not in audiences:
        shown["audience"] = now["audience"]
    with app.store.read() as tx:
        kept = [(one, tx.reader_counts.now(one)) for one in audiences]
    counted, problem = _counted(visit, shown)
    is_saved = all(shown[name] == now[name] for name in ("audience", "segment"))
    return Whom(
        typed=shown,
        now=now,
        audiences=[(one, count.readers if count else None) for one, count in kept],
        templates=_with(app.letters.templates(), now["template"]),
        channels=_with(carrying(workspace, Carries.EMAIL), now["via"]),
        accounts=_with(carrying(workspace, Carries.SOCIAL), *now["social"].split()),
        segments=sorted(workspace.segments),
        counted=counted,
        saved=counted if is_saved else _counted(visit, now)[0],
        problem=problem,
    )


def plan_typed(visit: Visit, content: EditionContent, typed: Mapping[str, str]) -> Plan:
    """What was typed as a plan; raises `Mistyped` for what cannot be one."""
    before = plan_of(content)
    errors: dict[str, str] = {}
    try:
        segment = rule_of(typed["segment"].strip(), visit.app.workspace.segments)
    except DispatchError as error:
        segment, errors["segment"] = "", str(error)
    if typed["audience"] not in visit.app.people.audiences():
        errors["audience"] = visit.words("letters.no_such")
    if typed["template"] not in {*visit.app.letters.templates(), before.template}:
        errors["template"] = visit.words("letters.no_such")
    via = before.via
    if before.via[:1] != (typed["via"],):
        via = (typed["via"],)
        if typed["via"] not in carrying(visit.app.workspace, Carries.EMAIL):
            errors["via"] = visit.words("letters.no_such")
    accounts = {*carrying(visit.app.workspace, Carries.SOCIAL), *before.social}
    leaves = _leaves(visit, typed, errors)
    if errors:
        raise Mistyped(errors)
    return Plan(
        audience=typed["audience"],
        template=typed["template"],
        via=via,
        segment=segment,
        leaves=leaves,
        tells=bool(typed["tells"]),
        social=tuple(one for one in typed["social"].split() if one in accounts),
    )


class Mistyped(Exception):
    """What was typed is no plan; `errors` stand at their fields."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors


def _leaves(visit: Visit, typed: Mapping[str, str], errors: dict[str, str]) -> Leaves:
    day, hour = typed["day"].strip(), typed["hour"].strip()
    if not day:
        if hour:
            errors["day"] = visit.words("letters.day_missing")
        return Leaves()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        errors["day"] = visit.words("letters.day_wrong")
        return Leaves()
    if not hour:
        errors["hour"] = visit.words("letters.hour_missing")
        return Leaves()
    try:
        at = time.fromisoformat(hour.rjust(5, "0"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or at.second or at.microsecond:
        errors["hour"] = visit.words("letters.hour_wrong")
        return Leaves()
    return Leaves(on, at)


def _counted(visit: Visit, shown: Mapping[str, str]) -> tuple[Counted | None, str]:
    try:
        rule = rule_of(shown["segment"].strip(), visit.app.workspace.segments)
        with visit.app.store.read() as tx:
            renderer = visit.app.tools.trials
            return count_for_letter(shown["audience"], rule, tx=tx, renderer=renderer), ""
    except DispatchError as error:
        return None, str(error)


def _with(names: list[str], *more: str) -> list[str]:
    return list(dict.fromkeys((*names, *(one for one in more if one))))
