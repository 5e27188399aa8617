"""Change values of schedules.yaml; what a change is not about keeps each of its bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from dispatch.config.files.problems import FileProblem
from dispatch.config.files.text_file import TextFile, fingerprint_of, read_text_file
from dispatch.config.schedules.load import FILE, load_workspace
from dispatch.config.splice.apply import spliced
from dispatch.config.splice.change import Change, Unchangeable
from dispatch.config.workspace import Workspace
from dispatch.errors import BadInput, Problem
from dispatch.pipeline.workspace.write_file import Act, Written, check_seen, write_file
from dispatch.store.transactions import Store
from dispatch.yaml_text import YamlUnreadable, dotted

CheckPlan = Callable[[Workspace], Sequence[Problem]]
"""What is wrong with a workspace beyond what keeps its file from being read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of schedules.yaml that could be written: both texts, and what it would mean."""

    before: TextFile
    after: TextFile
    workspace: Workspace

    @property
    def changed(self) -> bool:
        """Whether it says anything else."""
        return self.before.text != self.after.text

    def diff(self, around: int = 3) -> list[str]:
        """The lines that differ, with some around them; each begins with a space, `-`, `+` or `@`.

        Without breaks at their ends.
        """
        return diff(self.before.text, self.after.text, around)


def diff(before: str, after: str, around: int = 3) -> list[str]:
    """The lines of two texts that differ, as `Draft.diff` has them."""
    pair = (before.removeprefix("\ufeff").splitlines(), after.removeprefix("\ufeff").splitlines())
    return list(unified_diff(*pair, n=around, lineterm=""))[2:]


def draft_plan(
    changes: Sequence[Change], *, folder: Path, seen: str | None, check: CheckPlan
) -> Draft:
    """What schedules.yaml would say after changes; nothing is written.

    The new text is read and compared with what was meant, and checked as `dispatch check` does:
    what was wrong before keeps nobody from changing something else. Raises BadInput with all that
    is wrong, Conflict where the file is not what was `seen`.
    """
    before = read_text_file(folder, FILE)
    check_seen(before, seen)
    if not before.is_there:
        load_workspace(folder)  # says what is missing, and what to do
    try:
        text = spliced(before.text, changes)
    except Unchangeable as error:
        raise _by_hand(error) from error
    except YamlUnreadable:
        load_workspace(folder, before.text)  # says where
        raise
    return draft_text(before, text, folder=folder, check=check)


def draft_text(before: TextFile, text: str, *, folder: Path, check: CheckPlan) -> Draft:
    """The same for a whole text, such as that of an earlier version."""
    workspace = load_workspace(folder, text)
    if found := check(workspace):
        known = _known(folder, before, check)
        if fresh := [one for one in found if _said(one) not in known]:
            raise BadInput(fresh)
    return Draft(before, TextFile(FILE, text, fingerprint_of(text)), workspace)


def write_plan(
    changes: Sequence[Change],
    *,
    folder: Path,
    seen: str | None,
    check: CheckPlan,
    act: Act,
    by: str,
    store: Store,
    now: datetime,
) -> tuple[Draft, Written]:
    """Write changes into schedules.yaml, with the workspace to oneself (`alone`).

    Raises what `draft_plan` and `write_file` raise.
    """
    draft = draft_plan(changes, folder=folder, seen=seen, check=check)
    written = write_file(
        FILE,
        draft.after.text,
        folder=folder,
        seen=draft.before.fingerprint,
        act=act,
        by=by,
        store=store,
        now=now,
    )
    return draft, written


def _known(folder: Path, before: TextFile, check: CheckPlan) -> set[str]:
    try:
        return {_said(one) for one in check(load_workspace(folder, before.text))}
    except BadInput:
        return set()


def _said(problem: Problem) -> str:
    """A problem without its line, which moves with what is written above it."""
    if isinstance(problem, FileProblem):
        return f"{problem.file}: {problem.key}: {problem.problem}"
    return str(problem)


def _by_hand(error: Unchangeable) -> BadInput:
    problem = "is written in a way that these pages cannot change"
    return BadInput([FileProblem(FILE, None, dotted(error.path), problem, "change it by hand")])
