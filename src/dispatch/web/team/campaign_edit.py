"""A campaign as a form: what would be written in schedules.yaml is shown, then written."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dispatch.channels.provider import Carries
from dispatch.config.files.problems import FileProblem
from dispatch.config.files.text_file import TextFile
from dispatch.config.schedules.load import FILE
from dispatch.config.splice.change import Change, Put, meant, value_at
from dispatch.config.splice.section import entry_of
from dispatch.config.values.simple import NAME
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, ChangedMeanwhile, NotFound, NotWritable
from dispatch.model.campaigns.campaign import Campaign
from dispatch.pipeline.workspace.write_plan import Draft
from dispatch.web.team import campaign_fields as fields
from dispatch.web.team import campaign_snippets as snippets
from dispatch.web.team.campaign_fields import BY_HAND, YES, Values
from dispatch.web.team.campaigns import NEXT_RUNS, coming, head, made_ahead, named, plan_words
from dispatch.web.team.meanwhile import lines_since
from dispatch.web.team.visit import Visit

NEW = "new"
FIRST = {"feeds": [], "schedule": {"every": "tuesday", "at": "09:00"}, "approval": {"needed": True}}
"""What the form of a new campaign begins with."""

MOST_WAS = 100_000
FOUR = NEXT_RUNS - 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as somebody has it before them: of which campaign, made from which file.

    `tree` is what the file says of it now, `was` what the fields said when the form was made.
    """

    name: str
    is_new: bool
    file: TextFile
    tree: dict[str, Any]
    was: Values
    values: Values
    social: Sequence[Mapping[str, str]]
    social_differs: bool

    @property
    def changes(self) -> list[Change]:
        """What is to be written."""
        if self.is_new:
            return [Put(("campaigns", self.name), _whole(self))]
        return fields.changes(self.name, self.tree, self.was, self.values, self._social)

    @property
    def _social(self) -> list[dict[str, Any]] | None:
        return snippets.written(self.tree, self.social) if self.social_differs else None


def new(visit: Visit) -> Response:
    """The form of a campaign that is not there yet."""
    feeds = list(visit.app.workspace.feeds)
    tree = {**FIRST, "feeds": feeds if len(feeds) == 1 else []}
    plans = [one.email for one in visit.app.workspace.campaigns.values() if one.email]
    templates = [*(one.template for one in plans), *_templates(visit)]
    if templates:
        audience = plans[0].audience if plans else "readers"
        tree["email"] = {"audience": audience, "template": templates[0]}
    sheet = _sheet(visit, "", visit.app.texts.plan, tree)
    return _page(visit, sheet)


def make(visit: Visit) -> Response:
    """Look at the new campaign, or write it."""
    name = visit.form("name") or _name_of(visit.form("title"))
    sheet = _posted(visit, name, visit.app.texts.plan, {}, is_new=True)
    errors = _wrong_name(visit, name)
    return _answer(visit, sheet, errors)


def edit(visit: Visit) -> Response:
    """The form of a campaign; of a family, of all its cadences."""
    campaign = named(visit)
    name = campaign.family or campaign.name
    file = visit.app.texts.plan
    return _page(visit, _sheet(visit, name, file, _tree(visit, file, name)), campaign)


def change(visit: Visit) -> Response:
    """Look at the change, or write it."""
    campaign = named(visit)
    name = campaign.family or campaign.name
    file = visit.app.texts.plan
    sheet = _posted(visit, name, file, _tree(visit, file, name), is_new=False)
    return _answer(visit, sheet, {}, campaign)


def _answer(
    visit: Visit, sheet: Sheet, errors: dict[str, str], campaign: Campaign | None = None
) -> Response:
    seen = visit.form("seen")
    if not sheet.values["feeds"]:
        errors = {**errors, "feeds": visit.words("campaigns.feeds_needed")}
    if not errors and seen != sheet.file.fingerprint:
        return _meanwhile(visit, sheet, campaign)
    draft = None
    if not errors:
        draft, errors = _drafted(visit, sheet)
    if errors or not visit.form.has("save") or draft is None or not draft.changed:
        return _page(visit, sheet, campaign, draft=draft, errors=errors, looked=True)
    return _saved(visit, sheet, campaign, draft)


def _saved(visit: Visit, sheet: Sheet, campaign: Campaign | None, draft: Draft) -> Response:
    try:
        visit.app.texts.change_plan(
            sheet.changes,
            by=visit.by,
            seen=sheet.file.fingerprint,
            act="campaign.add" if sheet.is_new else "campaign.edit",
            kind="campaign",
            subject=sheet.name,
        )
    except ChangedMeanwhile:
        file = visit.app.texts.plan
        tree = {} if sheet.is_new else _tree(visit, file, sheet.name)
        again = _posted(visit, sheet.name, file, tree, is_new=sheet.is_new)
        return _meanwhile(visit, again, campaign)
    except NotWritable as error:
        return _page(visit, sheet, campaign, draft=draft, why_not=str(error), looked=True)
    return visit.to(f"/campaigns/{sheet.name}", said="campaigns_saved")


def _drafted(visit: Visit, sheet: Sheet) -> tuple[Draft | None, dict[str, str]]:
    try:
        return visit.app.texts.look(sheet.changes, seen=sheet.file.fingerprint), {}
    except BadInput as error:
        found: dict[str, str] = {}
        for problem in error.problems:
            field, sentence = "", str(problem)
            if isinstance(problem, FileProblem):
                field = fields.field_of(problem.key, sheet.name)
                if field:
                    advice = f" - {problem.advice}" if problem.advice else ""
                    sentence = f"{problem.problem}{advice}"
            key = field or f"file{len(found)}"
            found[key] = f"{found[key]}; {sentence}" if key in found else sentence
        return None, found


def _meanwhile(visit: Visit, sheet: Sheet, campaign: Campaign | None) -> Response:
    """409: what was changed meanwhile, and the form with what both want.

    Fields that only one of them has changed are as that one wants them.
    """
    now = fields.values_of(sheet.tree)
    mine = {key for key, text in sheet.values.items() if text != sheet.was.get(key)}
    theirs = {key for key, text in now.items() if key in sheet.was and text != sheet.was[key]}
    values = {**now, **{key: sheet.values[key] for key in mine}}
    errors = {
        key: visit.words("campaigns.theirs", text=now[key] or "–")
        for key in sorted(mine & theirs)
        if now[key] != sheet.values[key]
    }
    again = Sheet(
        sheet.name,
        sheet.is_new,
        sheet.file,
        sheet.tree,
        sheet.was if sheet.is_new else now,
        values,
        sheet.social,
        sheet.social_differs,
    )
    lines = lines_since(visit, visit.form("seen"))
    draft = None if errors else _drafted(visit, again)[0]
    return _page(
        visit, again, campaign, draft=draft, errors=errors, meanwhile=lines, status=409, looked=True
    )


def _page(
    visit: Visit,
    sheet: Sheet,
    campaign: Campaign | None = None,
    *,
    draft: Draft | None = None,
    errors: Mapping[str, str] | None = None,
    why_not: str = "",
    meanwhile: Sequence[str] | None = None,
    status: int = 200,
    looked: bool = False,
) -> Response:
    workspace = draft.workspace if draft else visit.app.workspace
    everything = workspace.campaigns.values() if sheet.name else ()
    plans = [one for one in everything if sheet.name in (one.name, one.family)]
    made = made_ahead(visit)
    around = head(visit, campaign, "edit") if campaign else {"here": "campaigns", "campaign": None}
    if draft and plans:
        around["sentence"] = plan_words(visit, workspace).sentence(plans[0])
    said = dict(errors or {})
    return visit.page(
        "campaign_form.html",
        **around,
        errors=said,
        labels=_labels(visit, said),
        status_code=422 if said and status == 200 else status,
        sheet=sheet,
        prefixes=[prefix for prefix, _ in fields.places(fields.cadences_of(sheet.tree))],
        feeds=_feeds(visit.app.workspace, sheet.values),
        template_options=[(one, one) for one in _templates(visit)],
        cadence_options=[
            (one, visit.words(f"plan.cadence_{one.replace(' ', '_')}"))
            for one in fields.cadences_of(sheet.tree)
        ],
        audiences=sorted(
            {one.email.audience for one in visit.app.workspace.campaigns.values() if one.email}
        ),
        mail_channels=snippets.carrying(visit.app.workspace, Carries.EMAIL),
        kinds=fields.KINDS,
        others=[] if sheet.is_new else fields.others(sheet.tree),
        was=json.dumps({**sheet.was, "social": snippets.shown(sheet.tree)}, ensure_ascii=False),
        diff=draft.diff() if draft else [],
        copy=entry_of(draft.after.text, ("campaigns", sheet.name)) if draft else "",
        looked=looked,
        next_runs=[(one, coming(one, visit.now, made, most=FOUR)) for one in plans if one.schedule],
        line=workspace.lines.of("campaigns", sheet.name) if sheet.name else None,
        why_not=why_not or visit.app.texts.why_not(),
        meanwhile=meanwhile,
        new=sheet.is_new,
    )


def _sheet(visit: Visit, name: str, file: TextFile, tree: dict[str, Any]) -> Sheet:
    """The form as it is first shown."""
    values = fields.values_of(tree)
    social = snippets.rows(visit.app.workspace, tree)
    return Sheet(name, not name, file, tree, values, values, social, social_differs=False)


def _posted(
    visit: Visit, name: str, file: TextFile, tree: dict[str, Any], *, is_new: bool
) -> Sheet:
    """The form as somebody has filled it in."""
    base = fields.values_of(FIRST if is_new else tree)
    was, shown = _was(visit, base)
    values = fields.typed(visit.form, visit.form.all, was)
    values["has_email"] = YES if visit.form.has("has_email") else ""
    for key in ("needed", "other_than_author", "local_time"):
        values[key] = YES if visit.form.has(key) else ""
    social = snippets.posted(visit)
    differs = [one for one in social if one["on"]] != [
        {**one, "on": YES} for one in (shown if shown is not None else snippets.shown(tree))
    ]
    return Sheet(name, is_new, file, tree, was, values, social, differs)


def _was(visit: Visit, base: Values) -> tuple[dict[str, str], list[dict[str, str]] | None]:
    """What the fields said when the form was made, as the form itself brings it along."""
    text = visit.form.raw("was")
    try:
        found = json.loads(text) if len(text) < MOST_WAS else {}
    except ValueError:
        found = {}
    if not isinstance(found, dict):
        found = {}
    was = {key: str(found.get(key, said)) for key, said in base.items()}
    social = found.get("social")
    if not isinstance(social, list) or not all(isinstance(one, dict) for one in social):
        return was, None
    usual = {"at": "", **snippets.USUAL}
    return was, [{key: str(one.get(key, usual[key])) for key in snippets.KEYS} for one in social]


def _whole(sheet: Sheet) -> dict[str, Any]:
    """A new campaign, as it is to stand in the file."""
    empty = dict.fromkeys(sheet.values, "") | {"kind": BY_HAND}
    tree: Any = {"campaigns": {sheet.name: {}}}
    social = snippets.written({}, sheet.social) or None
    defaults = fields.values_of({})
    wanted = {
        key: "" if text == defaults.get(key) and key != "kind" else text
        for key, text in sheet.values.items()
    }
    found = fields.changes(sheet.name, {}, empty, wanted, social)
    whole = value_at(meant(tree, found), ("campaigns", sheet.name))
    order = ("title", "feeds", "posts", "schedule", "approval", "email", "social")
    return {key: whole[key] for key in (*order, *whole) if key in whole}


def _tree(visit: Visit, file: TextFile, name: str) -> dict[str, Any]:
    """What the file says of a campaign now; raises NotFound, and BadInput for the whole file."""
    found = visit.app.texts.written(file, "campaigns", name)
    if not isinstance(found, dict):
        raise NotFound(f"campaign {name}: is no longer in {FILE} - see which ones are")
    return found


def _name_of(title: str) -> str:
    """A name for the file, made from a title.

    >>> _name_of("L’Été à Paris 2027")
    'l-ete-a-paris-2027'
    """
    letters = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64]


def _wrong_name(visit: Visit, name: str) -> dict[str, str]:
    known = visit.app.texts.written(visit.app.texts.plan, "campaigns")
    if not name:
        return {"name": visit.words("errors.required")}
    if not re.fullmatch(NAME, name) or name == NEW:
        return {"name": visit.words("campaigns.bad_name")}
    if isinstance(known, dict) and name in known:
        return {"name": visit.words("campaigns.name_taken")}
    return {}


def _feeds(workspace: Workspace, values: Values) -> list[tuple[str, str, bool]]:
    """The feeds to choose from: those chosen first, in the order of reading."""
    chosen = fields.split(values["feeds"])
    names = [*chosen, *(name for name in workspace.feeds if name not in chosen)]
    titles = {name: feed.title or "" for name, feed in workspace.feeds.items()}
    return [(name, titles.get(name, ""), name in chosen) for name in names]


def _templates(visit: Visit) -> list[str]:
    folder = visit.app.folder / "templates"
    return (
        sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    )


def _labels(visit: Visit, errors: Mapping[str, str]) -> dict[str, str]:
    """The names of fields that are wrong, for the list above the form."""
    found = {}
    for name in errors:
        part, _, last = name.rpartition(".")
        if part.startswith("social") and last == "every":
            last = "apart"  # of snippets; a schedule has an `every` of its own
        if name.startswith("file"):
            continue
        # "every" of a schedule is among its days, so that this one is a snippet's.
        found[name] = visit.words(f"campaigns.f_{'apart' if last == 'every' else last}")
    return found
