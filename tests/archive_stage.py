"""A workspace whose editions stand on the web: three letters of one campaign, one of another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from app_stage import change, opened, workspace_in
from dispatch.app import App
from dispatch.model.editions.edition import EditionState
from dispatch.store.database.schema import editions
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web

FIRST = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
PEOPLE = "email,name,locale,timezone,topics,cadence,consented_at,consent_source,city\n"
NOSY = (
    "{{ subscriber.name }}|{{ subscriber.email }}|{{ subscriber.fields.city }}"
    "|{{ subscriber.topics | join(',') }}|{{ subscriber.cadence }}|{{ subscriber.locale }}"
)
"""What prints all that a template can know of somebody."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The workspace, a browser of its pages, and a clock."""

    app: App
    web: TestClient
    clock: FakeClock

    def ids(self, campaign: str = "weekly") -> list[str]:
        """The editions whose pages stand there, oldest first."""
        with self.app.store.read() as tx:
            return [one.id for one in tx.archive.of(campaign)]

    def run(self, *campaigns: str) -> None:
        """Run them, a week later each."""
        for name in campaigns:
            self.app.campaigns.run(self.app.campaign(name))
            self.clock.advance(timedelta(days=7))

    def set_state(self, edition_id: str, state: EditionState) -> None:
        """Have an edition stand there, however it came to."""
        with self.app.store.begin() as tx:
            tx._connection.execute(
                editions.update().where(editions.c.id == edition_id).values(state=state.value)
            )
        self.forget()

    def forget(self) -> None:
        """Let what the process has kept of the lists grow old."""
        self.web.app.state.shelf._lists.clear()


@contextmanager
def archive_in(folder: Path, migrated_sqlite: Path, *, people: str = "") -> Iterator[Archive]:
    """Each edition of `weekly` has two posts; its page is public, that of `bulletin` unlisted.

    `people` are who is in the audience instead; then templates print all that they know of them.
    """
    workspace_in(folder, migrated_sqlite)
    change(folder, "    social: [{template: weekly, each: post}]", "    archive: public")
    change(folder, "at_most: 12", "at_most: 2")
    change(folder, "    approval: {needed: true}\n", "    archive: unlisted\n")
    change(folder, ", segment: \"locale == 'fr'\"", "")
    if people:
        (folder / "subscribers" / "readers.csv").write_text(PEOPLE + people, encoding="utf-8")
        for file in ("subject.txt", "preheader.txt", "digest.txt"):
            _append(folder / "templates" / "weekly" / file, NOSY)
        mjml = f"<mj-section><mj-column><mj-text>{NOSY}</mj-text></mj-column></mj-section>"
        change(folder, "  </mj-body>", f"{mjml}\n  </mj-body>", "templates/weekly/digest.mjml")
    clock = FakeClock(FIRST)
    with opened(folder, clock) as app:
        list(app.people.import_files())
        with TestClient(new_web(app)) as web:
            archive = Archive(app, web, clock)
            archive.run("weekly", "weekly", "weekly", "bulletin")
            yield archive


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + f" {text}\n", encoding="utf-8")
