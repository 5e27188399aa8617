"""A file that somebody has handed over in a page is looked at, and brought in when they say so."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from dispatch.clock import Clock
from dispatch.config.people.look_at_columns import SeenColumn, shape_of
from dispatch.config.values.columns import Rules
from dispatch.errors import BadInput
from dispatch.model.people.refusal import Merge
from dispatch.model.people.upload import Upload, UploadState
from dispatch.pipeline.people.import_file import ImportReport
from dispatch.pipeline.people.suppress import noted
from dispatch.private_files import write_private
from dispatch.store.transactions import Store

LEASE = timedelta(minutes=10)
"""How long nobody else takes a file up with which somebody has been silent."""

TOLD_EVERY = timedelta(seconds=1)
"""How often it is noted how far a file is."""

MOST_PROBLEMS = 100
"""Sentences about a file that are kept."""

NOTHING: Mapping[str, Any] = {
    "readable": False,
    "encoding": "",
    "separator": "",
    "rows": 0,
    "new": 0,
    "changed": 0,
    "unchanged": 0,
    "refused": [],
    "columns": [],
    "problems": [],
}
"""What was found in a file that could not be read."""

_NO_NAME = re.compile(r"[^\w .()-]+")


class Importer(Protocol):
    """Looks at a file, or brings it in; and what it makes of its columns."""

    def import_file(
        self,
        path: Path,
        audience: str | None = None,
        *,
        said: Rules | None = None,
        merge: Merge | None = None,
        ground: str = "",
        progress: Callable[[int], None] = ...,
        compare: bool = False,
        keep: bool = True,
    ) -> ImportReport:
        """Bring in everybody of one file, or only look at it."""

    def look_at_columns(self, path: Path, audience: str | None, said: Rules) -> list[SeenColumn]:
        """What each column of a file is taken for."""

    def rules(self, path: Path, audience: str | None, said: Rules) -> Rules:
        """What is said of the columns of a file."""


def work_on_upload(
    importer: Importer, *, store: Store, clock: Clock, folder: Path, public_id: str = ""
) -> Upload | None:
    """Do what is to be done with one file, or with this one; None where there is nothing to do.

    It lies in `folder` for so long. Of several nodes one does it, and another one where that dies.
    """
    now = clock()
    with store.begin() as tx:
        upload = tx.uploads.take(now=now, until=now + LEASE, public_id=public_id)
        content = tx.uploads.content(upload) if upload else b""
    if upload is None:
        return None
    with file_of(upload, content, folder) as path:
        figures = _figures(upload, path, importer, _Progress(upload, store, clock))
    with store.begin() as tx:
        if upload.state is UploadState.IMPORTING and figures["readable"]:
            tx.uploads.finished(upload, figures)
        else:
            tx.uploads.looked(upload, figures)
    return upload


@contextmanager
def file_of(upload: Upload, content: bytes, folder: Path) -> Iterator[Path]:
    """The file on the disk, private, under its own name: the record names it."""
    with TemporaryDirectory(dir=folder, prefix="upload-") as place:
        path = Path(place) / (_NO_NAME.sub("_", upload.name)[-100:].strip(" .") or "people.csv")
        write_private(path, content)
        yield path


def ground_of(upload: Upload) -> str:
    """The ground of those of whom the file names none."""
    ground = upload.choices.ground
    return noted(ground, upload.by) if ground else ""


class _Progress:
    """Notes now and then how many rows are through."""

    def __init__(self, upload: Upload, store: Store, clock: Clock) -> None:
        self._upload, self._store, self._clock = upload, store, clock
        self._done, self._told = 0, clock()

    def __call__(self, number: int) -> None:
        self._done += number
        now = self._clock()
        if now - self._told < TOLD_EVERY:
            return
        self._told = now
        with self._store.begin() as tx:
            tx.uploads.went_on(self._upload, self._done, until=now + LEASE)


def _figures(
    upload: Upload, path: Path, importer: Importer, progress: Callable[[int], None]
) -> dict[str, Any]:
    choices, keeps = upload.choices, upload.state is UploadState.IMPORTING
    said = dict(choices.columns)
    try:
        columns = importer.look_at_columns(path, choices.audience, said)
        report = importer.import_file(
            path,
            choices.audience,
            said=said,
            merge=Merge(choices.merge) if choices.merge else None,
            ground=ground_of(upload),
            progress=progress,
            compare=True,
            keep=keeps,
        )
    except BadInput as error:
        return dict(NOTHING) | {"problems": [str(one) for one in error.problems]}
    return dict(NOTHING) | {
        "readable": report.file.readable,
        **_shape(path, importer.rules(path, choices.audience, said)),
        **_outcome(report, brought=report.new if keeps else None),
        "columns": _columns(columns, said),
        "problems": _problems(report),
    }


def _shape(path: Path, rules: Rules) -> dict[str, str]:
    found = shape_of(path, rules)
    return {"encoding": found[0], "separator": found[1]} if found else {}


def _outcome(report: ImportReport, *, brought: int | None) -> dict[str, Any]:
    outcome = report.outcome
    return {
        "rows": outcome.rows,
        "new": outcome.new if brought is None else brought,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": [
            {
                "why": one.why.name.lower(),
                "number": one.number,
                "first": [[line, why] for line, why in one.first],
            }
            for one in outcome.refused
        ],
    }


def _columns(columns: Sequence[SeenColumn], said: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {
            "heading": one.heading,
            "first": one.first,
            "taken_for": one.taken_for,
            "said": said.get(one.heading, ""),
        }
        for one in columns
    ]


def _problems(report: ImportReport) -> list[str]:
    found = [*report.file.problems, *report.disagreements]
    return [str(one) for one in found[:MOST_PROBLEMS]]
