"""Templates: each file beside what it makes, with the versions before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from dispatch.errors import BadInput, Conflict, NotFound, NotWritable, Problem, TemplateFailed
from dispatch.pipeline.workspace.templates import (
    last_content,
    sources_of,
    template_names,
    uses_of,
)
from dispatch.pipeline.workspace.write_template import (
    FOLDER,
    MAILS,
    changed_sources,
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
    names = template_names(visit.app.folder)
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
    try:
        visit.app.texts.save_template(name, file, text, by=visit.by, seen=visit.form("seen"))
    except BadInput as error:
        return _page(visit, text, errors=error.problems)
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
    content = last_content(visit.app.workspace, name, store=visit.app.store)
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
        uses=uses_of(visit.app.workspace, name),
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
    found = last_content(visit.app.workspace, name, store=visit.app.store)
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


def _listed(visit: Visit, name: str) -> Listed:
    try:
        files = tuple(load_template(visit.app.folder / FOLDER, name))
    except TemplateFailed as error:
        return Listed(name, (), uses_of(visit.app.workspace, name), str(error))
    return Listed(name, files, uses_of(visit.app.workspace, name))


def _sources(visit: Visit) -> Mapping[str, str]:
    """The files of the template; raises NotFound for one that is not there, and for such a file."""
    return sources_of(visit.app.folder, visit.part("name"), visit.request.path_params.get("file"))


def _text(visit: Visit) -> str:
    _sources(visit)  # before anything is read: an address can name any path
    return visit.app.texts.read(_path(visit)).text


def _path(visit: Visit) -> str:
    return f"{FOLDER}/{visit.part('name')}/{visit.part('file')}"


def _place(file: str) -> int:
    return ORDER.index(file) if file in ORDER else len(ORDER)


def _problems(found: Iterable[Problem]) -> list[str]:
    return [str(one).removeprefix(f"{FOLDER}/") for one in found]
