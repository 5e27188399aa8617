"""Files of people that the team hands over in its pages."""

from typing import IO, TYPE_CHECKING

from dispatch.app.tools import Tools
from dispatch.config.people.write_refused import write_refused
from dispatch.errors import Conflict, NotFound
from dispatch.model.people.upload import Choices, Upload, UploadState
from dispatch.pipeline.people.work_on_upload import file_of, work_on_upload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.app.people import People


class Uploads:
    """Takes them, has them looked at and brought in, and forgets them."""

    def __init__(self, tools: Tools, people: "People") -> None:
        self._tools = tools
        self._people = people

    def take(self, name: str, content: bytes, choices: Choices, *, by: str) -> str:
        """Keep a file for a day, to be looked at; its id in addresses."""
        tools, public_id = self._tools, self._tools.new_id()
        with tools.store.begin() as tx:
            tx.uploads.add(name, content, choices, by=by, public_id=public_id, now=tools.clock())
        return public_id

    def find(self, public_id: str) -> Upload:
        """One of them; raises NotFound."""
        with self._tools.store.read() as tx:
            found = tx.uploads.find(public_id)
        if found is None or found.ends_at < self._tools.clock():
            raise NotFound("that file is kept for a day only - hand it over again")
        return found

    def look_again(self, upload: Upload, choices: Choices) -> None:
        """Have it looked at with other choices; raises Conflict where something is done with it."""
        with self._tools.store.begin() as tx:
            if not tx.uploads.ask(upload, UploadState.LOOKING, choices):
                raise Conflict(_BUSY)

    def bring_in(self, upload: Upload, choices: Choices, *, by: str) -> None:
        """Have it brought in as it was looked at; raises Conflict where it is being worked on."""
        now = self._tools.clock()
        with self._tools.store.begin() as tx:
            if not tx.uploads.ask(upload, UploadState.IMPORTING, choices):
                raise Conflict(_BUSY)
            tx.audit.add(
                "subscriber.import",
                by=by,
                now=now,
                kind="upload",
                subject=upload.name,
                audience=choices.audience,
                new=upload.figures.get("new", 0),
            )

    def drop(self, upload: Upload) -> None:
        """Forget it."""
        with self._tools.store.begin() as tx:
            tx.uploads.drop(upload)

    def are_due(self) -> bool:
        """Whether there is anything to do; asks very little."""
        with self._tools.store.read() as tx:
            return tx.uploads.are_due(now=self._tools.clock())

    def work(self, public_id: str = "") -> Upload | None:
        """Do what is to be done with one of them, or with this one."""
        tools = self._tools
        return work_on_upload(
            self._people,
            store=tools.store,
            clock=tools.clock,
            folder=tools.settings.state_folder,
            public_id=public_id,
        )

    def write_wrong(self, upload: Upload, to: IO[str]) -> int:
        """Write the rows that do not count, each with its line and why; how many there were."""
        with self._tools.store.read() as tx:
            content = tx.uploads.content(upload)
        if not content:
            raise NotFound("what was in the file is forgotten - look into the file itself")
        choices, number = upload.choices, 0
        with file_of(upload, content, self._tools.settings.state_folder) as path:
            rules = self._people.rules(path, choices.audience, dict(choices.columns))

            def write(lines: "Iterable[tuple[int, str]]") -> None:
                nonlocal number
                number = write_refused(path, rules, lines, to)

            self._people.import_file(
                path,
                choices.audience,
                said=dict(choices.columns),
                compare=True,
                keep=False,
                refused=write,
            )
        return number

    def forget(self) -> int:
        """Forget those that have been kept for a day; how many."""
        with self._tools.store.begin() as tx:
            return tx.uploads.forget(now=self._tools.clock())


_BUSY = "something else is being done with this file - wait until it is through"
