"""Public forms: what each asks and says, how it comes into another site, and who came by it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from dispatch.config.splice.change import Change
from dispatch.errors import BadInput, ChangedMeanwhile, NotFound, NotWritable
from dispatch.model.people.form import Confirm, Form
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.show_form import html_to_paste
from dispatch.pipeline.workspace.plan_forms import removal_of, written_forms
from dispatch.pipeline.workspace.write_plan import Draft
from dispatch.web.team.meanwhile import lines_since
from dispatch.web.team.readers.form_changes import (
    SHOWN,
    TEXTS,
    Posted,
    changes_of,
    known_names,
)
from dispatch.web.team.readers.told import helpers
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import ours, words_in

DAYS = 30
"""As long as sign-ups are kept."""


def show(visit: Visit) -> Response:
    """All of them."""
    return _list(visit)


def make(visit: Visit) -> Response:
    """A new one, with a name and an audience; the rest is said on its own page."""
    name, audience = visit.form("name"), visit.form("audience")
    texts, app = visit.app.texts, visit.app
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = visit.words("errors.required")
    if name in app.workspace.forms:
        errors["name"] = visit.words("forms.there_already")
    if errors:
        return _list(visit, errors)
    posted = Posted(
        lambda _: "", lambda one: [audience] if one == "audiences" else [], welcome=False
    )
    plan = texts.plan
    changes = changes_of(name, posted, written_forms(plan.text), app.workspace)
    try:
        texts.change_plan(
            changes, by=visit.by, seen=plan.fingerprint, act="form.add", kind="form", subject=name
        )
    except BadInput as error:
        return _list(visit, _by_field(error, name, at="name"))
    except NotWritable as error:
        return _list(visit, {"name": str(error)}, diff=texts.look(changes).diff())
    return visit.to(f"/forms/{name}", said="form_made")


def show_one(visit: Visit) -> Response:
    """One of them."""
    return _page(_form(visit), visit)


def change(visit: Visit) -> Response:
    """Show what a change would do to the file, make it, or take the form away."""
    form, app, texts = _form(visit), visit.app, visit.app.texts
    forms, seen = written_forms(texts.plan.text), visit.form("seen")
    if visit.form.has("remove"):
        changes = removal_of(form.name, forms, app.workspace)
        act, to, said = "form.remove", "/forms", "form_removed"
    else:
        posted = Posted(visit.form, visit.form.all, welcome=visit.form.has("welcome"))
        changes = changes_of(form.name, posted, forms, app.workspace)
        act, to, said = "form.change", f"/forms/{form.name}", "form_saved"
    try:
        if visit.form.has("look"):
            return _page(form, visit, draft=texts.look(changes, seen=seen))
        written = texts.change_plan(
            changes, by=visit.by, seen=seen, act=act, kind="form", subject=form.name
        )
    except ChangedMeanwhile:
        return _meanwhile(form, visit, changes)
    except BadInput as error:
        return _page(form, visit, _by_field(error, form.name))
    except NotWritable as error:
        return _page(form, visit, {"file": str(error)}, draft=_draft(changes, visit))
    return visit.to(to, said=said if written.changed else "form_unchanged")


def _meanwhile(form: Form, visit: Visit, changes: Sequence[Change]) -> Response:
    """409: what was typed, and what would be written into the file as it is now."""
    draft = None
    with suppress(BadInput):
        draft = _draft(changes, visit)
    errors = {"file": visit.words("errors.meanwhile")}
    return _page(form, visit, errors, draft=draft, status=HTTPStatus.CONFLICT)


def _draft(changes: Sequence[Change], visit: Visit) -> Draft:
    return visit.app.texts.look(changes)


def _form(visit: Visit) -> Form:
    name, forms = visit.part("name"), visit.app.workspace.forms
    if name not in forms:
        raise NotFound(f"form {name}: not in schedules.yaml - {did_you_mean(name, forms)}")
    return forms[name]


def _by_field(error: BadInput, name: str, *, at: str = "file") -> dict[str, str]:
    """Each problem at the field that it is about; of others the sentence as it is."""
    found: dict[str, str] = {}
    for one in error.problems:
        key, place = str(getattr(one, "key", "")), f"forms.{name}."
        field = key.removeprefix(place).partition(".")[0].partition("[")[0]
        if key.startswith(place) and field in SHOWN:
            found.setdefault(field, str(one).partition(f"{key}: ")[2])
        else:
            found.setdefault(at, str(one))
    return found


def _list(
    visit: Visit, errors: Mapping[str, str] | None = None, diff: Sequence[str] = ()
) -> Response:
    app = visit.app
    since = visit.now - timedelta(days=DAYS)
    with app.store.read() as tx:
        came = {name: tx.sign_ups.count(name, since=since) for name in app.workspace.forms}
    return visit.page(
        "forms.html",
        here="forms",
        status_code=422 if errors else 200,
        errors=errors or {},
        forms=list(app.workspace.forms.values()),
        came=came,
        audiences=[(one, one) for one in app.people.audiences()],
        typed={name: visit.form(name) for name in ("name", "audience")},
        why_not=app.texts.why_not(),
        diff=diff,
        days=DAYS,
    )


def _page(
    form: Form,
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    *,
    draft: Draft | None = None,
    status: int = 0,
) -> Response:
    app = visit.app
    plan = app.texts.plan
    written = (written_forms(plan.text) or {}).get(form.name)
    written = written if isinstance(written, dict) else {}
    since = visit.now - timedelta(days=DAYS)
    with app.store.read() as tx:
        came = tx.sign_ups.count(form.name, since=since)
        wording = tx.record.wordings({form.wording}).get(form.wording) if form.wording else None
    locale = visit.asked("lang") or app.workspace.publisher.locale
    posted, changed = bool(visit.form.texts), status == HTTPStatus.CONFLICT
    return visit.page(
        "form.html",
        here="forms",
        status_code=status or (422 if errors else 200),
        errors=errors or {},
        form=form,
        forms=list(app.workspace.forms),
        typed=_posted(visit) if posted else _known(form, written),
        audiences=app.people.audiences(),
        names=known_names(one.name for any_ in app.workspace.forms.values() for one in any_.fields),
        labels={one.name: one.label for one in form.fields},
        came=came,
        wording=wording,
        others=[name for name in written if name not in SHOWN],
        seen=visit.form("seen") if posted and not changed else plan.fingerprint,
        meanwhile=lines_since(visit, visit.form("seen")) if changed else [],
        why_not=app.texts.why_not(),
        draft=draft,
        link=f"{app.workspace.publisher.public_url}/subscribe/{form.name}",
        paste=html_to_paste(form, app.workspace, words_in(locale)),
        locales=[(one, words_in(one).name) for one in ours().locales],
        locale=words_in(locale).locale,
        confirms=[one.value for one in Confirm],
        days=DAYS,
        **helpers(visit),
    )


def _known(form: Form, written: Mapping[str, object]) -> dict[str, Any]:
    """What the fields of the page say: what the file does, and else nothing."""
    topics = next((one.choices for one in form.fields if one.name == "topics"), ())
    return {
        **{name: str(written.get(name) or "") for name in TEXTS},
        "audiences": list(form.audiences),
        "fields": [one.name for one in form.fields],
        "topics": " | ".join(topics),
        "return": "\n".join(form.returns),
        "welcome": bool(form.welcome),
        "confirm": form.confirm.value,
        "own_name": "",
        "own_label": "",
    }


def _posted(visit: Visit) -> dict[str, Any]:
    one = visit.form
    texts = (*TEXTS, "topics", "return", "confirm", "own_name", "own_label")
    return {
        **{name: one(name) for name in texts},
        "audiences": one.all("audiences"),
        "fields": one.all("fields"),
        "welcome": one.has("welcome"),
    }
