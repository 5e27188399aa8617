"""Templates: each file beside what it makes, with the versions before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from dispatch.errors import BadInput, Conflict, NotFound, NotWritable, Problem, TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.workspace.write_template import (
    FOLDER,
    MAILS,
    changed_sources,
    check_text,
    with_sources,
)
from dispatch.render.templates.files import load_template
from dispatch.render.templates.variables import variables_in
from dispatch.web.team.frame import BARE, FRAMED, packed
from dispatch.web.team.visit import Visit

PLAIN = Markup(
    "body { margin: 1rem; font: 14px/1.5 ui-monospace, monospace }"
    " pre { white-space: pre-wrap; overflow-wrap: anywhere }"
)
"""How a plain text looks in the frame, which takes no sheet from elsewhere."""

ORDER = ("subject.txt", "preheader.txt", "digest.mjml", "digest.txt", "snippet.txt", "words.yaml")
SIZES = ("desktop", "phone", "plain")


@dataclass(frozen=True, slots=True)
class Listed:
    """A template in the list: `problem` says why it cannot be read; `uses` are its campaigns."""

    name: str
    files: tuple[str, ...]
    uses: tuple[str, ...]
    problem: str = ""


def show(visit: Visit) -> Response:
    """All of them."""
    folder = visit.app.folder / FOLDER
    names = sorted(path.name for path in folder.glob("[!.]*/")) if folder.is_dir() else []
    return visit.page(
        "templates.html", here="templates", listed=[_listed(visit, name) for name in names]
    )


def first(visit: Visit) -> Response:
    """A template by its name alone: the page of its digest, or of its first file."""
    sources = _sources(visit)
    file = next((one for one in ("digest.mjml", *ORDER) if one in sources), min(sources))
    return visit.to(f"/templates/{visit.part('name')}/{file}")


def one(visit: Visit) -> Response:
    """One file, beside what the template makes of the last edition that used it."""
    return _page(visit, _text(visit), size=visit.asked("size"))


def save(visit: Visit) -> Response:
    """Save it if nothing is wrong with it; or show what it would make, for the frame alone."""
    _sources(visit)
    text = visit.form.raw("source")
    if visit.form.has("try"):
        return _preview(visit, text)
    name, file = visit.part("name"), visit.part("file")
    trials = visit.app.tools.trials
    problems = check_text(
        visit.app.workspace,
        name,
        file,
        text,
        check_template=trials.check_template,
        check_mail_template=trials.check_mail_template,
    )
    if problems:
        return _page(visit, text, errors=problems)
    try:
        visit.app.texts.write(
            _path(visit),
            text,
            by=visit.by,
            seen=visit.form("seen"),
            act="template.save",
            kind="template",
            subject=f"{name}/{file}",
        )
    except NotWritable as error:
        return _page(visit, text, errors=[str(error)])
    except Conflict:
        return _page(visit, text, theirs=_text(visit))
    return visit.to(f"/templates/{name}/{file}", "template_saved")


def preview(visit: Visit) -> Response:
    """What the template makes as it is saved: bare, for the frame."""
    return _preview(visit, _text(visit))


def versions(visit: Visit) -> Response:
    """What a file said before, and what each version changed."""
    _sources(visit)
    name, file = visit.part("name"), visit.asked("file")
    path = f"{FOLDER}/{name}/{file}"
    found = visit.app.texts.versions(path)
    number = visit.asked("version")
    shown = next((one for one in found if str(one.id) == number), found[0] if found else None)
    before = visit.app.texts.version(shown.id, path).content if shown else ""
    return visit.page(
        "template_versions.html",
        here="templates",
        template=name,
        file=file,
        versions=found,
        shown=shown,
        before=before,
        seen=visit.app.texts.read(path).fingerprint if found else "",
    )


def _page(
    visit: Visit,
    text: str,
    *,
    errors: Iterable[Problem] = (),
    theirs: str | None = None,
    size: str = "",
) -> Response:
    sources = _sources(visit)
    name, file = visit.part("name"), visit.part("file")
    problems = _problems(errors)
    content = _last_content(visit, name)
    status = 409 if theirs is not None else 422 if problems else 200
    stored = visit.app.texts.read(_path(visit))
    return visit.page(
        "template.html",
        status_code=status,
        here="templates",
        wide=True,
        errors={"source": "; ".join(problems)} if problems else {},
        problems=problems,
        template=name,
        file=file,
        files=sorted(sources, key=lambda one: (one not in ORDER, _place(one), one)),
        uses=_uses(visit, name),
        text=text,
        theirs=theirs,
        seen=stored.fingerprint if status != 422 else visit.form("seen"),
        versions=len(visit.app.texts.versions(_path(visit))),
        variables=list(variables_in(file)) if not file.endswith(".yaml") else [],
        size=size if size in SIZES else SIZES[0],
        edition=content[0] if content else "",
        previewed=content is not None,
        is_mail=bool(MAILS & sources.keys()),
        why_not=visit.app.texts.why_not(_path(visit)),
    )


def _preview(visit: Visit, text: str) -> Response:
    name, file = visit.part("name"), visit.part("file")
    found = _last_content(visit, name)
    if found is None:
        raise NotFound(f"template {name}: no edition has used it yet - run a campaign with it")
    try:
        sources = changed_sources(visit.app.workspace, name, file, text)
        made = visit.app.editions.preview(with_sources(found[1], name, sources))
    except (BadInput, TemplateFailed) as error:
        return visit.page(
            "template_failed.html", status_code=422, headers=FRAMED, problem=str(error)
        )
    if file.startswith("snippet") or made.digest is None:
        texts = [snippet.text for some in made.snippets.values() for snippet in some]
        return visit.page("template_plain.html", headers=BARE, sheet=PLAIN, texts=texts)
    if visit.asked("size") == "plain" or file == "digest.txt":
        return visit.page(
            "template_plain.html", headers=BARE, sheet=PLAIN, texts=[made.digest.text]
        )
    return packed(visit, HTMLResponse(made.digest.html, headers=BARE))


def _last_content(visit: Visit, name: str) -> tuple[str, EditionContent] | None:
    """The id and the content of the last edition that a template made."""
    for campaign in visit.app.workspace.campaigns.values():
        if name not in campaign.templates:
            continue
        with visit.app.store.read() as tx:
            found = tx.editions.latest(campaign.name, limit=1)
        if found and name in found[0].content.templates:
            return found[0].id, found[0].content
    return None


def _listed(visit: Visit, name: str) -> Listed:
    try:
        files = tuple(load_template(visit.app.folder / FOLDER, name))
    except TemplateFailed as error:
        return Listed(name, (), _uses(visit, name), str(error))
    return Listed(name, files, _uses(visit, name))


def _uses(visit: Visit, name: str) -> tuple[str, ...]:
    campaigns = visit.app.workspace.campaigns.values()
    return tuple(one.name for one in campaigns if name in one.templates)


def _sources(visit: Visit) -> Mapping[str, str]:
    """The files of the template; raises NotFound for one that is not there, and for such a file."""
    name = visit.part("name")
    try:
        sources = load_template(visit.app.folder / FOLDER, name)
    except TemplateFailed as error:
        raise NotFound(str(error)) from error
    file = visit.request.path_params.get("file")
    if file is not None and file not in sources:
        raise NotFound(f"{FOLDER}/{name}/{file}: there is no such file - see the others")
    if not sources:
        raise NotFound(f"{FOLDER}/{name}: has no files - write a digest.mjml there")
    return sources


def _text(visit: Visit) -> str:
    _sources(visit)  # before anything is read: an address can name any path
    return visit.app.texts.read(_path(visit)).text


def _path(visit: Visit) -> str:
    return f"{FOLDER}/{visit.part('name')}/{visit.part('file')}"


def _place(file: str) -> int:
    return ORDER.index(file) if file in ORDER else len(ORDER)


def _problems(found: Iterable[Problem]) -> list[str]:
    return [str(one).removeprefix(f"{FOLDER}/") for one in found]
