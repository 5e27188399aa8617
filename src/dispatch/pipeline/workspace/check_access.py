"""Accounts at networks that do not let us in, or not for much longer."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.pipeline.access.outlook import AccessState, outlook
from dispatch.pipeline.access.sealed import MAKE_ONE, NO_KEY

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction


def check_access(
    workspace: Workspace, tx: "Transaction", *, now: datetime, has_key: bool
) -> Iterator[FileProblem]:
    """Notices, each at its channel."""
    for one in outlook(workspace, tx, now=now):
        if one.connects and not has_key:
            yield _notice(workspace, one.channel, NO_KEY, MAKE_ONE)
        elif one.state is not AccessState.FINE:
            said = one.sentence(now).partition(": ")[2]
            yield _notice(workspace, one.channel, *said.partition(" - ")[::2])


def _notice(workspace: Workspace, channel: str, problem: str, advice: str) -> FileProblem:
    line = workspace.lines.of("channels", channel)
    return FileProblem(FILE, line, f"channels.{channel}", problem, advice, Severity.NOTICE)
