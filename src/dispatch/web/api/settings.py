"""Settings of the workspace, and whether the service does its work."""

from typing import Any

from dispatch.channels.secret_options import HIDDEN, is_reference
from dispatch.errors import BadInput
from dispatch.model.team.role import Right
from dispatch.pipeline.workspace.settings import FIELDS, SIGN_IN, TICKS, changes_of, settings_of
from dispatch.version import __version__
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import change_plan, plan_of, plan_tag
from dispatch.web.api.shapes.plan import ChangeQuery, PlanChanged
from dispatch.web.api.shapes.settings import Settings, Status
from dispatch.yaml_text import dotted

_SECRET = "service_client_secret"  # noqa: S105 - the name of a field


def show_settings(call: Call) -> Settings:
    """Show what schedules.yaml says for all campaigns. How people sign in: owners only."""
    fields = FIELDS | SIGN_IN if call.may(Right.OWN) else FIELDS
    said = settings_of(call.app.texts.written(plan_of(call)), fields)
    return Settings(**{name: _shown(name, text) for name, text in said.items()})


def change_settings(call: Call) -> Answer:
    """Change settings of the workspace: what the body leaves out stays, null takes a key out."""
    body = call.said(Settings).model_dump(exclude_unset=True)
    if SIGN_IN.keys() & body.keys():
        call.need(Right.OWN)
    secret = body.get(_SECRET)
    if secret and not is_reference(secret):
        raise BadInput([f"{_SECRET}: is no name of a secret - write env:NAME"])
    every = FIELDS | SIGN_IN
    said = settings_of(call.app.texts.written(plan_of(call)), every)
    changes = changes_of(said, said | {name: _typed(name, one) for name, one in body.items()})
    try:
        return change_plan(
            call,
            changes,
            name="settings",
            act="settings.change",
            kind="settings",
            keys=[dotted(change.path) for change in changes],
        )
    except BadInput as error:
        raise _at_settings(error) from error


def show_status(call: Call) -> Status:
    """Show whether the service does its work, and what somebody has to do something about."""
    found = call.app.check_readiness()
    return Status(
        ready=found.is_ready,
        problems=list(found.problems),
        waits=list(found.waits),
        seconds_since_tick=None if found.tick_age is None else round(found.tick_age, 1),
        version=__version__,
        now=call.now,
    )


def _shown(name: str, text: str) -> Any:
    if name in TICKS:
        return bool(text)
    if name == _SECRET and text and not is_reference(text):
        return HIDDEN
    return text or None


def _typed(name: str, value: Any) -> str:
    """As the form of the page would say it."""
    if name in TICKS:
        return TICKS[name][1] if value else ""
    return value or ""


def _at_settings(error: BadInput) -> BadInput:
    """The same problems by the fields of the body instead of the keys of the file."""
    fields = {dotted(path): name for name, path in (FIELDS | SIGN_IN).items()}
    found = []
    for one in error.problems:
        key, mark, said = str(one).partition(": ")
        found.append(f"{fields.get(key, key)}{mark}{said}")
    return BadInput(found)


OPERATIONS = (
    Operation("GET", "/settings", show_settings, Right.PEOPLE, gives=Settings, tag=plan_tag),
    Operation(
        "PATCH",
        "/settings",
        change_settings,
        Right.PEOPLE,
        gives=PlanChanged,
        takes=Settings,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
    ),
    Operation("GET", "/status", show_status, Right.LOOK, gives=Status),
)
