"""What is worth a look where editions stand on the web."""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity, quoted
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.editions.picture import Picture
from dispatch.pipeline.workspace.check_brand import pictures_of
from dispatch.pipeline.workspace.notices import is_private_host
from dispatch.render.templates.files import load_template

CheckPage = Callable[[str, Mapping[str, str], Mapping[str, Picture]], list[str]]
"""Name, files and pictures of a template to what keeps it from making pages."""


def check_archives(workspace: Workspace, *, check_page: CheckPage) -> Iterator[FileProblem]:
    """Notices about archives and the templates of their pages; what is wrong is told elsewhere."""
    shown = [one for one in workspace.campaigns.values() if one.archive is not Archive.OFF]
    yield from dict.fromkeys(one for campaign in shown for one in _address(campaign, workspace))
    names = dict.fromkeys(one.email.template for one in shown if one.email)
    for name in names:
        yield from _template(name, workspace, check_page)


def _address(campaign: Campaign, workspace: Workspace) -> Iterator[FileProblem]:
    address = workspace.publisher.public_url
    if campaign.archive is Archive.PUBLIC and is_private_host(urlsplit(address).hostname or ""):
        path = workspace.place_of(campaign, "archive")
        problem = f"is public, and nobody finds it: public_url is {quoted(address)}"
        advice = "write the address on the web at which dispatch is found"
        line = workspace.lines.of(*path)
        yield FileProblem(FILE, line, dotted(path), problem, advice, Severity.NOTICE)


def _template(name: str, workspace: Workspace, check_page: CheckPage) -> Iterator[FileProblem]:
    try:
        sources = load_template(workspace.folder / "templates", name)
        pictures = pictures_of(name, workspace)
    except TemplateFailed:
        return
    for found in check_page(name, sources, pictures)[:1]:
        file, _, problem = found.partition(": ")
        problem = f"cannot do without a reader, as pages of the archive have none ({problem})"
        advice = "ask first whether there is a value; until then pages are plain lists of posts"
        yield FileProblem(file, None, "", problem, advice, Severity.NOTICE)
    if not any("links.browser" in source for source in sources.values()):
        problem = "no link to the page in the archive"
        advice = "print {{ links.browser }}, where readers look if a mail is not shown well"
        yield FileProblem(f"templates/{name}", None, "", problem, advice, Severity.NOTICE)
