"""Templates: their files, saved if nothing is wrong with them, and tried before."""

from collections.abc import Mapping

from dispatch.config.files.text_file import TextFile
from dispatch.errors import BadInput, NotFound, TemplateFailed
from dispatch.model.team.file_version import FileVersion
from dispatch.model.team.role import Right
from dispatch.pipeline.workspace.templates import (
    last_content,
    sources_of,
    template_names,
    uses_of,
)
from dispatch.pipeline.workspace.write_plan import diff
from dispatch.pipeline.workspace.write_template import FOLDER, changed_sources, with_sources
from dispatch.render.templates.files import load_template
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import PageQuery
from dispatch.web.api.in_order import page_in_order
from dispatch.web.api.operation import Operation
from dispatch.web.api.shapes.templates import (
    Saved,
    SnippetTexts,
    Source,
    TemplateFile,
    Templates,
    TemplateShape,
    TemplateTried,
    Versions,
    VersionShape,
    VersionWhole,
)


def list_templates(call: Call) -> Templates:
    """List the templates, by name, with their files and who uses them."""
    names = template_names(call.app.folder)
    page, onward = page_in_order(names, call.query(PageQuery), str)
    return Templates(items=[_shape(call, name) for name in page], next=onward)


def show_template(call: Call) -> TemplateShape:
    """Show one template: its files, and who uses it."""
    sources_of(call.app.folder, call.part("name"))
    return _shape(call, call.part("name"))


def show_template_file(call: Call) -> TemplateFile:
    """Show one file of a template. The ETag is what saving it needs."""
    file = _file(call)
    return TemplateFile(
        template=call.part("name"),
        file=call.part("file"),
        source=file.text,
        fingerprint=file.fingerprint,
        not_writable=call.app.texts.why_not(file.name),
    )


def save_template_file(call: Call) -> Saved:
    """Save a file of a template, if nothing is wrong with it.

    All that its campaigns make with it is checked first; what is wrong is told, and the file stays.
    """
    name, file = call.part("name"), call.part("file")
    seen, source = _file(call).fingerprint, call.said(Source).source
    try:
        written = call.app.texts.save_template(name, file, source, by=call.by, seen=seen)
    except BadInput as error:
        raise BadInput([f"source: {one}" for one in error.problems]) from error
    now = call.again("file", written.after)
    return Saved(changed=written.changed, fingerprint=now.fingerprint)


def preview_template_file(call: Call) -> TemplateTried:
    """Preview a template: what it makes of the last edition that used it, as it is saved."""
    _file(call)
    return _tried(call, sources_of(call.app.folder, call.part("name")))


def try_template_file(call: Call) -> TemplateTried:
    """Try a text of a file: what its template would make of the last edition that used it.

    Nothing is kept.
    """
    _file(call)
    source = call.said(Source).source
    name, file = call.part("name"), call.part("file")
    return _tried(call, changed_sources(call.app.workspace, name, file, source))


def list_template_versions(call: Call) -> Versions:
    """List what a file of a template said before, the newest first."""
    found = call.app.texts.versions(_path(call))
    page, onward = page_in_order(found, call.query(PageQuery), lambda one: str(one.id))
    return Versions(items=[version_shape(one) for one in page], next=onward)


def show_template_version(call: Call) -> VersionWhole:
    """Show what a file of a template said then; to go back to it, save that again."""
    file = _file(call)
    version = call.app.texts.version(call.number("version"), _path(call))
    return VersionWhole(
        **version_shape(version).model_dump(),
        source=version.content,
        diff=diff(file.text, version.content),
    )


def version_shape(one: FileVersion) -> VersionShape:
    """A version without what it said."""
    return VersionShape(
        id=str(one.id), file=one.file, fingerprint=one.fingerprint, by=one.by, at=one.at
    )


def file_tag(call: Call) -> str:
    """The ETag of a file of a template: the fingerprint that its form on the page has."""
    return _file(call).fingerprint


def _tried(call: Call, sources: Mapping[str, str]) -> TemplateTried:
    name, app = call.part("name"), call.app
    found = last_content(app.workspace, name, store=app.store)
    if found is None:
        raise NotFound(f"template {name}: no edition has used it yet - run a campaign with it")
    edition, content = found
    made = app.editions.preview(with_sources(content, name, sources))
    digest = made.digest
    return TemplateTried(
        edition=edition,
        subject=digest.subject if digest else None,
        html=digest.html if digest else None,
        text=digest.text if digest else None,
        snippets=[
            SnippetTexts(channel=channel, texts=[one.text for one in some])
            for channel, some in made.snippets.items()
        ],
    )


def _file(call: Call) -> TextFile:
    """The file of the address, read once for a call; raises NotFound."""
    path = _path(call)
    return call.once("file", lambda: call.app.texts.read(path))


def _path(call: Call) -> str:
    name, file = call.part("name"), call.part("file")
    sources_of(call.app.folder, name, file)  # before anything is read: it can name any path
    return f"{FOLDER}/{name}/{file}"


def _shape(call: Call, name: str) -> TemplateShape:
    files, problem = list[str](), ""
    try:
        files = sorted(load_template(call.app.folder / FOLDER, name))
    except TemplateFailed as error:
        problem = str(error)
    uses = uses_of(call.app.workspace, name)
    return TemplateShape(name=name, files=files, campaigns=list(uses), problem=problem)


_FILE = "/templates/{name}/{file}"
OPERATIONS = (
    Operation("GET", "/templates", list_templates, Right.LOOK, gives=Templates, query=PageQuery),
    Operation("GET", "/templates/{name}", show_template, Right.LOOK, gives=TemplateShape),
    Operation("GET", _FILE, show_template_file, Right.LOOK, gives=TemplateFile, tag=file_tag),
    Operation(
        "PUT",
        _FILE,
        save_template_file,
        Right.PLAN,
        gives=Saved,
        takes=Source,
        tag=file_tag,
        most_bytes=4_000_000,
        slow=True,
    ),
    Operation("GET", f"{_FILE}/preview", preview_template_file, Right.LOOK, gives=TemplateTried),
    Operation(
        "POST",
        f"{_FILE}/try",
        try_template_file,
        Right.PLAN,
        gives=TemplateTried,
        takes=Source,
        most_bytes=4_000_000,
        slow=True,
    ),
    Operation(
        "GET",
        f"{_FILE}/versions",
        list_template_versions,
        Right.LOOK,
        gives=Versions,
        query=PageQuery,
    ),
    Operation(
        "GET",
        f"{_FILE}/versions/{{version}}",
        show_template_version,
        Right.LOOK,
        gives=VersionWhole,
    ),
)
