"""The files of a workspace as they are now: people change them while the service runs."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.schedules.load import load_workspace, modified
from dispatch.errors import BadInput
from dispatch.model.people.reader_mail import TEMPLATE

if TYPE_CHECKING:
    from dispatch.config.workspace import Workspace
    from dispatch.pipeline.editions.compose import Materials
    from dispatch.pipeline.people.write_reader_mail import MailMaterials


class WorkspaceFiles:
    """What the files said when they were last read. Raises BadInput where they cannot be used.

    `trouble` is why they cannot be used as they are now, and what they said before still holds.
    """

    def __init__(self, folder: Path) -> None:
        read_at = modified(folder)
        self.workspace = load_workspace(folder)
        self.trouble: BadInput | None = None
        self._read_at = read_at

    def take_up(self, workspace: "Workspace") -> None:
        """Go by what was just written; the next reading finds the same."""
        self.workspace, self.trouble = workspace, None

    @property
    def folder(self) -> Path:
        """The folder of the workspace."""
        return self.workspace.folder

    @property
    def materials(self) -> "Materials":
        """What editions are made from, besides posts."""
        from dispatch.pipeline.editions.compose import Materials
        from dispatch.render.templates.files import load_template
        from dispatch.render.templates.pictures import load_pictures

        workspace = self.workspace
        templates = partial(load_template, self.folder / "templates")
        pictures = partial(load_pictures, self.folder)
        return Materials(workspace.publisher, workspace.feeds, templates, pictures)

    @property
    def mail_materials(self) -> "MailMaterials":
        """What readers' mails are made from."""
        from dispatch.config.new_workspace import samples
        from dispatch.pipeline.people.write_reader_mail import MailMaterials
        from dispatch.render.templates.mail_template import load_mail_pictures, load_mail_template

        workspace = self.workspace
        return MailMaterials(
            publisher=workspace.publisher,
            template_of=self._mail_template_of,
            audiences_of=self._audiences_of,
            title_of=workspace.audience_title,
            load_template=partial(load_mail_template, self.folder, samples()),
            load_pictures=partial(load_mail_pictures, self.folder),
        )

    def _mail_template_of(self, form: str) -> str:
        found = self.workspace.forms.get(form)
        return found.template if found else TEMPLATE

    def _audiences_of(self, form: str) -> tuple[str, ...]:
        found = self.workspace.forms.get(form)
        return found.audiences if found else ()

    def read_again(self) -> bool:
        """Take up changes, and whether there were any.

        Raises BadInput, once, and goes on as before.
        """
        read = (*self.workspace.holiday_files, *self.workspace.refusals)
        changed = modified(self.folder, read)
        if changed == self._read_at:
            return False
        self._read_at = changed
        try:
            self.take_up(load_workspace(self.folder))
        except BadInput as error:
            self.trouble = error
            raise
        return True
