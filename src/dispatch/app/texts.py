"""The texts of an opened workspace that people write: schedules.yaml and templates."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from dispatch.app.channels import Channels
from dispatch.app.tools import Tools
from dispatch.config.files.text_file import TextFile, read_text_file
from dispatch.config.schedules.load import FILE, load_workspace
from dispatch.config.splice.change import Change, value_at
from dispatch.errors import BadInput, NotWritable
from dispatch.model.team.file_version import FileVersion
from dispatch.pipeline.workspace.write_file import (
    Act,
    Written,
    alone,
    check_seen,
    why_not,
    write_file,
)
from dispatch.pipeline.workspace.write_plan import Draft, draft_plan, draft_text, write_plan
from dispatch.pipeline.workspace.write_template import FOLDER, check_text
from dispatch.yaml_text import YamlUnreadable, read_once

if TYPE_CHECKING:
    from dispatch.config.workspace import Workspace
    from dispatch.errors import Problem

MOST_SHOWN = 8
"""What schedules.yaml has said last: a form may come back that was made from it."""


class Texts:
    """Reads them as they are on the disk now, and writes them so that one can go back."""

    def __init__(self, tools: Tools, channels: Channels, *, follow: Callable[[], None]) -> None:
        self._tools = tools
        self._channels = channels
        self._follow = follow
        self._shown: dict[str, str] = {}
        self._lock = Lock()

    @property
    def plan(self) -> TextFile:
        """What schedules.yaml says on the disk; raises BadInput."""
        file = self.read(FILE)
        with self._lock:
            self._shown.pop(file.fingerprint, None)
            self._shown[file.fingerprint] = file.text
            if len(self._shown) > MOST_SHOWN:
                del self._shown[next(iter(self._shown))]
        return file

    def read(self, name: str) -> TextFile:
        """A file by its path below the workspace; it need not be there. Raises BadInput."""
        return read_text_file(self._tools.files.folder, name)

    def written(self, file: TextFile, *path: str) -> Any:
        """What schedules.yaml says at a path, as it is written there; None where it says nothing.

        Raises BadInput where it cannot be read.
        """
        try:
            tree = read_once(file.text.removeprefix("\ufeff")).tree
        except YamlUnreadable:
            load_workspace(self._tools.files.folder, file.text)  # says where
            raise
        return value_at(tree, path)

    def why_not(self, name: str = FILE) -> str:
        """Why it is not written from here, as a sentence; empty where it is."""
        settings = self._tools.settings
        return why_not(self._tools.files.folder, name, edit_files=settings.edit_files)

    def look(self, changes: Sequence[Change], *, seen: str | None = None) -> Draft:
        """What schedules.yaml would say after changes, checked and not written.

        Raises BadInput with what is wrong, Conflict where the file is not what was `seen`.
        """
        folder = self._tools.files.folder
        return draft_plan(changes, folder=folder, seen=seen, check=self._check)

    def change_plan(
        self,
        changes: Sequence[Change],
        *,
        by: str,
        seen: str | None = None,
        act: str = "plan.change",
        kind: str = "plan",
        subject: str = "",
        **detail: Any,
    ) -> Written:
        """Write changes into schedules.yaml, and have this process go by it at once.

        `seen` is the fingerprint that a form was made from; None: the change counts whatever else
        the file says by now. Raises BadInput with what is wrong, Conflict where the file is not
        what was seen, NotWritable where it cannot be written from here.
        """
        self._may_write(FILE)
        tools = self._tools
        with alone(tools.files.folder):
            draft, written = write_plan(
                changes,
                folder=tools.files.folder,
                seen=seen,
                check=self._check,
                act=Act(name=act, kind=kind, subject=subject, detail=detail),
                by=by,
                store=tools.store,
                now=tools.clock(),
            )
        self._take_up(draft, written)
        return written

    def write(
        self,
        name: str,
        text: str,
        *,
        by: str,
        seen: str | None = None,
        act: str = "template.save",
        kind: str = "template",
        subject: str = "",
        **detail: Any,
    ) -> Written:
        """Write a whole text, such as a template's; its folder is made where there is none.

        `seen` is as in `change_plan`, and empty for a file that is to be new. Raises what that
        raises; what the text says is for the caller to check, but for schedules.yaml.
        """
        self._may_write(name)
        tools, draft = self._tools, None
        with alone(tools.files.folder):
            if name == FILE:
                before = self.plan
                check_seen(before, seen)
                draft = draft_text(before, text, folder=tools.files.folder, check=self._check)
            written = write_file(
                name,
                text,
                folder=tools.files.folder,
                seen=seen,
                act=Act(name=act, kind=kind, subject=subject, detail=detail),
                by=by,
                store=tools.store,
                now=tools.clock(),
            )
        if draft is not None:
            self._take_up(draft, written)
        return written

    def save_template(
        self, name: str, file: str, text: str, *, by: str, seen: str | None
    ) -> Written:
        """Write one file of a template, if its campaigns could use it.

        Raises what `write` raises, and BadInput with all that is wrong with the text.
        """
        trials = self._tools.trials
        problems = check_text(
            self._tools.files.workspace,
            name,
            file,
            text,
            check_template=trials.check_template,
            check_mail_template=trials.check_mail_template,
        )
        if problems:
            raise BadInput(problems)
        path = f"{FOLDER}/{name}/{file}"
        return self.write(path, text, by=by, seen=seen, subject=f"{name}/{file}")

    def versions(self, name: str = FILE) -> list[FileVersion]:
        """What a file said before, without contents, the newest first."""
        with self._tools.store.read() as tx:
            return tx.file_versions.all(name)

    def version(self, number: int, name: str = FILE) -> FileVersion:
        """One of them, with its content; raises NotFound."""
        with self._tools.store.read() as tx:
            return tx.file_versions.get(name, number)

    def known(self, fingerprint: str) -> str | None:
        """What schedules.yaml said when it had a fingerprint, if that is kept.

        What somebody wrote by hand is in no table: this process knows what it has shown of it.
        """
        shown = self._shown.get(fingerprint)
        if shown is not None:
            return shown
        with self._tools.store.read() as tx:
            version = tx.file_versions.known(FILE, fingerprint)
        return version.content if version else None

    def _may_write(self, name: str) -> None:
        if reason := self.why_not(name):
            raise NotWritable(reason)

    def _take_up(self, draft: Draft, written: Written) -> None:
        if written.changed:
            self._tools.files.take_up(draft.workspace)
            self._follow()

    def _check(self, workspace: "Workspace") -> "list[Problem]":
        from dispatch.pipeline.workspace.check import check_plan

        return check_plan(
            workspace,
            secret=self._channels.secret,
            check_segment=self._tools.trials.check_segment,
        )
