"""Subscribers of an opened workspace."""

from collections.abc import Callable, Iterator
from pathlib import Path

from dispatch.app.tools import Tools
from dispatch.config.people.subscribers import read_audience_files
from dispatch.pipeline.people.import_file import ImportReport, import_file


class People:
    """Brings people in."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def import_files(self) -> Iterator[ImportReport]:
        """Bring in everybody of `subscribers/*.csv`; a bad row is reported, the others count."""
        for path in read_audience_files(self._tools.files.folder):
            yield self.import_file(path)

    def import_file(
        self,
        path: Path,
        audience: str | None = None,
        *,
        progress: Callable[[int], None] = lambda _: None,
        compare: bool = False,
    ) -> ImportReport:
        """Bring in everybody of one file; what is wrong with it is in the report."""
        tools = self._tools
        return import_file(
            path,
            audience,
            store=tools.store,
            clock=tools.clock,
            ids=tools.new_id,
            markers=tools.markers,
            rules=tools.files.workspace.columns,
            compare=compare,
            progress=progress,
        )
