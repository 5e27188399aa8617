"""Is the publisher's brand in order? Templates are looked at apart from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.brand import LIGHT
from dispatch.model.editions.picture import Picture
from dispatch.model.text.colours import contrast
from dispatch.render.templates.pictures import load_logo, load_pictures


def check_brand(workspace: Workspace) -> Iterator[FileProblem]:
    """A logo that cannot be had, and a colour that cannot be read as it is."""
    brand = workspace.publisher.brand
    if problem := _bad_logo(workspace):
        _, _, said = problem.partition(": ")
        said, _, advice = said.partition(" - ")
        path = ("brand", "logo")
        yield FileProblem(FILE, workspace.lines.of(*path), dotted(path), said, advice)
    if brand.accent != brand.accent_on_light:
        path = ("brand", "accent")
        much = contrast(brand.accent, LIGHT)
        problem = f"{brand.accent} is hard to read on a light ground ({much:.1f}:1)"
        advice = f"small words and links are printed in {brand.accent_on_light} instead"
        line = workspace.lines.of(*path)
        yield FileProblem(FILE, line, dotted(path), problem, advice, Severity.NOTICE)


def pictures_of(template: str, workspace: Workspace) -> Mapping[str, Picture]:
    """The pictures with which a template is looked at. Raises TemplateFailed.

    A logo that cannot be had is left out: `check_brand` tells of it, and no template is the cause.
    """
    brand = workspace.publisher.brand
    known = replace(brand, logo="") if _bad_logo(workspace) else brand
    return load_pictures(workspace.folder, template, known)


def _bad_logo(workspace: Workspace) -> str:
    brand = workspace.publisher.brand
    if brand.logo_is_file:
        try:
            load_logo(workspace.folder, brand)
        except TemplateFailed as error:
            return str(error)
    return ""
