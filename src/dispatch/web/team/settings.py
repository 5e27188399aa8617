"""Settings of the workspace: what schedules.yaml says for all campaigns, as one form."""

from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from dispatch.config.files.problems import FileProblem, InvalidValueError
from dispatch.config.files.text_file import TextFile
from dispatch.config.splice.change import Change
from dispatch.config.values.brand import colour
from dispatch.errors import BadInput, ChangedMeanwhile
from dispatch.model.campaigns.brand import DARK, LIGHT, Brand
from dispatch.model.team.role import Right
from dispatch.model.text.colours import contrast
from dispatch.pipeline.team.factor import is_there
from dispatch.pipeline.workspace.settings import (
    FIELDS,
    SIGN_IN,
    Said,
    changes_of,
    settings_of,
)
from dispatch.version import __version__
from dispatch.web.team.visit import Visit
from dispatch.yaml_text import dotted


def show(visit: Visit) -> Response:
    """The form, with what the file says now."""
    plan = visit.app.texts.plan
    return visit.page("settings.html", **_filled(visit, plan, _said(visit, plan)))


def save(visit: Visit) -> Response:
    """Write what differs; everything else in the file keeps its bytes."""
    seen, typed = visit.form("seen"), {name: visit.form(name) for name in _fields(visit)}
    plan = visit.app.texts.plan
    if seen and seen != plan.fingerprint:
        return _changed(visit, typed)
    changes = changes_of(_said(visit, plan), typed)
    if not changes:
        return visit.to("/settings", said="settings_same")
    try:
        return _write(visit, plan, changes, typed)
    except ChangedMeanwhile:
        return _changed(visit, typed)
    except BadInput as error:
        return visit.wrong("settings.html", _errors(error), **_filled(visit, plan, typed))


def _write(visit: Visit, plan: TextFile, changes: list[Change], typed: Said) -> Response:
    """Write the changes, or show them where these pages do not write."""
    texts = visit.app.texts
    if texts.why_not():
        draft = texts.look(changes, seen=plan.fingerprint)
        return visit.page("settings.html", **_filled(visit, plan, typed) | {"diff": draft.diff()})
    texts.change_plan(
        changes,
        seen=plan.fingerprint,
        by=visit.by,
        act="settings.change",
        kind="settings",
        keys=[dotted(change.path) for change in changes],
    )
    return visit.to("/settings", said="settings_saved")


def _changed(visit: Visit, typed: Said) -> Response:
    """409: what was typed stays, and beside it stands what the file says by now."""
    plan = visit.app.texts.plan
    now = {name: text for name, text in _said(visit, plan).items() if text != typed[name]}
    values = _filled(visit, plan, typed) | {"now_said": now}
    return visit.page("settings.html", status_code=HTTPStatus.CONFLICT, **values)


def _said(visit: Visit, plan: TextFile) -> dict[str, str]:
    """What the file says for each field; raises BadInput."""
    return settings_of(visit.app.texts.written(plan), _fields(visit))


def _fields(visit: Visit) -> dict[str, tuple[str, ...]]:
    """The fields that they may change."""
    return FIELDS | SIGN_IN if visit.may(Right.OWN) else FIELDS


def _errors(error: BadInput) -> dict[str, str]:
    """Each problem at the field that it is about, by its key; what has none stands at the top."""
    fields = {dotted(path): name for name, path in (FIELDS | SIGN_IN).items()}
    errors: dict[str, str] = {}
    for number, problem in enumerate(error.problems):
        if isinstance(problem, FileProblem) and problem.key in fields:
            advice = f" - {problem.advice}" if problem.advice else ""
            errors[fields[problem.key]] = f"{problem.problem}{advice}"
        else:
            errors[f"problem-{number}"] = str(problem)
    return errors


def _filled(visit: Visit, plan: TextFile, said: Said) -> dict[str, Any]:
    """The form with `said` in its fields, and what stands beside it."""
    with visit.app.store.read() as tx:
        last, people = tx.ticks.last(), tx.persons.all()
        invited = len(tx.invitations.open(now=visit.now))
    return {
        "here": "settings",
        "typed": said,
        "now_said": {},
        "seen": plan.fingerprint,
        "diff": [],
        "last_tick": last,
        "version": __version__,
        "database": "PostgreSQL" if visit.app.store.is_shared else "SQLite",
        "why_not": visit.app.texts.why_not(),
        "people_here": len(people),
        "without_factor": [
            one.name or one.handle for one in people if one.has_password and not one.has_factor
        ],
        "can_factor": is_there(),
        "invited": invited,
        "accents": _accents,
    }


def _accents(text: str) -> dict[str, Any]:
    """How well an accent can be read, by day and by night; empty where it is no colour."""
    try:
        accent = colour(text) if text else ""
    except InvalidValueError:
        accent = ""
    if not accent:
        return {}
    brand = Brand(accent=accent)
    light, dark = brand.accent_on_light, brand.accent_on_dark
    return {
        "accent": accent,
        "light": light,
        "dark": dark,
        "on_paper": f"{contrast(light, LIGHT):.1f}",
        "at_night": f"{contrast(dark, DARK):.1f}",
    }
