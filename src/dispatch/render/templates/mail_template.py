"""The template of readers' mails: the workspace's, or the one that comes with dispatch."""

from collections.abc import Mapping
from pathlib import Path

from dispatch.model.campaigns.brand import Brand
from dispatch.model.editions.picture import Picture
from dispatch.model.people.reader_mail import TEMPLATE
from dispatch.render.templates.files import load_template
from dispatch.render.templates.pictures import LOGO, load_logo, load_pictures


def has_mail_template(workspace: Path, name: str) -> bool:
    """Whether a workspace has it itself; one that was made before there was one has not."""
    return name != TEMPLATE or (workspace / "templates" / name).exists()


def load_mail_template(workspace: Path, built_in: Path, name: str) -> Mapping[str, str]:
    """Its files; `built_in` is the folder of the workspace that comes with dispatch.

    Raises TemplateFailed.
    """
    home = workspace if has_mail_template(workspace, name) else built_in
    return load_template(home / "templates", name)


def load_mail_pictures(workspace: Path, name: str, brand: Brand) -> Mapping[str, Picture]:
    """The pictures that may go with it. Raises TemplateFailed."""
    if has_mail_template(workspace, name):
        return load_pictures(workspace, name, brand)
    return {LOGO: load_logo(workspace, brand)} if brand.logo_is_file else {}
