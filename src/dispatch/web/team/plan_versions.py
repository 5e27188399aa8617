"""What schedules.yaml said before: each version, what it changed, and the way back."""

from starlette.responses import Response

from dispatch.config.keys.rights import rights_to_change
from dispatch.config.schedules.load import FILE
from dispatch.errors import BadInput, NotFound, NotWritable
from dispatch.model.team.file_version import FileVersion
from dispatch.model.team.role import Right, roles_with
from dispatch.pipeline.workspace.write_plan import diff
from dispatch.web.team import problems
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit


def show(visit: Visit) -> Response:
    """The newest versions, by whom and when."""
    texts = visit.app.texts
    with visit.app.store.read() as tx:
        names = {one.handle: one.name or one.handle for one in tx.persons.all()}
    return visit.page(
        "plan_versions.html",
        here="campaigns",
        versions=texts.versions(),
        now=texts.plan.fingerprint,
        names=names,
    )


def show_one(visit: Visit) -> Response:
    """One version, and what going back to it would change."""
    return _page(visit, _version(visit))


def go_back(visit: Visit) -> Response:
    """Have the file say again what it said."""
    version = _version(visit)
    if lacking := _lacking(visit, version):
        return problems.forbidden(visit, lacking[0])
    try:
        visit.app.texts.write(
            FILE,
            version.content,
            by=visit.by,
            seen=visit.form("seen"),
            act="plan.back",
            kind="plan",
            subject=str(version.id),
        )
    except (BadInput, NotWritable) as error:
        return _page(visit, version, str(error).splitlines())
    return visit.to("/schedules/versions", said="campaigns_back")


def _page(visit: Visit, version: FileVersion, wrong: list[str] | None = None) -> Response:
    file = visit.app.texts.plan
    errors = {f"file{number}": sentence for number, sentence in enumerate(wrong or [])}
    return visit.page(
        "plan_version.html",
        status_code=422 if errors else 200,
        errors=errors,
        here="campaigns",
        version=version,
        lines=diff(file.text, version.content),
        lacking=[role for right in _lacking(visit, version)[:1] for role in roles_with(right)],
        file=file,
        why_not=visit.app.texts.why_not(),
    )


def _lacking(visit: Visit, version: FileVersion) -> list[Right]:
    """What somebody may not do who would go back to it: it may differ in more than campaigns."""
    needed = rights_to_change(visit.app.texts.plan.text, version.content)
    return [right for right in needed if not visit.may(right)]


def _version(visit: Visit) -> FileVersion:
    number = number_in(visit.part("id"))
    if number is None:
        raise NotFound(f"version {visit.part('id')}: there is none")
    return visit.app.texts.version(number)
