"""Public forms: what each asks and says, made, changed and taken away."""

from datetime import timedelta
from typing import Any

from dispatch.config.splice.change import Change, Put
from dispatch.errors import Conflict, NotFound
from dispatch.model.people.form import Form
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.show_form import html_to_paste
from dispatch.pipeline.workspace.plan_forms import removal_of, standing_ones, written_forms
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import PageQuery
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.plan import change_plan, merged, plan_of, plan_tag, seen_plan
from dispatch.web.api.shapes.forms import FormPatch, Forms, FormShape, FormWhole, NewForm
from dispatch.web.api.shapes.plan import ChangeQuery, Keys, PlanChanged
from dispatch.words.catalogues import words_in

DAYS = 30
"""As long as sign-ups are kept."""


def list_forms(call: Call) -> Forms:
    """List the public forms, in the order of schedules.yaml."""
    every = list(call.app.workspace.forms.values())
    page, onward = page_in_order(every, call.query(PageQuery), lambda one: one.name)
    return Forms(items=[FormShape(**_facts(call, one)) for one in page], next=onward)


def show_form(call: Call) -> Answer:
    """Show one form: what it asks, its keys in schedules.yaml, and how it comes into a site."""
    form, workspace = _form(call), call.app.workspace
    whole = FormWhole(
        **_facts(call, form),
        plan=_written(call, form.name),
        html=html_to_paste(form, workspace, words_in(workspace.publisher.locale)),
    )
    return Answer(whole, headers=seen_plan(call))


def add_form(call: Call) -> Answer:
    """Make a form: a public page by which people join."""
    said = call.said(NewForm)
    if said.name in call.app.workspace.forms:
        raise Conflict(f"form {said.name}: is there already - choose another name")
    return _change(call, said.name, merged({}, said.plan), act="form.add", is_new=True)


def change_form(call: Call) -> Answer:
    """Change a form by a merge patch of its keys in schedules.yaml."""
    form = _form(call)
    before = _written(call, form.name) or {"audiences": list(form.audiences)}
    wanted = merged(before, call.said(FormPatch).root)
    return _change(call, form.name, wanted, act="form.change", is_new=False)


def remove_form(call: Call) -> Answer:
    """Take a form away: its page is gone, and whoever has joined by it stays."""
    form = _form(call)
    return change_plan(
        call,
        removal_of(form.name, written_forms(plan_of(call).text), call.app.workspace),
        name=form.name,
        act="form.remove",
        kind="form",
        place=f"forms.{form.name}",
    )


def _change(call: Call, name: str, keys: Keys, *, act: str, is_new: bool) -> Answer:
    # Where the file says nothing of forms, each audience has one: they are written, too.
    said_none = written_forms(plan_of(call).text) is None
    changes: list[Change] = standing_ones(call.app.workspace, without=name) if said_none else []
    changes.append(Put(("forms", name), keys))
    return change_plan(
        call,
        changes,
        name=name,
        act=act,
        kind="form",
        place=f"forms.{name}",
        is_new=is_new,
    )


def _form(call: Call) -> Form:
    name, forms = call.part("name"), call.app.workspace.forms
    if name not in forms:
        raise NotFound(f"form {name}: not in schedules.yaml - {did_you_mean(name, forms)}")
    return forms[name]


def _written(call: Call, name: str) -> Keys:
    found = call.app.texts.written(plan_of(call), "forms", name)
    return found if isinstance(found, dict) else {}


def _facts(call: Call, form: Form) -> dict[str, Any]:
    since = call.now - timedelta(days=DAYS)
    with call.app.store.read() as tx:
        came, confirmed = tx.sign_ups.count(form.name, since=since)
    return {
        "name": form.name,
        "audiences": list(form.audiences),
        "title": form.title,
        "fields": [one.name for one in form.fields],
        "confirm": form.confirm.value,
        "link": f"{call.app.workspace.publisher.public_url}/subscribe/{form.name}",
        "sign_ups": came,
        "confirmed": confirmed,
    }


OPERATIONS = (
    Operation("GET", "/forms", list_forms, Right.PLAN, gives=Forms, query=PageQuery),
    Operation(
        "POST",
        "/forms",
        add_form,
        Right.PLAN,
        gives=PlanChanged,
        takes=NewForm,
        query=ChangeQuery,
        slow=True,
    ),
    Operation("GET", "/forms/{name}", show_form, Right.PLAN, gives=FormWhole),
    Operation(
        "PATCH",
        "/forms/{name}",
        change_form,
        Right.PLAN,
        gives=PlanChanged,
        takes=FormPatch,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
    ),
    Operation(
        "DELETE",
        "/forms/{name}",
        remove_form,
        Right.PLAN,
        gives=PlanChanged,
        query=ChangeQuery,
        tag=plan_tag,
        slow=True,
    ),
)
