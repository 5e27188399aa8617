"""A file of people: handed over, looked at, and brought in only then."""

from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from typing import Any

from starlette.responses import Response

from dispatch.config.values.columns import RULES
from dispatch.errors import Conflict
from dispatch.model.people.refusal import Merge, Refusal
from dispatch.model.people.upload import Choices, Upload, UploadState
from dispatch.model.text.plain_text import one_line
from dispatch.web.team.readers.sheets import PRIVATE
from dispatch.web.team.readers.told import helpers
from dispatch.web.team.visit import Visit

AT_ONCE = 2_000
"""Lines of a file that is looked at, or brought in, while its page is waited for. A larger one is a
job of the service."""

RELOAD_SECONDS = 5
"""How often a page loads itself again, for who wishes that."""

_MENDED = (Refusal.WRONG_ADDRESS, Refusal.WRONG_ROW, Refusal.TWICE)
"""What somebody can put right in the file."""

BROUGHT_IN = (UploadState.IMPORTING, UploadState.DONE)
"""Nothing is decided about these any more."""


def show(visit: Visit) -> Response:
    """Where a file is handed over, and those of the last day."""
    return _page({"audience": visit.asked("audience")}, visit)


def take(visit: Visit) -> Response:
    """Keep a file, or what was pasted, and look at it."""
    form, app = visit.form, visit.app
    typed = {name: form(name) for name in ("audience", "ground", "pasted", "merge")}
    name, content = _content(visit)
    errors: dict[str, str] = {}
    if not content.strip():
        errors["file"] = visit.words("uploads.no_file")
    if typed["audience"] not in app.people.audiences():
        errors["audience"] = visit.words("subscribers.say_which")
    if typed["merge"] and typed["merge"] not in list(Merge):
        errors["merge"] = visit.words("errors.bad_form")
    if errors:
        return _page(typed, visit, errors)
    choices = Choices(typed["audience"], merge=typed["merge"], ground=one_line(typed["ground"]))
    public_id = app.uploads.take(name, content, choices, by=visit.by)
    _work_if_small(app.uploads.find(public_id), visit)
    return visit.to(f"/subscribers/import/{public_id}")


def look(visit: Visit) -> Response:
    """What is in a file and would come of it; how far it is; what became of it."""
    return _page_of(_upload(visit), visit)


def decide(visit: Visit) -> Response:
    """Look at it with other columns, bring it in, or throw it away."""
    upload, form, app = _upload(visit), visit.form, visit.app
    if form.has("drop"):
        app.uploads.drop(upload)
        return visit.to("/subscribers/import", said="upload_dropped")
    choices = _choices(upload, visit)
    if form.has("look"):
        app.uploads.look_again(upload, choices)
        _work_if_small(upload, visit)
        return visit.to(f"/subscribers/import/{upload.public_id}")
    if upload.state in BROUGHT_IN:
        return visit.to(f"/subscribers/import/{upload.public_id}")  # pressed twice: how far it is
    errors: dict[str, str] = {}
    if replace(choices, ground="") != replace(upload.choices, ground=""):
        errors["look"] = visit.words("uploads.look_first")
    if not choices.ground:
        errors["ground"] = visit.words("errors.required")
    if not form.has("sure"):
        errors["sure"] = visit.words("uploads.say_so")
    if form("seen") != str(upload.figures.get("new", "")):
        raise Conflict(visit.words("uploads.changed"))
    if errors:
        return _page_of(upload, visit, errors, choices)
    app.uploads.bring_in(upload, choices, by=visit.by)
    _work_if_small(upload, visit)
    return visit.to(f"/subscribers/import/{upload.public_id}")


def wrong_rows(visit: Visit) -> Response:
    """The rows that do not count, as CSV: to be mended and handed over again."""
    text = StringIO(newline="")
    visit.app.uploads.write_wrong(_upload(visit), text)
    return Response(
        "\ufeff" + text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers=PRIVATE | {"Content-Disposition": 'attachment; filename="wrong-rows.csv"'},
    )


def _content(visit: Visit) -> tuple[str, bytes]:
    """The name of what was handed over, and what is in it."""
    file = visit.form.files.get("file")
    if file is not None and file.filename:
        name = one_line(file.filename.replace("\\", "/").rpartition("/")[2])[:100]
        return name or "people.csv", file.file.read()
    pasted = visit.form.raw("pasted")
    return "pasted.csv", pasted.encode()


def _upload(visit: Visit) -> Upload:
    return visit.app.uploads.find(visit.part("id"))


def _work_if_small(upload: Upload, visit: Visit) -> None:
    if upload.total <= AT_ONCE:
        visit.app.uploads.work(upload.public_id)


def _choices(upload: Upload, visit: Visit) -> Choices:
    """What the form says; a column of which it says nothing new stays as it was found."""
    columns: dict[str, str] = {}
    for place, column in enumerate(upload.figures.get("columns", ())):
        said = visit.form(f"column-{place}")
        if said in RULES and column["heading"]:
            columns[column["heading"]] = said
    form, before = visit.form, upload.choices
    audience = form("audience") or before.audience
    known = audience in visit.app.people.audiences()
    merge = form("merge", before.merge)
    return Choices(
        audience if known else before.audience,
        columns,
        merge if merge in list(Merge) else "",
        one_line(form("ground", before.ground)),
    )


def _page(
    typed: Mapping[str, str], visit: Visit, errors: Mapping[str, str] | None = None
) -> Response:
    with visit.app.store.read() as tx:
        last = tx.uploads.last(now=visit.now)
    return visit.page(
        "import.html",
        here="subscribers",
        status_code=422 if errors else 200,
        errors=errors or {},
        typed={"audience": "", "ground": "", "pasted": "", "merge": ""} | dict(typed),
        last=last,
        **_offered(visit),
    )


def _page_of(
    upload: Upload,
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    choices: Choices | None = None,
) -> Response:
    reloads = bool(visit.asked("reload")) and upload.works
    refused = {one["why"]: one for one in upload.figures.get("refused", ())}
    mended = [name for one in _MENDED if (name := one.name.lower()) in refused]
    return visit.page(
        "import_look.html" if upload.state is UploadState.LOOKED else "import_done.html",
        here="subscribers",
        status_code=422 if errors else 200,
        headers={"Refresh": str(RELOAD_SECONDS)} if reloads else None,
        errors=errors or {},
        upload=upload,
        figures=upload.figures,
        choices=choices or upload.choices,
        refused=refused,
        wrong_number=sum(refused[name]["number"] for name in mended),
        wrong_rows=[(line, name, why) for name in mended for line, why in refused[name]["first"]],
        reloads=reloads,
        rules=RULES,
        **_offered(visit),
        **helpers(visit),
    )


def _offered(visit: Visit) -> dict[str, Any]:
    return {
        "audiences": [(one, one) for one in visit.app.people.audiences()],
        "merges": [("", visit.words("uploads.merge_usual"))]
        + [(one.value, visit.words(f"uploads.merge_{one.value}")) for one in Merge],
    }
