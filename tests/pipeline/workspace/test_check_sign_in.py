"""What keeps the team from signing in is told before somebody stands at the door."""

from dataclasses import replace

from app_stage import change, opened, place, workspace_in
from dispatch.pipeline.workspace.check_sign_in import check_sign_in

SERVICE = """team:
  sign_in:
    second_factor: required
    service:
      name: A
      issuer: https://id.example.org
      client_id: dispatch
      client_secret: env:SIGN_IN_SECRET
campaigns:
"""


def test_check_tells_what_keeps_the_team_out(tmp_path, migrated_sqlite, clock):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    change(folder, "\ncampaigns:\n", f"\n{SERVICE}")
    with opened(folder, clock) as app:
        told = [str(one) for one in app.check() if "sign_in" in str(one)]
        nowhere = replace(app.workspace.publisher, public_url="")
        bare = replace(app.workspace, publisher=nowhere)
        without = [*check_sign_in(bare, secret=str, is_installed=lambda _: False)]

    where = f"{place(folder, 'client_secret')}: team.sign_in.service.client_secret"
    problem = (
        "the environment variable SIGN_IN_SECRET is not set - set it before you start dispatch"
    )
    assert told == [f"{where}: {problem}"]
    assert [one.problem for one in without] == [
        "needs the extra factor",
        "needs the extra oidc",
        "needs public_url: the way back leads there",
    ]
