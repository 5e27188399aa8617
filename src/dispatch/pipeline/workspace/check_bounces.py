"""What keeps the mailbox of what comes back from being read, or from getting anything."""

from collections.abc import Callable, Iterator, Sequence

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, InvalidValueError, Severity, quoted
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.model.delivery.bounce_mailbox import BounceMailbox
from dispatch.store.transactions import Transaction

_KEY = "bounces"


def check_bounces(
    workspace: Workspace,
    *,
    secret: Callable[[str], object],
    channels: Sequence[str],
    tx: Transaction,
) -> Iterator[FileProblem]:
    """A password that cannot be had, a folder that is none, no channel for it, and trouble.

    `secret` gives what a reference names, or raises InvalidValueError; `channels` are those whose
    mails come back to it.
    """
    plan = workspace.bounces
    if plan is None:
        return
    if not channels:
        problem = "nothing comes back to it, as no channel's mails have a sender of ours"
        yield _notice(workspace, problem, "add a channel of smtp; services tell it by their hooks")
    wrong = _way_in(workspace, plan, secret)
    if wrong is not None:
        yield wrong
        return
    state = tx.mailboxes.get(plan.place)
    if state is not None and state.problem:
        problem, _, advice = state.problem.partition(" - ")
        yield _notice(workspace, f"could not be read ({problem})", advice)


def _way_in(
    workspace: Workspace, plan: BounceMailbox, secret: Callable[[str], object]
) -> FileProblem | None:
    if plan.imap is not None:
        at = (_KEY, "imap", "password")
        try:
            secret(plan.imap.password)
        except InvalidValueError as error:
            return error.at(FILE, workspace.lines.of(*at), dotted(at))
        if plan.imap.ca_file and not (workspace.folder / plan.imap.ca_file).is_file():
            at = (_KEY, "imap", "ca_file")
            problem = f"there is no file {quoted(plan.imap.ca_file)}"
            advice = "write the path of the certificate, seen from the workspace"
            return FileProblem(FILE, workspace.lines.of(*at), dotted(at), problem, advice)
    elif not (workspace.folder / plan.maildir / "new").is_dir():
        problem = f"{quoted(plan.maildir)} is no Maildir"
        advice = "write the folder that has new/ and cur/ in it"
        line = workspace.lines.of(_KEY, "maildir")
        return FileProblem(FILE, line, f"{_KEY}.maildir", problem, advice)
    return None


def _notice(workspace: Workspace, problem: str, advice: str) -> FileProblem:
    line = workspace.lines.of(_KEY)
    return FileProblem(FILE, line, _KEY, problem, advice, Severity.NOTICE)
