"""Subscribers of an opened workspace."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dispatch.app.tools import Tools
from dispatch.config.people.look_at_columns import SeenColumn, look_at_columns
from dispatch.config.people.subscribers import read_audience_files
from dispatch.config.people.suppression_file import SuppressedRow
from dispatch.config.values.columns import Rules
from dispatch.errors import BadInput, NotFound
from dispatch.model.people.record import Erased
from dispatch.model.people.refusal import Merge
from dispatch.model.people.subscriber import Subscriber, SubscriberRow, email_key
from dispatch.model.people.suppression import Target
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.people.add_subscriber import Added, add_subscriber, left_before
from dispatch.pipeline.people.erase_lapsed import erase_lapsed
from dispatch.pipeline.people.erase_person import erase_address, erase_person
from dispatch.pipeline.people.export_person import export_person
from dispatch.pipeline.people.import_file import ImportReport, import_file
from dispatch.pipeline.people.prove import prove
from dispatch.pipeline.people.return_to_audience import return_to_audience
from dispatch.pipeline.people.suppress import lift_suppression, suppress, suppress_all
from dispatch.store.transactions import Transaction
from dispatch.words.catalogues import words_in


class People:
    """Brings people in, by file and one by one."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def import_files(
        self, progress: Callable[[int], None] = lambda _: None
    ) -> Iterator[ImportReport]:
        """Bring in everybody of `subscribers/*.csv`; a bad row is reported, the others count."""
        for path in read_audience_files(self._tools.files.folder):
            yield self.import_file(path, progress=progress)

    def import_file(
        self,
        path: Path,
        audience: str | None = None,
        *,
        said: Rules | None = None,
        merge: Merge | None = None,
        ground: str = "",
        progress: Callable[[int], None] = lambda _: None,
        compare: bool = False,
        keep: bool = True,
        refused: Callable[[Iterable[tuple[int, str]]], object] | None = None,
    ) -> ImportReport:
        """Bring in everybody of one file; what is wrong with it is in the report.

        `said` and `merge` go before what schedules.yaml says of columns, and of what is known, and
        `ground` is that of rows that name none.
        """
        tools = self._tools
        workspace, name = tools.files.workspace, audience or path.stem
        return import_file(
            path,
            audience,
            store=tools.store,
            clock=tools.clock,
            ids=tools.new_id,
            markers=tools.markers,
            rules={**workspace.columns, name: self.rules(path, audience, said or {})},
            merge=merge or workspace.merging.get(name, Merge.REPLACE),
            ground=ground,
            compare=compare,
            keep=keep,
            refused=refused,
            progress=progress,
        )

    def rules(self, path: Path, audience: str | None, said: Rules) -> Rules:
        """What is said of the columns of a file: here, and before that in schedules.yaml."""
        return {**self._tools.files.workspace.columns.get(audience or path.stem, {}), **said}

    def look_at_columns(self, path: Path, audience: str | None, said: Rules) -> list[SeenColumn]:
        """What each column of a file is taken for; raises BadInput for one that is not there."""
        return look_at_columns(path, self.rules(path, audience, {}), said)

    def add(self, row: SubscriberRow, audience: str | None, *, by: str = "") -> tuple[str, Added]:
        """Bring one person into an audience, and which: the only one where none is named."""
        tools = self._tools
        into = self.audience(audience)
        added = add_subscriber(
            row,
            into,
            by=by,
            store=tools.store,
            clock=tools.clock,
            ids=tools.new_id,
            markers=tools.markers,
        )
        return into, added

    def rejoin(
        self, email: str, audience: str | None, *, source: str, note: str = "", by: str = ""
    ) -> str:
        """Begin somebody's subscription anew who had left, and which."""
        tools = self._tools
        return return_to_audience(
            email,
            audience,
            source=source,
            note=note,
            by=by,
            audiences=self._audiences(),
            store=tools.store,
            clock=tools.clock,
            ids=tools.new_id,
            endings=tools.endings,
        )

    def end(self, person: Subscriber, audience: str, *, ground: str, by: str) -> bool:
        """End somebody's subscription to an audience, as they have asked `by` to; False: none was.

        `ground` is how they asked, for the record.
        """
        from dispatch.pipeline.people.subscribe import end_subscription
        from dispatch.pipeline.people.suppress import noted, of_team

        tools = self._tools
        return end_subscription(
            person,
            audience,
            source=of_team(by),
            note=noted(ground, by),
            by=by,
            store=tools.store,
            clock=tools.clock,
            endings=tools.endings,
        )

    def suppress(self, target: Target, *, reason: str, by: str = "") -> bool:
        """Never mail an address again, or a domain; False if that was so already."""
        tools = self._tools
        return suppress(
            target,
            reason=reason,
            by=by,
            store=tools.store,
            clock=tools.clock,
            endings=tools.endings,
        )

    def suppress_all(
        self, rows: Sequence[SuppressedRow], *, file: str, reason: str, by: str = ""
    ) -> int:
        """The same of all that a file names; how many are new."""
        tools = self._tools
        return suppress_all(
            rows,
            file=file,
            reason=reason,
            by=by,
            store=tools.store,
            clock=tools.clock,
            endings=tools.endings,
        )

    def lift(self, target: Target, *, note: str, by: str = "") -> None:
        """Let a suppressed address or domain be mailed again."""
        tools = self._tools
        lift_suppression(
            target,
            note=note,
            by=by,
            store=tools.store,
            clock=tools.clock,
            endings=tools.endings,
        )

    def erase_lapsed(self) -> int:
        """Erase some of those who are kept long enough, as schedules.yaml says; how many."""
        tools = self._tools
        after = tools.files.workspace.erase_after
        if after is None:
            return 0
        return erase_lapsed(after, store=tools.store, clock=tools.clock, endings=tools.endings)

    def find(self, email: str) -> Subscriber:
        """Somebody by their address; raises NotFound, and says where they were erased."""
        with self._tools.store.read() as tx:
            if person := tx.subscribers.find(email):
                return person
            if tx.erasures.has_address(email_key(email)):
                known = "is no reader's, but it was written in a form, or is suppressed"
                raise NotFound(f"{email}: {known} - 'dispatch subscribers erase' forgets it")
            self.check_not_erased(email, tx)
        raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")

    def check_not_erased(self, email: str, tx: Transaction) -> None:
        """Raise NotFound where who had this address was erased."""
        if self._tools.endings.is_erased(email_key(email), tx=tx):
            raise NotFound(f"{email}: was erased, and nothing is left of them here")

    def export(self, email: str) -> dict[str, Any]:
        """All that is known of somebody; raises NotFound."""
        return export_person(self.find(email), store=self._tools.store)

    def prove(self, email: str, *, language: str = "") -> str:
        """The document that shows why somebody is written to; raises NotFound."""
        tools = self._tools
        person = self.find(email)
        publisher = tools.files.workspace.publisher
        words = words_in(language, publisher.locale)
        return prove(person, store=tools.store, publisher=publisher, words=words, clock=tools.clock)

    def erase(self, email: str, *, source: str, by: str = "") -> Erased:
        """Take an address and who has it out of the database, for ever; raises NotFound."""
        tools = self._tools
        said: dict[str, Any] = {
            "source": source,
            "by": by,
            "store": tools.store,
            "clock": tools.clock,
            "endings": tools.endings,
        }
        person = self.find_to_erase(email)
        return erase_person(person, **said) if person else erase_address(email, **said)

    def find_to_erase(self, email: str) -> Subscriber | None:
        """Somebody by their address; None where it is known and nobody's, else raises NotFound."""
        with self._tools.store.read() as tx:
            person = tx.subscribers.find(email)
            if person is None and tx.erasures.has_address(email_key(email)):
                return None
        return person or self.find(email)

    def left_before(self, email: str, tx: Transaction) -> dict[str, datetime]:
        """Audience to when somebody left it who is not in this database, by what is beside it."""
        markers = self._tools.markers
        found = {one: left_before(email, None, one, tx, markers) for one in self._audiences()}
        return {audience: at for audience, at in sorted(found.items()) if at is not None}

    def is_suppressed_before(self, email: str, tx: Transaction) -> bool:
        """Whether an address is never to be mailed, by what is beside the database."""
        return bool(tx.endings.known(self._tools.markers.suppressed(email_key(email))))

    def audience(self, name: str | None) -> str:
        """The audience that is meant; raises NotFound for one that nothing here knows."""
        known = self._audiences()
        if name is None:
            if len(known) == 1:
                return known.pop()
            raise BadInput([f"--audience: say which - {did_you_mean('', known)}"])
        if name not in known:
            with self._tools.store.read() as tx:
                known |= tx.subscribers.audiences().keys()
        if name not in known:
            problem = "no campaign writes to it, and nobody is in it"
            raise NotFound(f"audience {name}: {problem} - {did_you_mean(name, known)}")
        return name

    def is_audience(self, name: str) -> bool:
        """Whether `audiences` would name it; the files are not asked of one that is written to."""
        return name in self._written_to() or name in self.audiences()

    def audiences(self) -> list[str]:
        """All that there are, also those in which somebody is and that no file names any more."""
        with self._tools.store.read() as tx:
            return sorted({*self._audiences(), *tx.finding.audiences()})

    def _audiences(self) -> set[str]:
        """Those that the files of the workspace name."""
        files = read_audience_files(self._tools.files.folder)
        return self._written_to() | {path.stem for path in files}

    def _written_to(self) -> set[str]:
        """Those of the campaigns."""
        emails = (one.email for one in self._tools.files.workspace.campaigns.values())
        return {one.audience for one in emails if one is not None}
