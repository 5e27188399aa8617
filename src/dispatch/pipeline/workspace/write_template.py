"""Change one file of a template: checked as its campaigns use it, then written whole."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, Problem, TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.workspace.check import check_sources
from dispatch.pipeline.workspace.check_brand import pictures_of
from dispatch.render.templates.files import MAIL_MJML, MAIL_TEXT, MOST_BYTES, load_template

if TYPE_CHECKING:
    from dispatch.render.trials.check import CheckTemplate
    from dispatch.render.trials.check_mail import CheckMailTemplate

FOLDER = "templates"
MAILS = frozenset({MAIL_MJML, MAIL_TEXT})


def changed_sources(workspace: Workspace, name: str, file: str, text: str) -> Mapping[str, str]:
    """The files of a template with one of them as somebody has typed it.

    Raises TemplateFailed where there is no such template, and BadInput for a text that is too long.
    """
    if len(text.encode()) > MOST_BYTES:
        size = len(text.encode()) // 1024
        most = MOST_BYTES // 1024
        raise BadInput([f"{FOLDER}/{name}/{file}: has {size} KB - {most} KB is the limit"])
    return {**load_template(workspace.folder / FOLDER, name), file: text}


def check_text(
    workspace: Workspace,
    name: str,
    file: str,
    text: str,
    *,
    check_template: "CheckTemplate",
    check_mail_template: "CheckMailTemplate",
) -> list[Problem]:
    """What keeps a text from being saved; what is only worth a look is left out."""
    sources = changed_sources(workspace, name, file, text)
    try:
        if MAILS & sources.keys():
            pictures = pictures_of(name, workspace)
            found: list[Problem] = list(check_mail_template(name, sources, pictures=pictures))
        else:
            found = check_sources(workspace, name, sources, check_template)
    except TemplateFailed as error:
        return [str(error)]
    return [one for one in found if not _is_notice(one)]


def with_sources(content: EditionContent, name: str, sources: Mapping[str, str]) -> EditionContent:
    """What an edition would say if it was made with other files of a template."""
    return replace(content, templates={**content.templates, name: sources})


def _is_notice(problem: Problem) -> bool:
    return isinstance(problem, FileProblem) and problem.severity is Severity.NOTICE
