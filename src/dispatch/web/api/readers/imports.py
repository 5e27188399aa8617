"""Files of people: handed over or said as rows, looked at, and brought in only then."""

from dataclasses import replace
from http import HTTPStatus
from io import StringIO
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from dispatch.config.csv.sheet import write_sheet
from dispatch.config.people.columns import MEANINGS
from dispatch.config.values.columns import RULES
from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from dispatch.model.people.upload import Choices, Upload, UploadState
from dispatch.model.team.role import Right
from dispatch.model.text.plain_text import one_line
from dispatch.model.text.suggestions import did_you_mean
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed
from dispatch.web.api.operation import Operation
from dispatch.web.api.readers.imported import (
    MOST_COLUMNS,
    BringIn,
    FileQuery,
    Import,
    ImportColumn,
    ImportRow,
    ImportRows,
    LookAgain,
    RefusedRows,
)
from dispatch.web.team.place import FILE_BYTES, LIST_BYTES
from dispatch.web.team.readers.imports import AT_ONCE, BROUGHT_IN
from dispatch.web.team.readers.sheets import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Mapping

CSV = "text/csv"


def list_imports(call: Call) -> Listed[Import]:
    """The files of the last day, the newest first: ten at most."""
    with call.app.store.read() as tx:
        last = tx.uploads.last(now=call.now)
    return Listed(items=list(map(_shown, last)), next=None)


def take_import(call: Call) -> Answer:
    """Keep a CSV file of people, and look at it: nobody comes in by that.

    A file of at most 2,000 lines has been looked at when this answers; a larger one is a job of
    the service, and its `state` tells how far it is.
    """
    asked = call.query(FileQuery)
    if not call.raw.strip():
        raise BadInput(["body: is empty - post what is in the file"])
    name = one_line(asked.name.replace("\\", "/").rpartition("/")[2]) or "people.csv"
    merge = asked.merge.value if asked.merge else ""
    choices = Choices(asked.audience, merge=merge, ground=one_line(asked.ground))
    return _taken(call, name, call.raw, choices)


def take_rows(call: Call) -> Answer:
    """The same with people said as JSON, at most 10,000 of them."""
    said = call.said(ImportRows)
    fields = list(dict.fromkeys(name for row in said.rows for name in row.fields))
    if len(fields) > MOST_COLUMNS:
        raise BadInput([f"rows: have more than {MOST_COLUMNS} fields in all - leave some out"])
    wrong = [
        one for one in fields if one != one_line(one) or not one or one in ImportRow.model_fields
    ]
    if wrong:
        raise BadInput([f"fields: {wrong[0][:80]!r} is no name of a field - take another"])
    text = StringIO(newline="")
    write_sheet([*MEANINGS, *fields], (_cells(row, fields) for row in said.rows), text)
    merge = said.merge.value if said.merge else ""
    content = text.getvalue().encode("utf-8", "replace")
    choices = Choices(said.audience, merge=merge, ground=one_line(said.ground))
    return _taken(call, "rows.csv", content, choices)


def show_import(call: Call) -> Import:
    """What is in a file and would come of it; how far it is; what became of it."""
    return _shown(_upload(call))


def look_again(call: Call) -> Import:
    """Look at a file again, with other columns or into another audience."""
    upload, said = _upload(call), call.said(LookAgain)
    before = upload.choices
    known = {one["heading"] for one in upload.figures.get("columns", ())}
    columns = dict(before.columns)
    for heading, rule in (said.columns or {}).items():
        if heading not in known:
            raise BadInput([f"columns: {heading[:80]!r} is none of the file - see its columns"])
        if rule not in RULES:
            raise BadInput([f"columns: {rule[:80]!r} is no meaning - {did_you_mean(rule, RULES)}"])
        columns[heading] = rule
    choices = Choices(
        _audience(call, said.audience) if said.audience is not None else before.audience,
        columns,
        said.merge.value if said.merge else before.merge,
        one_line(said.ground) if said.ground is not None else before.ground,
    )
    call.app.uploads.look_again(upload, choices)
    return _worked(call, upload)


def bring_in(call: Call) -> Import:
    """Bring in whom a file names, as it was looked at. Said twice, it is brought in once."""
    upload, said = _upload(call), call.said(BringIn)
    if upload.state in BROUGHT_IN:
        return _shown(upload)
    if upload.state is not UploadState.LOOKED:
        raise Conflict("it is still being looked at - wait until its state is 'looked'")
    choices = replace(upload.choices, ground=one_line(said.ground) or upload.choices.ground)
    if not choices.ground:
        raise BadInput(["ground: is empty - say how those agreed of whom the file does not say it"])
    if said.new != upload.figures.get("new"):
        raise ChangedMeanwhile("it would bring another number of people now - look at it anew")
    call.app.uploads.bring_in(upload, choices, by=call.by)
    return _worked(call, upload)


def drop_import(call: Call) -> None:
    """Forget a file."""
    call.app.uploads.drop(_upload(call))


def list_wrong_rows(call: Call) -> Response:
    """The rows that do not count, as CSV: to be mended and handed over again."""
    text = StringIO(newline="")
    call.app.uploads.write_wrong(_upload(call), text)
    return Response(text.getvalue(), media_type=f"{CSV}; charset=utf-8", headers=dict(PRIVATE))


def _cells(row: ImportRow, fields: list[str]) -> list[str]:
    said = {
        "email": row.email,
        "name": row.name,
        "locale": row.locale,
        "timezone": row.timezone,
        "topics": "|".join(row.topics),
        "cadence": row.cadence,
        "consented_at": row.consented_at.isoformat() if row.consented_at else "",
        "consent_source": row.consent_source,
    }
    return [*(said[name] for name in MEANINGS), *(row.fields.get(name, "") for name in fields)]


def _taken(call: Call, name: str, content: bytes, choices: Choices) -> Answer:
    _audience(call, choices.audience)
    public_id = call.app.uploads.take(name[:100], content, choices, by=call.by)
    found = _worked(call, call.app.uploads.find(public_id))
    return Answer(found, headers=call.found_at("imports", found.id))


def _audience(call: Call, name: str) -> str:
    audiences = call.app.people.audiences()
    if name not in audiences:
        raise BadInput([f"audience: there is none of that name - {did_you_mean(name, audiences)}"])
    return name


def _worked(call: Call, upload: Upload) -> Import:
    """The file after what is to be done with it, where that is soon done."""
    if upload.total <= AT_ONCE:
        call.app.uploads.work(upload.public_id)
    return _shown(call.app.uploads.find(upload.public_id))


def _named(call: Call, public_id: str) -> Import:
    """What who hands a file over again is answered."""
    return _shown(_found(call, public_id))


def _again(call: Call, _about: str) -> Import:
    return _shown(_upload(call))


def _upload(call: Call) -> Upload:
    return _found(call, call.part("id"))


def _found(call: Call, public_id: str) -> Upload:
    try:
        return call.app.uploads.find(public_id)
    except NotFound as error:
        raise NotFound("import: none is kept by that id - it is for a day only") from error


def _shown(upload: Upload) -> Import:
    figures: Mapping[str, Any] = upload.figures
    choices = upload.choices
    return Import(
        id=upload.public_id,
        name=upload.name,
        by=upload.by,
        state=upload.state,
        audience=choices.audience,
        merge=choices.merge,
        ground=choices.ground,
        made=upload.made_at,
        ends=upload.ends_at,
        done=upload.done,
        total=upload.total,
        readable=figures.get("readable", False),
        rows=figures.get("rows", 0),
        new=figures.get("new", 0),
        changed=figures.get("changed", 0),
        unchanged=figures.get("unchanged", 0),
        refused=[RefusedRows(**one) for one in figures.get("refused", ())],
        columns=[ImportColumn(**one) for one in figures.get("columns", ())],
        problems=list(figures.get("problems", ())),
    )


OPERATIONS = (
    Operation("GET", "/imports", list_imports, Right.READERS, gives=Listed[Import]),
    Operation(
        "POST",
        "/imports",
        take_import,
        Right.READERS,
        gives=Import,
        query=FileQuery,
        raw=(CSV,),
        most_bytes=FILE_BYTES,
        status=HTTPStatus.CREATED,
        slow=True,
        again=_named,
    ),
    Operation(
        "POST",
        "/imports/rows",
        take_rows,
        Right.READERS,
        gives=Import,
        takes=ImportRows,
        most_bytes=LIST_BYTES,
        status=HTTPStatus.CREATED,
        slow=True,
        again=_named,
    ),
    Operation("GET", "/imports/{id}", show_import, Right.READERS, gives=Import),
    Operation(
        "POST",
        "/imports/{id}/look",
        look_again,
        Right.READERS,
        gives=Import,
        takes=LookAgain,
        slow=True,
        again=_again,
    ),
    Operation(
        "POST",
        "/imports/{id}/bring-in",
        bring_in,
        Right.READERS,
        gives=Import,
        takes=BringIn,
        slow=True,
        again=_again,
    ),
    Operation("DELETE", "/imports/{id}", drop_import, Right.READERS),
    Operation("GET", "/imports/{id}/wrong-rows", list_wrong_rows, Right.READERS, media=CSV),
)
