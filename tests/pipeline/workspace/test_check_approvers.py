"""Whether those whom campaigns name in `approval.by` are of the team, and may approve."""

import pytest

from app_stage import change, opened, place, workspace_in
from dispatch.config.files.problems import Severity
from dispatch.model.team.role import Role
from dispatch.pipeline.workspace.check_approvers import check_approvers
from dispatch.testing.clock import FakeClock


@pytest.fixture
def folder(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    by = "approval: {needed: true, by: [Marie, jean, paul, ada]}"
    change(folder, "approval: {needed: true}", by)
    return folder


def test_names_that_cannot_approve_are_told_once_there_is_a_team(folder):
    def told(app) -> list[str]:
        with app.store.read() as tx:
            found = list(check_approvers(app.workspace, tx))
        assert {one.severity for one in found} <= {Severity.NOTICE}
        return list(map(str, found))

    with opened(folder, FakeClock()) as app:
        before = told(app)
        for handle, role in (("marie", Role.APPROVER), ("jean", Role.AUTHOR), ("ada", Role.ADMIN)):
            said = {"name": "", "email": f"{handle}@atelier.example", "by": "root"}
            app.team.add(handle, roles=[role], **said)
        app.team.end("ada", by="root")
        after = told(app)

    assert before == []
    at = f"{place(folder, 'by: [Marie')}: campaigns.bulletin.approval.by: "
    gives = "'dispatch people roles jean author approver'"
    assert after == [
        f"{at}'jean' has no role that approves - {gives} gives it",
        f"{at}nobody of the team has the handle 'paul' - known are: jean, marie",
        f"{at}'ada' has left the team - name somebody else",
    ]


def test_so_are_those_who_approve_letters(folder):
    change(folder, "\ncampaigns:\n", "\nletters: {approval: {by: ghost}}\n\ncampaigns:\n")

    with opened(folder, FakeClock()) as app:
        app.team.add("ada", roles=[Role.ADMIN], name="", email="ada@atelier.example", by="root")
        with app.store.read() as tx:
            *_, last = map(str, check_approvers(app.workspace, tx))

    assert last.startswith(f"{place(folder, 'ghost')}: letters.approval.by: nobody of the team")
