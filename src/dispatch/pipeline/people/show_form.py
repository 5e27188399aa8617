"""A form as others use it: plain HTML for any site, and the call for scripts."""

import json
from collections.abc import Iterator
from html import escape

from dispatch.config.workspace import Workspace
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.form import HONEYPOT, Form, FormField
from dispatch.pipeline.people.form_words import cadence_labels, label_of
from dispatch.pipeline.people.read_sign_up import LONGEST
from dispatch.words.catalogues import Words, ours, words_in


def titles_of(form: Form, workspace: Workspace) -> str:
    """What people join by it, as they know it."""
    return ", ".join(dict.fromkeys(map(workspace.audience_title, form.audiences)))


def html_to_paste(form: Form, workspace: Workspace, words: Words) -> str:
    """The form in HTML that works without any script or style of ours."""
    address = escape(f"{workspace.publisher.public_url}/subscribe/{form.name}")
    consent = form.consent or words("join.consent", audience=titles_of(form, workspace))
    # In its own language, whatever the browser speaks: the record is to say what they have read.
    where = f"{address}?lang={words.tag}"
    lines = [f'<form method="post" action="{where}" accept-charset="utf-8">']
    if form.returns:
        lines.append(f'  <input type="hidden" name="return" value="{escape(form.returns[0])}">')
    lines += [
        f"  <p><label>{escape(words('join.email'))}",
        '    <input name="email" type="email" autocomplete="email" required></label></p>',
    ]
    for one in form.fields:
        lines += _field(one, form, workspace, words)
    lines += [
        f"  <p hidden><label>{escape(words('join.honeypot'))}",
        f'    <input name="{HONEYPOT}" autocomplete="off" tabindex="-1"></label></p>',
        '  <p><label><input type="checkbox" name="agree" value="yes" required>',
        f"    {escape(consent)}</label></p>",
        f"  <p><button>{escape(words('join.button'))}</button></p>",
        "</form>",
    ]
    return "\n".join(lines) + "\n"


def json_call(form: Form, workspace: Workspace) -> str:
    """The same for a script: a command that can be tried."""
    body: dict[str, object] = {"email": "ada@example.org", "agree": True}
    fields = {one.name: _sample(one) for one in form.fields if one.name != "cadence"}
    if fields:
        body["fields"] = fields
    address = f"{workspace.publisher.public_url}/api/v1/forms/{form.name}/sign-ups"
    said = json.dumps(body, ensure_ascii=False)
    return f"curl {address} --json '{said}'\n"


def _field(one: FormField, form: Form, workspace: Workspace, words: Words) -> Iterator[str]:
    label = escape(label_of(one, words))
    required = " required" if one.required else ""
    choices = _choices(one, form, workspace, words)
    if one.takes_several:
        yield f"  <fieldset><legend>{label}</legend>"
        for value, text in choices:
            box = f'<input type="checkbox" name="{one.name}" value="{escape(value)}">'
            yield f"    <label>{box} {escape(text)}</label>"
        yield "  </fieldset>"
    elif choices:
        yield f"  <p><label>{label}"
        yield f'    <select name="{one.name}"{required}>'
        yield '      <option value=""></option>'
        for value, text in choices:
            yield f'      <option value="{escape(value)}">{escape(text)}</option>'
        yield "    </select></label></p>"
    elif one.name not in {"cadence", "timezone"}:  # nothing to choose; nobody types a zone right
        yield f"  <p><label>{label}"
        yield f'    <input name="{one.name}" maxlength="{LONGEST}"{required}></label></p>'


def _choices(
    one: FormField, form: Form, workspace: Workspace, words: Words
) -> list[tuple[str, str]]:
    if one.name == "locale" and not one.choices:
        return [(found.tag, found.name) for found in map(words_in, ours().locales)]
    if one.name != "cadence":
        return [(text, text) for text in one.choices]
    labels = cadence_labels(words)
    families = [found for name in form.audiences for found in workspace.families_for(name)]
    offered = [cadence for cadence in Cadence if any(cadence in one.offered for one in families)]
    return [(cadence.value, labels[cadence][0]) for cadence in offered]


def _sample(one: FormField) -> object:
    if one.takes_several:
        return list(one.choices[:1])
    samples = {"name": "Ada", "locale": "en", "timezone": "Europe/Paris", "topics": "drawing"}
    return one.choices[0] if one.choices else samples.get(one.name, "...")
