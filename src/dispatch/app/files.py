"""The files of a workspace as they are now: people change them while the service runs."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.schedules.load import load_workspace, modified

if TYPE_CHECKING:
    from dispatch.pipeline.editions.compose import Materials


class WorkspaceFiles:
    """What the files said when they were last read. Raises BadInput where they cannot be used."""

    def __init__(self, folder: Path) -> None:
        read_at = modified(folder)
        self.workspace = load_workspace(folder)
        self._read_at = read_at

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

    def read_again(self) -> bool:
        """Take up changes, and whether there were any.

        Raises BadInput, once, and goes on as before.
        """
        read = (*self.workspace.holiday_files, *self.workspace.refusals)
        changed = modified(self.folder, read)
        if changed == self._read_at:
            return False
        self._read_at = changed
        self.workspace = load_workspace(self.folder)
        return True
