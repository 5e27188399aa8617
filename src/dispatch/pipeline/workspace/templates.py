"""The templates of a workspace: their files, who uses them, and what they made last."""

from collections.abc import Mapping
from pathlib import Path

from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound, TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.workspace.write_template import FOLDER
from dispatch.render.templates.files import load_template
from dispatch.store.transactions import Store


def template_names(folder: Path) -> list[str]:
    """All of them, by name; `folder` is that of the workspace."""
    templates = folder / FOLDER
    return sorted(one.name for one in templates.glob("[!.]*/")) if templates.is_dir() else []


def sources_of(folder: Path, name: str, file: str | None = None) -> Mapping[str, str]:
    """The files of a template; raises NotFound for one that is not there, or has no such `file`."""
    try:
        sources = load_template(folder / FOLDER, name)
    except TemplateFailed as error:
        raise NotFound(str(error)) from error
    if file is not None and file not in sources:
        raise NotFound(f"{FOLDER}/{name}/{file}: there is no such file - see the others")
    if not sources:
        raise NotFound(f"{FOLDER}/{name}: has no files - write a digest.mjml there")
    return sources


def uses_of(workspace: Workspace, name: str) -> tuple[str, ...]:
    """The campaigns that use a template."""
    campaigns = workspace.campaigns.values()
    return tuple(one.name for one in campaigns if name in one.templates)


def last_content(
    workspace: Workspace, name: str, *, store: Store
) -> tuple[str, EditionContent] | None:
    """The id and the content of the last edition that a template made; None before the first."""
    for campaign in workspace.campaigns.values():
        if name not in campaign.templates:
            continue
        with store.read() as tx:
            found = tx.editions.latest(campaign.name, limit=1)
        if found and name in found[0].content.templates:
            return found[0].id, found[0].content
    return None
