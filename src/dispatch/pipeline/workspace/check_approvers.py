"""Whether those whom `approval.by` names, of campaigns and letters, are of the team and may."""

from collections.abc import Collection, Iterator, Mapping

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity, did_you_mean, quoted
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right
from dispatch.store.transactions import Transaction


def check_approvers(workspace: Workspace, tx: Transaction) -> Iterator[FileProblem]:
    """Notices; none as long as nobody has joined the team, as names are only words then."""
    team = tx.persons.all(ended=True)
    here = {one.handle: one for one in team if one.ended is None}
    gone = {one.handle for one in team} - here.keys()
    places = [
        (workspace.place_of(one, "approval", "by"), one.approval.by)
        for one in workspace.campaigns.values()
    ]
    places.append((("letters", "approval", "by"), workspace.letters.approval.by))
    told = {
        FileProblem(FILE, workspace.lines.of(*path), dotted(path), *found, Severity.NOTICE): None
        for path, names in (places if here else ())
        for name in names
        if (found := _why_not(name, here, gone))
    }
    yield from told  # the campaigns of a family have one place


def _why_not(
    name: str, here: Mapping[str, Person], gone: Collection[str]
) -> tuple[str, str] | None:
    handle = name.strip().casefold()
    if handle in gone:
        return f"{quoted(name)} has left the team", "name somebody else"
    if handle not in here:
        return f"nobody of the team has the handle {quoted(name)}", did_you_mean(handle, here)
    person = here[handle]
    if person.may(Right.APPROVE):
        return None
    roles = " ".join([*person.roles, "approver"])
    advice = f"'dispatch people roles {handle} {roles}' gives it"
    return f"{quoted(name)} has no role that approves", advice
